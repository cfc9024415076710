using System.Buffers.Binary;
using System.Text;
using Spoo.Data.Care;

namespace Spoo.Tests.Care;

public sealed class SealedFileTests
{
    private const string Passphrase = "a passphrase of some length";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public async Task What_is_sealed_is_opened_by_its_passphrase_and_no_other(int length)
    {
        var content = Content(length);
        var file = await SealAsync(content);

        Assert.True(SealedFile.IsSealed(new MemoryStream(file)));
        Assert.Equal(content, await OpenAsync(file, Passphrase));
        await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(file, Passphrase + "!"));
    }

    [Fact]
    public async Task No_bit_is_changed_and_no_end_is_cut_off_unnoticed()
    {
        var file = await SealAsync(Content(150_000));
        foreach (var at in new[] { 10, 30, 40, 70_000, file.Length - 1 })
        {
            var changed = file.ToArray();
            changed[at] ^= 1;
            await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(changed, Passphrase));
        }

        // At the end of a chunk, and anywhere.
        const int Head = 9 + 16 + 4;
        const int Chunk = 4 + 1 + 65_536 + 16;
        foreach (var length in new[] { Head + Chunk, Head + (2 * Chunk), file.Length - 1, Head })
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(file[..length], Passphrase));
        }
    }

    [Fact]
    public async Task Nothing_of_the_content_can_be_read_in_the_file()
    {
        using var target = new MemoryStream();
        await SealedFile.SealAsync(new MemoryStream("ann@example.com"u8.ToArray()), target, Passphrase, Cancelled);
        var file = target.ToArray();

        Assert.Equal("ann@example.com"u8.ToArray(), await OpenAsync(file, Passphrase));
        Assert.Equal(600_000, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan("SPOOSEAL\u0001".Length + 16)));
        Assert.DoesNotContain("example", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        Assert.False(SealedFile.IsSealed(new MemoryStream("PK"u8.ToArray())));
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        return content;
    }

    // A single test pays for a key that is hard to guess.
    private static async Task<byte[]> SealAsync(byte[] content)
    {
        using var target = new MemoryStream();
        await SealedFile.SealAsync(new MemoryStream(content), target, Passphrase, rounds: 1000, Cancelled);
        return target.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] file, string passphrase)
    {
        using var target = new MemoryStream();
        await SealedFile.OpenAsync(new MemoryStream(file), target, passphrase, Cancelled);
        return target.ToArray();
    }
}
