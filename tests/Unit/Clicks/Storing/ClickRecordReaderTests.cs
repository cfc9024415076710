using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Clicks.Storing;
using Spoo.Tests.Clicks.Journal;
using Spoo.Tests.Support;



namespace Spoo.Tests.Clicks.Storing;

public sealed class ClickRecordReaderTests
{
    private static readonly string?[] UserAgents =
    [
        null, "", "curl/8.5.0", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Żółw\u0007 1.0",
    ];

    private static readonly string?[] Texts = [null, "", "a", "ab", "news", "ünïcode 🌱", "https://www.example.co.uk/a?b", "de-CH,de;q=0.9", "t.co"];

    [Fact]
    public async Task Clicks_are_read_by_their_bytes_as_they_are_read_by_their_texts()
    {
        await using var app = new SpooApp();
        var reader = app.Get<ClickReader>();
        var quick = new ClickRecordReader(reader, new NewValues(new ClickOptions()));
        var random = new Random(20260218);
        var (expected, actual) = (new ClickBatch(), new ClickBatch());
        var record = new byte[32 * 1024];

        for (var number = 1; number <= 3000; number++)
        {
            var click = Click(random);
            var length = ClickJournalLayout.HeaderLength + ClickJournalLayout.WriteClick(record.AsSpan(ClickJournalLayout.HeaderLength), click);
            ClickJournalLayout.Seal(record.AsSpan(0, length), number);

            reader.Read(click, new ClickId(3, number), expected);
            quick.Read(record.AsSpan(0, length), 3, actual);
        }

        Assert.Equivalent(expected.Clicks, actual.Clicks, strict: true);
        Assert.Equivalent(expected.Agents, actual.Agents, strict: true);
        Assert.Equivalent(expected.Places, actual.Places, strict: true);
        Assert.Equivalent(expected.Sources, actual.Sources, strict: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public async Task Records_of_a_kind_that_is_not_known_are_refused(byte kind)
    {
        await using var app = new SpooApp();
        var record = new byte[200];
        var length = ClickJournalLayout.HeaderLength + ClickJournalLayout.WriteBlocked(record.AsSpan(ClickJournalLayout.HeaderLength), 1, Some.Noon);
        record[ClickJournalLayout.HeaderLength] = kind;

        Assert.Throws<InvalidDataException>(() => new ClickRecordReader(app.Get<ClickReader>(), new NewValues(new ClickOptions())).Read(record.AsSpan(0, length), 1, new ClickBatch()));
    }

    private static RawClick Click(Random random) => new()
    {
        LinkId = random.Next(1, 5),
        Time = Some.Noon.AddMilliseconds(random.Next(100_000)),
        Visitor = random.NextInt64(),
        UserAgent = UserAgents[random.Next(UserAgents.Length)],
        Language = Text(random),
        Referrer = Text(random),
        UtmSource = Text(random),
        UtmMedium = Text(random),
        UtmCampaign = Text(random),
        Trigger = random.Next(2) == 0 ? ClickSource.Qr : ClickSource.FollowedLink,
        RedirectMs = random.Next(3) == 0 ? null : random.Next(100),
        Given = random.Next(2) == 0 ? GivenValues.None : new GivenValues { Country = random.Next(2) == 0 ? "CH" : "DE", Region = Text(random), City = Text(random) },
    };

    private static string? Text(Random random) => Texts[random.Next(Texts.Length)];
}
