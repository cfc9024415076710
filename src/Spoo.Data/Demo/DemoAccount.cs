using System.IO.Pipelines;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Destinations;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.ClickFiles;
using Spoo.Data.Transfer.ClickFiles.Formats;

namespace Spoo.Data.Demo;

/// <summary>
/// An account with two years of clicks that are generated, so that everyone can see what a full dashboard looks like. The clicks come
/// in by the same door as everyone's: they are a file that is imported.
/// </summary>
public sealed class DemoAccount(IDbContextFactory<SpooDbContext> contexts, ClickImport import, LinkService links, LinkList list, TimeProvider clock)
{
    /// <summary>The claim of a user whose clicks are generated; pages say so.</summary>
    public const string Claim = "spoo:generated";

    public const string Email = "demo@example.com";
    public const int DefaultClicks = 250_000;
    public const int MostClicks = 20_000_000;
    public const long DefaultSeed = 1;

    /// <summary>What was asked for when the account was filled, as the claim's value keeps it. Null: the value is not one of ours.</summary>
    public static (long Seed, int Clicks, DateOnly First)? Parse(string claim) =>
        claim.Split(' ') is [var seed, var clicks, var first]
        && long.TryParse(seed, out var seedNumber) && int.TryParse(clicks, out var clickCount)
        && DateOnly.TryParseExact(first, "yyyy-MM-dd", out var firstDay)
            ? (seedNumber, clickCount, firstDay)
            : null;

    /// <summary>The claim's value for an account that is filled today for the first time.</summary>
    public string NewClaim(long seed, int clicks) => FormattableString.Invariant(
        $"{seed} {clicks} {DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - DemoWorld.Days):yyyy-MM-dd}");

    /// <summary>Adds the clicks up to now that the account does not have yet.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; filling again goes on from there.</exception>
    public async Task<ImportReport> FillAsync(
        string ownerId, long seed, int clicks, DateOnly first, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await MakeLinksAsync(ownerId, first, now, cancellationToken);
        var generated = new DemoClicks(seed, first, clicks);
        var pipe = new Pipe();
        var writing = Task.Run(
            async () =>
            {
                Exception? failure = null;
                try
                {
                    var days = DateOnly.FromDateTime(now.UtcDateTime).DayNumber - first.DayNumber;
                    for (var day = 0; day <= days; day++)
                    {
                        generated.Write(pipe.Writer, day, now);
                        if ((await pipe.Writer.FlushAsync(cancellationToken)).IsCompleted)
                        {
                            break;
                        }
                    }
                }
                catch (Exception exception)
                {
                    failure = exception;
                }

                await pipe.Writer.CompleteAsync(failure);
            },
            CancellationToken.None);

        await using var content = pipe.Reader.AsStream();
        try
        {
            return await import.RunAsync(
                new ClickFileToImport { Name = "generated clicks of the demo", Content = content, OwnerId = ownerId, Format = ClickFileFormat.Ndjson },
                progress,
                cancellationToken);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>Takes away everything that the account has, so that it can be filled anew.</summary>
    public async Task EmptyAsync(string ownerId, CancellationToken cancellationToken) =>
        await links.DeleteManyAsync(
            await list.IdsAsync(new LinkSelection { OwnerId = ownerId }, cancellationToken), Viewer.User(ownerId), cancellationToken);

    private async Task MakeLinksAsync(string ownerId, DateOnly first, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var codes = DemoWorld.Links.Select(link => link.Code).ToList();
        var there = await context.Links.Where(link => codes.Contains(link.ShortCode)).Select(link => link.ShortCode).ToListAsync(cancellationToken);
        foreach (var made in DemoWorld.Links.Where(made => !there.Contains(made.Code)))
        {
            var createdAt = new DateTimeOffset(first.AddDays(made.Day), TimeOnly.MinValue, TimeSpan.Zero);
            var draft = new LinkDraft
            {
                LongUrl = made.LongUrl,
                PrivateStats = !made.Tags.Contains("docs"),
                Tags = [.. made.Tags, DemoWorld.Tag],
            };
            var link = NewLinks.Make(draft, made.Code, ownerId, createdAt);
            context.Links.Add(link);
            if (made.Code is "demo-story")
            {
                await context.SaveChangesAsync(cancellationToken);
                AddHistory(context, link, now);
            }
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Changes for the flags of a chart: where the story led before, and what was done when it went round the world.</summary>
    private static void AddHistory(SpooDbContext context, Link link, DateTimeOffset now)
    {
        var viral = DemoWorld.Links.Single(made => made.Code == link.ShortCode).Events[0].Day;
        var day = link.CreatedAt.AddDays(viral - DemoWorld.Links.Single(made => made.Code == link.ShortCode).Day);
        context.LinkChanges.AddRange(
            new LinkChange { LinkId = link.Id, At = day.AddDays(-4).AddHours(9), Field = LinkField.Destination, Before = "https://example.com/blog/draft", After = link.LongUrl },
            new LinkChange { LinkId = link.Id, At = day.AddDays(1).AddHours(11), Field = LinkField.BlockBots, Before = "true", After = "false" });
        link.UpdatedAt = day.AddDays(1).AddHours(11) < now ? day.AddDays(1).AddHours(11) : now;
    }
}
