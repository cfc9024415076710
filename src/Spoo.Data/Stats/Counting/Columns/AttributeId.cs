namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>Something clicks can be counted or filtered by. Counting knows where it is held, never what it is called.</summary>
/// <param name="Level">What the attribute hangs on.</param>
/// <param name="Column">Which of the columns on that level; 0 where there is only one.</param>
public readonly record struct AttributeId(AttributeLevel Level, int Column)
{
    public static AttributeId Time { get; } = new(AttributeLevel.Time, 0);

    public static AttributeId Link { get; } = new(AttributeLevel.Link, 0);

    public static AttributeId LinkGroup { get; } = new(AttributeLevel.LinkGroup, 0);

    public static AttributeId Source(int column) => new(AttributeLevel.Source, column);

    public static AttributeId Profile(int column) => new(AttributeLevel.Profile, column);
}
