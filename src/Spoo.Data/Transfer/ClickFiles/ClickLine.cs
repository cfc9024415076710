using System.Collections.Frozen;
using System.Net;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Transfer.ClickExports;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Transfer.ClickFiles;

/// <summary>What a line of a file can say about a click.</summary>
internal enum ClickField
{
    Time,
    ShortCode,
    LongUrl,
    Ip,
    UserAgent,
    Visitor,
    Referrer,
    Country,
    Region,
    City,
    Browser,
    Os,
    Device,
    Language,
    UtmSource,
    UtmMedium,
    UtmCampaign,
    Trigger,
    Bot,
    RedirectMs,
    Id,

    /// <summary>When the link was made; only the logs of bitly say so.</summary>
    LinkCreated,

    /// <summary>Only exports say so.</summary>
    BotRule,

    /// <summary>As <see cref="BotRule"/>.</summary>
    Target,

    /// <summary>Of how many clicks the line tells, and not of a single one.</summary>
    Clicks,
}

internal static class ClickFields
{
    public const int Count = (int)ClickField.Clicks + 1;

    /// <summary>The names in the header of a CSV file and in the objects of an NDJSON file.</summary>
    public static IReadOnlyDictionary<string, ClickField> ByName { get; } = new Dictionary<string, ClickField>
    {
        ["time"] = ClickField.Time,
        ["short_code"] = ClickField.ShortCode,
        ["long_url"] = ClickField.LongUrl,
        ["ip"] = ClickField.Ip,
        ["user_agent"] = ClickField.UserAgent,
        ["visitor"] = ClickField.Visitor,
        ["referrer"] = ClickField.Referrer,
        ["country"] = ClickField.Country,
        ["region"] = ClickField.Region,
        ["city"] = ClickField.City,
        ["browser"] = ClickField.Browser,
        ["os"] = ClickField.Os,
        ["device"] = ClickField.Device,
        ["language"] = ClickField.Language,
        ["utm_source"] = ClickField.UtmSource,
        ["utm_medium"] = ClickField.UtmMedium,
        ["utm_campaign"] = ClickField.UtmCampaign,
        ["trigger"] = ClickField.Trigger,
        ["bot"] = ClickField.Bot,
        ["bot_rule"] = ClickField.BotRule,
        ["target"] = ClickField.Target,
        ["redirect_ms"] = ClickField.RedirectMs,
        ["id"] = ClickField.Id,
        ["clicks"] = ClickField.Clicks,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name of a field in the files that are documented.</summary>
    public static string NameOf(ClickField field) => ByName.First(entry => entry.Value == field).Key;
}

/// <summary>The words of one line, not yet understood. Filled again for every line.</summary>
internal sealed class ClickLine
{
    /// <summary>Names that are remembered, of a hundred bytes each.</summary>
    private const int MaxNames = 4096;

    // The first place is for whose line it is.
    private readonly string?[] _values = new string?[1 + ClickFields.Count];
    private readonly RepeatedTexts[] _texts = [.. Enumerable.Range(0, ClickFields.Count).Select(_ => new RepeatedTexts())];
    private readonly Dictionary<string, LinkName?> _names = new(StringComparer.Ordinal);
    private readonly LoggedRequest _request = new();
    private string? _lastHost;

    /// <summary>Number of the line in the file, from 1.</summary>
    public long Number { get; set; }

    /// <summary>Why the line cannot be read. Null: it can.</summary>
    public Message? Fault { get; set; }

    /// <summary>Why the line is no click, although nothing is wrong with it. Null: it is one.</summary>
    public Message? NotClick { get; set; }

    /// <summary>What a server's log says of the request. Null: the line is of no such log.</summary>
    public LoggedRequest? Request { get; private set; }

    /// <summary>The address of the visitor, where it has been read already.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>The host of the address that the code was taken from, without its port. Null: the code stood alone.</summary>
    public string? Host { get; private set; }

    /// <summary>Whether codes of the file may be in folders.</summary>
    public bool TakesFolders { get; init; }

    /// <summary>How the dates of the file are written.</summary>
    public FileDates Dates { get; set; } = new(null, TimeZoneInfo.Utc);

    /// <summary>Whether the line tells of a sum of clicks.</summary>
    public bool IsSum => this[ClickField.Clicks] is not null;

    /// <summary>
    /// Whether the click is of no known visitor: it names none, and is a line of an export of ours, which names each visitor that there is.
    /// </summary>
    public bool IsUntracked => this[ClickField.Visitor] is null && ClickExport.IsId(this[ClickField.Id]) && this[ClickField.Trigger] is not null && this[ClickField.Bot] is not null;

    /// <summary>Null: not given. An empty text counts as not given.</summary>
    public string? this[ClickField field]
    {
        get => _values[1 + (int)field];
        set => _values[1 + (int)field] = string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>Whether any of these fields is given.</summary>
    public bool HasAny(ReadOnlySpan<ClickField> fields)
    {
        foreach (var field in fields)
        {
            if (this[field] is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whose line it is, and all values in the order of <see cref="ClickField"/>: what makes this line the one it is. Fields that later versions added are
    /// among them only where they say something, so that what an earlier version imported is still recognised.
    /// </summary>
    public ReadOnlySpan<string?> KeyParts(string ownerId)
    {
        _values[0] = ownerId;
        var end = this[ClickField.Target] is not null ? ClickField.Clicks : this[ClickField.BotRule] is not null ? ClickField.Target : ClickField.BotRule;
        return _values.AsSpan(0, 1 + (int)end);
    }

    /// <summary>Takes a value of which there may be many.</summary>
    public void Take(ClickField field, ReadOnlySpan<char> text)
    {
        text = text.Trim();
        _values[1 + (int)field] = text.IsEmpty ? null : _texts[(int)field].Of(text);
    }

    /// <summary>Takes the address of the visitor, and its text as it is in the file.</summary>
    public void TakeAddress(IPAddress address, ReadOnlySpan<char> text)
    {
        Address = address;
        if (address.IsIPv4MappedToIPv6)
        {
            this[ClickField.Ip] = address.MapToIPv4().ToString();
        }
        else
        {
            Take(ClickField.Ip, text);
        }
    }

    /// <summary>Begins the request of a line of a server's log.</summary>
    public LoggedRequest NewRequest()
    {
        _request.Clear();
        return Request = _request;
    }

    /// <summary>The name of a link. Null: the text is none, or one of a code in a folder where no code may be in one.</summary>
    public LinkName? NameOf(string text)
    {
        if (!_names.TryGetValue(text, out var name))
        {
            if (_names.Count == MaxNames)
            {
                _names.Clear();
            }

            _names[text] = name = LinkName.Parse(text) is { } parsed && (TakesFolders || !ShortCode.IsInFolder(parsed.Code)) ? parsed : null;
        }

        return name;
    }

    /// <summary>Takes a short code as it stands in a path; false when no link can have it.</summary>
    public bool TryTakeCode(ReadOnlySpan<char> code)
    {
        // In a path a code is written in one way alone, and names no host.
        var text = _texts[(int)ClickField.ShortCode].Of(code);
        if (code.ContainsAny('@', LinkName.FolderMark) || NameOf(text) is not { Host: null })
        {
            return false;
        }

        this[ClickField.ShortCode] = text;
        return true;
    }

    /// <summary>Takes the code, and what stands behind its question mark, of a whole address, <c>host/code</c>, or a path.</summary>
    public void SetShortUrl(string address, string prefix = "")
    {
        var path = ShortAddress.PathOf(address, out var query);

        SetHost(ShortAddress.HostOf(address));

        // What is no code stays what it is, so that what is wrong with it can be said.
        this[ClickField.ShortCode] = ShortAddress.CodeIn(path, prefix) is { } code && !code.Contains('/', StringComparison.Ordinal) ? code : address;
        SetCampaign(query);
    }

    /// <summary>Takes where the link was. It is none of the <see cref="KeyParts"/>: a click is the same one at whichever host it is looked for.</summary>
    public void SetHost(ReadOnlySpan<char> host)
    {
        // Files name few hosts, and one of them in line after line.
        _lastHost = host.IsEmpty || host.Equals(_lastHost, StringComparison.Ordinal) ? _lastHost : host.ToString();
        Host = host.IsEmpty ? null : _lastHost;
    }

    public void SetCampaign(ReadOnlySpan<char> query)
    {
        this[ClickField.UtmSource] ??= ShortAddress.ValueIn(query, "utm_source");
        this[ClickField.UtmMedium] ??= ShortAddress.ValueIn(query, "utm_medium");
        this[ClickField.UtmCampaign] ??= ShortAddress.ValueIn(query, "utm_campaign");
        if (ShortAddress.ValueIn(query, "qr") == "1")
        {
            this[ClickField.Trigger] ??= "qr";
        }
    }

    public void Clear(long number)
    {
        Array.Clear(_values);
        (Number, Fault, NotClick, Request, Host, Address) = (number, null, null, null, null, null);
    }
}
