namespace Spoo.Data.Database;

/// <summary>What several processes over one database owe each other.</summary>
public static class OtherNodes
{
    /// <summary>So long what another node or a command has changed may be unknown here: a link, a domain, a setting, a block, the end of a session.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>After the database did not say what is new, so long it is not asked again.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);
}
