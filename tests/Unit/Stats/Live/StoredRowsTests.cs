using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats.Live;

namespace Spoo.Tests.Stats.Live;

public sealed class StoredRowsTests
{
    /// <summary>Writers that have stored nothing, one thing and more since, one that came later, and rows of theirs that lie together and that do not.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(300, false)]
    [InlineData(300, true)]
    public void Only_rows_of_the_links_up_to_where_each_writer_had_got_are_kept_in_their_order(int count, bool areInOrder)
    {
        var random = new Random(count);
        long[] last = [0, 1, 5, 20];
        var writers = FollowedWriters.Of(last.Select((sequence, writer) => new ClickWriterState(writer, 0, new ClickId(writer, sequence).Packed, writer == 1)));
        List<ClickRow> rows = [.. Enumerable.Range(0, count).Select(_ => new ClickRow(
            new ClickId(random.Next(5), random.Next(1, 25)).Packed, LinkId: random.Next(4), Time: 0, Visitor: 0, AgentId: 0, PlaceId: 0, SourceId: 0, Language: "en", RedirectMs: -1))];
        if (areInOrder)
        {
            rows.Sort((one, other) => one.Id.CompareTo(other.Id));
        }

        List<ClickRow> expected = [.. rows.Where(row =>
            row.LinkId is 1 or 3 && ClickId.Unpack(row.Id) is var id && id.Writer < last.Length && id.Sequence <= last[id.Writer])];

        new StoredRows([1, 3], writers).Keep(rows);

        Assert.Equal(expected, rows);
    }
}
