using System.ComponentModel.DataAnnotations;

namespace Spoo.Data.Stats;

/// <summary>What counts clicks.</summary>
public enum StatsEngine
{
    /// <summary>This process, in columns in its memory.</summary>
    Columns,

    /// <summary>A ClickHouse server, which <see cref="Database.ClickHouseOptions"/> names.</summary>
    ClickHouse,
}

/// <summary>Settings of the section <c>Stats</c>.</summary>
public sealed class StatsOptions
{
    public const string Section = "Stats";

    [EnumDataType(typeof(StatsEngine), ErrorMessage = "Stats:Engine is Columns or ClickHouse")]
    public StatsEngine Engine { get; set; } = StatsEngine.Columns;

    /// <summary>
    /// The longest range, in whole days, that a question may name; longer ones are refused. Null, the default: no limit. Ranges that
    /// were not named, such as "since creation", are never refused.
    /// </summary>
    [Range(1, 100_000)]
    public int? MaxRangeDays { get; set; }

    /// <summary>
    /// Memory for the columns in which clicks are counted, in megabytes. A click takes about 16 bytes. When the columns of all owners
    /// need more, those that were asked about longest ago are let go, and come back from their index file at the next question. What a single
    /// owner has beyond it is read from that file for each question.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MemoryMegabytes { get; set; } = 2048;
}
