using Spoo.Web.Api.Numbers;

namespace Spoo.Web.Api;

/// <summary>A parameter of an action, for the API's reference. Actions read their parameters themselves, to name all that is wrong at once.</summary>
/// <param name="name">As on the wire.</param>
/// <param name="description">What it means, its default, and what is allowed.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ParameterAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description => OtherName is null ? description : $"{description} The other name is {OtherName}.";

    /// <summary>Another name that is as good. Null: there is none.</summary>
    public string? OtherName { get; init; }

    public string? Example { get; init; }

    public bool IsRequired { get; init; }

    public bool IsWhole { get; init; }

    /// <summary>The words that are allowed, with commas between them. Null: not a choice.</summary>
    public string? Choices { get; init; }
}

/// <summary>An action takes the parameters of a question about clicks; see <see cref="StatsParameters"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesStatsQueryAttribute : Attribute
{
    /// <summary>Whether the parameters may also choose links.</summary>
    public bool ChoosesLinks { get; init; } = true;

    /// <summary>The parameters of such a question that mean nothing to this action, with commas between them.</summary>
    public string Without { get; init; } = "";
}

/// <summary>The body of an action, for the API's reference.</summary>
/// <param name="type">A type with the fields of the body.</param>
/// <param name="example">A body, as JSON.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BodyAttribute(Type type, string example) : Attribute
{
    public Type Type { get; } = type;

    public string Example { get; } = example;
}

/// <summary>The kinds of files that an action answers with.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProducesFilesAttribute(params string[] contentTypes) : Attribute
{
    public IReadOnlyList<string> ContentTypes { get; } = contentTypes;
}

/// <summary>The errors of an action that do not follow from who may call it and what it takes.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusesAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses { get; } = statuses;
}
