using System.Security.Cryptography;

namespace Spoo.Data;

/// <summary>
/// The ids that callers see: 24 lower-case hexadecimal digits, four bytes of time and eight of chance, so that they sort by
/// age and cannot be guessed. The shape is the one spoo.me's clients check for.
/// </summary>
public static class PublicId
{
    public const int Length = 24;

    /// <summary>What an id looks like, for people who sent something else.</summary>
    public const string Shape = "an id has 24 characters of 0-9 and a-f";

    public static string New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[Length / 2];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)now.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(bytes[4..]);
        return Convert.ToHexStringLower(bytes);
    }

    public static bool IsValid(string? text) =>
        text is { Length: Length } && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
