using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Spoo.Tests.Support;
using Spoo.Web.Api;

namespace Spoo.Tests.Api;

/// <summary>An address answers the methods that it is for. Others are told which those are, whether programs or people come there.</summary>
public sealed partial class MethodsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>Addresses of the framework: what keeps a page alive says itself which methods it takes.</summary>
    private static readonly string[] OfTheFramework = ["_blazor", "_framework"];

    [Fact]
    public void Every_address_says_which_methods_it_takes()
    {
        _ = app.Anonymous();

        Assert.Empty(Endpoints().Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is null).Select(endpoint => endpoint.RoutePattern.RawText));
    }

    [Fact]
    public async Task Other_methods_are_405_and_told_which_there_are()
    {
        var client = app.Anonymous();
        var faults = new List<string>();
        foreach (var address in Endpoints().Select(endpoint => Filled(endpoint.RoutePattern.RawText!)).Append("/launch").Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var taken = app.Get<AddressMethods>().Of(address) is { Count: > 0 } known ? known : ["GET", "HEAD"];

            // Whoever goes to where only forms are sent is told that there is no such page.
            foreach (var method in Methods.Except(taken).Where(method => method is not ("GET" or "HEAD")))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), address);
                using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
                var allowed = answer.Content.Headers.Allow;
                if ((int)answer.StatusCode != 405 || !allowed.SequenceEqual(taken))
                {
                    faults.Add($"{method} {address}: {(int)answer.StatusCode} {string.Join(", ", allowed)}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task What_monitoring_reads_is_only_to_be_read(string address)
    {
        foreach (var method in Methods)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            using var answer = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);

            string[] allowed = method is "GET" or "HEAD" ? [] : ["GET", "HEAD"];
            Assert.Equal(allowed.Length == 0, (int)answer.StatusCode != 405);
            Assert.Equal(allowed, answer.Content.Headers.Allow);
        }
    }

    private IEnumerable<RouteEndpoint> Endpoints() => app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.PathSegments is [{ Parts: [RoutePatternLiteralPart first] }, ..] && !OfTheFramework.Contains(first.Content));

    private static string Filled(string pattern) => "/" + Parameter().Replace(pattern, "65f0c1d2e3f4a5b6c7d8e9f0").TrimStart('/');

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
