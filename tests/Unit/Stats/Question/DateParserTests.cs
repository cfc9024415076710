using System.Globalization;
using Spoo.Data.Stats.Question;



namespace Spoo.Tests.Stats.Question;

public sealed class DateParserTests
{
    [Theory]
    [InlineData("2024-01-15T12:00:00Z", "2024-01-15T12:00:00Z")]
    [InlineData("2024-01-15T14:00:00+02:00", "2024-01-15T12:00:00Z")]
    [InlineData("2024-01-15T12:00:00+05:30", "2024-01-15T06:30:00Z")]
    [InlineData("2024-01-15T12:00:00+0530", "2024-01-15T06:30:00Z")]
    [InlineData("2024-01-15T12:00:00-05", "2024-01-15T17:00:00Z")]
    [InlineData("2024-06-01T00:00:00", "2024-06-01T00:00:00Z")]
    [InlineData("2024-06-01 10:20", "2024-06-01T10:20:00Z")]
    [InlineData("20240601T102030", "2024-06-01T10:20:30Z")]
    [InlineData("2025-01-01", "2025-01-01T00:00:00Z")]
    [InlineData("20250101", "2025-01-01T00:00:00Z")]
    [InlineData("2025-W01-1", "2024-12-30T00:00:00Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00Z")]
    [InlineData("2024-01-15T12:00:00.1234567Z", "2024-01-15T12:00:00.123456Z")]
    public void Iso_8601_is_understood_and_without_an_offset_is_in_utc(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), Parse(text));

    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1000.5", "1970-01-01T00:16:40Z")]
    [InlineData("1735689600", "2025-01-01T00:00:00Z")]
    [InlineData("1735689600000", "2025-01-01T00:00:00Z")]
    [InlineData("1735689600250", "2025-01-01T00:00:00.250Z")]
    public void Numbers_are_unix_seconds_or_when_they_are_long_milliseconds(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, null), Parse(text));

    [Theory]
    [InlineData("2025-11-16", "2025-11-16")]
    [InlineData("20251116", "2025-11-16")]
    [InlineData("2025-W46-7", "2025-11-16")]
    [InlineData("1812-01-01", "1970-01-01")]
    [InlineData("2025-11-16T00:00", null)]
    [InlineData("2025-11-16T00:00:00Z", null)]
    [InlineData("1763251200", null)]
    [InlineData("2025-11-31", null)]
    public void A_date_without_a_time_is_a_day(string text, string? day) =>
        Assert.Equal(day, DateParser.TryParseDay(text, out var found) ? found.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null);

    [Theory]
    [InlineData("-86400")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void What_lies_before_1970_is_moved_there(string text) => Assert.Equal(DateTimeOffset.UnixEpoch, Parse(text));

    [Theory]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("99999999999999")]
    public void The_far_future_ends_in_the_year_9000_at_the_latest(string text) => Assert.True(Parse(text)!.Value.Year <= 9000);

    [Theory]
    [InlineData("")]
    [InlineData("not-a-date")]
    [InlineData("2024-01-15T12:00:00z")]
    [InlineData(" 2024-01-15")]
    [InlineData("2024-01-15\n")]
    [InlineData("2024-01-15T24:00:00")]
    [InlineData("2024-001")]
    [InlineData("2024-02-30")]
    [InlineData("2023-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("2025-W53-1")]
    [InlineData("2025-W01-8")]
    [InlineData("0000-01-01")]
    [InlineData("20251301")]
    [InlineData("2024-01-15T12:60")]
    [InlineData("2024-01-15T12:00+24:00")]
    [InlineData("123456789012345")]
    [InlineData("1e9")]
    [InlineData("٢٠٢٤-٠١-١٥")]
    public void Anything_else_is_no_date(string text) => Assert.Null(Parse(text));

    private static DateTimeOffset? Parse(string text) => DateParser.TryParse(text, out var instant) ? instant : null;

    /// <summary>The same moment without the signs between its numbers is read by another way, and by no quicker one.</summary>
    [Fact]
    public void The_usual_spelling_is_read_as_any_other_whatever_its_numbers_are()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var fraction = random.Next(10) is var digits and > 0 ? "." + string.Concat(Enumerable.Range(0, digits).Select(_ => random.Next(10))) : "";
            var (year, month, day) = (random.Next(3) == 0 ? random.Next(10_000) : 2024, random.Next(14), random.Next(33));
            var (hour, minute, second) = (random.Next(26), random.Next(62), random.Next(62));
            var usual = string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}{(random.Next(2) == 0 ? 'T' : ' ')}{hour:00}:{minute:00}:{second:00}{fraction}{(random.Next(2) == 0 ? "Z" : "")}");
            var other = string.Create(CultureInfo.InvariantCulture, $"{year:0000}{month:00}{day:00}T{hour:00}{minute:00}{second:00}{fraction}Z");

            Assert.Equal((DateParser.TryParse(other, out var expected), expected), (DateParser.TryParse(usual, out var read), read));
        }
    }
}
