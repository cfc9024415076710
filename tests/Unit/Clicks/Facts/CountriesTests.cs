using Spoo.Data.Clicks.Facts;
using Xunit;

namespace Spoo.Tests.Clicks.Facts;

public class CountriesTests
{
    [Theory]
    [InlineData("US", "US")]
    [InlineData("us", "US")]
    [InlineData(" De ", "DE")]
    [InlineData("United States", "US")]
    [InlineData("united states of america", "US")]
    [InlineData("Turkey", "TR")]
    [InlineData("Türkiye", "TR")]
    [InlineData("TURKIYE", "TR")]
    [InlineData("Russia", "RU")]
    [InlineData("Russian Federation", "RU")]
    [InlineData("Bosnia & Herzegovina", "BA")]
    [InlineData("Cote d’Ivoire", "CI")]
    [InlineData("St. Lucia", "LC")]
    [InlineData("The Gambia", "GM")]
    [InlineData("Korea, Republic of", "KR")]
    [InlineData("Congo, The Democratic Republic of the", "CD")]
    [InlineData("Congo", "CG")]
    [InlineData("Guinea", "GN")]
    [InlineData("Guinea-Bissau", "GW")]
    [InlineData("UK", "GB")]
    [InlineData("Kosovo", "XK")]
    [InlineData("Czech Republic", "CZ")]
    [InlineData("Hong Kong SAR China", "HK")]
    public void A_country_is_found_by_its_code_and_by_any_of_its_names(string text, string code) =>
        Assert.Equal(code, Countries.Find(text)?.Code);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("XX")]
    [InlineData("T1")]
    [InlineData("Unknown")]
    [InlineData("NotACountry")]
    [InlineData("the")]
    [InlineData("()/")]
    public void What_is_not_a_country_is_not_found(string? text) => Assert.Null(Countries.Find(text));

    [Fact]
    public void Every_country_is_found_by_what_its_rows_say()
    {
        Assert.Equal(250, Countries.All.Count);
        Assert.All(Countries.All, country =>
        {
            Assert.Equal(country, Countries.Find(country.Code));
            Assert.Equal(country, Countries.Find(country.Name));
            Assert.Equal(country, Countries.Find(country.Name.ToUpperInvariant()));
            Assert.Equal(country.Name, Countries.NameOf(country.Code));
        });
    }

    [Fact]
    public void A_code_that_is_not_known_is_its_own_name() => Assert.Equal("ZZ", Countries.NameOf("ZZ"));

    [Theory]
    [InlineData("BR", Continent.SouthAmerica)]
    [InlineData("MX", Continent.NorthAmerica)]
    [InlineData("TR", Continent.Asia)]
    [InlineData("RU", Continent.Europe)]
    public void A_country_lies_on_a_continent(string code, Continent continent) => Assert.Equal(continent, Countries.Find(code)?.Continent);
}
