using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles.Formats;
using Xunit;

namespace Spoo.Tests.Transfer;

public sealed class CsvFileTests : IAsyncLifetime
{
    private ImportHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await ImportHouse.NewAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Theory]
    [InlineData("time,short_code,city\n1700000000,one,Oslo\n")]
    [InlineData("Time;Short_Code;CITY\r\n1700000000;one;Oslo")]
    [InlineData("city\ttime\tshort_code\nOslo\t2023-11-14T22:13:20Z\tone\n")]
    [InlineData("\uFEFFtime,short_code,city\n\"1700000000\",\"one\",\"Oslo\"\n")]
    public async Task Columns_come_in_any_order_and_are_separated_as_spreadsheets_do(string file)
    {
        var report = await _house.ImportAsync(file, ClickFileFormat.Csv);
        var (click, _, place, _) = await _house.OnlyClickAsync();

        Assert.Equal((1, 0), (report.Stored, report.Bad));
        Assert.Equal(("Oslo", 1700000000), (place.City, click.Time.ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task Quotes_hold_separators_quotes_and_line_breaks()
    {
        await _house.ImportAsync("time,short_code,city,region\n1700000000,one,\"a \"\"b\"\", c\",\"d\ne\"", ClickFileFormat.Csv);
        var (_, _, place, _) = await _house.OnlyClickAsync();

        Assert.Equal("a \"b\", c", place.City);
        Assert.Equal("de", place.Region);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_spoils_its_own_line_only()
    {
        var report = await _house.ImportAsync("time,short_code,city\n1700000000,one,\"Oslo\n1700000001,one,Rome\n", ClickFileFormat.Csv);

        Assert.Equal([new BadLine(2, new("a quote is not closed, or closed too early"))], report.BadLines);
        Assert.Equal(1, report.Stored);
    }

    [Fact]
    public async Task A_line_with_too_few_or_too_many_fields_is_bad()
    {
        var report = await _house.ImportAsync("time,short_code,city\n1700000000,one\n1700000000,one,a,b\n1700000000,one,\n", ClickFileFormat.Csv);

        Assert.Equal(["2 fields where the header has 3", "4 fields where the header has 3"], report.BadLines.Select(bad => bad.Reason.ToString()));
        Assert.Equal(1, report.Stored);
    }

    [Fact]
    public async Task A_header_without_the_required_columns_is_refused()
    {
        var exception = await Assert.ThrowsAsync<ClickFileException>(() => _house.ImportAsync("day,short_code\n1,one\n", ClickFileFormat.Csv));

        Assert.Equal("The header row, which is the first line of the file, has no column 'time'.", exception.Message);
    }

    [Fact]
    public async Task Columns_that_mean_nothing_are_named()
    {
        var report = await _house.ImportAsync("time,short_code,weather\n1700000000,one,fine\n", ClickFileFormat.Csv);

        Assert.Equal(["weather"], report.UnknownFields);
    }

    [Fact]
    public async Task What_is_not_UTF_8_or_longer_than_any_line_is_a_bad_line()
    {
        byte[] file =
        [
            .. "time,short_code,\u00FC\n1700000000,"u8, 0xFF, .. "\n1700000000,"u8, .. Enumerable.Repeat((byte)'x', 300_000), .. "\n1700000000,one,\n"u8,
        ];
        var report = await _house.ImportAsync(file, ClickFileFormat.Csv);

        Assert.Equal([new BadLine(2, new("not valid UTF-8")), new BadLine(3, new("longer than 65,536 bytes"))], report.BadLines);
        Assert.Equal(1, report.Stored);
    }
}
