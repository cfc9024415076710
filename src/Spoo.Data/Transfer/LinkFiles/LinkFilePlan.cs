using Spoo.Data.Links;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Spoo.Data.Transfer.Imports;

namespace Spoo.Data.Transfer.LinkFiles;

/// <summary>A link that a line of a file asks for.</summary>
/// <param name="Draft">Alias null: one is made up.</param>
/// <param name="CreatedAt">Null: now.</param>
public sealed record PlannedLink(long Line, LinkDraft Draft, LinkStatus Status, DateTimeOffset? CreatedAt)
{
    /// <summary>How often it was clicked where it comes from, as the file says.</summary>
    public long Clicks { get; init; }

    /// <summary>The text of a <see cref="LinkName"/>. Null: any that is free.</summary>
    public string? Name => Draft.Alias is { } code ? new LinkName(Draft.Domain, code).ToString() : null;
}

/// <summary>What came of a plan.</summary>
/// <param name="Links">How many links were made.</param>
/// <param name="Totals">What the file tells of their clicks, and of those of links that were there.</param>
public readonly record struct StoredLinks(int Links, ToldTotals Totals);

/// <summary>How a file of links was read.</summary>
/// <param name="Told">The names that told the format. Empty: it is of no program's.</param>
/// <param name="Encoding">What it is written in.</param>
/// <param name="Columns">The columns that are used.</param>
public sealed record ReadLinkFile(LinkFileFormat Format, string Told, string Encoding, IReadOnlyList<MappedColumn> Columns);

/// <summary>A file of links, and whose they become.</summary>
public sealed record LinkFileToImport
{
    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The file, compressed with gzip or in a ZIP archive, or not. It is read once, from where it stands, and left open.</summary>
    public required Stream Content { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The host at which the caller found this installation. Null: not known.</summary>
    public string? OwnHost { get; init; }

    public LinkFileOptions Options { get; init; } = LinkFileOptions.None;

    /// <summary>Whether an operator imports it, and not the owner.</summary>
    public bool ByCommand { get; init; }
}

/// <summary>What an import of this file would do. Nothing of it is done yet.</summary>
public sealed record LinkFilePlan
{
    /// <summary>Bad lines told one by one; <see cref="Bad"/> counts all of them.</summary>
    public const int MaxBadLines = 100;

    /// <summary>More links than that come in several files.</summary>
    public const int MaxLinks = 200_000;

    /// <summary>So is what has more text than that: all of it is in memory until it is confirmed.</summary>
    public const int MaxCharacters = 50_000_000;

    public required IReadOnlyList<PlannedLink> New { get; init; }

    /// <summary>Lines about links that the account has already. They stay as they are.</summary>
    public required int AlreadyThere { get; init; }

    /// <summary>Those of them of which the file tells how often they were clicked.</summary>
    public IReadOnlyList<PlannedLink> Clicked { get; init; } = [];

    /// <summary>Clicks of which the file tells only how many they were.</summary>
    public long Totals => New.Sum(link => link.Clicks) + Clicked.Sum(link => link.Clicks);

    /// <summary>Links that come without their number of clicks, because what the file says is none.</summary>
    public FieldNotUnderstood? TotalsNotUnderstood { get; init; }

    public required int Bad { get; init; }

    /// <summary>The first of them, in the order of the file.</summary>
    public required IReadOnlyList<BadLine> BadLines { get; init; }

    public required IReadOnlyList<string> UnknownColumns { get; init; }

    /// <summary>The file, or those of an archive, and how they were read.</summary>
    public IReadOnlyList<ReadLinkFile> Files { get; init; } = [];

    /// <summary>Links that had a password where they come from, which no file tells. They are made switched off.</summary>
    public int HadPassword { get; init; }

    /// <summary>New links that were out of the way where they come from, and are archived here.</summary>
    public int Archived => New.Count(link => link.Draft.IsArchived);

    /// <summary>The file, for the record of its import.</summary>
    public required ImportSource Source { get; init; }

    /// <summary>SHA-256 of the file as it is, in hexadecimal digits.</summary>
    public required string FileHash { get; init; }

    public int Lines => New.Count + AlreadyThere + Bad;
}
