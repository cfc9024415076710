using System.Globalization;
using System.Text.Json;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Links.Targets;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>The fields of a line, understood one by one; the first that is wrong is told.</summary>
internal sealed class LinkLine(Dictionary<LinkColumn, string> fields, FileDates dates, bool takesFolders)
{
    public Message? Fault { get; private set; }

    public string LongUrl(Func<string, Message?> refuse)
    {
        var url = fields.GetValueOrDefault(LinkColumn.LongUrl);
        if (url is null)
        {
            Fail(new Message("no long_url"));
        }
        else if (url.Length > Link.MaxLongUrlLength)
        {
            Fail(new Message("{0} is longer than {1} characters", "long_url", Link.MaxLongUrlLength));
        }
        else if (Fault is null && refuse(url) is { } problem)
        {
            Fail(new Message("long_url: {0}", problem));
        }

        return url ?? "";
    }

    public string? Code()
    {
        var text = fields.GetValueOrDefault(LinkColumn.ShortCode);
        if (text is null)
        {
            return null;
        }

        if (Links.Codes.ShortCode.TryParse(text, out var code))
        {
            if (!takesFolders && Links.Codes.ShortCode.IsInFolder(code.Value))
            {
                Fail(new Message("short_code '{0}' has a slash, and the server's operator allows none (Links:SlashesInCodes)", OutsideText.Clean(text, Links.Codes.ShortCode.MaxLength)));
            }

            return code.Value;
        }

        Fail(new Message("short_code '{0}' is not made of 1 to {1} letters, digits, '-', '_' and dots between them, or is one of the server's own addresses", OutsideText.Clean(text, Links.Codes.ShortCode.MaxLength), Links.Codes.ShortCode.MaxLength));
        return text;
    }

    /// <param name="ownHost">At which the caller found this installation. Null: not known.</param>
    public string? Domain(string? ownHost)
    {
        var text = fields.GetValueOrDefault(LinkColumn.Domain);
        var host = DomainHosts.Parse(text);
        if (text is not null && host is null)
        {
            Fail(new Message("domain '{0}' is not the name of a host", OutsideText.Clean(text, Links.Domains.Domain.MaxHostLength)));
        }

        return host is null || host == DomainHosts.Parse(ownHost) ? null : host;
    }

    public string? Text(LinkColumn column, int most)
    {
        var text = fields.GetValueOrDefault(column);
        if (text?.Length > most)
        {
            Fail(new Message("{0} is longer than {1} characters", LinkColumns.NameOf(column), most));
        }

        return text;
    }

    /// <param name="further">A tag besides, where there is room for it. Null: none.</param>
    public IReadOnlyList<string> Tags(string? further)
    {
        var tags = new List<string>();
        foreach (var text in fields.GetValueOrDefault(LinkColumn.Tags, "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!LinkTag.TryParse(text, out var tag))
            {
                Fail(new Message("tags: {0}", LinkTag.Shape));
                break;
            }

            tags.Add(tag);
        }

        if (tags.Distinct().Count() > LinkTag.MaxCount)
        {
            Fail(new Message("tags: a link has at most {0} of them", LinkTag.MaxCount));
        }

        if (tags.Distinct().Count() < LinkTag.MaxCount && LinkTag.TryParse(further, out var more))
        {
            tags.Add(more);
        }

        return [.. tags.Distinct()];
    }

    public string? Password()
    {
        var text = fields.GetValueOrDefault(LinkColumn.Password);
        if (text is not (null or { Length: >= LinkRules.MinPasswordLength and <= LinkRules.MaxPasswordLength }))
        {
            Fail(new Message("password does not have {0} to {1} characters", LinkRules.MinPasswordLength, LinkRules.MaxPasswordLength));
        }

        return text;
    }

    public long? Limit()
    {
        var text = fields.GetValueOrDefault(LinkColumn.MaxClicks);
        var isWhole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0;
        if (text is not null && !isWhole)
        {
            Fail(new Message("max_clicks is not a whole number from 1 on"));
        }

        return isWhole ? limit : null;
    }

    /// <summary>How often the link was clicked elsewhere. Null: the file says something that is no number.</summary>
    public long? Clicks()
    {
        var (clicks, others) = (FileNumbers.Count(fields.GetValueOrDefault(LinkColumn.TotalClicks)), FileNumbers.Count(fields.GetValueOrDefault(LinkColumn.ImportedClicks)));
        return clicks + others;
    }

    public DateTimeOffset? Instant(LinkColumn column)
    {
        if (fields.GetValueOrDefault(column) is not { } text)
        {
            return null;
        }

        if (dates.TryParse(text, out var instant))
        {
            return instant;
        }

        Fail(dates.IsAmbiguous(text)
            ? new Message("the date {0} may be two different days: say which number is the day", $"'{OutsideText.Clean(text, 60)}'")
            : FileDates.IsRounded(text)
            ? new Message("the time {0} is rounded, as spreadsheets do with long numbers: the column has to be a text there", $"'{OutsideText.Clean(text, 60)}'")
            : new Message("{0} is neither ISO 8601, such as 2027-01-31T12:00:00Z, nor a Unix time", LinkColumns.NameOf(column)));
        return null;
    }

    public bool? Flag(LinkColumn column)
    {
        var text = fields.GetValueOrDefault(column)?.ToLowerInvariant();
        bool? flag = text is "true" or "yes" or "1" ? true : text is "false" or "no" or "0" ? false : null;
        if (text is not null && flag is null)
        {
            Fail(new Message("{0} is neither true nor false", LinkColumns.NameOf(column)));
        }

        return flag;
    }

    public int? RedirectStatus()
    {
        var text = fields.GetValueOrDefault(LinkColumn.RedirectStatus);
        var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && LinkRedirects.Statuses.Contains(status);
        if (text is not null && !isOne)
        {
            Fail(new Message("redirect_status is none of {0}", string.Join(", ", LinkRedirects.Statuses)));
        }

        return isOne ? status : null;
    }

    public TargetsEdit? Targets()
    {
        if (fields.GetValueOrDefault(LinkColumn.RedirectRules) is not { } json)
        {
            return null;
        }

        var rules = new List<TargetRule>();
        foreach (var written in Json(LinkColumn.RedirectRules, () => TargetRules.Parse(json))?.All ?? [])
        {
            var (rule, field, problem) = TargetWords.Read(written);
            if (rule is null)
            {
                Fail(new Message("redirect_rules, {0}: {1}", field, problem));
            }

            rules.Add(rule ?? written);
        }

        return new TargetsEdit { All = rules };
    }

    public LinkPreview? Preview()
    {
        var preview = fields.GetValueOrDefault(LinkColumn.MetaTags) is { } json ? Json(LinkColumn.MetaTags, () => LinkPreview.Parse(json)) : null;
        if (preview?.IsValid == false)
        {
            Fail(new Message("meta_tags should have a title of up to {0} characters, and may have a description, an https:// image and a colour such as #1A2B3C", LinkPreview.MaxTitleLength));
        }

        return preview;
    }

    private T? Json<T>(LinkColumn column, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (JsonException)
        {
            Fail(new Message("{0} is not the JSON that an export writes", LinkColumns.NameOf(column)));
            return null;
        }
    }

    public LinkStatus Status()
    {
        var text = fields.GetValueOrDefault(LinkColumn.Status)?.ToLowerInvariant();

        // That a limit was reached follows from the limit; that an operator blocked it elsewhere means nothing here.
        if (text is not (null or "active" or "inactive" or "expired"))
        {
            Fail(new Message("status is none of ACTIVE, INACTIVE and EXPIRED"));
        }

        return text == "inactive" ? LinkStatus.Inactive : LinkStatus.Active;
    }

    // The message is made where something is wrong: a million lines are right in twenty ways each.
    private void Fail(Message fault) => Fault ??= fault;
}
