using System.Buffers.Binary;
using Spoo.Data.Stats.Counting.Columns;
using Spoo.Tests.Stats.Live;

namespace Spoo.Tests.Stats.Counting;

public sealed class IndexFileTests
{
    /// <summary>Every part of the file is met many times over.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_file_with_one_wrong_bit_is_refused(int seed)
    {
        var (random, file) = (new Random(seed), File(seed));
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));

            Assert.Throws<InvalidDataException>(() => Read(damaged));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_that_is_too_short_or_too_long_is_refused(int seed)
    {
        var (random, file) = (new Random(seed), File(seed));
        for (var i = 0; i < 500; i++)
        {
            var length = random.Next(file.Length);
            Assert.Throws<InvalidDataException>(() => Read(file[..length]));
        }

        Assert.Throws<InvalidDataException>(() => Read([.. file, 0]));
    }

    [Fact]
    public void Two_sections_cannot_change_places()
    {
        using var stream = new MemoryStream();
        var writer = new IndexWriter(stream);
        for (var section = 0; section < 2; section++)
        {
            writer.Write(17);
            writer.EndSection();
        }

        var file = stream.ToArray();
        var reader = new IndexReader(new MemoryStream([.. file[8..], .. file[..8]]));
        reader.ReadInt32();

        Assert.Throws<InvalidDataException>(reader.EndSection);
    }

    /// <summary>Counting trusts codes to be within their tables, so reading must not let others in, whatever the checksum says.</summary>
    [Fact]
    public void A_number_too_large_for_its_table_is_refused_even_under_a_right_checksum()
    {
        var file = File(5);

        Assert.Throws<InvalidDataException>(() => Read(file, codes: 2));
    }

    [Fact]
    public void The_checksum_is_the_published_one()
    {
        using var stream = new MemoryStream();
        var writer = new IndexWriter(stream);
        writer.Write("123456789"u8);
        writer.EndSection();

        Assert.Equal(0xE3069283, BinaryPrimitives.ReadUInt32LittleEndian(stream.ToArray().AsSpan(9)));
    }

    private static byte[] File(int seed)
    {
        var random = new RandomClicks(seed);
        var columns = ClickColumns.Empty(RandomClicks.ProfileAttributes, RandomClicks.SourceAttributes, largestShard: 100)
            .With(RandomClicks.Batch(random.Clicks(400)))
            .Merge()
            .With(RandomClicks.Batch(random.Clicks(30)));
        using var stream = new MemoryStream();
        columns.Write(new IndexWriter(stream));
        return stream.ToArray();
    }

    private static void Read(byte[] file, int codes = RandomClicks.MostCodes)
    {
        using var written = new WrittenIndex(file);
        var reader = written.Reader;
        ClickColumns.Read(
            reader,
            written.File,
            codes,
            [.. Enumerable.Repeat(codes, RandomClicks.ProfileAttributes)],
            [.. Enumerable.Repeat(codes, RandomClicks.SourceAttributes)]);
        reader.End();
    }
}
