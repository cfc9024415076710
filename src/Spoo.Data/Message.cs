using System.Globalization;

namespace Spoo.Data;

/// <summary>
/// What people are told about something of theirs, such as a line of their file, in a form that can still be translated: the English text
/// is the key, and its places <c>{0}</c>, <c>{1}</c>, … are filled in afterwards.
/// </summary>
/// <param name="Text">Always written out where it is made, so that the translations can be checked against the source.</param>
/// <param name="Values">Texts from the outside, numbers, and further messages.</param>
public sealed record Message(string Text, params object?[] Values)
{
    /// <summary>In English.</summary>
    public override string ToString() => string.Format(CultureInfo.InvariantCulture, Text, Values);

    /// <summary>Those that say the same are the same.</summary>
    public bool Equals(Message? other) => other is not null && other.ToString() == ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
