using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Transfer;

/// <summary>Which number of <c>03/04/2026</c> is the day.</summary>
public enum DateOrder
{
    DayMonth,
    MonthDay,
}

/// <summary>
/// Dates as files have them: what <see cref="DateParser"/> reads, and further what people, spreadsheets and web servers write. Where
/// nothing says which number is the day, a date is not read at all.
/// </summary>
/// <param name="order">Null: what the dates themselves tell.</param>
/// <param name="zone">The zone of times that name none.</param>
public sealed partial class FileDates(DateOrder? order, TimeZoneInfo zone)
{
    // As Unix seconds these would be a day of January 1970, in which nothing was clicked.
    private const double FirstOfExcel = 30_000;
    private const double LastOfExcel = 80_000;

    private static readonly FrozenDictionary<string, int> Months = new Dictionary<string, int>
    {
        ["jan"] = 1,
        ["feb"] = 2,
        ["mar"] = 3,
        ["mär"] = 3,
        ["mrz"] = 3,
        ["apr"] = 4,
        ["may"] = 5,
        ["mai"] = 5,
        ["jun"] = 6,
        ["jul"] = 7,
        ["aug"] = 8,
        ["sep"] = 9,
        ["oct"] = 10,
        ["okt"] = 10,
        ["nov"] = 11,
        ["dec"] = 12,
        ["dez"] = 12,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A date without anything between its numbers, and no Unix time.</summary>
    private const int DigitsOfDate = 8;

    // Unix times are told apart by their size: of seconds these would be days after the year 5138, of the finer ones days before 1974.
    private const decimal FirstOfMilliseconds = 1e11m;
    private const decimal FirstOfMicroseconds = 1e14m;
    private const decimal FirstOfNanoseconds = 1e17m;
    private const decimal EndOfNanoseconds = 1e20m;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.,eE+-");

    private readonly bool _isUtc = zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime;

    /// <summary>Which number is the day. Null: not known, and such dates are refused.</summary>
    public DateOrder? Order { get; private set; } = order;

    /// <summary>Finds out of some dates which number is the day: one that is greater than 12 is no month.</summary>
    /// <returns>A date that may be two days. Null: there is none.</returns>
    public string? Learn(IReadOnlyCollection<string> dates)
    {
        var numbers = dates.Select(date => (Date: date, Match: NumbersText().Match(WithBlanks(date)))).Where(date => date.Match.Success && IsEither(date.Match)).ToList();
        var (first, second) = (numbers.Any(date => Number(date.Match, "a") > 12), numbers.Any(date => Number(date.Match, "b") > 12));
        Order ??= first == second ? null : first ? DateOrder.DayMonth : DateOrder.MonthDay;
        return Order is null && numbers.Count > 0 ? numbers[0].Date : null;
    }

    /// <summary>Whether the text may be two different days, as long as the order is not known.</summary>
    public bool IsAmbiguous(string text) =>
        Order is null && NumbersText().Match(WithBlanks(text)) is { Success: true } match && IsEither(match) && Number(match, "a") <= 12 && Number(match, "b") <= 12;

    /// <summary>The day of an instant in the zone of the file, as a <see cref="DateOnly.DayNumber"/>.</summary>
    public int DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime).DayNumber;

    public bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (TryParseLogTime(text, ref instant))
        {
            return true;
        }

        if (OfSpreadsheet(text) is { } moment)
        {
            return TryPlace(moment, "", ref instant);
        }

        if (TryParseUnix(text) is { } unix)
        {
            instant = unix.Instant;
            return !unix.IsRounded;
        }

        if (DateParser.TryParse(text, out instant))
        {
            return _isUtc || !(DateParser.TryParseDay(text, out _) || DateParser.TryParse(text + "Z", out _)) || TryPlace(instant.UtcDateTime, "", ref instant);
        }

        if (text.Length >= 64)
        {
            return false;
        }

        text = WithBlanks(text);
        return TryParseNumbers(text, ref instant) || TryParseMonthName(text, ref instant);
    }

    /// <summary>A date as the number that it is to a spreadsheet, such as <c>45352.5</c>. Null: it is no such number.</summary>
    public static DateTime? OfSpreadsheet(string text)
    {
        // Spreadsheets of many languages write a comma before the fraction, which is only nearly a second.
        return text.Length >= 5 && (text.Length == 5 || text[5] is '.' or ',')
            && double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days) && days is >= FirstOfExcel and < LastOfExcel
            ? DateTime.UnixEpoch.AddSeconds(Math.Round((days - 25_569) * 86_400))
            : null;
    }

    /// <summary>Whether a spreadsheet has rounded the number of a time, as in <c>1.7E+12</c>, so that it is minutes or days away from what it was.</summary>
    public static bool IsRounded(string text) => TryParseUnix(text) is { IsRounded: true };

    /// <summary>Seconds, milliseconds, microseconds or nanoseconds, with a fraction or in scientific notation. Null: it is no such number.</summary>
    private static (DateTimeOffset Instant, bool IsRounded)? TryParseUnix(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(OfNumbers)
            || (text.Length == DigitsOfDate && text.All(char.IsAsciiDigit))
            || !decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            || number >= EndOfNanoseconds)
        {
            return null;
        }

        var ticksOfOne = number switch
        {
            < FirstOfMilliseconds => TimeSpan.TicksPerSecond,
            < FirstOfMicroseconds => TimeSpan.TicksPerMillisecond,
            < FirstOfNanoseconds => TimeSpan.TicksPerMicrosecond,
            _ => 1m / TimeSpan.NanosecondsPerTick,
        };
        return (DateTimeOffset.UnixEpoch.AddTicks((long)(number * ticksOfOne)), LastPlaceOf(text) * ticksOfOne > TimeSpan.TicksPerSecond);
    }

    /// <summary>What the last digit of a number counts: 10,000 in <c>1.70E+6</c>. 1 without an exponent, where a zero at the end is one.</summary>
    private static decimal LastPlaceOf(string text)
    {
        var exponent = text.AsSpan().IndexOfAny('e', 'E');
        if (exponent < 0)
        {
            return 1;
        }

        var point = text.AsSpan().IndexOfAny('.', ',');
        _ = int.TryParse(text.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power);
        var places = power - (point < 0 ? 0 : exponent - point - 1);
        return places <= 0 ? 1 : (decimal)Math.Pow(10, Math.Min(places, 20));
    }

    // 17/May/2015:10:05:03 +0000
    private static bool TryParseLogTime(ReadOnlySpan<char> text, ref DateTimeOffset instant)
    {
        if (text.Length != 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' '
            || !Months.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[3..6], out var month)
            || !TryNumber(text[..2], out var day) || !TryNumber(text[7..11], out var year) || !TryNumber(text[12..14], out var hour)
            || !TryNumber(text[15..17], out var minute) || !TryNumber(text[18..20], out var second)
            || !TryNumber(text[22..24], out var offsetHours) || !TryNumber(text[24..26], out var offsetMinutes)
            || !TryMake(year, month, day, hour, minute, second, out var local))
        {
            return false;
        }

        var minutes = (60 * offsetHours + offsetMinutes) * (text[21] == '-' ? -1 : 1);
        instant = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Utc)).AddMinutes(-minutes);
        return true;
    }

    private bool TryParseNumbers(string text, ref DateTimeOffset instant)
    {
        var match = NumbersText().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var (a, b, c) = (Number(match, "a"), Number(match, "b"), Number(match, "c"));
        if (match.Groups["a"].Length == 4)
        {
            return TryPlace(match, a, b, c, ref instant);
        }

        // Who writes dots puts the day first, and no month is the thirteenth.
        var isDayFirst = match.Groups["sep"].Value == "." || Order == DateOrder.DayMonth || (Order is null && a > 12);
        return (isDayFirst || Order is not null || b > 12 || a == b) && TryPlace(match, c, isDayFirst ? b : a, isDayFirst ? a : b, ref instant);
    }

    private bool TryParseMonthName(string text, ref DateTimeOffset instant)
    {
        var match = NamesText().Match(text);
        return match.Success && Months.TryGetValue(match.Groups["month"].Value[..3], out var month)
            && TryPlace(match, Number(match, "year"), month, Number(match, "day"), ref instant);
    }

    private bool TryPlace(Match match, int year, int month, int day, ref DateTimeOffset instant)
    {
        // Two digits are a year of this century, unless it lies far ahead.
        year += year >= 100 ? 0 : year < 70 ? 2000 : 1900;
        var hour = Number(match, "hour");
        if (match.Groups["half"].Success)
        {
            hour = hour is < 1 or > 12 ? 24 : hour % 12 + (match.Groups["half"].Value is "P" or "p" ? 12 : 0);
        }

        // Finer than a tick, which is seven digits, is cut off.
        var ticks = match.Groups["fraction"].Success ? int.Parse(match.Groups["fraction"].Value.PadRight(7, '0')[..7], CultureInfo.InvariantCulture) : 0;
        return TryMake(year, month, day, hour, Number(match, "minute"), Number(match, "second"), out var local)
            && TryPlace(local.AddTicks(ticks), match.Groups["zone"].Value, ref instant);
    }

    private bool TryPlace(DateTime local, string zoneName, ref DateTimeOffset instant)
    {
        var offset = TimeSpan.Zero;
        if (OffsetText().Match(zoneName) is { Success: true } named)
        {
            offset = new TimeSpan(Number(named, "hours"), Number(named, "minutes"), 0) * (named.Groups["sign"].Value == "-" ? -1 : 1);
        }
        else if (zoneName is not ("Z" or "UTC" or "GMT"))
        {
            if ((zoneName.Length == 0 ? zone : TimeZones.Find(zoneName)) is not { } place)
            {
                return false;
            }

            // An hour that the clocks leave out is read as if they had been put forward later.
            local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
            offset = place.IsInvalidTime(local) ? place.GetUtcOffset(local.AddHours(-1))
                : place.IsAmbiguousTime(local) ? place.GetAmbiguousTimeOffsets(local).Max()
                : place.GetUtcOffset(local);
        }

        instant = new DateTimeOffset(DateTime.SpecifyKind(local, DateTimeKind.Utc)) - offset;
        return true;
    }

    private static bool TryMake(int year, int month, int day, int hour, int minute, int second, out DateTime time)
    {
        // A leap second is the one before it.
        second = second == 60 ? 59 : second;
        var isTime = year is >= 1970 and < 9000 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
        time = isTime ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) : default;
        return isTime;
    }

    // Browsers and spreadsheets write a blank at which no line is broken.
    private static string WithBlanks(string text) => text.Replace('\u00A0', ' ').Replace('\u202F', ' ');

    // Neither the year is first, nor do dots say that the day is.
    private static bool IsEither(Match match) =>
        match.Groups["a"].Length <= 2 && match.Groups["sep"].Value != "." && match.Groups["a"].Value != match.Groups["b"].Value;

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        """
        ^(?<a>[0-9]{4}|[0-9]{1,2})(?<sep>[./-])(?<b>[0-9]{1,2})\k<sep>(?<c>[0-9]{4}|[0-9]{1,2})
        ( [,]?[T\ ]\ *(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?(\ ?(?<half>[AaPp])\.?[Mm]\.?)?
          (\ ?(?<zone>Z|[+-][0-9]{2}:?[0-9]{2}|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+)*))? )?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex NumbersText();

    // RFC 1123 and its likes: Fri, 01 Mar 2024 10:00:00 GMT; March 1, 2024 10:00 AM; 1. März 2024.
    [GeneratedRegex(
        """
        ^(\p{L}{2,10}\.?,?\ +)?
        ( (?<day>[0-9]{1,2})\.?[\ /-](?<month>\p{L}{3,9})\.?[\ /-] | (?<month>\p{L}{3,9})\.?\ (?<day>[0-9]{1,2}),?\ )
        (?<year>[0-9]{4})
        ( ,?[T:\ ]\ *(at\ )?(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,9}))?)?(\ ?(?<half>[AaPp])\.?[Mm]\.?)?
          (\ ?(?<zone>Z|[+-][0-9]{2}:?[0-9]{2}|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+)*))? )?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex NamesText();

    [GeneratedRegex("^(?<sign>[+-])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2})$", RegexOptions.ExplicitCapture)]
    private static partial Regex OffsetText();
}
