using System.Net;
using System.Text.Json;
using Spoo.Data.Links;
using Spoo.Data.Stats;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>What anybody may ask of a link whose statistics are public, at every door.</summary>
public sealed class StrangersTests : IAsyncLifetime
{
    private readonly SpooApp _app = new() { Settings = { ["RateLimits:Enabled"] = "false" } };
    private Link _link = null!;
    private HttpClient _owner = null!;
    private HttpClient _somebodyElse = null!;

    public static TheoryData<string> NotPublic =>
        [.. Dimension.All.Where(dimension => !dimension.IsPublic && dimension != Dimension.ShortCode).Select(dimension => dimension.Name)];

    public static TheoryData<string> Public => [.. Dimension.Public.Select(dimension => dimension.Name)];

    public async ValueTask InitializeAsync()
    {
        var owner = await _app.AddUserAsync();
        _link = await _app.AddAsync(Some.Link(owner: owner, privateStats: false));
        await _app.AddAsync([Some.Full(_link), Some.Full(_link, visitor: 2), Some.Click(_link, visitor: 3)]);
        (_owner, _somebodyElse) = (await _app.WithKeyAsync(owner), await _app.WithKeyAsync(await _app.AddUserAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _somebodyElse.Dispose();
        await _app.DisposeAsync();
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
                foreach (var stranger in new[] { _app.Anonymous(), _somebodyElse })
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
            Assert.Equal(HttpStatusCode.OK, (await _app.Anonymous().GetAsync(address, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(NotPublic))]
    public async Task A_public_page_leaves_out_what_is_the_owners_alone(string dimension)
    {
        var page = await _app.Anonymous().GetStringAsync($"/stats/{_link.ShortCode}?period=all&details={dimension}&{dimension}=x&tabs={dimension}", TestContext.Current.CancellationToken);

        Assert.DoesNotContain($"tab-{dimension}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("newsletter", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Googlebot", page, StringComparison.Ordinal);
    }

    private IEnumerable<string> Doors(string question)
    {
        var anon = $"scope=anon&short_code={_link.ShortCode}&{question}";
        return [$"/api/v1/stats?{anon}", $"/api/v1/export?format=json&{anon}", $"/api/v1/export/list?{anon}"];
    }
}
