namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Keeps the clicks whose attribute has (or, with <paramref name="Include"/> false, has not) one of the codes.</summary>
public sealed record CodeFilter(AttributeId Attribute, bool Include, IReadOnlyCollection<int> Codes);
