using Spoo.Data.Stats.Counting.Columns;
using Xunit;

namespace Spoo.Tests.Stats.Counting;

/// <summary>Postings name the clicks that going through all of them finds.</summary>
public sealed class LinkPostingsTests
{
    /// <summary>Around the number of clicks in a piece, and with more links than have a place of their own.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(32_767, 3)]
    [InlineData(32_768, 3)]
    [InlineData(32_769, 3)]
    [InlineData(70_000, 2_046)]
    [InlineData(70_000, 2_047)]
    [InlineData(70_000, 2_048)]
    [InlineData(70_000, 65_000)]
    [InlineData(70_000, 1_000_000)]
    public void Every_link_has_its_rows_in_order(int clicks, int links)
    {
        var random = new Random(clicks + links);
        var linkOfClick = Enumerable.Range(0, clicks).Select(_ => (int)(links * Math.Pow(random.NextDouble(), 3))).ToArray();
        linkOfClick[^1] = links - 1;
        var column = NarrowColumn.Of(linkOfClick);
        var postings = new LinkPostings(column, clicks);
        var expected = linkOfClick.Select((link, row) => (Link: link, Row: row)).ToLookup(click => click.Link, click => click.Row);
        int[] asked = [0, 1, 2, links / 2, links - 2, links - 1, links, links + 5_000, .. Enumerable.Range(0, 50).Select(_ => linkOfClick[random.Next(clicks)])];

        foreach (var link in asked.Where(link => link >= 0))
        {
            Assert.Equal(expected[link], RowsOf(postings, link));
            Assert.Equal(expected[link].Count(), postings.CountOf([link]));
        }

        int[] several = [.. asked.Where(link => link >= 0).Distinct()];
        Assert.Equal(several.SelectMany(link => expected[link]).Order(), RowsOf(postings, several));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_047)]
    [InlineData(1_000_000)]
    public void They_take_little_more_than_two_bytes_a_click(int links)
    {
        const int Clicks = 1 << 17;
        var column = NarrowColumn.Of([.. Enumerable.Range(0, Clicks).Select(click => (int)((long)click * links / Clicks))]);

        var postings = new LinkPostings(column, Clicks);

        Assert.InRange(postings.Bytes / (double)Clicks, 2, 2.125);
        Assert.Equal(postings.Bytes, LinkPostings.BytesOf(column, Clicks));
    }

    [Fact]
    public void Of_no_clicks_there_are_none()
    {
        var postings = new LinkPostings(NarrowColumn.Of([]), 0);

        Assert.Equal((0, 0L), (postings.Pieces, postings.Bytes));
        Assert.Equal(0, postings.CountOf([0, 1]));
    }

    private static IEnumerable<int> RowsOf(LinkPostings postings, params int[] links)
    {
        var inPiece = new List<ushort>();
        for (var piece = 0; piece < postings.Pieces; piece++)
        {
            var first = postings.Read(links, piece, inPiece);
            foreach (var row in inPiece)
            {
                yield return first + row;
            }
        }
    }
}
