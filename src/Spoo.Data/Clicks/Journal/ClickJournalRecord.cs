using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;

namespace Spoo.Data.Clicks.Journal;

/// <summary>One entry of a journal: a click, or a visit that was turned away and is only counted.</summary>
/// <param name="Sequence">Its number in the writer's sequence.</param>
/// <param name="Click">Of a visit that was turned away only the link and the time are known.</param>
/// <param name="IsBlocked">Whether it was turned away.</param>
internal readonly record struct ClickJournalRecord(long Sequence, RawClick Click, bool IsBlocked);

/// <summary>The bytes of a click's texts in a record, each part as it stands there, so that equal bytes are equal texts.</summary>
internal readonly ref struct ClickJournalTexts
{
    public required ReadOnlySpan<byte> UserAgent { get; init; }

    public required ReadOnlySpan<byte> Language { get; init; }

    /// <summary>The referrer and the campaign's three, and of the click of a rule the rule.</summary>
    public required ReadOnlySpan<byte> Source { get; init; }

    /// <summary>Country, region and city.</summary>
    public required ReadOnlySpan<byte> Place { get; init; }
}

internal readonly record struct ClickJournalNumbers(long LinkId, DateTimeOffset Time, long Visitor, int? RedirectMs, bool IsQr);

/// <summary>How a record is laid out in a journal's file; docs/journal.md draws it.</summary>
internal static class ClickJournalLayout
{
    /// <summary>Bytes before the payload: its length, the checksum of what follows the checksum, the sequence number.</summary>
    public const int HeaderLength = LengthSize + ChecksumSize + SequenceSize;

    /// <summary>No payload is longer: a length beyond it is damage, not a record.</summary>
    public const int MaxPayloadLength = 16 * 1024;

    private const int LengthSize = sizeof(int);
    private const int ChecksumSize = sizeof(uint);
    private const int SequenceSize = sizeof(long);

    private const byte ClickKind = 1;
    private const byte BlockedKind = 2;

    /// <summary>A click that a rule of the link answered, with the rule's name as one text more.</summary>
    private const byte RuleClickKind = 3;
    private const byte LinkTrigger = 0;
    private const byte QrTrigger = 1;
    private const int NotMeasured = -1;
    private const ushort NoText = ushort.MaxValue;

    /// <summary>More of this header than names every language there is says nothing.</summary>
    private const int MaxLanguageLength = 512;

    /// <summary>Writes the payload of a click, whose texts are cut to what can be stored of them. The address is not among it.</summary>
    /// <returns>Its length in bytes.</returns>
    public static int WriteClick(Span<byte> payload, RawClick click)
    {
        Debug.Assert(click.Visitor is not null, "Without its number, the visitor cannot be told any more once the address is gone.");
        var rest = WriteStart(payload, click.Target is null ? ClickKind : RuleClickKind, click.LinkId, click.Time);
        BinaryPrimitives.WriteInt64LittleEndian(rest, click.Visitor ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(rest[8..], click.RedirectMs ?? NotMeasured);
        rest[12] = click.Trigger == ClickSource.Qr ? QrTrigger : LinkTrigger;
        rest = rest[13..];
        rest = WriteText(rest, click.UserAgent, ClickAgent.MaxUserAgentLength);
        rest = WriteText(rest, click.Language, MaxLanguageLength);
        rest = WriteText(rest, click.Referrer, ClickSource.MaxReferrerUrlLength);
        rest = WriteText(rest, click.UtmSource, ClickSource.MaxUtmLength);
        rest = WriteText(rest, click.UtmMedium, ClickSource.MaxUtmLength);
        rest = WriteText(rest, click.UtmCampaign, ClickSource.MaxUtmLength);
        rest = click.Target is null ? rest : WriteText(rest, click.Target, ClickSource.MaxTargetLength);
        rest = WriteText(rest, click.Given.Country, 2);
        rest = WriteText(rest, click.Given.Region, ClickPlace.MaxNameLength);
        rest = WriteText(rest, click.Given.City, ClickPlace.MaxNameLength);
        return payload.Length - rest.Length;
    }

    /// <summary>Writes the payload of a visit that was turned away.</summary>
    /// <returns>Its length in bytes.</returns>
    public static int WriteBlocked(Span<byte> payload, long linkId, DateTimeOffset time) =>
        payload.Length - WriteStart(payload, BlockedKind, linkId, time).Length;

    /// <summary>Puts the header before a payload that lies <see cref="HeaderLength"/> bytes into the record already.</summary>
    public static void Seal(Span<byte> record, long sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - HeaderLength);
        BinaryPrimitives.WriteInt64LittleEndian(record[(LengthSize + ChecksumSize)..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[LengthSize..], Crc32C.Of(record[(LengthSize + ChecksumSize)..]));
    }

    /// <summary>
    /// Whether bytes that are no whole record once were one: who appends copies from the first byte to the last, and a process that is
    /// killed in between leaves zeros at the end.
    /// </summary>
    public static bool LooksFinished(ReadOnlySpan<byte> bytes) =>
        bytes.Length > HeaderLength
        && BinaryPrimitives.ReadInt32LittleEndian(bytes) is > 0 and <= MaxPayloadLength and var payload
        && payload <= bytes.Length - HeaderLength
        && bytes[HeaderLength + payload - 1] != 0;

    /// <summary>The length of the whole and undamaged record that these bytes begin with; 0 when they do not.</summary>
    public static int RecordLength(ReadOnlySpan<byte> bytes, out long sequence)
    {
        sequence = 0;
        if (bytes.Length < HeaderLength)
        {
            return 0;
        }

        var payload = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (payload is <= 0 or > MaxPayloadLength || payload > bytes.Length - HeaderLength)
        {
            return 0;
        }

        var length = HeaderLength + payload;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthSize..]) != Crc32C.Of(bytes[(LengthSize + ChecksumSize)..length]))
        {
            return 0;
        }

        sequence = BinaryPrimitives.ReadInt64LittleEndian(bytes[(LengthSize + ChecksumSize)..]);
        return length;
    }

    /// <summary>Whether a record is of a kind that this version knows.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> record) => record[HeaderLength] is ClickKind or BlockedKind or RuleClickKind && record.Length >= HeaderLength + 17;

    /// <summary>Which link an undamaged record is about, and whether it is a click.</summary>
    public static (long LinkId, bool IsClick) Subject(ReadOnlySpan<byte> record) =>
        (BinaryPrimitives.ReadInt64LittleEndian(record[(HeaderLength + 1)..]), record[HeaderLength] is ClickKind or RuleClickKind);

    public static long Sequence(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt64LittleEndian(record[(LengthSize + ChecksumSize)..]);

    /// <summary>The numbers in an undamaged record of a click, and where its texts are.</summary>
    /// <exception cref="InvalidDataException">It is not laid out like a click of this version.</exception>
    public static ClickJournalNumbers Numbers(ReadOnlySpan<byte> record, out ClickJournalTexts texts)
    {
        const int NumbersLength = 30;
        var payload = record[HeaderLength..];
        if (payload.Length < NumbersLength || payload[0] is not (ClickKind or RuleClickKind))
        {
            throw NotLikeThis(record);
        }

        var languageAt = EndOfTexts(record, NumbersLength + HeaderLength, 1);
        var sourceAt = EndOfTexts(record, languageAt, 1);
        var placeAt = EndOfTexts(record, sourceAt, payload[0] == RuleClickKind ? 5 : 4);
        texts = new ClickJournalTexts
        {
            UserAgent = record[(NumbersLength + HeaderLength)..languageAt],
            Language = record[languageAt..sourceAt],
            Source = record[sourceAt..placeAt],
            Place = record[placeAt..EndOfTexts(record, placeAt, 3)],
        };
        var redirectMs = BinaryPrimitives.ReadInt32LittleEndian(payload[25..]);
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(payload[1..]),
            DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(payload[9..])),
            BinaryPrimitives.ReadInt64LittleEndian(payload[17..]),
            redirectMs == NotMeasured ? null : redirectMs,
            payload[29] == QrTrigger);
    }

    /// <summary>Reads an undamaged record.</summary>
    /// <exception cref="InvalidDataException">It is of a kind that this version does not know.</exception>
    public static ClickJournalRecord Read(ReadOnlySpan<byte> record)
    {
        var sequence = Sequence(record);
        var rest = record[HeaderLength..];
        var kind = rest[0];
        var linkId = BinaryPrimitives.ReadInt64LittleEndian(rest[1..]);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(rest[9..]));
        rest = rest[17..];
        switch (kind)
        {
            case BlockedKind:
                return new(sequence, new RawClick { LinkId = linkId, Time = time }, IsBlocked: true);

            case ClickKind or RuleClickKind:
                var visitor = BinaryPrimitives.ReadInt64LittleEndian(rest);
                var redirectMs = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
                var trigger = rest[12] == QrTrigger ? ClickSource.Qr : ClickSource.FollowedLink;
                rest = rest[13..];
                var click = new RawClick
                {
                    LinkId = linkId,
                    Time = time,
                    Visitor = visitor,
                    RedirectMs = redirectMs == NotMeasured ? null : redirectMs,
                    Trigger = trigger,
                    UserAgent = ReadText(ref rest),
                    Language = ReadText(ref rest),
                    Referrer = ReadText(ref rest),
                    UtmSource = ReadText(ref rest),
                    UtmMedium = ReadText(ref rest),
                    UtmCampaign = ReadText(ref rest),
                    Target = kind == RuleClickKind ? ReadText(ref rest) : null,
                    Given = ReadPlace(ref rest),
                };
                return new(sequence, click, IsBlocked: false);

            default:
                throw new InvalidDataException($"Record {sequence} of the journal is of kind {kind}, which this version of Spoo does not know.");
        }
    }

    private static int EndOfTexts(ReadOnlySpan<byte> record, int at, int count)
    {
        for (; count > 0; count--)
        {
            if (at + sizeof(ushort) > record.Length)
            {
                throw NotLikeThis(record);
            }

            var length = BinaryPrimitives.ReadUInt16LittleEndian(record[at..]);
            at += sizeof(ushort) + (length == NoText ? 0 : length);
        }

        return at <= record.Length ? at : throw NotLikeThis(record);
    }

    private static InvalidDataException NotLikeThis(ReadOnlySpan<byte> record) =>
        new($"Record {Sequence(record)} of the journal is not laid out as this version of Spoo lays out clicks.");

    private static Span<byte> WriteStart(Span<byte> payload, byte kind, long linkId, DateTimeOffset time)
    {
        payload[0] = kind;
        BinaryPrimitives.WriteInt64LittleEndian(payload[1..], linkId);
        BinaryPrimitives.WriteInt64LittleEndian(payload[9..], time.ToUnixTimeMilliseconds());
        return payload[17..];
    }

    private static Span<byte> WriteText(Span<byte> rest, string? text, int longest)
    {
        if (text is null)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, NoText);
            return rest[sizeof(ushort)..];
        }

        var length = Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, longest)), rest[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(rest, (ushort)length);
        return rest[(sizeof(ushort) + length)..];
    }

    private static string? ReadText(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[sizeof(ushort)..];
        if (length == NoText)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text;
    }

    private static GivenValues ReadPlace(ref ReadOnlySpan<byte> rest)
    {
        var (country, region, city) = (ReadText(ref rest), ReadText(ref rest), ReadText(ref rest));
        return country is null && region is null && city is null
            ? GivenValues.None
            : new GivenValues { Country = country, Region = region, City = city };
    }
}
