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

        Assert.Equal(key, ImportBatch.KeyOf(Line(botRule, target), "owner", occurrences));
    }

    [Fact]
    public void The_second_of_two_equal_lines_has_the_key_that_earlier_versions_gave_it()
    {
        using var occurrences = new Occurrences();
        ImportBatch.KeyOf(Line(), "owner", occurrences);

        Assert.Equal(3547032860902163822, ImportBatch.KeyOf(Line(), "owner", occurrences));
    }

    [Fact]
    public void A_line_with_an_id_has_the_key_that_earlier_versions_gave_it()
    {
        using var occurrences = new Occurrences();
        var line = Line();
        line[ClickField.Id] = "7";

        Assert.Equal(-553585015986142561, ImportBatch.KeyOf(line, "owner", occurrences));
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
