using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Data.Stats.Live;
using Spoo.Tests.Support;

namespace Spoo.Tests.Stats.Live;

[OnEveryDatabase]
public sealed class ClickRowsTests : IAsyncDisposable
{
    // Of the same length, with the same first and last letters, longer than any tag, and what is no tag at all.
    private static readonly string?[] Languages = ["en", null, "de", "en", "", "eln", "esn", "eün", "abcdefghijklmnop", "abcdefghijklmnxp", "0", null];

    private readonly SpooApp _app = new();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(100)]
    public async Task Rows_are_read_as_they_stand_however_many_at_a_time(int atOnce)
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Languages.Select((language, number) => Some.Click(link, Some.Noon.AddMilliseconds(number), visitor: number % 2 == 0 ? long.MinValue + number : long.MaxValue - number) with
        {
            Language = language,
            City = $"City {number}",
            RedirectMs = number % 3 == 0 ? null : (number % 3) - 1,
        }));
        await using var context = _app.OpenDatabase();

        var read = new List<ClickRow>();
        await using (var rows = await ClickRows.AllAsync(context, TestContext.Current.CancellationToken))
        {
            var piece = new List<ClickRow>();
            for (var isMore = true; isMore; piece.Clear())
            {
                isMore = await rows.ReadAsync(piece, atOnce, TestContext.Current.CancellationToken);
                Assert.InRange(piece.Count, isMore ? atOnce : 0, atOnce);
                read.AddRange(piece);
            }
        }

        var stored = await context.Clicks.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            stored.Select(click => new ClickRow(
                click.Id, click.LinkId, click.Time.ToUnixTimeMilliseconds(), click.Visitor, click.AgentId, click.PlaceId, click.SourceId, click.Language, click.RedirectMs ?? -1)).OrderBy(click => click.Id),
            read.OrderBy(click => click.Id));
        Assert.Equal(Languages.Order(StringComparer.Ordinal), read.Select(row => row.Language).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_word_that_only_deleted_clicks_have_said_gets_no_code()
    {
        var link = await _app.AddAsync(Some.Link());
        await _app.AddAsync(Some.Click(link) with { City = "Kept", Browser = "Kept" }, Some.Click(link) with { City = "Gone", Browser = "Gone" });
        await using var context = _app.OpenDatabase();
        var rows = new List<ClickRow>();
        await using (var reader = await ClickRows.AllAsync(context, TestContext.Current.CancellationToken))
        {
            await reader.ReadAsync(rows, 10, TestContext.Current.CancellationToken);
        }

        // After the row has been read, it is deleted with its place; its agent stays until it is tidied away.
        var gone = await context.ClickPlaces.SingleAsync(place => place.City == "Gone", TestContext.Current.CancellationToken);
        await context.Clicks.Where(click => click.PlaceId == gone.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        await context.ClickPlaces.Where(place => place.Id == gone.Id).ExecuteDeleteAsync(TestContext.Current.CancellationToken);
        var codes = new ClickCodes();
        await codes.LearnAsync(context, rows, TestContext.Current.CancellationToken);
        var coded = new ClickEncoder(codes, new AttributeTable(ClickCodes.SourceWidth)).Encode(rows);

        Assert.Equal(1, coded.Count);
        Assert.Equal((1, null), (codes.Dictionary(Dimension.City).Find("Kept"), codes.Dictionary(Dimension.City).Find("Gone")));
        Assert.Equal((1, null), (codes.Dictionary(Dimension.Browser).Find("Kept"), codes.Dictionary(Dimension.Browser).Find("Gone")));
    }
}
