using System.Globalization;
using System.Text.RegularExpressions;

namespace Spoo.Data.Stats.Question;

/// <summary>
/// Dates as programs write them: Unix seconds (up to 11 digits), Unix milliseconds (12 to 14 digits) and ISO 8601. Eight digits are a
/// calendar date. Without an offset a date is in UTC.
/// </summary>
public static partial class DateParser
{
    /// <summary>Nothing was clicked before; earlier dates are moved here.</summary>
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    /// <summary>Far enough, and safe to add months to; later dates are moved here.</summary>
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A date without a time of day, which is a whole day in whatever zone is meant.</summary>
    public static bool TryParseDay(string text, out DateOnly day)
    {
        day = default;
        var match = IsoText().Match(text);
        if (!match.Success || match.Groups["hour"].Success || !TryParseDate(match, out var date))
        {
            return false;
        }

        var (earliest, latest) = (DateOnly.FromDateTime(Earliest.Date), DateOnly.FromDateTime(Latest.Date));
        day = date < earliest ? earliest : date > latest ? latest : date;
        return true;
    }

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        if (TryParseAsIs(text, out instant))
        {
            instant = instant < Earliest ? Earliest : instant > Latest ? Latest : instant;
            return true;
        }

        return false;
    }

    private static bool TryParseAsIs(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (TryParsePlain(text, ref instant))
        {
            return true;
        }

        if (UnixText().Match(text) is { Success: true } unix && text.Length != 8)
        {
            return TryParseUnix(unix, out instant);
        }

        var match = IsoText().Match(text);
        if (!match.Success || !TryParseDate(match, out var date) || !TryParseTime(match, out var time) || !TryParseOffset(match, out var offset))
        {
            return false;
        }

        var utc = date.ToDateTime(TimeOnly.MinValue).Ticks + time.Ticks - offset.Ticks;
        instant = new DateTimeOffset(Math.Clamp(utc, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
        return true;
    }

    /// <summary>
    /// What programs write most, <c>2027-01-31T12:00:00.123Z</c>, with a blank instead of the T, or without a fraction or the Z: files have millions of them,
    /// and the pattern that knows all shapes takes ten times as long.
    /// </summary>
    private static bool TryParsePlain(ReadOnlySpan<char> text, ref DateTimeOffset instant)
    {
        const int Seconds = 19;
        var rest = text.Length > 0 && text[^1] == 'Z' ? text[..^1] : text;
        if (rest.Length < Seconds || rest[4] != '-' || rest[7] != '-' || rest[10] is not ('T' or ' ') || rest[13] != ':' || rest[16] != ':'
            || !TryDigits(rest[..4], out var year) || !TryDigits(rest[5..7], out var month) || !TryDigits(rest[8..10], out var day)
            || !TryDigits(rest[11..13], out var hour) || !TryDigits(rest[14..16], out var minute) || !TryDigits(rest[17..19], out var second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var microseconds = 0;
        if (rest.Length > Seconds)
        {
            var fraction = rest[(Seconds + 1)..];
            if (rest[Seconds] != '.' || fraction.Length is 0 or > 6 || !TryDigits(fraction, out microseconds))
            {
                return false;
            }

            for (var digits = fraction.Length; digits < 6; digits++)
            {
                microseconds *= 10;
            }
        }

        instant = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = 10 * number + (c - '0');
        }

        return true;
    }

    private static bool TryParseUnix(Match match, out DateTimeOffset instant)
    {
        var digits = match.Groups["whole"].ValueSpan.TrimStart('-').Length;
        var number = decimal.Parse(match.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

        // A fraction is cut off, as spoo.me does.
        var whole = decimal.Truncate(number);
        var milliseconds = digits <= 11 ? whole * 1000 : whole;
        var bounded = Math.Clamp(milliseconds, Earliest.ToUnixTimeMilliseconds(), Latest.ToUnixTimeMilliseconds());
        instant = DateTimeOffset.FromUnixTimeMilliseconds((long)bounded);
        return true;
    }

    private static bool TryParseDate(Match match, out DateOnly date)
    {
        date = default;
        var year = Number(match, "year");
        if (year < 1)
        {
            return false;
        }

        if (match.Groups["week"].Success)
        {
            var week = Number(match, "week");
            var day = match.Groups["weekday"].Success ? Number(match, "weekday") : 1;
            if (week < 1 || week > ISOWeek.GetWeeksInYear(year) || day is < 1 or > 7 || (year == 9999 && week > 51))
            {
                return false;
            }

            date = DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, (DayOfWeek)(day % 7)));
            return true;
        }

        var (month, dayOfMonth) = (Number(match, "month"), Number(match, "day"));
        if (month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, dayOfMonth);
        return true;
    }

    private static bool TryParseTime(Match match, out TimeSpan time)
    {
        time = default;
        var (hour, minute, second) = (Number(match, "hour"), Number(match, "minute"), Number(match, "second"));
        if (hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        // Finer than a microsecond is cut off.
        var fraction = match.Groups["fraction"].Success ? match.Groups["fraction"].Value.PadRight(6, '0')[..6] : "0";
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromMicroseconds(int.Parse(fraction, CultureInfo.InvariantCulture));
        return true;
    }

    private static bool TryParseOffset(Match match, out TimeSpan offset)
    {
        var (hours, minutes) = (Number(match, "offsetHours"), Number(match, "offsetMinutes"));
        offset = new TimeSpan(hours, minutes, 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        return hours <= 23 && minutes <= 59;
    }

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<whole>-?[0-9]{1,14})(\.[0-9]{1,9})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex UnixText();

    [GeneratedRegex(
        """
        ^(?<year>[0-9]{4})
        ( -(?<month>[0-9]{2})-(?<day>[0-9]{2}) | (?<month>[0-9]{2})(?<day>[0-9]{2})
        | -W(?<week>[0-9]{2})(-(?<weekday>[0-9]))? | W(?<week>[0-9]{2})(?<weekday>[0-9])? )
        ( [T\ ](?<hour>[0-9]{2})
          ( :(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,12}))?)?
          | (?<minute>[0-9]{2})((?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,12}))?)? )?
          ( Z | (?<sign>[+-])(?<offsetHours>[0-9]{2})(:?(?<offsetMinutes>[0-9]{2}))? )?
        )?\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex IsoText();
}
