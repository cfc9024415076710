using System.Globalization;
using System.Text;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Database;
using Spoo.Data.Stats.Live;

namespace Spoo.Data.Stats.ClickHouse;

/// <summary>
/// The table in ClickHouse that has the clicks of one epoch, with everything that is asked about them spelled out: all of them, or those of a shard's visitors. Its name says of which database,
/// epoch and shard it is and which columns it has, and ends in a number that no other had: what is asked of it, or added to it, never meets another, also not one
/// that was made in its place.
/// </summary>
/// <remarks>
/// How far each writer is copied stands in the table itself, in rows of the link <see cref="MarkLink"/>: they come and go in one piece with the
/// clicks that they are about, and stay when clicks are deleted.
/// </remarks>
internal sealed record ClickHouseTable
{
    /// <summary>No link has this number.</summary>
    public const long MarkLink = 0;

    private const string Begin = "clicks_";

    /// <summary>Characters of an identity and of an epoch: more than enough to tell them apart.</summary>
    private const int KeyLength = 16;

    private static readonly string[] Fixed = ["LinkId", "Time", "Id", "Visitor", "RedirectMs"];

    /// <summary>The dimensions that have a column of their own, in the order of the columns.</summary>
    public static IReadOnlyList<Dimension> Stored { get; } = [.. ClickCodes.Profile, .. ClickCodes.Source];

    /// <summary>The columns with their types.</summary>
    public static IReadOnlyDictionary<string, string> Columns { get; } = new OrderedDictionary<string, string>(
    [
        .. Fixed.Select(name => KeyValuePair.Create(name, name == "RedirectMs" ? "Int32" : "Int64")),
        .. Stored.Select(dimension => KeyValuePair.Create(dimension.Name, "LowCardinality(String)")),
    ]);

    private static string Shape { get; } =
        Crc32C.Of(Encoding.UTF8.GetBytes(string.Join(',', Columns.Select(column => $"{column.Key} {column.Value}")))).ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The database in ClickHouse.</summary>
    public string Database { get; }

    /// <summary>What the names of all tables of this installation begin with.</summary>
    public string Prefix { get; }

    /// <summary>What the names of all tables begin with that have clicks of the same past: those of this epoch, and those that only clicks were removed from since.</summary>
    public string Past { get; }

    /// <summary>As far as the name has it.</summary>
    public string Epoch { get; }

    /// <summary>Which clicks of the epoch it has.</summary>
    public ClickHouseShard Shard { get; }

    /// <summary>What the names of all tables of this epoch begin with that have these columns and the clicks of the same visitors.</summary>
    public string Family => $"{Prefix}{Epoch}_{Contents}_";

    public string Name { get; private init; } = "";

    /// <summary>As it stands in a statement.</summary>
    public string Path => $"{ClickHouseServer.Quoted(Database)}.{ClickHouseServer.Quoted(Name)}";

    private string Contents => $"{Shape}{Shard.InNames}";

    private ClickHouseTable(string database, EpochOfAll epoch, ClickHouseShard shard)
    {
        (Database, Prefix, Epoch, Shard) = (database, $"{Begin}{Key(epoch.Identity)}_", $"{Key(epoch.Clicks)}_{Key(epoch.Removals)}", shard);
        Past = $"{Prefix}{Key(epoch.Clicks)}_";
    }

    /// <summary>The family of tables that has the clicks of an epoch; which one of them it is, is said by its <see cref="Name"/>.</summary>
    public static ClickHouseTable Of(string database, EpochOfAll epoch, ClickHouseShard shard) => new(database, epoch, shard);

    public ClickHouseTable Named(string name) => this with { Name = name };

    /// <summary>One that is not there yet. Of two, the later one has the greater name.</summary>
    public ClickHouseTable New() => Named($"{Family}{Guid.CreateVersion7():N}");

    /// <summary>One that is being filled, and is of no family until it has everything and gets the name of one.</summary>
    public ClickHouseTable Unfinished() => Named($"{Prefix}unfinished_{Guid.CreateVersion7():N}");

    /// <summary>Whether a table has clicks of the same past and the same visitors in the same columns.</summary>
    public bool IsOfPast(string name) => name.StartsWith(Past, StringComparison.Ordinal) && name.Contains($"_{Contents}_", StringComparison.Ordinal);

    /// <summary>Whether a table is of this family.</summary>
    public bool IsOfFamily(string name) => name.StartsWith(Family, StringComparison.Ordinal);

    public bool IsOfFamily(ClickHouseTable other) => Database == other.Database && Family == other.Family;

    public string Create =>
        $"""
        CREATE TABLE IF NOT EXISTS {Path}
        ({string.Join(", ", Columns.Select(column => $"{ClickHouseServer.Quoted(column.Key)} {column.Value}"))})
        ENGINE = MergeTree ORDER BY (LinkId, Time) SETTINGS non_replicated_deduplication_window = 10000
        """;

    public string Drop => $"DROP TABLE IF EXISTS {Path}";

    /// <summary>Gives this one the name of another, which is taken by none.</summary>
    public string RenameTo(ClickHouseTable other) => $"RENAME TABLE {Path} TO {other.Path}";

    /// <summary>How far each writer is copied, and when it was made.</summary>
    public string Positions =>
        $"SELECT toInt64(bitShiftRight(Id, {ClickId.SequenceBits})), max(Id), argMax(Time, Id) FROM {Path} WHERE LinkId = {MarkLink} GROUP BY 1";

    /// <summary>The last click of each writer.</summary>
    public string LastClicks =>
        $"SELECT max(Id), argMax(LinkId, Id), argMax(Time, Id), argMax(Visitor, Id) FROM {Path} WHERE LinkId != {MarkLink} GROUP BY bitShiftRight(Id, {ClickId.SequenceBits})";

    /// <summary>The row that says that a writer is copied up to here.</summary>
    public static object[] Mark(long createdAt, long clickId) => [MarkLink, createdAt, clickId, 0L, -1, .. Stored.Select(_ => "")];

    private static string Key(string? text) => text is { Length: > 0 } ? text[..Math.Min(KeyLength, text.Length)] : "none";
}
