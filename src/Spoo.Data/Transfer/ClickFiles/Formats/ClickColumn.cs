using System.Collections.Frozen;

namespace Spoo.Data.Transfer.ClickFiles.Formats;

/// <summary>What a column of a file, or a field of its objects, says about a click.</summary>
/// <param name="Into">The field it goes into, by its documented name; several are separated by commas. Empty: only whether it is a click.</param>
/// <param name="Put">Takes a value, which is never empty.</param>
internal sealed record ClickColumn(string Into, Action<ClickLine, string> Put)
{
    /// <summary>What other programs write where they know nothing.</summary>
    private static readonly FrozenSet<string> Nothing = new[]
    {
        "-", "direct", "(direct)", "unknown", "others", "(none)", "n/a", "null", "undefined", "redacted", @"\n",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the place of the field as it is: the files that are documented.</summary>
    public static ClickColumn Exactly(ClickField field) => new(ClickFields.NameOf(field), (line, text) => line[field] = text);

    /// <summary>Of another program's file.</summary>
    public static ClickColumn Of(ClickField field) => Of(field, text => text);

    /// <summary>Of another program's file, by its own words.</summary>
    public static ClickColumn Of(ClickField field, Func<string, string?> understand) => new(ClickFields.NameOf(field), (line, text) =>
    {
        if (Word(text) is { } word)
        {
            line[field] = understand(word) ?? line[field];
        }
    });

    /// <summary>Where no other column has said it.</summary>
    public static ClickColumn Otherwise(ClickField field) => new(ClickFields.NameOf(field), (line, text) => line[field] ??= Word(text));

    /// <summary>An address, a path, or a bare code.</summary>
    public static ClickColumn ShortUrl { get; } = new("short_code", (line, text) =>
    {
        if (Word(text) is { } word)
        {
            line.SetShortUrl(word);
        }
    });

    /// <summary>When the link was made.</summary>
    public static ClickColumn LinkCreated { get; } = new("", (line, text) => line[ClickField.LinkCreated] = Word(text));

    /// <summary>What stands behind the question mark of a short link.</summary>
    public static ClickColumn Query { get; } = new("utm_source, utm_medium, utm_campaign", (line, text) => line.SetCampaign(text.AsSpan().TrimStart('?')));

    /// <summary>Lines of other kinds are no clicks.</summary>
    public static ClickColumn OnlyWhere(params string[] words) => new("", (line, text) =>
    {
        if (!words.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            line.NotClick = NotClicks.NoVisit;
        }
    });

    /// <summary>A fact of a server's log.</summary>
    public static ClickColumn OfRequest(string into, Action<LoggedRequest, string> put) => new(into, (line, text) =>
    {
        if (Word(text) is { } word)
        {
            put(line.Request ?? line.NewRequest(), word);
        }
    });

    /// <summary>Null for what only says that nothing is known. One apostrophe that keeps spreadsheets from calculating is left out.</summary>
    private static string? Word(string text)
    {
        var word = text is ['\'', '=' or '+' or '-' or '@' or '\t', ..] ? text[1..] : text;
        return Nothing.Contains(word.Trim()) ? null : word;
    }
}

/// <summary>The columns that a format has, by their simplified names.</summary>
internal sealed class ClickColumns
{
    private readonly FrozenDictionary<string, ClickColumn> _byName;
    private readonly FrozenSet<string> _objects;
    private readonly IReadOnlyDictionary<string, ClickColumn?> _mapped;

    /// <param name="notKept">Names that say nothing we keep, and are not reported. Null: all others are like that.</param>
    public ClickColumns(IEnumerable<(ClickColumn Column, string[] Names)> columns, IReadOnlySet<string>? notKept = null)
        : this(
            columns.SelectMany(column => column.Names, (column, name) => KeyValuePair.Create(name, column.Column)).ToFrozenDictionary(),
            notKept,
            new Dictionary<string, ClickColumn?>())
    {
    }

    private ClickColumns(FrozenDictionary<string, ClickColumn> byName, IReadOnlySet<string>? notKept, IReadOnlyDictionary<string, ClickColumn?> mapped)
    {
        (_byName, NotKept, _mapped) = (byName, notKept, mapped);
        _objects = byName.Keys.Concat(mapped.Keys).SelectMany(Above).ToFrozenSet();
    }

    public IReadOnlySet<string>? NotKept { get; }

    /// <summary>The names of columns, each with the field it goes into.</summary>
    public IEnumerable<KeyValuePair<string, ClickColumn>> All => _byName;

    /// <summary>The same with what a person has said about some of them.</summary>
    public ClickColumns With(IReadOnlyDictionary<string, ClickField?> map) => map.Count == 0 ? this : new(
        _byName, NotKept, map.ToDictionary(entry => FieldNames.Simplify(entry.Key), entry => entry.Value is { } field ? Mapped(field) : null));

    /// <summary>The column of this name. Null: it means nothing here.</summary>
    public ClickColumn? Find(string name)
    {
        var simple = FieldNames.Simplify(name);
        return _mapped.TryGetValue(simple, out var mapped) ? mapped : _byName.GetValueOrDefault(simple);
    }

    public bool IsMapped(string name) => _mapped.ContainsKey(FieldNames.Simplify(name));

    /// <summary>Whether fields of an object of this name are among the columns.</summary>
    public bool HasWithin(string name) => _objects.Count > 0 && _objects.Contains(FieldNames.Simplify(name));

    /// <summary>The column for a field that a person, or the values, chose.</summary>
    public static ClickColumn Mapped(ClickField field) => field == ClickField.ShortCode ? ClickColumn.ShortUrl : ClickColumn.Of(field);

    private static IEnumerable<string> Above(string name)
    {
        for (var dot = name.LastIndexOf('.'); dot > 0; dot = name.LastIndexOf('.', dot - 1))
        {
            yield return name[..dot];
        }
    }
}
