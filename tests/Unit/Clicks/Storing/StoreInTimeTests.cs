using System.Data.Common;
using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Spoo.Data.Clicks.Storing;
using Spoo.Tests.Support;

namespace Spoo.Tests.Clicks.Storing;

/// <summary>A database that has too little time for a batch, by a setting of its own or because it is slow, stores the same clicks in smaller ones.</summary>
public sealed class StoreInTimeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clicks_that_are_too_many_at_once_for_the_time_that_there_is_are_stored_a_few_at_a_time()
    {
        var hurry = new Hurry();
        await using var app = new SpooApp
        {
            Settings = { ["Clicks:BatchDelay"] = "00:00:00.500" },
            Register = services => services.AddSingleton<IInterceptor>(hurry),
        };
        var link = await app.AddAsync(Some.Link());
        using var client = app.Anonymous();
        hurry.Most = 0;
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(HttpStatusCode.Redirect, (await client.GetAsync("/" + link.ShortCode, Cancelled)).StatusCode);
        }

        hurry.Most = 6;

        await Eventually.TrueAsync(() => app.Get<ClickWriter>().Health.Unstored == 0);
        await using var database = app.OpenDatabase();
        Assert.Equal(40, await database.Clicks.LongCountAsync(Cancelled));
        Assert.Equal(40, await database.Links.Where(row => row.Id == link.Id).Select(row => row.TotalClicks).SingleAsync(Cancelled));
        Assert.True(hurry.HasGivenUp);
    }

    /// <summary>Gives up where more clicks are stored in a transaction than there is time for.</summary>
    private sealed class Hurry : DbTransactionInterceptor
    {
        private long _committed;

        /// <summary>So many are stored in time.</summary>
        public volatile int Most = int.MaxValue;

        public bool HasGivenUp { get; private set; }

        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            var clicks = await CountAsync(transaction, cancellationToken);
            if (clicks - _committed > Most)
            {
                HasGivenUp = true;
                throw new TimeoutException("a test's database has no time for so many");
            }

            _committed = clicks;
            return result;
        }

        private static async Task<long> CountAsync(DbTransaction transaction, CancellationToken cancellationToken)
        {
            await using var command = transaction.Connection!.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "SELECT COUNT(*) FROM Clicks");
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
        }
    }
}
