using System.Net;
using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Stats;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>What anybody may ask of a link whose statistics are public, at every door.</summary>
public sealed class StrangersTests(SpooApp app) : IClassFixture<SpooApp>, IAsyncLifetime
{
    private Link _link = null!;
    private HttpClient _owner = null!;
    private HttpClient _somebodyElse = null!;

    public static TheoryData<string> NotPublic =>
        [.. Dimension.All.Where(dimension => !dimension.IsPublic && dimension != Dimension.ShortCode).Select(dimension => dimension.Name)];

    public static TheoryData<string> Public => [.. Dimension.Public.Select(dimension => dimension.Name)];

    public async ValueTask InitializeAsync()
    {
        var owner = await app.AddUserAsync();
        _link = await app.AddAsync(Some.Link(owner: owner, privateStats: false));
        await app.AddAsync([Some.Full(_link), Some.Full(_link, visitor: 2), Some.Click(_link, visitor: 3)]);
        (_owner, _somebodyElse) = (await app.WithKeyAsync(owner), await app.WithKeyAsync(await app.AddUserAsync()));
    }

    public ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _somebodyElse.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(NotPublic))]
    public async Task What_is_the_owners_alone_is_refused_to_everybody_else_and_named(string dimension)
    {
        var filters = Uri.EscapeDataString(JsonSerializer.Serialize(new Dictionary<string, string[]> { [dimension] = ["x"] }));
        string[] questions =
        [
            $"group_by={dimension}", $"group_by=browser,{dimension}", $"group_by={dimension},time", $"{dimension}=x", $"{dimension}!=x", $"{dimension}~=x",
            $"{dimension}!~=x", $"filters={filters}",
        ];
        foreach (var question in questions)
        {
            foreach (var address in Doors(question))
            {
                foreach (var stranger in new[] { app.Anonymous(), _somebodyElse })
                {
                    var problem = await stranger.ProblemAsync(address, 400, "validation_error");

                    Assert.Contains(dimension, problem.Text("error"), StringComparison.Ordinal);
                    Assert.Contains("owner", problem.Text("error"), StringComparison.Ordinal);
                }

                Assert.Equal(HttpStatusCode.OK, (await _owner.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Public))]
    public async Task What_is_public_is_answered(string dimension)
    {
        foreach (var address in Doors($"group_by={dimension}"))
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous().GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(NotPublic))]
    public async Task A_public_page_leaves_out_what_is_the_owners_alone(string dimension)
    {
        var page = await app.Anonymous().GetStringAsync($"/stats/{_link.ShortCode}?period=all&details={dimension}&{dimension}=x&tabs={dimension}", TestContext.Current.CancellationToken);

        Assert.DoesNotContain($"tab-{dimension}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("newsletter", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Googlebot", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group_by=browser,os&cross=true", "cross")]
    [InlineData("group_by=city&limit=1001", "limit")]
    [InlineData("group_by=time&interval=10_minute&start_date=2026-01-01&end_date=2026-02-18", "interval")]
    [InlineData("group_by=browser&interval=10_minute&start_date=2026-01-01&end_date=2026-02-18&group_by=time&compare=previous", "interval")]
    public async Task What_takes_much_is_refused_to_everybody_but_the_owner(string question, string field)
    {
        var address = Doors(question).First();

        Assert.Equal(field, (await app.Anonymous().ProblemAsync(address, 400, "validation_error")).Text("field"));
        Assert.Equal(field, (await _somebodyElse.ProblemAsync(address, 400, "validation_error")).Text("field"));
        Assert.Equal(HttpStatusCode.OK, (await _owner.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_longest_answer_that_anybody_can_ask_for_is_bounded()
    {
        await app.AddAsync(Enumerable.Range(0, 1500).Select(number => Some.Click(_link, visitor: number) with
        {
            Referrer = $"{new string('a', 60)}.{new string('b', 60)}.{new string('c', 60)}.site{number}.example",
            Browser = $"{new string('b', 80)} {number}",
            Os = $"{new string('o', 80)} {number}",
            Region = $"Region {number}",
            City = $"City {number}",
        }));
        var longest = 0;
        foreach (var lists in new[] { "referrer,browser,os,city", "time,referrer,browser", string.Join(',', Dimension.Public) })
        {
            using var answer = await app.Anonymous().GetAsync(
                $"/api/v1/stats?scope=anon&short_code={_link.ShortCode}&limit=1000&group_by={lists}&start_date=2026-02-01", TestContext.Current.CancellationToken);
            longest = Math.Max(longest, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
        }

        Assert.InRange(longest, 1_000_000, 2_000_000);
    }

    [Fact]
    public async Task Strangers_who_ask_all_at_once_are_answered_one_after_the_other_or_told_to_wait()
    {
        var address = Doors("group_by=browser,city").First();

        var answers = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => app.Anonymous().GetAsync(address, TestContext.Current.CancellationToken)));

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("server_busy", answer.Headers.GetValues("X-Error-Code").Single());
            Assert.NotNull(answer.Headers.RetryAfter);
        });
    }

    [Fact]
    public async Task Two_dimensions_as_one_table_are_the_owners_too()
    {
        var address = $"/api/v1/export/list?scope=anon&short_code={_link.ShortCode}&group_by=browser,os";

        await app.Anonymous().ProblemAsync(address, 400, "validation_error");
        Assert.Equal(HttpStatusCode.OK, (await _owner.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/stats?scope=anon&short_code={0}")]
    [InlineData("/api/v1/export?format=json&scope=anon&short_code={0}")]
    [InlineData("/api/v1/export/list?group_by=browser&scope=anon&short_code={0}")]
    [InlineData("/api/v1/public/stats/{0}")]
    public async Task A_links_password_keeps_its_numbers_at_every_door(string door)
    {
        var owner = await app.AddUserAsync();
        var link = Some.Link(owner: owner, privateStats: false);
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);
        var address = string.Format(System.Globalization.CultureInfo.InvariantCulture, door, link.ShortCode);

        foreach (var stranger in new[] { app.Anonymous(), _somebodyElse })
        {
            await stranger.ProblemAsync(address, 401, "password_required");
            await (await AskAsync(stranger, address, "battery staple")).ProblemAsync(401, "invalid_password");
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(stranger, address, "correct horse")).StatusCode);
        }

        using var own = await app.WithKeyAsync(owner);
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task A_private_link_does_not_say_that_it_has_a_password()
    {
        var link = Some.Link(owner: await app.AddUserAsync(), privateStats: true);
        link.PasswordHash = Some.PasswordHash("correct horse");
        await app.AddAsync(link);

        await (await AskAsync(app.Anonymous(), $"/api/v1/stats?scope=anon&short_code={link.ShortCode}", "correct horse")).ProblemAsync(401, "authentication_error");
        await (await AskAsync(app.Anonymous(), $"/api/v1/public/stats/{link.ShortCode}", "correct horse")).ProblemAsync(404, "not_found");
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, string address, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("X-Link-Password", password);
        return client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private IEnumerable<string> Doors(string question)
    {
        var anon = $"scope=anon&short_code={_link.ShortCode}&{question}";
        return [$"/api/v1/stats?{anon}", $"/api/v1/export?format=json&{anon}", $"/api/v1/export/list?{anon}"];
    }
}
