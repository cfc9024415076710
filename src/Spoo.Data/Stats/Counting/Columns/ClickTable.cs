namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Clicks as parallel columns, in whatever order.</summary>
internal sealed record ClickTable
{
    public required int Count { get; init; }

    public required int ProfileCount { get; init; }

    public required TimeColumn Times { get; init; }

    public required NarrowColumn Links { get; init; }

    /// <summary>Rows of the source table.</summary>
    public required NarrowColumn Sources { get; init; }

    /// <summary>Milliseconds plus one; 0 where it is not known how long the redirect took.</summary>
    public required NarrowColumn Redirects { get; init; }

    /// <summary>One column per profile attribute, with one row per profile.</summary>
    public required NarrowColumn[] Profiles { get; init; }

    public long Bytes => Times.Bytes + Links.Bytes + Sources.Bytes + Redirects.Bytes + Profiles.Sum(column => column.Bytes);

    /// <summary>The batch's clicks as they come, each with a profile row of its own.</summary>
    /// <param name="batch">The clicks.</param>
    /// <param name="sources">The source table of the columns that the clicks are meant for; gets the batch's new sources.</param>
    public static ClickTable Of(ClickArrays batch, AttributeTable sources) => new()
    {
        Count = batch.Count,
        ProfileCount = batch.Count,
        Times = new TimeColumn(batch.Times.Span),
        Links = NarrowColumn.Of(batch.Links.Span),
        Sources = NarrowColumn.Of(ReferenceEquals(batch.SourceTable, sources) ? batch.Sources.Span : Translate(batch, sources)),
        Redirects = NarrowColumn.Of(Array.ConvertAll(batch.RedirectMs.ToArray(), milliseconds => checked(milliseconds + 1))),
        Profiles = [.. Enumerable.Range(0, batch.ProfileTable.Width).Select(column => NarrowColumn.Of(ProfileCodes(batch, column)))],
    };

    private static int[] Translate(ClickArrays batch, AttributeTable sources)
    {
        var known = new Dictionary<int, int>();
        var codes = new int[sources.Width];
        var translated = batch.Sources.ToArray();
        for (var click = 0; click < translated.Length; click++)
        {
            var row = translated[click];
            if (!known.TryGetValue(row, out var source))
            {
                for (var column = 0; column < codes.Length; column++)
                {
                    codes[column] = batch.SourceTable[row, column];
                }

                source = sources.Add(codes);
                known.Add(row, source);
            }

            translated[click] = source;
        }

        return translated;
    }

    private static int[] ProfileCodes(ClickArrays batch, int column)
    {
        var codes = batch.ProfileTable.Column(column).Span;
        var profiles = batch.Profiles.Span;
        var codeOfClick = new int[profiles.Length];
        for (var click = 0; click < profiles.Length; click++)
        {
            codeOfClick[click] = codes[profiles[click]];
        }

        return codeOfClick;
    }
}
