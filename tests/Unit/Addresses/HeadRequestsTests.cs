using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Spoo.Tests.Support;
using Spoo.Web.Identity.Providers;

namespace Spoo.Tests.Addresses;

/// <summary>What can be fetched can be asked about: link checkers, monitors and download managers send HEAD before GET, or instead of it.</summary>
public sealed class HeadRequestsTests(SpooApp app) : IClassFixture<SpooApp>
{
    /// <summary>Steps of signing in elsewhere, which leave a cookie and use up a code.</summary>
    private static readonly string[] OnlyFetched = ["/" + ProviderAddress.StartRoute, "/" + ProviderAddress.FinishRoute];

    [Fact]
    public void Whatever_answers_GET_answers_HEAD()
    {
        var endpoints = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods))
            .Where(endpoint => endpoint.HttpMethods?.Contains("GET") == true)
            .ToList();

        Assert.True(endpoints.Count > 80, $"only {endpoints.Count} addresses were looked at");
        Assert.Equal([], endpoints.Where(endpoint => !endpoint.HttpMethods!.Contains("HEAD") && !OnlyFetched.Contains(endpoint.Path)).Select(endpoint => endpoint.Path));
    }

    [Theory]
    [InlineData("/api/v1/stats?scope=all&group_by=browser")]
    [InlineData("/api/v1/stats?scope=all&group_by=nonsense")]
    [InlineData("/api/v1/urls")]
    [InlineData("/api/v1/urls/000000000000000000000000")]
    [InlineData("/api/v1/export?format=csv&scope=all")]
    [InlineData("/api/v1/export/clicks")]
    [InlineData("/api/v1/shorten/check-alias?alias=any-name")]
    [InlineData("/auth/me")]
    [InlineData("/links/export.csv")]
    [InlineData("/openapi/v1.json")]
    public async Task Status_and_headers_are_those_of_GET(string address)
    {
        foreach (var client in (HttpClient[])[await app.SignedInAsync(await app.AddUserAsync()), app.Anonymous()])
        {
            using var got = await client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);

            using var asked = await HeadAsync(client, address);

            Assert.Equal((got.StatusCode, got.Headers.Location, got.Content.Headers.ContentType), (asked.StatusCode, asked.Headers.Location, asked.Content.Headers.ContentType));
            Assert.Equal(got.Content.Headers.ContentDisposition, asked.Content.Headers.ContentDisposition);
        }
    }

    [Fact]
    public async Task A_stream_without_end_is_described_and_not_begun()
    {
        using var client = await app.SignedInAsync(await app.AddUserAsync());

        using var asked = await HeadAsync(client, "/api/v1/stats/live");

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (asked.StatusCode, asked.Content.Headers.ContentType?.MediaType));
    }

    private static Task<HttpResponseMessage> HeadAsync(HttpClient client, string address) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri(address, UriKind.Relative)), TestContext.Current.CancellationToken);
}
