using System.Globalization;
using Spoo.Data.Transfer.ClickFiles;

namespace Spoo.Tests.Transfer;

/// <summary>The keys are in people's databases: with others, a file that was imported by an earlier version would be imported once more.</summary>
public sealed class ImportKeysTests
{
    [Theory]
    [InlineData(2640472354930434228, null, null)]
    [InlineData(1163258048640285787, "x", null)]
    [InlineData(3091601884310610475, null, "https://example.com")]
    public void A_line_has_the_key_that_earlier_versions_gave_it(long key, string? botRule, string? target)
    {
        using var occurrences = new Occurrences();

        Assert.Equal(key, ImportBatch.KeyOf(Line(botRule, target), "owner", occurrences).Content);
    }

    [Fact]
    public void The_second_of_two_equal_lines_has_the_key_that_earlier_versions_gave_it()
    {
        using var occurrences = new Occurrences();
        ImportBatch.KeyOf(Line(), "owner", occurrences);

        Assert.Equal(3547032860902163822, ImportBatch.KeyOf(Line(), "owner", occurrences).Content);
    }

    [Fact]
    public void A_line_with_an_id_has_the_key_that_earlier_versions_gave_it()
    {
        using var occurrences = new Occurrences();
        var line = Line();
        line[ClickField.Id] = "7";

        Assert.Equal(-553585015986142561, ImportBatch.KeyOf(line, "owner", occurrences).Content);
    }

    [Theory]
    [InlineData("2025-11-20T10:00:00Z", "2025-11-20 23:59:59.999", "2025-11-21T10:00:00Z")]
    [InlineData("20/Nov/2025:10:05:03 +0000", "20/Nov/2025:23:05:03 +0000", "21/Nov/2025:10:05:03 +0000")]
    [InlineData("Thu, 20 Nov 2025 10:00:00 GMT", "Thu, 20 Nov 2025 11:00:00 GMT", "Fri, 21 Nov 2025 10:00:00 GMT")]
    [InlineData("20.11.2025 10:00", "20.11.2025 11:00", "21.11.2025 10:00")]
    [InlineData("1763632801", "1763632801.5", "1763832801")]
    [InlineData("1763632801000", "1763632801000000", "1763832801000")]
    [InlineData("45981.5", "45981.75", "45982.5")]
    [InlineData("20251120T100000Z", "20251120", "20251121")]
    [InlineData("x", "x", "")]
    public void Lines_of_one_day_have_keys_that_lie_together(string time, string nearby, string far)
    {
        var (one, same, other) = (LineKey.OfContent(-1, time), LineKey.OfContent(1L << 62, nearby), LineKey.OfContent(-1, far));

        Assert.Equal((ulong)one.Value >> 54, (ulong)same.Value >> 54);
        Assert.NotEqual((ulong)one.Value >> 54, (ulong)other.Value >> 54);
        Assert.Equal(one.Value << 10, other.Value << 10);
    }

    [Fact]
    public void Lines_whose_ids_are_counted_up_have_keys_that_lie_together_and_ids_at_random_have_not()
    {
        Assert.Single(Enumerable.Range(120_000, 10_000).Select(id => Neighbourhood($"{id}")).Distinct());
        Assert.InRange(Enumerable.Range(0, 10_000).Select(id => Neighbourhood(Guid.NewGuid().ToString())).Distinct().Count(), 1000, 1024);

        static int Neighbourhood(string id) => LineKey.OfId("owner", id).Neighbourhood;
    }

    [Fact]
    public void Days_are_spread_over_the_neighbourhoods()
    {
        var days = Enumerable.Range(0, 3650).Select(day => new DateOnly(2020, 1, 1).AddDays(day).ToString("O", CultureInfo.InvariantCulture)).Select(day => LineKey.OfContent(0, day).Neighbourhood);

        Assert.InRange(days.CountBy(place => place).Max(place => place.Value), 1, 15);
    }

    /// <summary>They are in people's databases from now on, as the hashes are.</summary>
    [Fact]
    public void A_key_is_the_one_that_it_was()
    {
        var (key, ofId) = (LineKey.OfContent(2640472354930434228, "1700000000"), LineKey.OfId("owner", "1234567"));

        Assert.Equal((1155500090890958728, 1156385403885071745, -7740222342903392346), (key.Value, key.Again("owner", 2).Value, ofId.Value));
    }

    private static ClickLine Line(string? botRule = null, string? target = null)
    {
        var line = new ClickLine();
        line.Clear(1);
        line[ClickField.Time] = "1700000000";
        line[ClickField.ShortCode] = "one";
        line.Take(ClickField.Ip, " 192.0.2.7 ");
        line[ClickField.City] = "Köln";
        line[ClickField.BotRule] = botRule;
        line[ClickField.Target] = target;
        return line;
    }
}
