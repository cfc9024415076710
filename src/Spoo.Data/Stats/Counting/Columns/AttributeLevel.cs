namespace Spoo.Data.Stats.Counting.Columns;

/// <summary>What an attribute hangs on. The further from the click, the fewer values have to be read to count by it.</summary>
public enum AttributeLevel
{
    /// <summary>When the click happened, counted in the buckets of a <see cref="BucketTable"/>.</summary>
    Time,

    /// <summary>The link's number.</summary>
    Link,

    /// <summary>A group that the link is in, as the question says.</summary>
    LinkGroup,

    /// <summary>Where the click came from (referrer, campaign, trigger): one number a click, whose row in a table has the codes.</summary>
    Source,

    /// <summary>Who clicked (browser, country, language, …): held once for each run of a visitor's clicks that share it.</summary>
    Profile,
}
