using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Journal;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Clicks.Storing;

/// <summary>
/// Reads the clicks of a journal into a batch. Most of them say word for word what others have said before: what was made of it is
/// found again by the bytes of the record, without making texts of them first. For one thread.
/// </summary>
internal sealed class ClickRecordReader(ClickReader reader, NewValues newValues)
{
    private readonly RecentBytes<ClickAgent> _agents = new();
    private readonly RecentBytes<ClickPlace> _places = new();
    private readonly RecentBytes<ClickSource> _followed = new();
    private readonly RecentBytes<ClickSource> _scanned = new();
    private readonly RecentBytes<string?> _languages = new();

    /// <exception cref="InvalidDataException">The record is none that this version knows.</exception>
    public void Read(ReadOnlySpan<byte> record, int writer, ClickBatch batch)
    {
        if (!ClickJournalLayout.IsKnown(record))
        {
            throw new InvalidDataException($"Record {ClickJournalLayout.Sequence(record)} of the journal is of a kind that this version of Spoo does not know.");
        }

        var id = new ClickId(writer, ClickJournalLayout.Sequence(record));
        if (ClickJournalLayout.Subject(record) is (var link, false))
        {
            batch.AddBlocked(id, link);
            return;
        }

        var numbers = ClickJournalLayout.Numbers(record, out var texts);
        var sources = numbers.IsQr ? _scanned : _followed;
        if (!_agents.TryGet(texts.UserAgent, out var agent)
            | !_places.TryGet(texts.Place, out var place)
            | !sources.TryGet(texts.Source, out var source)
            | !_languages.TryGet(texts.Language, out var language))
        {
            var raw = ClickJournalLayout.Read(record).Click;
            language ??= _languages.Remember(texts.Language, ClickReader.LanguageOf(raw));
            if (agent is null)
            {
                // What is not stored as it was sent is not remembered for others either.
                (agent, var isItself) = newValues.Bounded(reader.AgentOf(raw), numbers.LinkId, numbers.Time);
                if (isItself)
                {
                    _agents.Remember(texts.UserAgent, agent);
                }
            }

            if (place is null)
            {
                (place, var isItself) = newValues.Bounded(reader.PlaceOf(raw), numbers.LinkId, numbers.Time);
                if (isItself)
                {
                    _places.Remember(texts.Place, place);
                }
            }

            if (source is null)
            {
                (source, var isItself) = newValues.Bounded(reader.SourceOf(raw), numbers.LinkId, numbers.Time);
                if (isItself)
                {
                    sources.Remember(texts.Source, source);
                }
            }
        }

        var click = new Click
        {
            Id = id.Packed,
            LinkId = numbers.LinkId,
            Time = numbers.Time,
            Visitor = numbers.Visitor,
            AgentId = agent!.Id,
            PlaceId = place!.Id,
            SourceId = source!.Id,
            Language = language,
            RedirectMs = numbers.RedirectMs,
        };
        batch.Add(click, agent, place, source);
    }

    /// <summary>As <see cref="RecentlySeen{TKey, T}"/>, for bytes that need not be copied to be asked about.</summary>
    private sealed class RecentBytes<T>
    {
        private const int Capacity = 8192;

        private readonly RecentEntries<byte[], T> _entries = new(Capacity, new SameBytes());

        public bool TryGet(ReadOnlySpan<byte> bytes, [MaybeNullWhen(false)] out T value)
        {
            var isKnown = _entries.TryGet(bytes, out value, out var isOld);
            if (isOld)
            {
                Remember(bytes, value!);
            }

            return isKnown;
        }

        public T Remember(ReadOnlySpan<byte> bytes, T value)
        {
            _entries.Add(bytes.ToArray(), value);
            return value;
        }
    }

    private sealed class SameBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public bool Equals(ReadOnlySpan<byte> bytes, byte[] other) => bytes.SequenceEqual(other);

        // The hash of texts, because strangers choose these bytes and must not be able to choose such that collide.
        public int GetHashCode(ReadOnlySpan<byte> bytes) =>
            string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes)) ^ (bytes.Length % 2 == 0 ? 0 : bytes[^1] * 0x01000193);

        public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
    }
}
