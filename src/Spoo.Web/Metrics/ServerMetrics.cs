using System.Diagnostics.Metrics;
using Spoo.Data;
using Spoo.Data.Clicks.Storing;
using Spoo.Data.Stats;
using Spoo.Data.Stats.Live;
using Spoo.Data.Webhooks;
using Spoo.Web.Components.Public;
using Spoo.Web.Redirect;

namespace Spoo.Web.Metrics;

/// <summary>What is known anyway and only needs to be read: the way of clicks into the database, memory, and who is looking.</summary>
internal sealed class ServerMetrics
{
    private static readonly KeyValuePair<string, object?> Stored = Outcome("stored"), Lost = Outcome("lost"), Refused = Outcome("refused"), WithoutLink = Outcome("without_link"), Arrived = Outcome("arrived"), Failed = Outcome("failed");

    /// <param name="redirects">Together with the questions' it begins here at the latest, so that its numbers are there before the first visitor is.</param>
    public ServerMetrics(
        IMeterFactory meters, ClickWriter writer, LiveClicks columns, StatsOptions stats, PublicLive streams, WebhookQueue webhooks, TimeProvider clock, RedirectMetrics redirects, StatsMetrics questions)
    {
        _ = (redirects, questions);
        var meter = SpooMeter.Of(meters);
        meter.CreateObservableCounter(
            "spoo.clicks",
            () =>
            {
                var health = writer.Health;
                return (Measurement<long>[])
                [
                    new(health.StoredClicks, Stored),
                    new(health.LostClicks, Lost),
                    new(health.RefusedClicks, Refused),
                    new(health.WithoutLink, WithoutLink),
                ];
            },
            description: "Clicks of this server by what became of them. Lost: the journal's disk was full. Without link: their link had been deleted.");
        meter.CreateObservableGauge("spoo.journal.waiting", () => writer.Health.Unstored, description: "Clicks in the journal that are not stored yet.");
        meter.CreateObservableGauge("spoo.journal.size", () => writer.Health.JournalBytes, unit: "By", description: "The journal's files.");
        meter.CreateObservableGauge(
            "spoo.journal.oldest.age",
            () => writer.Health.OldestWaiting is { } oldest ? Math.Max(0, (clock.GetUtcNow() - oldest).TotalSeconds) : 0,
            unit: "s",
            description: "How long ago the click was made that is next to be stored.");
        meter.CreateObservableCounter("spoo.store.failures", () => writer.Health.StoreFailures, description: "Attempts to store clicks that failed and are repeated.");
        meter.CreateObservableGauge("spoo.store.up", () => writer.Health.StoreFailingSince is null ? 1 : 0, description: "Whether the last attempt to store clicks succeeded.");
        meter.CreateObservableGauge("spoo.refused.files", () => writer.Health.RefusedFiles, description: "Clicks that the database refused, waiting in the folder refused/.");
        meter.CreateObservableGauge("spoo.journal.unreadable", () => writer.Health.HasUnreadable ? 1 : 0, description: "1 when records of the journal could not be read and wait in journal/*.unread.");
        meter.CreateObservableGauge("spoo.columns.clicks", () => columns.Clicks, description: "Clicks in memory, in the columns in which they are counted.");
        meter.CreateObservableGauge("spoo.columns.size", () => columns.Bytes, unit: "By", description: "Memory that these columns take.");
        meter.CreateObservableGauge("spoo.columns.limit", () => stats.MemoryMegabytes * 1024L * 1024L, unit: "By", description: "Memory that they may take, as Stats:MemoryMegabytes says.");
        meter.CreateObservableCounter(
            "spoo.webhook.attempts", () => (Measurement<long>[])[new(webhooks.Arrived, Arrived), new(webhooks.Failed, Failed)], description: "Attempts of this server to deliver to webhooks, by what came of them.");
        meter.CreateObservableGauge("spoo.public.streams", () => streams.Open, description: "Open public pages that are kept up to date.");
    }

    private static KeyValuePair<string, object?> Outcome(string name) => new("outcome", name);
}
