using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Spoo.Data.Links.Targets;

/// <summary>The rules of a link, in the order in which they are asked: the first that holds says where to, and if none does, the link's destination.</summary>
[JsonConverter(typeof(AsList))]
public sealed class TargetRules : IEquatable<TargetRules>
{
    public const int MaxCount = 50;

    private static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    private TargetRules(IReadOnlyList<TargetRule> all)
    {
        All = all;
        AskForAgent = all.Any(rule => rule.Devices.Count > 0 || rule.Systems.Count > 0);
        AskForLanguage = all.Any(rule => rule.Languages.Count > 0);
    }

    /// <summary>At least one.</summary>
    public IReadOnlyList<TargetRule> All { get; }

    /// <summary>Whether any asks for what only the User-Agent tells.</summary>
    public bool AskForAgent { get; }

    public bool AskForLanguage { get; }

    /// <summary>These rules, each with a name of its own. Null: there are none.</summary>
    public static TargetRules? Of(IReadOnlyList<TargetRule> rules)
    {
        if (rules.Count == 0)
        {
            return null;
        }

        var names = rules.Select(rule => rule.Name).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        var named = new List<TargetRule>();
        foreach (var rule in rules)
        {
            var name = rule.Name;
            if (name.Length == 0)
            {
                var made = name = rule.MadeUpName();
                for (var number = 2; !names.Add(name); number++)
                {
                    name = string.Create(CultureInfo.InvariantCulture, $"{made} {number}");
                }
            }

            named.Add(rule with { Name = name });
        }

        return new TargetRules(named);
    }

    /// <summary>As they are stored. Null: there are none.</summary>
    /// <exception cref="JsonException">They are written in another way.</exception>
    public static TargetRules? Parse(string? json) =>
        string.IsNullOrEmpty(json) || JsonSerializer.Deserialize<List<TargetRule?>>(json, Stored) is not { Count: > 0 } rules ? null
        : rules.TrueForAll(rule => rule is { Name: not null, Url: not null }) ? new TargetRules(rules.ConvertAll(rule => WithLists(rule!)))
        : throw new JsonException("A rule, or its name or address, is null.");

    // The API writes null for a list of none.
    private static TargetRule WithLists(TargetRule rule) =>
        rule with { Countries = rule.Countries ?? [], Devices = rule.Devices ?? [], Systems = rule.Systems ?? [], Languages = rule.Languages ?? [] };

    public override string ToString() => JsonSerializer.Serialize(All, Stored);

    /// <summary>The rule that answers a visit. Null: the destination does.</summary>
    public TargetRule? For(in TargetVisit visit)
    {
        var (share, place) = (0, -1);
        for (var i = 0; i < All.Count; i++)
        {
            var rule = All[i];
            if (!rule.Holds(visit))
            {
                continue;
            }

            if (rule.Weight is not { } weight)
            {
                return rule;
            }

            // Of those whose turn it is, each takes its part of the hundred.
            place = place < 0 ? PlaceOf(visit) : place;
            share += weight;
            if (place < share)
            {
                return rule;
            }
        }

        return null;
    }

    public bool Equals(TargetRules? other) => other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    public override bool Equals(object? obj) => Equals(obj as TargetRules);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    // Of a hundred places, the one that a visitor has at this link, always the same: SplitMix64, which spreads numbers that are alike.
    private static int PlaceOf(in TargetVisit visit)
    {
        var mixed = (ulong)visit.Visitor + ((ulong)visit.LinkId * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % 100);
    }

    private sealed class AsList : JsonConverter<TargetRules>
    {
        public override TargetRules? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<List<TargetRule>>(ref reader, Stored) is { Count: > 0 } rules ? new TargetRules(rules) : null;

        public override void Write(Utf8JsonWriter writer, TargetRules value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.All, Stored);
    }
}
