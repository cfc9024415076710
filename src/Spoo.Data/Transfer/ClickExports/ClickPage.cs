using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Stats.Question;

namespace Spoo.Data.Transfer.ClickExports;

/// <summary>Turns rows of clicks into lines. One for each export, used again for every page of it.</summary>
internal sealed class ClickPage
{
    private readonly ClickText _format;
    private readonly VisitorNames _names;
    private readonly SharedPieces<Link> _links;
    private readonly SharedPieces<ClickAgent> _agents;
    private readonly SharedPieces<ClickPlace> _places;
    private readonly SharedPieces<ClickSource> _sources;
    private readonly Dictionary<string, SharedPiece> _languages = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<StatsFilter> _languageFilters;
    private readonly ArrayBufferWriter<byte> _text = new();

    private readonly byte[] _beforeId;
    private readonly byte[] _beforeTime;
    private readonly byte[] _beforeVisitor;
    private readonly byte[] _beforeRedirect;
    private readonly byte[] _noRedirect;
    private readonly byte[] _noVisitor;
    private long[] _visitors = [];

    public ClickPage(SpooDbContext context, ClickText format, VisitorNames names, string installation, IReadOnlyList<StatsFilter> filters)
    {
        (_format, _names) = (format, names);
        _beforeId = [.. format.Opening(ExportedFields.Id), .. Encoding.ASCII.GetBytes(installation)];
        _beforeTime = format.Opening(ExportedFields.Time);
        _beforeVisitor = format.Opening(ExportedFields.Visitor);
        _beforeRedirect = format.Before(ExportedFields.RedirectMs);
        _format.Plain(_text, ExportedFields.RedirectMs, null);
        _noRedirect = _text.WrittenSpan.ToArray();
        _text.ResetWrittenCount();
        _format.Text(_text, ExportedFields.Visitor, null);
        _noVisitor = _text.WrittenSpan.ToArray();
        _links = new(
            keys => context.Links.Where(link => keys.Contains(link.Id)).AsAsyncEnumerable(), link => link.Id, _ => ClickFacts.Nothing, Write, []);
        _agents = new(
            keys => context.ClickAgents.Where(agent => keys.Contains(agent.Id)).AsAsyncEnumerable(), agent => agent.Id, ClickFacts.Of, Write, Of(DimensionKind.Agent));
        _places = new(
            keys => context.ClickPlaces.Where(place => keys.Contains(place.Id)).AsAsyncEnumerable(), place => place.Id, ClickFacts.Of, Write, Of(DimensionKind.Place));
        _sources = new(
            keys => context.ClickSources.Where(source => keys.Contains(source.Id)).AsAsyncEnumerable(), source => source.Id, ClickFacts.Of, Write, Of(DimensionKind.Source));
        _languageFilters = Of(DimensionKind.Click);

        // A filter that is not applied would let everything through.
        var unknown = filters.Except([.. Of(DimensionKind.Agent), .. Of(DimensionKind.Place), .. Of(DimensionKind.Source), .. _languageFilters]).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException($"No column of a click for the filter '{unknown[0].Name}'.", nameof(filters));
        }

        List<StatsFilter> Of(DimensionKind kind) => [.. filters.Where(filter => filter.Dimension.Kind == kind)];
    }

    public async Task<ExportedPage> WriteAsync(List<ClickRow> rows, CancellationToken cancellationToken)
    {
        await _links.LearnAsync(rows.Select(row => row.LinkId), cancellationToken);
        await _agents.LearnAsync(rows.Select(row => row.AgentId), cancellationToken);
        await _places.LearnAsync(rows.Select(row => row.PlaceId), cancellationToken);
        await _sources.LearnAsync(rows.Select(row => row.SourceId), cancellationToken);
        NameVisitors(rows);

        _text.ResetWrittenCount();
        var clicks = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            clicks += TryWrite(rows[i], i) ? 1 : 0;
        }

        return new ExportedPage(_text.WrittenMemory, clicks);
    }

    private void NameVisitors(List<ClickRow> rows)
    {
        if (_visitors.Length < rows.Count)
        {
            _visitors = new long[rows.Count];
        }

        for (var i = 0; i < rows.Count; i++)
        {
            _visitors[i] = rows[i].Visitor;
        }

        _names.Prepare(_visitors.AsSpan(0, rows.Count));
    }

    // In the order of ExportedFields. False: a filter keeps the click out.
    private bool TryWrite(in ClickRow row, int number)
    {
        var (agent, place, source, language) = (_agents[row.AgentId], _places[row.PlaceId], _sources[row.SourceId], LanguagePiece(row.Language));
        if (!agent.IsWanted || !place.IsWanted || !source.IsWanted || !language.IsWanted)
        {
            return false;
        }

        _text.Write(_beforeId);
        WriteNumber(row.Id);
        _text.Write(_format.Closing);

        _text.Write(_beforeTime);
        DateTimeOffset.FromUnixTimeMilliseconds(row.Time)
            .TryFormat(_text.GetSpan(32), out var characters, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        _text.Advance(characters);
        _text.Write(_format.Closing);

        if (row.Visitor == Click.NoVisitor)
        {
            _text.Write(_noVisitor);
        }
        else
        {
            _text.Write(_beforeVisitor);
            _names.Write(number, _text.GetSpan(VisitorNames.Length));
            _text.Advance(VisitorNames.Length);
            _text.Write(_format.Closing);
        }

        _text.Write(_links[row.LinkId].Text);
        _text.Write(agent.Text);
        _text.Write(place.Text);
        _text.Write(source.Text);
        _text.Write(language.Text);
        _text.Write(row.RedirectMs < 0 ? _noRedirect : _beforeRedirect);
        if (row.RedirectMs >= 0)
        {
            WriteNumber(row.RedirectMs);
        }

        _text.Write(_format.LineEnd);
        return true;
    }

    private void WriteNumber(long number)
    {
        const int MaxDigits = 20;
        Utf8Formatter.TryFormat(number, _text.GetSpan(MaxDigits), out var digits);
        _text.Advance(digits);
    }

    /// <summary>There are no more languages than the reader of clicks knows.</summary>
    private SharedPiece LanguagePiece(string? language)
    {
        if (!_languages.TryGetValue(language ?? "", out var piece))
        {
            var text = new ArrayBufferWriter<byte>();
            _format.Text(text, ExportedFields.Language, language);
            piece = new SharedPiece(text.WrittenSpan.ToArray(), _languageFilters.All(filter => filter.Accepts(language)));
            _languages.Add(language ?? "", piece);
        }

        return piece;
    }

    private void Write(IBufferWriter<byte> text, Link link) =>
        Write(text, ExportedFields.OfLink, link.Name, link.LongUrl.Length == 0 ? null : link.LongUrl);

    private void Write(IBufferWriter<byte> text, ClickAgent agent)
    {
        Write(text, ExportedFields.OfAgent, agent.UserAgent, agent.Browser, agent.Os, agent.Device, agent.IsBot ? agent.BotRule : null);
        _format.Plain(text, ExportedFields.OfAgent[^1], agent.IsBot ? "true" : "false");
    }

    private void Write(IBufferWriter<byte> text, ClickPlace place) =>
        Write(text, ExportedFields.OfPlace, place.Country, place.Region, place.City);

    private void Write(IBufferWriter<byte> text, ClickSource source) => Write(
        text, ExportedFields.OfSource, ReferrerOf(source), source.UtmSource, source.UtmMedium, source.UtmCampaign, source.Trigger, source.Target);

    private void Write(IBufferWriter<byte> text, IReadOnlyList<string> fields, params ReadOnlySpan<string?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _format.Text(text, fields[i], values[i]);
        }
    }

    /// <summary>The referrer in the fullest form that an import reads as the domain that is stored.</summary>
    private static string? ReferrerOf(ClickSource source) => source.Referrer is not { } domain ? null
        : new[] { source.ReferrerUrl, domain, $"https://{domain}/" }.FirstOrDefault(text => Referrers.Read(text).Domain == domain) ?? domain;
}
