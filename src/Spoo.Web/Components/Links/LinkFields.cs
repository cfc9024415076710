using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Links.Targets;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Components.Links;

/// <summary>A link as it is written into a form: texts, until they are understood.</summary>
internal sealed class LinkFields
{
    /// <summary>What the names of the fields of rules begin with.</summary>
    public const string RulesField = "redirect_rules";

    /// <summary>What the names of the card's fields begin with.</summary>
    public const string CardField = "meta_tags";

    private const string LocalTime = "yyyy-MM-ddTHH:mm";

    public string LongUrl { get; set; } = "";

    public string Alias { get; set; } = "";

    /// <summary>A host. Empty: the installation's own domain.</summary>
    public string Domain { get; set; } = "";

    public string Title { get; set; } = "";

    public string Note { get; set; } = "";

    /// <summary>With commas between them.</summary>
    public string Tags { get; set; } = "";

    /// <summary>A new one; what is there already is not shown to anybody.</summary>
    public string Password { get; set; } = "";

    public bool RemovesPassword { get; set; }

    public string MaxClicks { get; set; } = "";

    /// <summary>On the viewer's clock.</summary>
    public string ExpireAfter { get; set; } = "";

    public bool BlockBots { get; set; }

    public bool PrivateStats { get; set; } = true;

    public bool PassQuery { get; set; }

    public bool PassPath { get; set; }

    public int RedirectStatus { get; set; } = LinkRedirects.Default;

    public string ExpiredUrl { get; set; } = "";

    /// <summary>On the viewer's clock.</summary>
    public string StartsAt { get; set; } = "";

    public string PreStartUrl { get; set; } = "";

    public IReadOnlyList<RuleFields> Rules { get; set; } = [];

    public string CardTitle { get; set; } = "";

    public string CardDescription { get; set; } = "";

    public string CardImage { get; set; } = "";

    public string CardColor { get; set; } = "";

    public static LinkFields Of(Link link, TimeZoneInfo zone) => new()
    {
        LongUrl = link.LongUrl,
        Alias = link.ShortCode,
        Domain = link.DomainHost ?? "",
        Title = link.Title ?? "",
        Note = link.Note ?? "",
        Tags = string.Join(", ", link.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal)),
        MaxClicks = link.MaxClicks?.ToString(CultureInfo.InvariantCulture) ?? "",
        ExpireAfter = Local(link.ExpireAfter, zone),
        StartsAt = Local(link.StartsAt, zone),
        PreStartUrl = link.PreStartUrl ?? "",
        BlockBots = link.BlockBots == true,
        PrivateStats = link.PrivateStats == true,
        PassQuery = link.PassQuery == true,
        PassPath = link.PassPath == true,
        RedirectStatus = link.RedirectStatus ?? LinkRedirects.Default,
        ExpiredUrl = link.ExpiredUrl ?? "",
        Rules = [.. (link.Rules?.All ?? []).Select(rule => RuleFields.Of(rule, zone))],
        CardTitle = link.Preview?.Title ?? "",
        CardDescription = link.Preview?.Description ?? "",
        CardImage = link.Preview?.Image ?? "",
        CardColor = link.Preview?.Color ?? "",
    };

    /// <summary>What is wrong, field by field; the fields are named as on the wire.</summary>
    /// <param name="now">On the viewer's clock.</param>
    public IReadOnlyDictionary<string, string> Faults(DateTimeOffset now, TimeZoneInfo zone, ShorteningOptions options, string? unchangedAlias = null)
    {
        var faults = new Dictionary<string, string>();
        if (LongUrl.Trim().Length == 0)
        {
            faults["long_url"] = T("Enter where the link leads.");
        }
        else if (!IsAddress(LongUrl.Trim(), options))
        {
            faults["long_url"] = T("An address begins with http:// or https://, then names a host, and has no blanks.");
        }
        else if (LongUrl.Trim().Length > Link.MaxLongUrlLength)
        {
            faults["long_url"] = T("An address has at most {0} characters.", Link.MaxLongUrlLength);
        }

        if (Alias.Trim() is { Length: > 0 } alias && alias != unchangedAlias && AliasRules.ProblemOf(alias, options) is { } problem)
        {
            faults["alias"] = Say(problem, alias, options);
        }

        if (unchangedAlias is not null && Alias.Trim().Length == 0)
        {
            faults["alias"] = Say(AliasProblem.Length, "", options);
        }

        if (Title.Trim().Length > Link.MaxTitleLength)
        {
            faults["title"] = T("A title has at most {0} characters.", Link.MaxTitleLength);
        }

        if (Note.Trim().Length > Link.MaxNoteLength)
        {
            faults["note"] = T("A note has at most {0} characters.", Link.MaxNoteLength);
        }

        if (TagsIn(Tags) is null)
        {
            faults["tags"] = T("Up to {0} tags of up to {1} characters, separated by commas.", LinkTag.MaxCount, LinkTag.MaxLength);
        }

        if (Password.Length is > 0 and (< LinkRules.MinPasswordLength or > LinkRules.MaxPasswordLength))
        {
            faults["password"] = T("A password has {0} to {1} characters.", LinkRules.MinPasswordLength, LinkRules.MaxPasswordLength);
        }

        if (MaxClicks.Trim().Length > 0 && Limit is null)
        {
            faults["max_clicks"] = T("A whole number from 1 on, or nothing for no limit.");
        }

        if (ExpireAfter.Length > 0 && !(End(zone) > now))
        {
            faults["expire_after"] = T("A date in the future, or nothing for no end.");
        }

        if (StartsAt.Length > 0 && ExpireAfter.Length > 0 && Start(zone) >= End(zone))
        {
            faults["starts_at"] = T("A link begins before it ends.");
        }

        foreach (var (field, text) in new[] { ("expired_redirect_url", ExpiredUrl.Trim()), ("pre_start_url", PreStartUrl.Trim()) })
        {
            if (text.Length > 0 && !IsAddress(text, options))
            {
                faults[field] = T("An address begins with http:// or https://, then names a host, and has no blanks.");
            }
        }

        foreach (var (number, rule) in Rules.Index())
        {
            if (rule.Read(zone, url => IsAddress(url, options)) is { Field: { } field, Fault: { } fault })
            {
                faults[string.Create(CultureInfo.InvariantCulture, $"{RulesField}.{number}.{field}")] = fault;
            }
        }

        if (CardTitle.Trim().Length == 0 && (CardDescription + CardImage + CardColor).Trim().Length > 0)
        {
            faults[CardField + ".title"] = T("A card needs a title.");
        }

        if (CardImage.Trim().Length > 0 && !LinkPreview.IsImage(CardImage.Trim()))
        {
            faults[CardField + ".image"] = T("A picture has an address that begins with https://, and is no drawing (SVG).");
        }

        if (CardColor.Trim().Length > 0 && !LinkPreview.IsColor(CardColor.Trim()))
        {
            faults[CardField + ".color"] = T("A colour is written like #1A2B3C.");
        }

        return faults;
    }

    public LinkDraft Draft(TimeZoneInfo zone) => new()
    {
        LongUrl = LongUrl.Trim(),
        Alias = Alias.Trim() is { Length: > 0 } alias ? alias : null,
        Domain = Host,
        Title = Title,
        Note = Note,
        Password = Password.Length > 0 ? Password : null,
        MaxClicks = Limit,
        ExpireAfter = End(zone),
        BlockBots = BlockBots,
        PrivateStats = PrivateStats,
        PassQuery = PassQuery,
        PassPath = PassPath,
        RedirectStatus = RedirectStatus,
        ExpiredUrl = ExpiredUrl.Trim(),
        StartsAt = Start(zone),
        PreStartUrl = PreStartUrl.Trim(),
        Targets = Rules.Count == 0 ? null : new TargetsEdit { All = Targets(zone) },
        Preview = Card,
        Tags = TagsIn(Tags) ?? [],
    };

    /// <summary>Only what is different: who edits a tag does not touch a date that another session has just set.</summary>
    public LinkEdit Edit(Link link, TimeZoneInfo zone)
    {
        var was = Of(link, zone);
        return new LinkEdit
        {
            LongUrl = LongUrl.Trim() == link.LongUrl ? null : LongUrl.Trim(),
            Alias = Alias.Trim() == link.ShortCode ? null : Alias.Trim(),
            Domain = Host == link.DomainHost ? null : new(Host),
            Title = Title.Trim() == was.Title ? null : new(Title),
            Note = Note.Trim() == was.Note ? null : new(Note),
            Password = RemovesPassword ? new(null) : Password.Length > 0 ? new(Password) : null,
            MaxClicks = Limit == link.MaxClicks ? null : new(Limit),
            ExpireAfter = ExpireAfter == was.ExpireAfter ? null : new(End(zone)),
            BlockBots = BlockBots == was.BlockBots ? null : new(BlockBots),
            PrivateStats = PrivateStats == was.PrivateStats ? null : new(PrivateStats),
            PassQuery = PassQuery == was.PassQuery ? null : new(PassQuery),
            PassPath = PassPath == was.PassPath ? null : new(PassPath),
            RedirectStatus = RedirectStatus == was.RedirectStatus ? null : new(RedirectStatus),
            ExpiredUrl = ExpiredUrl.Trim() == was.ExpiredUrl ? null : new(ExpiredUrl.Trim()),
            StartsAt = StartsAt == was.StartsAt ? null : new(Start(zone)),
            PreStartUrl = PreStartUrl.Trim() == was.PreStartUrl ? null : new(PreStartUrl.Trim()),
            Targets = Rules.SequenceEqual(was.Rules) ? null : new TargetsEdit { All = Targets(zone) },
            Preview = Card == was.Card ? null : new(Card),
            Tags = Tags == was.Tags ? null : TagsIn(Tags),
        };
    }

    /// <summary>Null: the installation's own domain.</summary>
    public string? Host => Domain.Length > 0 ? Domain : null;

    public static string Say(AliasProblem problem, string alias, ShorteningOptions options) => problem switch
    {
        AliasProblem.Format when !options.MayBeCode(alias) => $"{SayLetters(options)} {T("The server's operator allows no slash (Links:SlashesInCodes).")}",
        AliasProblem.Format when options.SlashesInCodes => $"{SayLetters(options)} {T("A slash ends a folder, as in team/launch; the first folder has no dot.")}",
        AliasProblem.Format => SayLetters(options),
        AliasProblem.Taken => Taken,
        AliasProblem.Reserved => T("The server's own pages use this alias."),
        AliasProblem.Length => T("An alias has {0} to {1} characters.", ShortCode.MinChosenLength, options.MaxAliasLength),
        AliasProblem.EmojiPolicy => T("These emoji cannot be an alias: take such of one character each, no flags, keycaps or joined ones."),
        _ => throw new UnreachableException(),
    };

    private static string SayLetters(ShorteningOptions options) => options switch
    {
        { AliasLetters: AliasLetters.All, AliasDots: true } => T("An alias is made of letters, digits, _, - and dots between them, or of 1 to 15 emoji."),
        { AliasLetters: AliasLetters.All } => T("An alias is made of letters, digits, _ and -, or of 1 to 15 emoji."),
        { AliasDots: true } => T("An alias is made of A–Z, a–z, 0–9, _, - and dots between them, or of 1 to 15 emoji."),
        _ => T("An alias is made of A–Z, a–z, 0–9, _ and -, or of 1 to 15 emoji."),
    };

    public static string StatusName(int status) => status switch
    {
        301 => T("301, permanent"),
        307 => T("307, temporary, repeats what was sent"),
        308 => T("308, permanent, repeats what was sent"),
        _ => T("302, temporary: every visit is counted"),
    };

    private static string Taken => T("Somebody has this alias already.");

    /// <summary>What the service refuses although the form found nothing wrong, in the form's own words where it has some.</summary>
    public static IReadOnlyDictionary<string, string> Faults(Refusal refusal) => refusal switch
    {
        { Kind: RefusalKind.Conflict } => new Dictionary<string, string> { ["alias"] = Taken },
        { Fields: [{ Field: "starts_at" }, ..] } => new Dictionary<string, string> { ["starts_at"] = T("A link begins before it ends.") },
        { Fields: [{ Field: "expire_after" }, ..] } => new Dictionary<string, string> { ["expire_after"] = T("A date in the future, or nothing for no end.") },
        { Fields: [var only, ..] } => new Dictionary<string, string> { [only.Field] = Translated(only.Message) },
        _ => new Dictionary<string, string> { [""] = Translated(refusal.Message) },
    };

    internal LinkPreview? Card => CardTitle.Trim() is not { Length: > 0 } title ? null : new LinkPreview
    {
        Title = title,
        Description = LinkText(CardDescription),
        Image = LinkText(CardImage),
        Color = LinkText(CardColor),
    };

    private static string? LinkText(string text) => text.Trim() is { Length: > 0 } words ? words : null;

    internal List<TargetRule> Targets(TimeZoneInfo zone) => [.. Rules.Select(rule => rule.Read(zone, _ => true).Rule).OfType<TargetRule>()];

    internal long? Limit => long.TryParse(MaxClicks.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;

    private static bool IsAddress(string text, ShorteningOptions options) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && !text.Any(char.IsWhiteSpace)
        && ((uri.Scheme is "http" or "https" && uri.Host.Length > 0) || options.AllowsStartOf(text));

    /// <summary>What the fields hold, for the browser to keep. Without the password, which belongs nowhere but into its field.</summary>
    public Dictionary<string, string> Kept() => new()
    {
        [Keep.LongUrl] = LongUrl,
        [Keep.Alias] = Alias,
        [Keep.Domain] = Domain,
        [Keep.Title] = Title,
        [Keep.Note] = Note,
        [Keep.Tags] = Tags,
        [Keep.MaxClicks] = MaxClicks,
        [Keep.ExpireAfter] = ExpireAfter,
        [Keep.BlockBots] = Word(BlockBots),
        [Keep.PrivateStats] = Word(PrivateStats),
        [Keep.PassQuery] = Word(PassQuery),
        [Keep.PassPath] = Word(PassPath),
        [Keep.RedirectStatus] = RedirectStatus.ToString(CultureInfo.InvariantCulture),
        [Keep.ExpiredUrl] = ExpiredUrl,
        [Keep.StartsAt] = StartsAt,
        [Keep.PreStartUrl] = PreStartUrl,
        [Keep.Rules] = JsonSerializer.Serialize(Rules),
        [Keep.CardTitle] = CardTitle,
        [Keep.CardDescription] = CardDescription,
        [Keep.CardImage] = CardImage,
        [Keep.CardColor] = CardColor,
    };

    /// <summary>Takes back what the browser has kept. False: that is what the fields hold anyway.</summary>
    public bool Restore(IReadOnlyDictionary<string, string> kept)
    {
        var before = Kept();
        LongUrl = Of(Keep.LongUrl);
        Alias = Of(Keep.Alias);
        Domain = Of(Keep.Domain);
        Title = Of(Keep.Title);
        Note = Of(Keep.Note);
        Tags = Of(Keep.Tags);
        MaxClicks = Of(Keep.MaxClicks);
        ExpireAfter = Of(Keep.ExpireAfter);
        BlockBots = Of(Keep.BlockBots) == Word(true);
        PrivateStats = Of(Keep.PrivateStats) == Word(true);
        PassQuery = Of(Keep.PassQuery) == Word(true);
        PassPath = Of(Keep.PassPath) == Word(true);
        RedirectStatus = int.TryParse(Of(Keep.RedirectStatus), CultureInfo.InvariantCulture, out var status) && LinkRedirects.Statuses.Contains(status) ? status : RedirectStatus;
        ExpiredUrl = Of(Keep.ExpiredUrl);
        StartsAt = Of(Keep.StartsAt);
        PreStartUrl = Of(Keep.PreStartUrl);
        Rules = RulesIn(Of(Keep.Rules)) ?? Rules;
        CardTitle = Of(Keep.CardTitle);
        CardDescription = Of(Keep.CardDescription);
        CardImage = Of(Keep.CardImage);
        CardColor = Of(Keep.CardColor);
        return Kept().Any(pair => before[pair.Key] != pair.Value);

        string Of(string name) => kept.GetValueOrDefault(name) ?? before[name];
    }

    // What the browser's tab has kept may be of another version of this page.
    private static List<RuleFields>? RulesIn(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<List<RuleFields>>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Word(bool flag) => flag ? "true" : "false";

    // What the service says without values in it is a text like any other.
    private static string Translated(string message) => T(message);

    /// <summary>The tags of a text with commas between them, each once. Null: one is none, or there are too many.</summary>
    public static IReadOnlyList<string>? TagsIn(string words)
    {
        var tags = new List<string>();
        foreach (var text in words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!LinkTag.TryParse(text, out var tag))
            {
                return null;
            }

            tags.Add(tag);
        }

        var distinct = tags.Distinct().ToList();
        return distinct.Count > LinkTag.MaxCount ? null : distinct;
    }

    private DateTimeOffset? End(TimeZoneInfo zone) => Instant(ExpireAfter, zone);

    internal DateTimeOffset? Start(TimeZoneInfo zone) => Instant(StartsAt, zone);

    private static string Local(DateTimeOffset? moment, TimeZoneInfo zone) =>
        moment is { } at ? TimeZoneInfo.ConvertTime(at, zone).ToString(LocalTime, CultureInfo.InvariantCulture) : "";

    /// <summary>What a field for date and time holds, on the viewer's clock. Null: nothing, or no date.</summary>
    public static DateTimeOffset? Instant(string? text, TimeZoneInfo zone)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return null;
        }

        // A moment that the clock skips is the one that it shows instead.
        var time = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();
    }

    /// <summary>The names by which the browser keeps what is typed: those of text are the ids of their inputs.</summary>
    public static class Keep
    {
        public const string LongUrl = "link-url";
        public const string Alias = "link-alias";
        public const string Domain = "domain";
        public const string Title = "link-title";
        public const string Note = "link-note";
        public const string Tags = "tags";
        public const string MaxClicks = "link-limit";
        public const string ExpireAfter = "end";
        public const string BlockBots = "bots";
        public const string PrivateStats = "private";
        public const string PassQuery = "query";
        public const string PassPath = "path";
        public const string RedirectStatus = "status";
        public const string ExpiredUrl = "link-after";
        public const string StartsAt = "start";
        public const string PreStartUrl = "link-before";
        public const string Rules = "rules";
        public const string CardTitle = "card-title";
        public const string CardDescription = "card-description";
        public const string CardImage = "card-image";
        public const string CardColor = "card-color";
    }
}
