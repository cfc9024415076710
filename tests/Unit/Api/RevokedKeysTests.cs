using System.Net;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>The moment at which a key ends, while programs are using it.</summary>
public sealed class RevokedKeysTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const int Callers = 6;
    private const int CallsAfterTheEnd = 40;

    [Theory]
    [InlineData("/api/v1/stats", true)]
    [InlineData("/api/v1/stats", false)]
    [InlineData("/statistics/domain/1", true)]
    public async Task No_call_that_begins_after_the_end_was_answered_is_let_in(string path, bool staysInTheList)
    {
        var owner = await app.AddUserAsync();
        await app.AddAsync(Some.Link(owner: owner));
        for (var round = 0; round < 3; round++)
        {
            var token = await app.AddKeyAsync(owner);
            var key = (await app.Get<ApiKeyService>().ListAsync(owner.Id, TestContext.Current.CancellationToken)).Last(key => key.RevokedAt is null);
            var person = await app.ScriptOfAsync(owner);
            var hasEnded = false;
            using var everybodyIsIn = new CountdownEvent(Callers);

            var calls = Enumerable.Range(0, Callers).Select(_ => Task.Run(CallAsync)).ToList();
            everybodyIsIn.Wait(TestContext.Current.CancellationToken);
            await person.SendAsync(HttpMethod.Delete, $"/api/v1/keys/{key.Id}{(staysInTheList ? "?revoke=true" : "")}").JsonAsync();
            Volatile.Write(ref hasEnded, true);

            foreach (var (before, after) in await Task.WhenAll(calls))
            {
                // A machine that is busy may have the first numbers later than a program is kept waiting for them.
                Assert.Contains(HttpStatusCode.OK, before);
                Assert.All(before, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable, $"{status}"));
                Assert.Equal(Enumerable.Repeat(HttpStatusCode.Unauthorized, CallsAfterTheEnd), after);
            }

            async Task<(List<HttpStatusCode> Before, List<HttpStatusCode> After)> CallAsync()
            {
                var client = app.WithToken(token);
                var (before, after) = (new List<HttpStatusCode>(), new List<HttpStatusCode>());
                var isIn = false;
                while (after.Count < CallsAfterTheEnd)
                {
                    // Looked at before the call begins: what begins earlier may be answered either way.
                    var beginsAfterTheEnd = Volatile.Read(ref hasEnded);
                    using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
                    (beginsAfterTheEnd ? after : before).Add(answer.StatusCode);
                    if (!isIn && answer.StatusCode == HttpStatusCode.OK)
                    {
                        isIn = true;
                        everybodyIsIn.Signal();
                    }
                }

                return (before, after);
            }
        }
    }
}
