using System.Globalization;
using System.Text.RegularExpressions;

namespace Spoo.Data.Stats.Question;

/// <summary>What a range means: a named one, which moves along with time, or two instants.</summary>
/// <param name="Period">Null: the two instants say it.</param>
/// <param name="End">Null: now.</param>
public readonly record struct MeantRange(Period? Period, DateTimeOffset? Start, DateTimeOffset? End);

/// <summary>
/// Ranges as people type them, in English and in German: <c>last 3 weeks</c>, <c>now-7d</c>, <c>this quarter</c>, <c>since 1 March</c>,
/// <c>2024-03</c>, <c>5 May to 12 May 2025</c>, <c>letzte 3 Wochen</c>, <c>KW 12</c>.
/// </summary>
public static partial class PeriodParser
{
    private const int MostCharacters = 60;

    private static readonly CultureInfo[] Languages = [CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("de")];

    /// <returns>Whether it was understood, and begins before now.</returns>
    public static bool TryParse(string text, DateTimeOffset now, TimeZoneInfo zone, out MeantRange meant)
    {
        meant = default;
        var words = Blanks().Replace(text.Trim(), " ").ToLowerInvariant();
        if (words.Length is 0 or > MostCharacters)
        {
            return false;
        }

        var reader = new Reader(now, zone);
        return reader.Named(words, out meant) || reader.Dated(words, out meant);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(?:the |die |der |das )?(?:last|past|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?)(?: (?<n>[0-9]{1,4}|a|one|an))? ?(?<unit>\p{L}+)$")]
    private static partial Regex Last();

    [GeneratedRegex(@"^(?:this|diese[nrsm]?|current) (?<unit>\p{L}+)$")]
    private static partial Regex This();

    [GeneratedRegex(@"^(?<n>[0-9]{1,4}) ?(?<unit>\p{L}+)$")]
    private static partial Regex Bare();

    [GeneratedRegex(@"^now(?: ?- ?(?<n>[0-9]{1,5}) ?(?<unit>\p{L}+))?$")]
    private static partial Regex Now();

    [GeneratedRegex(@"^(?:from |between |von |vom |zwischen )?(?<first>.+?)(?: to | until | through | and | bis | und | – | - |\.\.)(?:zum )?(?<last>.+)$")]
    private static partial Regex Pair();

    [GeneratedRegex(@"^(?:since|from|after|seit|ab)(?: dem)? (?<first>.+)$")]
    private static partial Regex Since();

    [GeneratedRegex(@"^(?<year>[0-9]{4})[ -]?q(?<q>[1-4])$|^q(?<q>[1-4])(?:[ /-]?(?<year>[0-9]{4}))?$")]
    private static partial Regex Quarter();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-?w(?<week>[0-9]{1,2})$|^(?:week|woche|kw|w) ?(?<week>[0-9]{1,2})(?:[ /](?<year>[0-9]{4}))?$")]
    private static partial Regex Week();

    /// <summary>One reading, with the moment and the clock it is about.</summary>
    private sealed class Reader(DateTimeOffset now, TimeZoneInfo zone)
    {
        private readonly DateTime _today = TimeZoneInfo.ConvertTime(now, zone).Date;

        private DateTime Monday => _today.AddDays(-(((int)_today.DayOfWeek + 6) % 7));

        private DateTime FirstOfMonth => new(_today.Year, _today.Month, 1);

        private DateTime FirstOfQuarter => new(_today.Year, ((_today.Month - 1) / 3 * 3) + 1, 1);

        /// <summary>Ranges that hang on now.</summary>
        public bool Named(string text, out MeantRange meant)
        {
            meant = default;
            var known = text switch
            {
                "heute" => "today",
                "gestern" => "yesterday",
                "all time" or "everything" or "ever" or "alles" or "gesamt" or "gesamter zeitraum" or "immer" => "all",
                "month to date" or "mtd" => "month",
                "year to date" or "ytd" => "year",
                _ => text,
            };
            if (Period.Find(known) is { } period)
            {
                meant = new(period, null, null);
            }
            else if (Last().Match(text) is { Success: true } last)
            {
                var unit = UnitOf(last.Groups["unit"].Value);
                meant = last.Groups["n"].Success ? Rolling(NumberIn(last), unit) : Latest(unit);
            }
            else if (This().Match(text) is { Success: true } current)
            {
                meant = Current(UnitOf(current.Groups["unit"].Value));
            }
            else if (Now().Match(text) is { Success: true } exact && exact.Groups["n"].Success)
            {
                meant = new(Period.Back(NumberIn(exact), UnitOf(exact.Groups["unit"].Value)), Instant(exact), null);
                meant = meant.Period is null ? meant : new(meant.Period, null, null);
            }
            else if (Bare().Match(text) is { Success: true } bare)
            {
                meant = Rolling(NumberIn(bare), UnitOf(bare.Groups["unit"].Value));
            }

            return meant.Period is not null || meant.Start is not null;
        }

        /// <summary>Ranges that say their dates.</summary>
        public bool Dated(string text, out MeantRange meant)
        {
            meant = default;
            (DateTimeOffset Start, DateTimeOffset End)? range = null;
            if (Since().Match(text) is { Success: true } since && Moment(since.Groups["first"].Value) is { } open)
            {
                range = (open.Start, now);
            }
            else if (Moment(text) is { } one)
            {
                range = one;
            }
            else if (Pair().Match(text) is { Success: true } pair && Moment(pair.Groups["last"].Value) is { } last)
            {
                // "5 to 12 May": what the first date leaves out, the second one says.
                var first = Moment(pair.Groups["first"].Value) ?? Completed(pair.Groups["first"].Value, pair.Groups["last"].Value);
                range = first is { } begin ? (begin.Start, last.End) : null;
            }

            if (range is not { } found || found.Start > now || found.Start > found.End)
            {
                return false;
            }

            meant = new(null, found.Start, found.End >= now ? null : found.End);
            return true;
        }

        // Never more than five digits, say the patterns.
        private static int NumberIn(Match match) =>
            match.Groups["n"].Value is "a" or "an" or "one" ? 1 : int.Parse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

        private static PeriodUnit? UnitOf(string word) => word switch
        {
            "m" or "min" or "mins" or "minute" or "minutes" or "minuten" => PeriodUnit.Minute,
            "h" or "hr" or "hrs" or "hour" or "hours" or "std" or "stunde" or "stunden" => PeriodUnit.Hour,
            "d" or "day" or "days" or "t" or "tag" or "tage" or "tagen" => PeriodUnit.Day,
            "w" or "week" or "weeks" or "woche" or "wochen" => PeriodUnit.Week,
            "mo" or "month" or "months" or "monat" or "monate" or "monaten" => PeriodUnit.Month,
            "q" or "quarter" or "quarters" or "quartal" or "quartale" => PeriodUnit.Quarter,
            "y" or "year" or "years" or "j" or "jahr" or "jahre" or "jahren" => PeriodUnit.Year,
            _ => null,
        };

        private static MeantRange Rolling(int number, PeriodUnit? unit) => new(Period.Rolling(number, unit), null, null);

        /// <summary>"last week": the whole one before this.</summary>
        private MeantRange Latest(PeriodUnit? unit) => unit switch
        {
            PeriodUnit.Day => new(Period.Find("yesterday"), null, null),
            PeriodUnit.Month => new(Period.Find("lastmonth"), null, null),
            PeriodUnit.Week => Days(Monday.AddDays(-7), Monday),
            PeriodUnit.Quarter => Days(FirstOfQuarter.AddMonths(-3), FirstOfQuarter),
            PeriodUnit.Year => Days(new DateTime(_today.Year - 1, 1, 1), new DateTime(_today.Year, 1, 1)),
            _ => Rolling(1, unit),
        };

        private MeantRange Current(PeriodUnit? unit) => unit switch
        {
            PeriodUnit.Day => new(Period.Find("today"), null, null),
            PeriodUnit.Month => new(Period.Find("month"), null, null),
            PeriodUnit.Year => new(Period.Find("year"), null, null),
            PeriodUnit.Week => new(null, Start(Monday), null),
            PeriodUnit.Quarter => new(null, Start(FirstOfQuarter), null),
            _ => default,
        };

        private DateTimeOffset? Instant(Match match) => UnitOf(match.Groups["unit"].Value) switch
        {
            PeriodUnit.Minute => now.AddMinutes(-NumberIn(match)),
            PeriodUnit.Hour => now.AddHours(-NumberIn(match)),
            PeriodUnit.Day when NumberIn(match) <= Period.MostDays => now.AddDays(-NumberIn(match)),
            PeriodUnit.Week when NumberIn(match) <= Period.MostDays / 7 => now.AddDays(-7 * NumberIn(match)),
            PeriodUnit.Month when NumberIn(match) <= Period.MostMonths => now.AddMonths(-NumberIn(match)),
            PeriodUnit.Year when NumberIn(match) <= Period.MostMonths / 12 => now.AddYears(-NumberIn(match)),
            _ => null,
        };

        /// <summary>The first and last instant of a year, month, week, day or moment.</summary>
        private (DateTimeOffset Start, DateTimeOffset End)? Moment(string text)
        {
            if (Now().Match(text) is { Success: true } exact)
            {
                return exact.Groups["n"].Success ? Instant(exact) is { } instant ? (instant, instant) : null : (now, now);
            }

            if (Quarter().Match(text) is { Success: true } quarter)
            {
                if (YearIn(quarter) is not { } of)
                {
                    return null;
                }

                var first = new DateTime(of, ((quarter.Groups["q"].Value[0] - '1') * 3) + 1, 1);
                return Whole(first > _today && !quarter.Groups["year"].Success ? first.AddYears(-1) : first, day => day.AddMonths(3));
            }

            if (Week().Match(text) is { Success: true } week)
            {
                var number = int.Parse(week.Groups["week"].ValueSpan, CultureInfo.InvariantCulture);
                return YearIn(week) is not { } year || number < 1 || number > ISOWeek.GetWeeksInYear(year) ? null : Whole(ISOWeek.ToDateTime(year, number, DayOfWeek.Monday), day => day.AddDays(7));
            }

            return text switch
            {
                "today" or "heute" => Whole(_today, day => day.AddDays(1)),
                "yesterday" or "gestern" => Whole(_today.AddDays(-1), day => day.AddDays(1)),
                _ => Weekday(text)
                    ?? Written(text, ["yyyy"], day => day.AddYears(1))
                    ?? Written(text, ["yyyy-MM", "MM/yyyy", "MMMM yyyy", "MMM yyyy", "MMM. yyyy", "yyyy MMMM", "MMMM", "MMM"], day => day.AddMonths(1))
                    ?? Written(
                        text,
                        [
                            "yyyy-M-d", "d.M.yyyy", "d.M.", "d. M. yyyy", "d MMMM yyyy", "d MMM yyyy", "d. MMMM yyyy", "d. MMM yyyy", "d MMMM", "d MMM", "d. MMMM",
                            "d. MMM", "MMMM d", "MMM d", "MMMM d yyyy", "MMM d yyyy", "MMMM d, yyyy", "MMM d, yyyy",
                        ],
                        day => day.AddDays(1)),
            };
        }

        private (DateTimeOffset Start, DateTimeOffset End)? Completed(string first, string last)
        {
            // The missing end of the first date is that of the second one: "5" and "12 May 2025", "5 March" and "12 May 2025".
            var words = last.Split(' ');
            return Enumerable.Range(1, Math.Max(0, words.Length - 1))
                .Select(skipped => Moment($"{first} {string.Join(' ', words[skipped..])}"))
                .FirstOrDefault(found => found is not null);
        }

        private (DateTimeOffset Start, DateTimeOffset End)? Weekday(string text)
        {
            foreach (var language in Languages)
            {
                for (var back = 0; back < 7; back++)
                {
                    var day = _today.AddDays(-back);
                    if (string.Equals(text, language.DateTimeFormat.GetDayName(day.DayOfWeek), StringComparison.OrdinalIgnoreCase))
                    {
                        return Whole(day, day => day.AddDays(1));
                    }
                }
            }

            return null;
        }

        /// <summary>A date without a year is the latest one that has come.</summary>
        private (DateTimeOffset Start, DateTimeOffset End)? Written(string text, string[] patterns, Func<DateTime, DateTime> next)
        {
            foreach (var language in Languages)
            {
                foreach (var pattern in patterns)
                {
                    var hasYear = pattern.Contains('y', StringComparison.Ordinal);
                    if (DateTime.TryParseExact(hasYear ? text : $"{text} {_today.Year}", hasYear ? pattern : pattern + " yyyy", language, DateTimeStyles.None, out var day)
                        && IsYear(day.Year))
                    {
                        return Whole(!hasYear && day > _today ? day.AddYears(-1) : day, next);
                    }
                }
            }

            return null;
        }

        /// <summary>This one, when none is named; null when no clicks can be of the one that is.</summary>
        private int? YearIn(Match match)
        {
            var year = match.Groups["year"].Success ? int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture) : _today.Year;
            return IsYear(year) ? year : null;
        }

        private static bool IsYear(int year) => year is >= 1970 and < 9000;

        private (DateTimeOffset Start, DateTimeOffset End) Whole(DateTime day, Func<DateTime, DateTime> next) => (Start(day), Start(next(day)).AddMilliseconds(-1));

        private MeantRange Days(DateTime first, DateTime after) => new(null, Start(first), Start(after).AddMilliseconds(-1));

        private DateTimeOffset Start(DateTime day) => Period.StartOfDay(day, zone);
    }
}
