namespace Spoo.Data.Stats.Question;

/// <summary>What people read instead of the label of a value, for filters by a part of it. The pages know it.</summary>
public interface IValueNames
{
    /// <summary>The names in every language that there is; the label may be among them.</summary>
    IEnumerable<string> Of(Dimension dimension, string label);
}
