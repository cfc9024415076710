using Spoo.Data.Links;
using Spoo.Data.Stats.Report;
using Spoo.Data;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Report;



namespace Spoo.Web.Components.Public;

/// <summary>All that a public page draws of a link.</summary>
public sealed record PublicView
{
    public required DashboardAddress Address { get; init; }

    public required Link Link { get; init; }

    /// <summary>The short link as it is clicked.</summary>
    public required string ShortUrl { get; init; }

    /// <summary>Whether the owner looks.</summary>
    public required bool IsOwner { get; init; }

    /// <summary>Null: the question was refused.</summary>
    public DashboardAnswer? Answer { get; init; }

    public Refusal? Refusal { get; init; }

    /// <summary>The complete list that is open. Null: none is.</summary>
    public Breakdown? List { get; init; }

    /// <summary>People of the last five minutes.</summary>
    public long Now { get; init; }

    /// <summary>Changes with every click; an open page tells it to learn what it has missed.</summary>
    public long Version { get; init; }
}
