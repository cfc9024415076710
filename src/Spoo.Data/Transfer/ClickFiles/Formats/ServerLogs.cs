using System.Globalization;
using System.Net;
using System.Text;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>The logs of web servers and of what stands before them: requests, of which some were clicks.</summary>
internal static class ServerLogs
{
    private static readonly string[] KindsOfAlb = ["http", "https", "h2", "grpcs", "ws", "wss"];

    private static readonly ClickColumn Method = ClickColumn.OfRequest("", (request, text) => request.Method = text);
    private static readonly ClickColumn Target = ClickColumn.OfRequest("short_code", (request, text) => request.Target = text);
    private static readonly ClickColumn Host = ClickColumn.OfRequest("", (request, text) => request.Host ??= text);
    private static readonly ClickColumn Status = ClickColumn.OfRequest("", (request, text) => request.Status = text);
    private static readonly ClickColumn Forwarded = ClickColumn.Of(ClickField.Ip, LoggedRequest.AddressIn);
    private static readonly ClickColumn Address = new("ip", (line, text) => line[ClickField.Ip] ??= LoggedRequest.AddressIn(text));

    public static ClickFileFormat Access { get; } = new()
    {
        Name = "access-log",
        Title = "nginx, Apache, Traefik (access log)",
        IsServerLog = true,
        Recognise = shape => Most(shape, (line, click) => AccessLog.TryRead(line, click), new Message("its lines are those of an access log")),
        Open = (file, _, options) => new LogFile(file, options, AccessLog.TryRead),
    };

    /// <summary>Of Amazon's load balancers for HTTP.</summary>
    public static ClickFileFormat Alb { get; } = new()
    {
        Name = "alb",
        Title = "AWS Application Load Balancer",
        IsServerLog = true,
        Recognise = shape => Most(
            shape, (line, click) => KindsOfAlb.Contains(line.Split(' ')[0]) && TryReadBalancer(line, 1, click), new Message("its lines begin with a kind of connection and a time, as those of a load balancer")),
        Open = (file, _, options) => new LogFile(file, options, (line, click) => TryReadBalancer(line, 1, click)),
    };

    /// <summary>Of their predecessors.</summary>
    public static ClickFileFormat Elb { get; } = new()
    {
        Name = "elb",
        Title = "AWS Classic Load Balancer",
        IsServerLog = true,
        Recognise = shape => Most(
            shape, (line, click) => line is [_, _, _, _, '-', ..] && TryReadBalancer(line, 0, click), new Message("its lines are those of a load balancer")),
        Open = (file, _, options) => new LogFile(file, options, (line, click) => TryReadBalancer(line, 0, click)),
    };

    public static ClickFileFormat CloudFront { get; } = new()
    {
        Name = "cloudfront",
        Title = "AWS CloudFront",
        IsServerLog = true,
        Recognise = shape => shape.Lines.Any(line => line.StartsWith("#Fields:", StringComparison.OrdinalIgnoreCase) && line.Contains("x-edge-location", StringComparison.Ordinal))
            ? new Message("its line {0}", "#Fields: … x-edge-location …") : null,
        Open = (file, _, options) => new W3cFile(file, options, DecodeTwice),
    };

    public static ClickFileFormat Iis { get; } = new()
    {
        Name = "iis",
        Title = "IIS (W3C)",
        IsServerLog = true,
        Recognise = shape => shape.Kind == Kinds.W3c ? new Message("its line {0}", "#Fields:") : null,
        Open = (file, _, options) => new W3cFile(file, options, text => text.Replace('+', ' ')),
    };

    public static ClickFileFormat Caddy { get; } = Json("caddy", "Caddy", [["ts", "request.uri", "status"]],
    [
        (ClickColumn.Of(ClickField.Time), ["ts"]),
        (Method, ["request.method"]), (Target, ["request.uri"]), (Host, ["request.host"]), (Status, ["status"]),
        (Forwarded, ["request.clientip"]), (Address, ["request.remoteip"]),
        (ClickColumn.Of(ClickField.UserAgent), ["request.headers.useragent"]), (ClickColumn.Of(ClickField.Referrer), ["request.headers.referer"]),
        (ClickColumn.Of(ClickField.Language), ["request.headers.acceptlanguage"]), (ClickColumn.Of(ClickField.LongUrl), ["respheaders.location"]),
    ]);

    public static ClickFileFormat Traefik { get; } = Json("traefik", "Traefik (JSON)", [["downstreamstatus", "requestpath"]],
    [
        (ClickColumn.Of(ClickField.Time), ["startutc"]), (ClickColumn.Otherwise(ClickField.Time), ["startlocal", "time"]),
        (Method, ["requestmethod"]), (Target, ["requestpath"]), (Host, ["requesthost", "requestaddr"]), (Status, ["downstreamstatus"]), (Address, ["clienthost"]),
        (ClickColumn.Of(ClickField.UserAgent), ["requestuseragent"]), (ClickColumn.Of(ClickField.Referrer), ["requestreferer"]),
        (ClickColumn.Of(ClickField.Language), ["requestacceptlanguage"]), (ClickColumn.Of(ClickField.LongUrl), ["downstreamlocation"]),
    ]);

    /// <summary>Whoever sets up such a log chooses the names; these are the ones that were seen.</summary>
    public static ClickFileFormat NginxJson { get; } = Json(
        "nginx-json",
        "nginx (JSON)",
        [.. from path in new[] { "requesturi", "uri", "request" } from status in new[] { "status", "response" } from address in new[] { "remoteaddr", "clientip", "remoteip", "httpxforwardedfor" }
            select new[] { path, status, address }],
        [
            (ClickColumn.Of(ClickField.Time), ["timeiso8601"]), (ClickColumn.Otherwise(ClickField.Time), ["timestamp", "time", "date", "timelocal", "ts", "msec"]),
            (Method, ["requestmethod", "method", "verb", "requesttype"]), (Target, ["requesturi"]),
            (ClickColumn.OfRequest("short_code", (request, text) => request.Target ??= text), ["uri", "path", "url", "requestpath"]),
            (ClickColumn.OfRequest("short_code", (request, text) => request.SetLine(text)), ["request"]),
            (Host, ["host", "httphost", "servername", "vhost"]), (Status, ["status", "response", "statuscode"]),
            (Forwarded, ["httpxforwardedfor", "xff", "xforwardedfor"]), (Address, ["httpxrealip", "remoteaddr", "remoteip", "clientip", "clientaddr", "ip"]),
            (ClickColumn.Of(ClickField.UserAgent), ["httpuseragent", "useragent", "agent"]), (ClickColumn.Of(ClickField.Referrer), ["httpreferer", "httpreferrer", "referer", "referrer"]),
            (ClickColumn.Of(ClickField.Language), ["httpacceptlanguage"]), (ClickColumn.Of(ClickField.LongUrl), ["senthttplocation"]),
            (ClickColumn.Of(ClickField.Country), ["geoipcountrycode", "geoip2countrycode"]),
        ]);

    private static ClickFileFormat Json(string name, string title, string[][] marks, (ClickColumn Column, string[] Names)[] columns)
    {
        var known = new ClickColumns(columns);
        return new ClickFileFormat
        {
            Name = name,
            Title = title,
            IsServerLog = true,
            Recognise = shape => ClickFileFormats.ByNames(shape, Kinds.Json, marks),
            Open = (file, shape, options) => new JsonFile(file, shape, known, options),
        };
    }

    /// <summary>The client and its port, three times, two statuses, two sizes, the request and the browser, behind the time and the balancer's name.</summary>
    private static bool TryReadBalancer(ReadOnlySpan<char> text, int time, ClickLine line)
    {
        var words = new LogWords(text);
        var fields = new List<string>();
        while (fields.Count < time + 14 && words.TryTake(out var word, out _))
        {
            fields.Add(word.ToString());
        }

        if (fields.Count < time + 12 || !fields[time].EndsWith('Z') || fields[time].Length < 20 || !fields[time].Contains('T', StringComparison.Ordinal))
        {
            return false;
        }

        line[ClickField.Time] = fields[time];
        line[ClickField.Ip] = LoggedRequest.AddressIn(fields[time + 2]);
        var request = line.NewRequest();
        request.SetStatus(fields[time + 7]);
        request.SetLine(fields[time + 11]);
        if (fields.Count > time + 12 && fields[time + 12] != "-")
        {
            line.Take(ClickField.UserAgent, fields[time + 12]);
        }

        return true;
    }

    // It is decoded once too few when it is written.
    private static string DecodeTwice(string text)
    {
        var once = text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
        return once.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(once) : once;
    }

    private static Message? Most(FileShape shape, Func<string, ClickLine, bool> isSuch, Message reason)
    {
        var probe = new ClickLine();
        return shape.Lines.Count > 0 && shape.Kind is Kinds.Lines or Kinds.Csv && shape.Lines.Count(line => isSuch(line, probe)) * 2 > shape.Lines.Count ? reason : null;
    }
}

/// <summary>Cuts a line of a log into words: bare ones, <c>"quoted"</c> with backslashes, and <c>[bracketed]</c>.</summary>
internal ref struct LogWords(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;

    public bool TryTake(out ReadOnlySpan<char> word, out char opening)
    {
        _rest = _rest.TrimStart(' ');
        word = default;
        opening = ' ';
        if (_rest.IsEmpty)
        {
            return false;
        }

        opening = _rest[0] == '"' || (_rest[0] == '[' && !IsAddress(_rest)) ? _rest[0] : ' ';
        if (opening == '"')
        {
            var end = EndOfQuoted(_rest);
            word = Unescape(_rest[1..end]);
            _rest = _rest[Math.Min(end + 1, _rest.Length)..];
            return true;
        }

        var next = _rest.IndexOf(opening == '[' ? ']' : ' ');
        var length = next < 0 ? _rest.Length : next;
        word = _rest[(opening == '[' ? 1 : 0)..length];
        _rest = _rest[Math.Min(length + 1, _rest.Length)..];
        return true;
    }

    // [2001:db8::1]:2817 is one word, with the port behind the bracket.
    private static bool IsAddress(ReadOnlySpan<char> text) => text.IndexOf(']') is var end and > 0 && end + 1 < text.Length && text[end + 1] == ':';

    // Where the quote is that closes the first one, or else the end of the line.
    private static int EndOfQuoted(ReadOnlySpan<char> line)
    {
        var at = 1;
        while (at < line.Length && line[at..].IndexOfAny('"', '\\') is var next and >= 0)
        {
            at += next;
            if (line[at] == '"')
            {
                return at;
            }

            // A backslash takes the next character with it.
            at += 2;
        }

        return line.Length;
    }

    // \" and \\ of Apache, \x22 of both.
    private static ReadOnlySpan<char> Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var bytes = new List<byte>();
        Span<byte> one = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text[i + 1] == 'x' && byte.TryParse(text.Slice(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var escaped))
            {
                bytes.Add(escaped);
                i += 3;
                continue;
            }

            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
            }

            var length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
            bytes.AddRange(one[..Encoding.UTF8.GetBytes(text.Slice(i, length), one)]);
            i += length - 1;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}

/// <summary>
/// The common and the combined log format, with the name of the host before it or without, and with whatever behind it:
/// <c>[host[:port]] address - user [time] "request" status size ["referrer" "browser" …]</c>.
/// </summary>
internal static class AccessLog
{
    public static bool TryRead(ReadOnlySpan<char> text, ClickLine line)
    {
        // A browser's name may have brackets as well, but it comes behind the time.
        var bracket = text.IndexOf(" [");
        if (bracket < 0)
        {
            return false;
        }

        var before = new LogWords(text[..bracket]);
        if (!before.TryTake(out var first, out _) || !before.TryTake(out var second, out _) || !before.TryTake(out _, out _))
        {
            return false;
        }

        var words = new LogWords(text[(bracket + 1)..]);
        if (!words.TryTake(out var time, out _) || !words.TryTake(out var request, out var quote) || quote != '"' || !words.TryTake(out var status, out _)
            || time.Length < 20 || time[2] != '/' || status.Length != 3 || status.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        line.Take(ClickField.Time, time);
        var requested = line.NewRequest();
        requested.SetStatus(status);
        requested.SetLine(request);
        if (IPAddress.TryParse(first, out var address))
        {
            line.TakeAddress(address, first);
        }
        else if (IPAddress.TryParse(second, out address))
        {
            requested.SetHost(first);
            line.TakeAddress(address, second);
        }
        else if (LoggedRequest.AddressIn(first.ToString()) is { } other)
        {
            // A name instead of an address tells visitors apart as well.
            line[IPAddress.TryParse(other, out _) ? ClickField.Ip : ClickField.Visitor] = other;
        }

        if (words.TryTake(out _, out _) && words.TryTake(out var referrer, out quote) && quote == '"')
        {
            line.Take(ClickField.Referrer, referrer is "-" ? default : referrer);
            line.Take(ClickField.UserAgent, words.TryTake(out var agent, out quote) && quote == '"' && agent is not "-" ? agent : default);
        }

        return true;
    }
}

/// <summary>Reads a line of a log; false when it is none.</summary>
internal delegate bool LogLine(ReadOnlySpan<char> text, ClickLine line);

/// <summary>A log of which each line is a request.</summary>
internal sealed class LogFile(TextFile file, ClickFileOptions options, LogLine tryRead)
    : ClickFile(new LineReader(file.Content, lineBreak: file.LineBreak), options)
{
    private readonly char[] _text = new char[LineReader.MaxLength];

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        if (!tryRead(_text.AsSpan(0, Encoding.UTF8.GetChars(text, _text)).TrimEnd(), line))
        {
            line.Fault = new Message("not a line of such a log");
        }

        return true;
    }
}

/// <summary>W3C's extended log format: directives say which fields the lines have, and may say so again.</summary>
internal sealed class W3cFile(TextFile file, ClickFileOptions options, Func<string, string> decode)
    : ClickFile(new LineReader(file.Content, lineBreak: file.LineBreak), options)
{
    private string[]? _names;

    protected override bool Parse(ReadOnlySpan<byte> text, ClickLine line)
    {
        var words = Encoding.UTF8.GetString(text).TrimEnd();
        if (words.StartsWith('#'))
        {
            if (words.StartsWith("#Fields:", StringComparison.OrdinalIgnoreCase))
            {
                _names = words["#Fields:".Length..].ToLowerInvariant().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            }

            return false;
        }

        var values = words.Contains('\t', StringComparison.Ordinal) ? words.Split('\t') : words.Split(' ');
        if (_names is null || values.Length != _names.Length)
        {
            line.Fault = _names is null
                ? new Message("no line '#Fields:' before it says what it has")
                : new Message("{0} fields where the line '#Fields:' has {1}", values.Length, _names.Length);
            return true;
        }

        var request = line.NewRequest();
        var (date, time, query) = ("", "", "");
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i].Trim('"');
            if (value is "-" or "")
            {
                continue;
            }

            switch (_names[i])
            {
                case "date": date = value; break;
                case "time": time = value; break;
                case "cs-method": request.Method = value; break;
                case "cs-uri-stem": request.Target = value; break;
                case "cs-uri-query": query = value; break;
                case "sc-status": request.Status = value; break;
                case "x-host-header" or "cs-host": request.Host = value; break;
                case "cs(host)": request.Host ??= value; break;
                case "c-ip": line[ClickField.Ip] ??= LoggedRequest.AddressIn(value); break;
                case "x-forwarded-for": line[ClickField.Ip] = LoggedRequest.AddressIn(decode(value)) ?? line[ClickField.Ip]; break;
                case "cs(user-agent)": line[ClickField.UserAgent] = decode(value); break;
                case "cs(referer)": line[ClickField.Referrer] = decode(value); break;
                case "cs(accept-language)": line[ClickField.Language] = decode(value); break;
            }
        }

        line[ClickField.Time] = date.Length > 0 && time.Length > 0 ? $"{date} {time}Z" : null;
        if (query.Length > 0 && request.Target is { } target)
        {
            request.Target = $"{target}?{query}";
        }

        return true;
    }
}
