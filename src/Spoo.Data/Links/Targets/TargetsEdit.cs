using System.Globalization;

namespace Spoo.Data.Links.Targets;

/// <summary>
/// A change of a link's rules. Callers may give all of them, or only those of one kind, which then take the place of the kind's: countries,
/// systems (a telephone's app), and parts of a split test.
/// </summary>
public sealed record TargetsEdit
{
    /// <summary>All rules from now on. Null: those that there are.</summary>
    public IReadOnlyList<TargetRule>? All { get; init; }

    /// <summary>Country and address. Null: as they are.</summary>
    public IReadOnlyList<(string Country, string Url)>? Countries { get; init; }

    /// <summary>System and address, or null for none. Systems that are not named stay.</summary>
    public IReadOnlyList<(string System, string? Url)> Systems { get; init; } = [];

    /// <summary>Address and weight. Null: as they are.</summary>
    public IReadOnlyList<(string Url, int Weight)>? Variants { get; init; }

    /// <summary>The rules after the change. Null: none.</summary>
    public TargetRules? Apply(TargetRules? before)
    {
        List<TargetRule> rules = [.. All ?? before?.All ?? []];
        foreach (var (system, url) in Systems)
        {
            Replace(rules, rule => rule.HasSystemsOnly && rule.Systems is [var only] && only == system, url is null ? [] : [new TargetRule { Url = url, Systems = [system] }], 0);
        }

        if (Countries is { } countries && !countries.SequenceEqual(CountriesOf(rules)))
        {
            var atWeights = rules.FindIndex(rule => rule.HasWeightOnly);
            Replace(
                rules,
                rule => rule.HasCountriesOnly,
                countries.Select(country => new TargetRule { Url = country.Url, Countries = [country.Country] }),
                atWeights < 0 ? rules.Count : atWeights);
        }

        if (Variants is { } variants && !variants.SequenceEqual(VariantsOf(rules)))
        {
            Replace(rules, rule => rule.HasWeightOnly, variants.Select(variant => new TargetRule { Url = variant.Url, Weight = variant.Weight }), rules.Count);
        }

        return TargetRules.Of(rules);
    }

    /// <summary>Which of the rules lead to a country only, one line a country.</summary>
    public static IReadOnlyList<(string Country, string Url)> CountriesOf(IReadOnlyList<TargetRule> rules) =>
        [.. rules.Where(rule => rule.HasCountriesOnly).SelectMany(rule => rule.Countries, (rule, country) => (country, rule.Url)).DistinctBy(pair => pair.country)];

    /// <summary>Which of the rules are parts of a split test of everybody.</summary>
    public static IReadOnlyList<(string Url, int Weight)> VariantsOf(IReadOnlyList<TargetRule> rules) =>
        [.. rules.Where(rule => rule.HasWeightOnly).Select(rule => (rule.Url, rule.Weight!.Value))];

    /// <summary>What the caller calls the field in which a rule stands.</summary>
    internal string FieldOf(TargetRule rule, int number) =>
        All is null && Countries is not null && rule.HasCountriesOnly ? $"geo_rules.{rule.Countries[0]}"
        : All is null && Variants is not null && rule.HasWeightOnly ? "ab_variants"
        : string.Create(CultureInfo.InvariantCulture, $"redirect_rules.{number}.url");

    private static void Replace(List<TargetRule> rules, Predicate<TargetRule> which, IEnumerable<TargetRule> by, int otherwiseAt)
    {
        var at = rules.FindIndex(which);
        at = at < 0 ? otherwiseAt : at;
        rules.RemoveAll(which);
        rules.InsertRange(Math.Min(at, rules.Count), by);
    }
}
