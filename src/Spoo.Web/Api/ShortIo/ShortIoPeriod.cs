using System.Globalization;
using System.Text.RegularExpressions;
using Spoo.Data.Stats.Question;

namespace Spoo.Web.Api.ShortIo;

/// <summary>The part of time that a call is about.</summary>
/// <param name="Range">Null: everything.</param>
/// <param name="Previous">What changes are measured against: the day, week, month or days before. Null: nothing.</param>
internal sealed partial record ShortIoPeriod(TimeZoneInfo Zone, TimeRange? Range, TimeRange? Previous)
{
    public const string Total = "total";
    public const string Last30 = "last30";

    private const string Custom = "custom";

    /// <summary>No zone is further from UTC, in minutes.</summary>
    private const int MaxOffset = 14 * 60;

    private const int MaxDateLength = 50;

    public static IReadOnlyList<string> Names { get; } = ["today", "yesterday", Total, "week", "month", "lastmonth", "last7", Last30, Custom];

    /// <summary>Reads <c>period</c>, <c>tz</c>, <c>tzOffset</c>, <c>startDate</c> and <c>endDate</c>.</summary>
    /// <param name="unlessGiven">The period that holds when neither a period nor a date is given.</param>
    public static ShortIoPeriod Read(ShortIoFields fields, DateTimeOffset now, string unlessGiven, int? maxDays)
    {
        var zone = ZoneOf(fields);
        var start = DateOf(fields, "startDate", zone);
        var end = DateOf(fields, "endDate", zone);
        var name = fields.Text("period") ?? (start is null && end is null ? unlessGiven : Custom);
        if (name == Custom)
        {
            return new ShortIoPeriod(zone, CustomRange(fields, start, end, zone, maxDays), null);
        }

        if (name == Total)
        {
            return new ShortIoPeriod(zone, null, null);
        }

        if (Days(name, TimeZoneInfo.ConvertTime(now, zone).Date) is not { } days)
        {
            fields.Refuse("period", $"should be one of {string.Join(", ", Names)}");
            return new ShortIoPeriod(zone, null, null);
        }

        // What is not over yet is measured against as much of the time before, up to the same time of day; a day against the whole one
        // before, as Short.io does.
        var range = Between(days.First, days.After);
        return new ShortIoPeriod(zone, range, StepOf(name) is { } step ? step.Move(range with { End = now }, -1) : Between(days.Before, days.First));

        TimeRange Between(DateTime first, DateTime after) =>
            new(Period.StartOfDay(first, zone), Period.StartOfDay(after, zone).AddMilliseconds(-1), zone);
    }

    /// <summary>A date in the forms that Short.io takes. Null: absent, or refused.</summary>
    public static DateTimeOffset? DateOf(ShortIoFields fields, string name, TimeZoneInfo zone)
    {
        if (fields.Text(name) is not { } text)
        {
            return null;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and < 9000)
        {
            return Period.StartOfDay(day.ToDateTime(TimeOnly.MinValue), zone);
        }

        if (text.Length <= MaxDateLength)
        {
            // In a query that was not encoded, the plus sign of an offset arrives as a blank.
            text = OffsetAfterBlank().Replace(text, "+");
            if ((IsNumber().IsMatch(text) || HasOffset().IsMatch(text)) && DateParser.TryParse(text, out var instant))
            {
                return instant;
            }
        }

        fields.Refuse(name, "should be milliseconds since 1970, a date like 2026-02-18, or a time with its zone like 2026-02-18T12:00:00Z");
        return null;
    }

    /// <summary>First day, first day after, and first day of the period before.</summary>
    private static (DateTime First, DateTime After, DateTime Before)? Days(string name, DateTime today)
    {
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var month = today.AddDays(1 - today.Day);
        return name switch
        {
            "today" => (today, today.AddDays(1), today.AddDays(-1)),
            "yesterday" => (today.AddDays(-1), today, today.AddDays(-2)),
            "week" => (monday, monday.AddDays(7), monday.AddDays(-7)),
            "month" => (month, month.AddMonths(1), month.AddMonths(-1)),
            "lastmonth" => (month.AddMonths(-1), month, month.AddMonths(-2)),
            "last7" => (today.AddDays(-6), today.AddDays(1), today.AddDays(-13)),
            Last30 => (today.AddDays(-29), today.AddDays(1), today.AddDays(-59)),
            _ => null,
        };
    }

    /// <summary>How far it is to the period before, of those that are not over. Null: it is over, or a day.</summary>
    private static RangeStep? StepOf(string name) => name switch
    {
        "week" or "last7" => RangeStep.OfDays(7),
        "month" => RangeStep.OfMonths(1),
        Last30 => RangeStep.OfDays(30),
        _ => null,
    };

    private static TimeRange? CustomRange(ShortIoFields fields, DateTimeOffset? start, DateTimeOffset? end, TimeZoneInfo zone, int? maxDays)
    {
        if (start is null || end is null)
        {
            var missing = start is null ? "startDate" : "endDate";
            fields.Refuse(missing, "is required with period=custom, as are both startDate and endDate");
            return null;
        }

        if (start > end)
        {
            fields.Refuse("startDate", "should be before endDate");
            return null;
        }

        if (maxDays is { } days && (end.Value - start.Value).TotalDays >= days + 1)
        {
            fields.Refuse("startDate", string.Create(CultureInfo.InvariantCulture, $"the range cannot exceed {days} days"));
            return null;
        }

        return new TimeRange(start.Value, end.Value, zone);
    }

    /// <summary><c>tz</c> is a zone by name. <c>tzOffset</c> has the sign of JavaScript's getTimezoneOffset: minutes from local time to UTC.</summary>
    private static TimeZoneInfo ZoneOf(ShortIoFields fields)
    {
        var name = fields.Text("tz");
        var offset = fields.Text("tzOffset");
        if (name is not null)
        {
            if (TimeZones.Find(name) is { } zone)
            {
                return zone;
            }

            fields.Refuse("tz", "should be the name of a time zone, like Europe/Berlin");
        }
        else if (offset is not null)
        {
            if (int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
                && minutes is >= -MaxOffset and <= MaxOffset)
            {
                return minutes == 0 ? TimeZoneInfo.Utc : Fixed(TimeSpan.FromMinutes(-minutes));
            }

            fields.Refuse("tzOffset", string.Create(
                CultureInfo.InvariantCulture, $"should be a whole number of minutes from -{MaxOffset} to {MaxOffset}, like 300 for New York in winter"));
        }

        return TimeZoneInfo.Utc;
    }

    private static TimeZoneInfo Fixed(TimeSpan offset)
    {
        var name = $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}";
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex IsNumber();

    [GeneratedRegex(@"T.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex HasOffset();

    [GeneratedRegex(@"(?<=T[0-9:.]+) (?=[0-9]{2}:?[0-9]{2}\z)", RegexOptions.CultureInvariant)]
    private static partial Regex OffsetAfterBlank();
}
