namespace Spoo.Data.Stats.Question;

/// <summary>Parameters of a question that say something only beside others, or only without them: what would not be heard is refused.</summary>
internal static class StatsCombinations
{
    /// <summary>Null: every parameter is heard.</summary>
    /// <param name="given">The parameters as they were given, each of which is understood by itself.</param>
    public static Refusal? Refuse(IReadOnlyDictionary<string, string> given, IReadOnlyList<Dimension> groupBy, bool cross)
    {
        // What is as long as the first range may end, or begin, where one of the dates says.
        var comparesDates = Has("compare_start") || Has("compare_end");
        var isAsLong = !Has("compare") || (given["compare"] == ComparisonWay.Previous.Name && !(Has("compare_start") && Has("compare_end")));
        return comparesDates && !isAsLong ? No("compare", "finds the other range by itself, and compare_start and compare_end name another one: give one or the other")
            : Has("compare_match") && !Has("compare") ? No("compare_match", "moves the range that compare finds, and there is no compare beside it")
            : Has("period") && Has("start_date") && Has("end_date") ? No("period", "is a range by name, and start_date and end_date name another one: give one or the other")
            : cross && groupBy.Distinct().Count() < 2 ? No("cross", "crosses the first dimension of group_by with the others, and there is one alone")
            : null;

        bool Has(string name) => given.TryGetValue(name, out var text) && text.Length > 0;

        static Refusal No(string name, string reason) => Refusal.Invalid($"{name} {reason}", name);
    }
}
