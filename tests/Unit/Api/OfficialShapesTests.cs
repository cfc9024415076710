using System.Text.Json;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Every answer of every test is held to the official documents (<see cref="OfficialShapes"/>); that this finds what is wrong is shown here.</summary>
public sealed class OfficialShapesTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Theory]
    [InlineData("GET", "/api/v1/urls/x", 200, """{"password_set":true}""", "id")]
    [InlineData("GET", "/api/v1/urls/x", 200, """{"id":"x","password_set":true,"created_at":7}""", "created_at")]
    [InlineData("GET", "/api/v1/urls/x", 200, """{"id":"x","password_set":true,"status":"DELETED"}""", "status")]
    [InlineData("GET", "/auth/me", 200, """{"user":{"id":"x","email_verified":true,"plan":"free","password_set":true,"auth_providers":["password"]}}""", "auth_providers")]
    [InlineData("POST", "/api/v1/urls/claim", 200, """{"summary":{},"results":[]}""", "claimed")]
    [InlineData("GET", "/api/v1/urls", 403, """{"message":"no"}""", "error")]
    [InlineData("POST", "/", 400, """{"error":"UrlError"}""", "message")]
    public void An_answer_that_a_strict_library_would_not_read_is_found(string method, string path, int status, string json, string named) =>
        Assert.Contains(named, OfficialShapes.ProblemOf(method, path, status, json), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET", "/api/v1/urls/x", 200, """{"id":"x","password_set":true,"more":1}""")]
    [InlineData("GET", "/api/v1/elsewhere", 200, "7")]
    public void What_is_as_promised_or_not_promised_is_let_through(string method, string path, int status, string json) =>
        Assert.Null(OfficialShapes.ProblemOf(method, path, status, json));

    /// <summary>One call of each kind that others do not test for their shape.</summary>
    [Fact]
    public async Task Every_call_that_is_answered_answers_as_it_is_promised()
    {
        var owner = await app.AddUserAsync();
        var link = await app.AddAsync(Some.Link(owner: owner, privateStats: false));
        await app.AddAsync(Some.Full(link));
        var client = await app.WithKeyAsync(owner);
        string[] calls =
        [
            "/health", "/auth/me", "/auth/onboarding", "/oauth/providers", "/api/v1/urls", $"/api/v1/urls/{link.PublicId}", $"/api/v1/urls/spoo.me/{link.ShortCode}",
            "/api/v1/stats", "/api/v1/stats?group_by=time,browser,os,device,country,city,referrer,short_code,utm_source,utm_medium,utm_campaign",
            $"/api/v1/stats/links/{link.PublicId}", $"/api/v1/public/stats/{link.ShortCode}", $"/api/v1/public/preview/{link.ShortCode}", "/api/v1/shorten/check-alias?alias=free",
            "/api/v1/custom-domains", "/api/v1/me/features", "/api/v1/me/layouts/analytics", "/api/v1/me/profile-pictures", "/api/v1/webhooks", "/api/v1/webhooks/event-types",
        ];
        foreach (var call in calls)
        {
            Assert.Equal(JsonValueKind.Object, (await client.JsonAsync(call)).ValueKind);
        }

        foreach (var call in new[] { "/api/v1/keys", "/api/v1/apps" })
        {
            Assert.Equal(JsonValueKind.Object, (await (await app.SignedInAsync(owner)).JsonAsync(call)).ValueKind);
        }
    }
}
