using Microsoft.Extensions.Logging.Abstractions;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Journal;

public sealed class ClickJournalTests : IDisposable
{
    private static readonly ClickJournalOwner Owner = new(7, "node-under-test");

    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_click_comes_back_as_it_was()
    {
        var click = Click(1) with
        {
            UserAgent = "Mozilla/5.0 (Żółw)",
            Language = "de-CH,de;q=0.9",
            Referrer = "https://example.org/päge?x=1",
            UtmSource = "news",
            UtmMedium = "",
            UtmCampaign = "spring 🌱",
            Trigger = ClickSource.Qr,
            RedirectMs = 3,
            Given = new GivenValues { Country = "CH", Region = "Zürich", City = "Uster" },
        };
        using var journal = Open();

        Assert.True(journal.Append(click));

        Assert.Equal([new ClickJournalRecord(1, click, IsBlocked: false)], journal.Read(10));
    }

    [Fact]
    public void A_click_of_a_rule_says_which_and_others_are_written_as_they_always_were()
    {
        var ruled = Click(1) with { Target = "Grüße, B", UtmCampaign = "spring", Given = new GivenValues { Country = "CH" } };
        using var journal = Open();

        journal.Append(ruled);
        journal.Append(Click(2));

        Assert.Equal([new ClickJournalRecord(1, ruled, IsBlocked: false), new ClickJournalRecord(2, Click(2), IsBlocked: false)], journal.Read(10));
        Span<byte> payload = new byte[ClickJournalLayout.MaxPayloadLength];
        ClickJournalLayout.WriteClick(payload, Click(2));
        Assert.Equal(1, payload[0]);
        ClickJournalLayout.WriteClick(payload, ruled);
        Assert.Equal(3, payload[0]);
    }

    [Fact]
    public void A_visit_that_was_turned_away_is_one_of_the_sequence()
    {
        using var journal = Open();

        journal.Append(Click(1));
        journal.AppendBlocked(5, Some.Noon);

        Assert.Equal([(1L, 1L, false), (2, 5, true)], journal.Read(10).Select(record => (record.Sequence, record.Click.LinkId, record.IsBlocked)));
    }

    [Fact]
    public void Texts_of_any_length_and_any_characters_are_cut_to_what_can_be_kept()
    {
        var hostile = new string('\ud800', 20_000);
        var click = Click(1) with
        {
            UserAgent = hostile,
            Language = hostile,
            Referrer = hostile,
            UtmSource = hostile,
            UtmMedium = "\0\r\n",
            UtmCampaign = hostile,
            Given = new GivenValues { Country = hostile, Region = hostile, City = hostile },
        };
        using var journal = Open();

        journal.Append(click);
        journal.Append(Click(2));

        var records = journal.Read(10);
        Assert.Equal([1L, 2], records.Select(record => record.Click.LinkId));
        Assert.Equal(ClickAgent.MaxUserAgentLength, records[0].Click.UserAgent!.Length);
        Assert.Equal("\0\r\n", records[0].Click.UtmMedium);
    }

    [Fact]
    public void The_next_process_finds_what_was_not_stored_and_goes_on_counting()
    {
        using (var journal = Open())
        {
            Append(journal, 5);
        }

        using var next = Open(stored: 2);
        next.Append(Click(6));

        Assert.Equal([3L, 4, 5, 6], Sequences(next));
    }

    [Fact]
    public void Numbers_that_are_stored_already_are_never_given_again()
    {
        using var journal = Open(stored: 100);

        journal.Append(Click(1));

        Assert.Equal([101L], Sequences(journal));
    }

    [Fact]
    public void A_last_record_that_was_torn_anywhere_is_cut_off_and_the_rest_is_there()
    {
        byte[] whole;
        long before;
        using (var journal = Open())
        {
            Append(journal, 2);
            before = journal.Bytes;
            Append(journal, 1);
        }

        var file = Files().Single();
        whole = File.ReadAllBytes(file);
        for (var length = before; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..(int)length]);

            using (var journal = Open())
            {
                Assert.Equal([1L, 2], Sequences(journal));
                Assert.Equal(before, new FileInfo(file).Length);
                journal.Append(Click(9));
                Assert.Equal([3L], Sequences(journal));
            }

            Files().Where(other => other != file).ToList().ForEach(File.Delete);
        }
    }

    [Fact]
    public void A_tail_of_zeros_such_as_a_power_cut_leaves_is_cut_off()
    {
        using (var journal = Open())
        {
            Append(journal, 2);
        }

        using (var file = File.OpenWrite(Files().Single()))
        {
            file.SetLength(file.Length + 5000);
        }

        using var next = Open();
        Assert.Equal([1L, 2], Sequences(next));
    }

    [Fact]
    public void Room_that_was_taken_in_advance_is_given_back_when_the_journal_is_closed()
    {
        using (var journal = Open())
        {
            Append(journal, 2);
            Assert.True(new FileInfo(Files().Single()).Length > journal.Bytes, "No room was taken in advance.");
        }

        using var next = Open();
        Assert.Equal(next.Bytes, Files().Sum(file => new FileInfo(file).Length));
        Assert.Equal([1L, 2], Sequences(next));
    }

    [Fact]
    public void Records_of_every_length_go_through_many_rooms_and_come_back()
    {
        var random = new Random(20260218);
        var clicks = Enumerable.Range(1, 3000).Select(number => Click(number) with { Referrer = new string('r', random.Next(2000)) }).ToList();
        using var journal = Open();

        clicks.ForEach(click => Assert.True(journal.Append(click)));

        Assert.Equal(clicks, journal.Read(10_000).Select(record => record.Click));
    }

    [Fact]
    public void A_damaged_record_costs_that_record_and_no_other()
    {
        using (var journal = Open())
        {
            Append(journal, 20);
        }

        var file = Files().Single();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(file, bytes);

        using var next = Open();
        var sequences = Sequences(next);
        Assert.Equal(19, sequences.Count);
        Assert.Equal((1L, 20L), (sequences[0], sequences[^1]));
    }

    [Fact]
    public void Random_damage_never_brings_up_a_click_that_was_not()
    {
        var random = new Random(20260218);
        using (var journal = Open())
        {
            Append(journal, 50);
        }

        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var round = 0; round < 200; round++)
        {
            var bytes = whole[..random.Next(ClickJournalFile.HeaderLength, whole.Length + 1)];
            for (var i = random.Next(4); i > 0 && bytes.Length > ClickJournalFile.HeaderLength; i--)
            {
                bytes[random.Next(ClickJournalFile.HeaderLength, bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            File.WriteAllBytes(file, bytes);
            using (var journal = Open())
            {
                var records = journal.Read(1000);
                Assert.All(records, record => Assert.Equal(Click((int)record.Sequence), record.Click));
                Assert.Equal(records.Select(record => record.Sequence).Order().Distinct(), records.Select(record => record.Sequence));
            }

            Files().Where(other => other != file).ToList().ForEach(File.Delete);
        }
    }

    [Fact]
    public void Another_process_does_not_get_the_journal()
    {
        using var journal = Open();

        var refusal = Assert.Throws<SettingException>(() => New().Claim());

        Assert.Contains(_folder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_files_of_another_writer_are_refused()
    {
        using (var journal = Open())
        {
            Append(journal, 1);
        }

        using var other = New();
        other.Claim();

        var refusal = Assert.Throws<SettingException>(() => other.Open(new ClickJournalOwner(8, "another"), 0));
        Assert.Contains("writer 7", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_writer_is_remembered()
    {
        Open().Dispose();

        using var next = New();

        Assert.Equal(Owner, next.Claim());
    }

    [Fact]
    public void A_file_goes_when_all_of_it_is_stored_and_not_before()
    {
        using var journal = Open(new ClickOptions { JournalFileSize = 4096, KeepStored = TimeSpan.Zero });
        Append(journal, 200);
        var files = Files().Count;
        Assert.True(files > 3, $"{files} files");

        var records = journal.Read(100);
        Assert.Equal(files, Files().Count);
        journal.Stored(records);
        Assert.InRange(Files().Count, 2, files - 1);

        journal.Stored(journal.Read(100));
        Assert.Single(Files());
    }

    [Fact]
    public void A_journal_that_has_done_its_work_leaves_no_files()
    {
        using (var journal = Open())
        {
            Append(journal, 10);
            journal.Stored(journal.Read(100));
        }

        Assert.Empty(Files());
    }

    [Fact]
    public void What_waits_to_be_stored_is_counted_by_link()
    {
        using (var journal = Open())
        {
            journal.Append(Click(1));
            journal.Append(Click(2));
            journal.Append(Click(1));
            journal.AppendBlocked(1, Some.Noon);
            Assert.Equal((2L, 1L, 0L), (journal.CountUnstored(1, 0), journal.CountUnstored(2, 0), journal.CountUnstored(3, 0)));

            journal.Stored(journal.Read(2));
            Assert.Equal((1L, 0L), (journal.CountUnstored(1, 2), journal.CountUnstored(2, 2)));
        }

        using var next = Open(stored: 2);
        Assert.Equal(1, next.CountUnstored(1, 2));

        // A batch that has been committed, and of which the journal has not been told yet.
        Assert.Equal(0, next.CountUnstored(1, 3));
    }

    [Fact]
    public async Task Many_threads_append_while_one_reads_and_nothing_is_missing()
    {
        const int Threads = 8;

        // The last file is half full: one that the last click fills has no successor yet when that click is stored, and stays.
        const int Each = 2930;
        using var journal = Open(new ClickOptions { JournalFileSize = 100_000, KeepStored = TimeSpan.Zero });
        var read = new List<ClickJournalRecord>();

        var writers = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Assert.True(journal.Append(Click((thread * Each) + i)));
            }
        })));
        while (read.Count < Threads * Each)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var records = journal.Read(500);
            read.AddRange(records);
            if (records.Count > 0)
            {
                journal.Stored(records);
            }
        }

        await writers;
        Assert.Equal(Enumerable.Range(1, Threads * Each).Select(number => (long)number), read.Select(record => record.Sequence));
        Assert.Equal(Threads * Each, read.Select(record => record.Click.LinkId).Distinct().Count());
        Assert.Single(Files());
    }

    [Fact]
    public void On_a_full_disk_losses_are_counted_and_everything_else_is_kept()
    {
        using var disk = SmallDisk.Mount(_folder, kilobytes: 64);
        using var journal = Open();

        var kept = new List<long>();
        var lost = 0;
        for (var number = 1; number <= 1000; number++)
        {
            if (journal.Append(Click(number)))
            {
                kept.Add(number);
            }
            else
            {
                lost++;
            }
        }

        Assert.InRange(lost, 1, 999);
        Assert.Equal((lost, true), (journal.Lost, journal.IsFailing));
        Assert.NotNull(journal.LastLoss);
        Assert.Equal(kept, Links(journal.Read(10_000)));

        disk.Grow(kilobytes: 1024);
        Assert.True(journal.Append(Click(5000)));
        Assert.False(journal.IsFailing);
        Assert.Equal([5000L], Links(journal.Read(10_000)));
    }

    [Fact]
    public void Where_no_more_files_can_be_made_clicks_go_on_into_the_last_one()
    {
        // The folder itself, lock, state, writer and the journal's first file.
        using var disk = SmallDisk.Mount(_folder, kilobytes: 4096, files: 6);
        using var journal = Open(new ClickOptions { JournalFileSize = 4096 });
        File.WriteAllText(Path.Combine(_folder, "somebody-else"), "");

        Append(journal, 500);

        Assert.Equal((0L, false), (journal.Lost, journal.IsFailing));
        Assert.Equal(500, Sequences(journal).Count);
        Assert.Single(Files());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(15)]
    public void A_header_that_is_damaged_costs_no_record_and_is_said(int place)
    {
        using (var journal = Open())
        {
            Append(journal, 20);
        }

        var bytes = File.ReadAllBytes(Files().Single());
        bytes[place] ^= 1;
        File.WriteAllBytes(Files().Single(), bytes);

        using var next = Open();
        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), Sequences(next));
        Assert.True(next.HasSetAside);
    }

    [Fact]
    public void A_header_of_zeros_costs_no_record_and_the_file_is_kept_when_all_of_it_is_stored()
    {
        using (var journal = Open())
        {
            Append(journal, 20);
        }

        var file = Files().Single();
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(0, ClickJournalFile.HeaderLength).Clear();
        File.WriteAllBytes(file, bytes);
        using (var next = Open())
        {
            var records = next.Read(100);
            Assert.Equal(20, records.Count);
            next.Stored(records);
        }

        Assert.Empty(Files());
        Assert.Equal(bytes, File.ReadAllBytes(file + ClickJournalFile.DamagedExtension));
        using var third = Open(stored: 20);
        Assert.True(third.HasSetAside);
    }

    [Fact]
    public void What_is_no_journal_at_all_is_moved_aside_and_not_deleted()
    {
        Open().Dispose();
        var file = Path.Combine(_folder, "0000000000000000001.clicks");
        File.WriteAllText(file, "something that somebody has copied here by mistake");

        using var journal = Open();

        Assert.True(File.Exists(file + ClickJournalFile.DamagedExtension));
        Assert.True(journal.HasSetAside);
        Append(journal, 1);
        Assert.Equal([1L], Sequences(journal));
    }

    [Fact]
    public void Records_that_are_missing_are_counted_and_known_after_a_restart()
    {
        using (var journal = Open())
        {
            Append(journal, 20);
        }

        var file = Files().Single();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        using (var next = Open())
        {
            next.Stored(next.Read(100));
            Assert.Equal((1L, true), (next.Missing, next.HasSetAside));
        }

        using var third = Open(stored: 20);
        Assert.Equal((1L, true), (third.Missing, third.HasSetAside));
    }

    [Fact]
    public void Clicks_that_were_lost_are_known_after_a_restart()
    {
        var lost = 0L;
        using (SmallDisk.Mount(_folder, kilobytes: 64))
        {
            using (var journal = Open())
            {
                while (journal.Lost < 5)
                {
                    journal.Append(Click(1));
                }

                lost = journal.Lost;
            }

            using var next = Open();
            Assert.Equal(lost, next.Lost);
            Assert.NotNull(next.LastLoss);
        }
    }

    [Fact]
    public void What_is_stored_is_kept_until_it_is_confirmed_and_read_again_when_the_database_goes_back()
    {
        var options = new ClickOptions { JournalFileSize = 4096, KeepStored = TimeSpan.FromHours(1) };
        using (var journal = Open(options))
        {
            Append(journal, 200);
            journal.Stored(journal.Read(200));
            journal.Confirmed(100);
        }

        using var next = Open(options, stored: 200);
        next.GoBackTo(150);
        Assert.Equal(Enumerable.Range(151, 50).Select(number => (long)number), Sequences(next));
        Assert.Equal(0, next.Missing);

        next.GoBackTo(0);
        var there = Sequences(next);
        Assert.Equal(200, there[^1]);
        Assert.Equal(200 - there.Count, next.Missing);
        Assert.InRange(next.Missing, 1, 100);
    }

    [Fact]
    public void Who_cannot_ask_the_database_gives_no_number_that_may_be_in_it()
    {
        using (var journal = Open())
        {
            Append(journal, 20);
            journal.Stored(journal.Read(20));
        }

        using var offline = New();
        offline.Claim();
        offline.Open(Owner, null);
        Append(offline, 2);

        var sequences = Sequences(offline);
        Assert.True(sequences[0] > 1_000, $"{sequences[0]} may have been given before a power cut.");
        Assert.Equal(0, offline.Missing);
    }

    private static List<long> Links(List<ClickJournalRecord> records) => [.. records.Select(record => record.Click.LinkId)];

    private static List<long> Sequences(ClickJournal journal) => [.. journal.Read(10_000).Select(record => record.Sequence)];

    private static void Append(ClickJournal journal, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(journal.Append(Click((int)journal.LastSequence + 1)));
        }
    }

    private static RawClick Click(int link) => new()
    {
        LinkId = link,
        Time = Some.Noon.AddSeconds(link),
        Visitor = link * 31,
        UserAgent = $"Mozilla/5.0 number {link}",
    };

    private List<string> Files() => [.. Directory.EnumerateFiles(_folder, "*" + ClickJournalFile.Extension).Order(StringComparer.Ordinal)];

    private ClickJournal New(ClickOptions? options = null) =>
        new(_folder, options ?? new ClickOptions { KeepStored = TimeSpan.Zero }, TimeProvider.System, NullLogger<ClickJournal>.Instance);

    private ClickJournal Open(ClickOptions? options = null, long stored = 0)
    {
        var journal = New(options);
        journal.Claim();
        journal.Open(Owner, stored);
        return journal;
    }
}

/// <summary>How tests like to see records: as what they mean.</summary>
internal static class JournalReading
{
    public static List<ClickJournalRecord> Read(this ClickJournal journal, int most)
    {
        var records = new List<ClickJournalRecord>();
        journal.Read(most, record => records.Add(ClickJournalLayout.Read(record)));
        return records;
    }

    public static void Stored(this ClickJournal journal, List<ClickJournalRecord> records) => journal.Stored(records[^1].Sequence);
}
