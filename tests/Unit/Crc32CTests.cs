using Spoo.Data;



namespace Spoo.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void It_is_the_published_checksum() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Thirty_two_zeros_have_the_sum_that_RFC_3720_gives() => Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
}
