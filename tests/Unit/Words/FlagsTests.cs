using System.Text.Json;
using Spoo.Data.Clicks.Facts;
using Spoo.Tests.Support;
using Spoo.Web.Words;

namespace Spoo.Tests.Words;

/// <summary>Flags of countries, as pictures.</summary>
public sealed class FlagsTests(SpooApp app) : IClassFixture<SpooApp>
{
    [Fact]
    public async Task Every_country_has_a_picture_of_its_flag_that_browsers_keep()
    {
        var client = app.Anonymous();
        foreach (var country in Countries.All)
        {
            Assert.True(app.Get<Flags>().Has(country.Code), country.Code);
        }

        var answer = await client.GetAsync(Flags.UrlOf("DE"), TestContext.Current.CancellationToken);

        Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains(answer.Headers.CacheControl!.Extensions, extension => extension.Name == "immutable");
        Assert.StartsWith("<svg", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(Flags.UrlOf("QQ"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public void The_version_in_the_address_is_that_of_the_package()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(HouseRulesTests.SourceFolder(), "package.json")));

        Assert.Equal(Flags.Version, package.RootElement.GetProperty("dependencies").GetProperty("circle-flags").GetString());
    }
}
