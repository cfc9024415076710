using System.Globalization;

namespace Spoo.Data.Links.Targets;

/// <summary>What rules of a link may say; where they lead is checked like every destination.</summary>
internal static class TargetRuleChecks
{
    /// <summary>Why a link may not have these rules. Null: it may.</summary>
    public static Refusal? Refuse(TargetsEdit edit, TargetRules rules)
    {
        if (rules.All.Count > TargetRules.MaxCount)
        {
            return edit is { All: null, Countries.Count: > TargetRules.MaxCount }
                ? Refusal.Invalid($"geo_rules cannot exceed {TargetRules.MaxCount} country entries", "geo_rules")
                : Refusal.Invalid($"A link has at most {TargetRules.MaxCount} rules", "redirect_rules");
        }

        foreach (var (number, rule) in rules.All.Index())
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"redirect_rules.{number}");
            if (rule.Url.Length > Link.MaxLongUrlLength)
            {
                return Refusal.Invalid($"An address has at most {Link.MaxLongUrlLength} characters", edit.FieldOf(rule, number));
            }

            if (rule.Name.Length > TargetRule.MaxNameLength || rule.Name.Any(char.IsControl))
            {
                return Refusal.Invalid($"The name of a rule has at most {TargetRule.MaxNameLength} characters", $"{field}.name");
            }

            if (rules.All.Take(number).Any(other => other.Name == rule.Name))
            {
                return Refusal.Invalid(new Message("Two rules have the same name, and their clicks could not be told apart").ToString(), $"{field}.name");
            }

            if (rule.Weight is < 1 or > 100)
            {
                return Refusal.Invalid(new Message("A weight is a whole number from 1 to 100").ToString(), $"{field}.weight");
            }

            if (rule.From >= rule.Until)
            {
                return Refusal.Invalid(new Message("A rule should begin before it ends").ToString(), $"{field}.until");
            }

            if (rule.HoldsAlways && number < rules.All.Count - 1)
            {
                return Refusal.Invalid(new Message("A rule without conditions answers everybody, so it can only be the last one").ToString(), field);
            }

            if (rule.Weight is not null && rules.All.Where(other => other.Weight is not null && other.HoldsLike(rule)).Sum(other => other.Weight) > 100)
            {
                return Refusal.Invalid(new Message("The weights of rules for the same visitors add up to more than 100").ToString(), rule.HasWeightOnly && edit.Variants is not null ? "ab_variants" : $"{field}.weight");
            }
        }

        return null;
    }
}
