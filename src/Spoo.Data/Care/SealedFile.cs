using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Spoo.Data.Care;

/// <summary>
/// A file that only its passphrase opens: AES-256-GCM in chunks, each bound to its place and the last one marked as such, so that neither a
/// bit nor the end can go missing unnoticed.
/// </summary>
/// <remarks>
/// Layout: the word <c>SPOOSEAL</c> and a version byte; 16 bytes of salt and the rounds of PBKDF2 (HMAC-SHA-512), from which with the
/// passphrase the key follows; then chunks of their length (4 bytes, little-endian), whether it is the last (1 byte), the content and its
/// 16-byte tag. The number of a chunk is its nonce.
/// </remarks>
public static class SealedFile
{
    private const int SaltBytes = 16;
    private const int KeyBytes = 32;
    private const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int ChunkBytes = 1 << 16;
    private const int Rounds = 600_000;
    private const int MostRounds = 10_000_000;
    private const int HeadBytes = sizeof(int) + 1;

    private static ReadOnlySpan<byte> Start => "SPOOSEAL\u0001"u8;

    /// <summary>Whether a file begins as a sealed one does. The stream is read from where it stands and put back there.</summary>
    public static bool IsSealed(Stream file)
    {
        Span<byte> start = stackalloc byte[Start.Length];
        var at = file.Position;
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = at;
        return start[..read].SequenceEqual(Start);
    }

    public static Task SealAsync(Stream plain, Stream target, string passphrase, CancellationToken cancellationToken) => SealAsync(plain, target, passphrase, Rounds, cancellationToken);

    /// <param name="rounds">Of PBKDF2: with fewer a passphrase is guessed sooner.</param>
    internal static async Task SealAsync(Stream plain, Stream target, string passphrase, int rounds, CancellationToken cancellationToken)
    {
        var head = new byte[Start.Length + SaltBytes + sizeof(int)];
        Start.CopyTo(head);
        RandomNumberGenerator.Fill(head.AsSpan(Start.Length, SaltBytes));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Start.Length + SaltBytes), rounds);
        await target.WriteAsync(head, cancellationToken);
        using var cipher = Cipher(passphrase, head.AsSpan(Start.Length, SaltBytes), rounds);
        var chunk = new byte[ChunkBytes];
        var written = new byte[HeadBytes + ChunkBytes + TagBytes];
        var length = await plain.ReadAtLeastAsync(chunk, ChunkBytes, throwOnEndOfStream: false, cancellationToken);
        for (var number = 0L; ; number++)
        {
            // What comes next is known before this is written, because the last chunk says that it is the last.
            var next = new byte[ChunkBytes];
            var nextLength = length < ChunkBytes ? 0 : await plain.ReadAtLeastAsync(next, ChunkBytes, throwOnEndOfStream: false, cancellationToken);
            BinaryPrimitives.WriteInt32LittleEndian(written, length);
            written[sizeof(int)] = nextLength == 0 ? (byte)1 : (byte)0;
            cipher.Encrypt(
                Nonce(number), chunk.AsSpan(0, length), written.AsSpan(HeadBytes, length), written.AsSpan(HeadBytes + length, TagBytes), written.AsSpan(0, HeadBytes));
            await target.WriteAsync(written.AsMemory(0, HeadBytes + length + TagBytes), cancellationToken);
            if (nextLength == 0)
            {
                return;
            }

            (chunk, length) = (next, nextLength);
        }
    }

    /// <exception cref="InvalidDataException">It is another passphrase, or the file is not as it was sealed.</exception>
    public static async Task OpenAsync(Stream file, Stream target, string passphrase, CancellationToken cancellationToken)
    {
        var head = new byte[Start.Length + SaltBytes + sizeof(int)];
        await file.ReadExactlyAsync(head, cancellationToken);
        var rounds = BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(Start.Length + SaltBytes));
        if (!head.AsSpan(0, Start.Length).SequenceEqual(Start) || rounds is < 1 or > MostRounds)
        {
            throw new InvalidDataException("The file is not a sealed one.");
        }

        using var cipher = Cipher(passphrase, head.AsSpan(Start.Length, SaltBytes), rounds);
        var read = new byte[HeadBytes + ChunkBytes + TagBytes];
        var plain = new byte[ChunkBytes];
        for (var number = 0L; ; number++)
        {
            try
            {
                await file.ReadExactlyAsync(read.AsMemory(0, HeadBytes), cancellationToken);
                var length = BinaryPrimitives.ReadInt32LittleEndian(read);
                if (length is < 0 or > ChunkBytes)
                {
                    throw new InvalidDataException("The passphrase is another one, or the file is damaged.");
                }

                await file.ReadExactlyAsync(read.AsMemory(HeadBytes, length + TagBytes), cancellationToken);
                cipher.Decrypt(
                    Nonce(number), read.AsSpan(HeadBytes, length), read.AsSpan(HeadBytes + length, TagBytes), plain.AsSpan(0, length), read.AsSpan(0, HeadBytes));
                await target.WriteAsync(plain.AsMemory(0, length), cancellationToken);
            }
            catch (Exception exception) when (exception is CryptographicException or EndOfStreamException)
            {
                throw new InvalidDataException("The passphrase is another one, or the file is damaged.", exception);
            }

            if (read[sizeof(int)] == 1)
            {
                return;
            }
        }
    }

    private static AesGcm Cipher(string passphrase, ReadOnlySpan<byte> salt, int rounds) =>
        new(Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, rounds, HashAlgorithmName.SHA512, KeyBytes), TagBytes);

    private static byte[] Nonce(long number)
    {
        var nonce = new byte[NonceBytes];
        BinaryPrimitives.WriteInt64LittleEndian(nonce, number);
        return nonce;
    }
}
