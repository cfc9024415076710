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
        Check(url is not null, new Message("no long_url"));
        Check(url is null || url.Length <= Link.MaxLongUrlLength, new Message("{0} is longer than {1} characters", "long_url", Link.MaxLongUrlLength));
        if (Fault is null && refuse(url!) is { } problem)
        {
            Fault = new Message("long_url: {0}", problem);
        }

        return url ?? "";
    }

    public string? Code()
    {
        var text = fields.GetValueOrDefault(LinkColumn.ShortCode);
        Check(
            text is null || Links.Codes.ShortCode.TryParse(text, out _),
            new Message("short_code '{0}' is not made of 1 to {1} letters, digits, '-', '_' and dots between them, or is one of the server's own addresses", OutsideText.Clean(text, Links.Codes.ShortCode.MaxLength), Links.Codes.ShortCode.MaxLength));
        Check(
            text is null || takesFolders || !Links.Codes.ShortCode.IsInFolder(text),
            new Message("short_code '{0}' has a slash, and the server's operator allows none (Links:SlashesInCodes)", OutsideText.Clean(text, Links.Codes.ShortCode.MaxLength)));
        return text is null ? null : Links.Codes.ShortCode.Canonical(text);
    }

    /// <param name="ownHost">At which the caller found this installation. Null: not known.</param>
    public string? Domain(string? ownHost)
    {
        var text = fields.GetValueOrDefault(LinkColumn.Domain);
        var host = DomainHosts.Parse(text);
        Check(text is null || host is not null, new Message("domain '{0}' is not the name of a host", OutsideText.Clean(text, Links.Domains.Domain.MaxHostLength)));
        return host is null || host == DomainHosts.Parse(ownHost) ? null : host;
    }

    public string? Text(LinkColumn column, int most)
    {
        var text = fields.GetValueOrDefault(column);
        Check(text is null || text.Length <= most, new Message("{0} is longer than {1} characters", LinkColumns.NameOf(column), most));
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
                Check(false, new Message("tags: {0}", LinkTag.Shape));
                break;
            }

            tags.Add(tag);
        }

        Check(tags.Distinct().Count() <= LinkTag.MaxCount, new Message("tags: a link has at most {0} of them", LinkTag.MaxCount));
        if (tags.Distinct().Count() < LinkTag.MaxCount && LinkTag.TryParse(further, out var more))
        {
            tags.Add(more);
        }

        return [.. tags.Distinct()];
    }

    public string? Password()
    {
        var text = fields.GetValueOrDefault(LinkColumn.Password);
        Check(
            text is null or { Length: >= LinkRules.MinPasswordLength and <= LinkRules.MaxPasswordLength },
            new Message("password does not have {0} to {1} characters", LinkRules.MinPasswordLength, LinkRules.MaxPasswordLength));
        return text;
    }

    public long? Limit()
    {
        var text = fields.GetValueOrDefault(LinkColumn.MaxClicks);
        var isWhole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0;
        Check(text is null || isWhole, new Message("max_clicks is not a whole number from 1 on"));
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
        var text = fields.GetValueOrDefault(column);
        var instant = default(DateTimeOffset);
        var isDate = text is not null && dates.TryParse(text, out instant);
        Check(text is null || !dates.IsAmbiguous(text), new Message("the date {0} may be two different days: say which number is the day", $"'{OutsideText.Clean(text, 60)}'"));
        Check(text is null || isDate, new Message("{0} is neither ISO 8601, such as 2027-01-31T12:00:00Z, nor a Unix time", LinkColumns.NameOf(column)));
        return text is not null && isDate ? instant : null;
    }

    public bool? Flag(LinkColumn column)
    {
        var text = fields.GetValueOrDefault(column)?.ToLowerInvariant();
        bool? flag = text is "true" or "yes" or "1" ? true : text is "false" or "no" or "0" ? false : null;
        Check(text is null || flag is not null, new Message("{0} is neither true nor false", LinkColumns.NameOf(column)));
        return flag;
    }

    public int? RedirectStatus()
    {
        var text = fields.GetValueOrDefault(LinkColumn.RedirectStatus);
        var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && LinkRedirects.Statuses.Contains(status);
        Check(text is null || isOne, new Message("redirect_status is none of {0}", string.Join(", ", LinkRedirects.Statuses)));
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
            Check(rule is not null, new Message("redirect_rules, {0}: {1}", field, problem));
            rules.Add(rule ?? written);
        }

        return new TargetsEdit { All = rules };
    }

    public LinkPreview? Preview()
    {
        var preview = fields.GetValueOrDefault(LinkColumn.MetaTags) is { } json ? Json(LinkColumn.MetaTags, () => LinkPreview.Parse(json)) : null;
        Check(preview?.IsValid != false, new Message("meta_tags should have a title of up to {0} characters, and may have a description, an https:// image and a colour such as #1A2B3C", LinkPreview.MaxTitleLength));
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
            Check(false, new Message("{0} is not the JSON that an export writes", LinkColumns.NameOf(column)));
            return null;
        }
    }

    public LinkStatus Status()
    {
        var text = fields.GetValueOrDefault(LinkColumn.Status)?.ToLowerInvariant();

        // That a limit was reached follows from the limit; that an operator blocked it elsewhere means nothing here.
        Check(text is null or "active" or "inactive" or "expired", new Message("status is none of ACTIVE, INACTIVE and EXPIRED"));
        return text == "inactive" ? LinkStatus.Inactive : LinkStatus.Active;
    }

    private void Check(bool isRight, Message otherwise)
    {
        if (!isRight)
        {
            Fault ??= otherwise;
        }
    }
}
