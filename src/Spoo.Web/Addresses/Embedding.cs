namespace Spoo.Web.Addresses;

/// <summary>How a public page shows itself in a frame of another site's page.</summary>
public sealed record Embedding
{
    public const string Parameter = "embed";
    public const string ThemeParameter = "theme";
    public const string CardsParameter = "cards";
    public const string BackgroundParameter = "background";

    /// <summary>The value of <see cref="BackgroundParameter"/> that lets the page behind show through.</summary>
    private const string SeeThrough = "transparent";

    private static readonly string[] Themes = ["system", "light", "dark"];

    /// <summary>The first, <c>system</c>, follows the reader's browser.</summary>
    public string Theme { get; init; } = Themes[0];

    /// <summary>Whether the tables stand below the chart.</summary>
    public bool HasCards { get; init; }

    public bool IsTransparent { get; init; }

    /// <summary>Null: the address does not ask to be embedded.</summary>
    public static Embedding? Of(IReadOnlyDictionary<string, string> parameters)
    {
        if (Given(Parameter) is not ("true" or "1"))
        {
            return null;
        }

        return new Embedding
        {
            Theme = Given(ThemeParameter) is { } theme && Themes.Contains(theme) ? theme : Themes[0],
            HasCards = Given(CardsParameter) is "true" or "1",
            IsTransparent = Given(BackgroundParameter) == SeeThrough,
        };

        string? Given(string name) => parameters.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>The parameters that <see cref="Of"/> reads; whatever is a default is left out.</summary>
    public IEnumerable<KeyValuePair<string, string>> Print()
    {
        yield return new(Parameter, "true");
        if (Theme != Themes[0])
        {
            yield return new(ThemeParameter, Theme);
        }

        if (HasCards)
        {
            yield return new(CardsParameter, "true");
        }

        if (IsTransparent)
        {
            yield return new(BackgroundParameter, SeeThrough);
        }
    }
}
