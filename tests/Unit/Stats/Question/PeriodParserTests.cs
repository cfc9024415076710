using System.Globalization;
using Spoo.Data.Stats.Question;
using Spoo.Tests.Support;

namespace Spoo.Tests.Stats.Question;

/// <summary>Said on Wednesday, 18 February 2026, at 13:00 in Berlin.</summary>
public sealed class PeriodParserTests
{
    private static readonly TimeZoneInfo Berlin = TimeZones.Resolve("Europe/Berlin");

    [Theory]
    [InlineData("today", "today")]
    [InlineData("  Heute ", "today")]
    [InlineData("Gestern", "yesterday")]
    [InlineData("last 3 weeks", "3w")]
    [InlineData("past 90 minutes", "90min")]
    [InlineData("the last 7 days", "7d")]
    [InlineData("previous 2 quarters", "6mo")]
    [InlineData("last 24 hours", "24h")]
    [InlineData("last hour", "1h")]
    [InlineData("last month", "lastmonth")]
    [InlineData("this month", "month")]
    [InlineData("this year", "year")]
    [InlineData("ytd", "year")]
    [InlineData("now-7d", "168h")]
    [InlineData("now - 30m", "30min")]
    [InlineData("now-12h", "12h")]
    [InlineData("3w", "3w")]
    [InlineData("10 days", "10d")]
    [InlineData("all time", "all")]
    [InlineData("letzte 3 Wochen", "3w")]
    [InlineData("die letzten 14 Tage", "14d")]
    [InlineData("letzter Monat", "lastmonth")]
    [InlineData("dieses Jahr", "year")]
    public void A_range_that_hangs_on_now_stays_one(string text, string period) => Assert.Equal(new MeantRange(Period.Find(period), null, null), Parse(text));

    [Theory]
    [InlineData("last week", "2026-02-09", "2026-02-15")]
    [InlineData("letzte Woche", "2026-02-09", "2026-02-15")]
    [InlineData("this week", "2026-02-16", null)]
    [InlineData("this quarter", "2026-01-01", null)]
    [InlineData("last quarter", "2025-10-01", "2025-12-31")]
    [InlineData("last year", "2025-01-01", "2025-12-31")]
    [InlineData("2024", "2024-01-01", "2024-12-31")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("March 2025", "2025-03-01", "2025-03-31")]
    [InlineData("march", "2025-03-01", "2025-03-31")]
    [InlineData("januar", "2026-01-01", "2026-01-31")]
    [InlineData("März 2025", "2025-03-01", "2025-03-31")]
    [InlineData("15 Mar 2025", "2025-03-15", "2025-03-15")]
    [InlineData("March 15, 2025", "2025-03-15", "2025-03-15")]
    [InlineData("15.3.2025", "2025-03-15", "2025-03-15")]
    [InlineData("15. März 2025", "2025-03-15", "2025-03-15")]
    [InlineData("q2 2025", "2025-04-01", "2025-06-30")]
    [InlineData("2025-Q4", "2025-10-01", "2025-12-31")]
    [InlineData("week 12 2025", "2025-03-17", "2025-03-23")]
    [InlineData("KW 2", "2026-01-05", "2026-01-11")]
    [InlineData("Monday", "2026-02-16", "2026-02-16")]
    [InlineData("freitag", "2026-02-13", "2026-02-13")]
    [InlineData("since 1 March 2025", "2025-03-01", null)]
    [InlineData("seit Montag", "2026-02-16", null)]
    [InlineData("2025-01-10 to 2025-02-03", "2025-01-10", "2025-02-03")]
    [InlineData("from 5 May to 12 May 2025", "2025-05-05", "2025-05-12")]
    [InlineData("5 to 12 May 2025", "2025-05-05", "2025-05-12")]
    [InlineData("between january 2025 and march 2025", "2025-01-01", "2025-03-31")]
    [InlineData("vom 1.12.2025 bis 24.12.2025", "2025-12-01", "2025-12-24")]
    [InlineData("monday - today", "2026-02-16", null)]
    public void A_range_that_says_its_dates_has_whole_days(string text, string first, string? last) =>
        Assert.Equal(new MeantRange(null, StartOf(first), last is null ? null : StartOf(last, 1).AddMilliseconds(-1)), Parse(text));

    [Fact]
    public void Two_distances_from_now_are_instants() =>
        Assert.Equal(new MeantRange(null, Some.Noon.AddDays(-7), Some.Noon.AddDays(-1)), Parse("now-7d to now-1d"));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("last")]
    [InlineData("last 0 days")]
    [InlineData("last 5 lightyears")]
    [InlineData("2026-02-30")]
    [InlineData("week 54 2025")]
    [InlineData("tomorrow")]
    [InlineData("2027")]
    [InlineData("12 May 2025 to 5 May 2025")]
    [InlineData("last 9999 years")]
    [InlineData("now-99999y")]
    [InlineData("now-99999w")]
    [InlineData("now-99999d to now")]
    [InlineData("now-999999999d")]
    [InlineData("now-99999999999d")]
    [InlineData("now-999999999h to now")]
    [InlineData("last 9999 quarters")]
    [InlineData("last 999999999 quarters")]
    [InlineData("last 99999999999 days")]
    [InlineData("99999w")]
    [InlineData("99999 days")]
    [InlineData("q1 1200")]
    [InlineData("9999-q4")]
    [InlineData("week 12 1200")]
    [InlineData("0000-w01")]
    public void What_means_nothing_is_not_guessed_at(string text) => Assert.False(PeriodParser.TryParse(text, Some.Noon, Berlin, out _));

    [Theory]
    [InlineData(PeriodUnit.Quarter)]
    [InlineData(PeriodUnit.Year)]
    [InlineData(PeriodUnit.Week)]
    [InlineData(PeriodUnit.Day)]
    [InlineData(PeriodUnit.Minute)]
    public void No_number_is_so_large_that_it_means_a_short_range(PeriodUnit unit)
    {
        // Times 3, 12, 24 and 168, some of these are small again in 32 bits.
        var numbers = Enumerable.Range(0, 1000).Select(i => int.MaxValue - (i * 65_537)).Append(1 << 30).Append((1 << 30) + 1).Append(1_431_655_767);

        Assert.All(numbers, number => Assert.Null(Period.Rolling(number, unit)));
        Assert.All(numbers, number => Assert.Null(Period.Back(number, unit)));
    }

    [Fact]
    public void Whatever_is_typed_is_understood_or_not_and_never_an_error()
    {
        string[] words =
        [
            "now", "now-", "-", "last", "the last", "letzte", "this", "since", "seit", "from", "to", "bis", "und", "..", "q", "q1", "kw", "week", "w", "monday", "freitag", "today",
            "may", "mai", "29 feb", "2025", "0", "1", "9", "99", "9999", "99999", "999999999", "99999999999999999999", "1970", "8999", "9999-12-31", "0001-01-01", "31.12.", "d", "days",
            "h", "min", "mo", "months", "quarter", "quarters", "y", "years", "weeks", "/", ",", ".", "²", "٣", "İ", "\0", "\ud800",
        ];
        var dice = new Random(20260218);
        var understood = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, dice.Next(1, 7)).Select(_ => words[dice.Next(words.Length)] + (dice.Next(3) == 0 ? "" : " ")));
            var now = dice.Next(2) == 0 ? Some.Noon : new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero);
            if (PeriodParser.TryParse(text, now, Berlin, out var meant))
            {
                understood++;
                var (start, end) = meant.Period?.Resolve(now, Berlin) ?? (meant.Start, meant.End);
                Assert.True(start is null || (start <= (end ?? now) && start.Value.Year > 1800), $"'{text}' is {start} to {end}");
            }
        }

        Assert.True(understood > 500, $"Only {understood} were words that mean something.");
    }

    [Theory]
    [InlineData("3w", "2026-01-29")]
    [InlineData("10d", "2026-02-09")]
    [InlineData("18mo", "2024-09-01")]
    [InlineData("2y", "2024-03-01")]
    public void A_rolling_range_has_today_as_its_last_day(string name, string first) =>
        Assert.Equal((StartOf(first), null), Period.Find(name)!.Resolve(Some.Noon, Berlin));

    private static MeantRange Parse(string text)
    {
        Assert.True(PeriodParser.TryParse(text, Some.Noon, Berlin, out var meant), text);
        return meant;
    }

    private static DateTimeOffset StartOf(string day, int later = 0) =>
        Period.StartOfDay(DateTime.Parse(day, CultureInfo.InvariantCulture).AddDays(later), Berlin);
}
