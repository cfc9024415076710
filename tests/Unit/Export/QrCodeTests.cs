using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using SkiaSharp;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;
using Spoo.Web.Export;

namespace Spoo.Tests.Export;

/// <summary>QR codes in colours, sizes and formats, which cameras can still read.</summary>
public sealed class QrCodeTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Text = "https://example.com/abc?qr=1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("?color=1A2B3C&background=ffeedd&size=300&level=h&margin=2")]
    [InlineData("?color=%231a2b3c&size=100&margin=0")]
    public void A_style_that_cameras_can_read_is_drawn_as_it_was_asked_for(string query)
    {
        var style = Style(query);
        Assert.Null(style.Fault);

        using var picture = SKBitmap.Decode(new QrCode(Text, style).Draw(QrCode.Png));
        Assert.Equal((style.Size, style.Size), (picture.Width, picture.Height));
        var colors = picture.Pixels.Distinct().Select(color => color.ToString()[3..].ToUpperInvariant()).Order().ToList();
        Assert.Equal(new[] { style.Color[1..].ToUpperInvariant(), style.Background[1..].ToUpperInvariant() }.Order(), colors);
        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(new QrCode(Text, style).Draw(QrCode.Pdf)), StringComparison.Ordinal);
        var drawing = Encoding.UTF8.GetString(new QrCode(Text, style).Draw(QrCode.Svg));
        Assert.Contains($"fill=\"{style.Background}\"", drawing, StringComparison.Ordinal);
        Assert.Contains($"fill=\"{style.Color}\"", drawing, StringComparison.Ordinal);
    }

    /// <summary>The drawing and the picture are the same code: a module of one is a square of the other.</summary>
    [Fact]
    public void The_picture_has_the_modules_of_the_drawing()
    {
        var style = new QrStyle { Size = 330, Margin = 4 };
        var drawing = Encoding.UTF8.GetString(new QrCode(Text, style).Draw(QrCode.Svg));
        using var picture = SKBitmap.Decode(new QrCode(Text, style).Draw(QrCode.Png));
        var side = int.Parse(drawing.Split("viewBox=\"0 0 ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        var module = 330 / side;
        var offset = (330 - (module * side)) / 2;
        var dark = drawing.Split("d=\"M")[1].Split('"')[0].Split('M').Select(part => part.Split('h')[0]).ToHashSet();

        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                var pixel = picture.GetPixel(offset + (column * module) + (module / 2), offset + (row * module) + (module / 2));
                Assert.Equal(dark.Contains($"{column} {row}"), pixel == SKColors.Black);
            }
        }
    }

    [Theory]
    [InlineData("?color=ffffff&background=000000", "darker")]
    [InlineData("?color=999999", "alike")]
    [InlineData("?color=red", "#1A2B3C")]
    [InlineData("?size=99", "100")]
    [InlineData("?size=many", "2000")]
    [InlineData("?level=X", "L, M, Q")]
    [InlineData("?margin=11", "10")]
    public async Task What_cameras_could_not_read_is_refused_with_what_would_be_right(string query, string says)
    {
        var link = await app.AddAsync(Some.Link());

        using var answer = await app.Anonymous().GetAsync($"/links/{link.ShortCode}/qr.png{query}", Cancelled);

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(says, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("svg", "image/svg+xml")]
    [InlineData("png", "image/png")]
    [InlineData("pdf", "application/pdf")]
    public async Task Each_format_is_served_by_its_name(string format, string type)
    {
        var link = await app.AddAsync(Some.Link());

        using var answer = await app.Anonymous().GetAsync($"/links/{link.ShortCode}/qr.{format}?color=003366", Cancelled);

        Assert.Equal((200, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData(null, "scanned", "http://localhost/scanned?qr=1")]
    [InlineData("scanned.example.com", "scanned", "http://scanned.example.com/scanned?qr=1")]
    [InlineData("scanned.example.com", "🚀🚀", "http://scanned.example.com/%F0%9F%9A%80%F0%9F%9A%80?qr=1")]
    public async Task What_cameras_read_is_the_short_link_on_its_own_domain(string? host, string code, string read)
    {
        await using var own = new SpooApp();
        var owner = await own.AddUserAsync();
        var link = Some.Link(code, owner);
        if (host is not null)
        {
            await using var database = own.OpenDatabase();
            var domain = new Domain { PublicId = Data.PublicId.New(Some.Noon), Host = host, OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon };
            database.Domains.Add(domain);
            await database.SaveChangesAsync(Cancelled);
            link.MoveTo(domain);
        }

        await own.AddAsync(link);
        await own.Get<KnownDomains>().ReloadAsync(Cancelled);

        Assert.Equal(
            Encoding.UTF8.GetString(new QrCode(read, Style("")).Draw(QrCode.Svg)),
            await own.Anonymous().GetStringAsync($"/links/{Uri.EscapeDataString(new LinkName(host, code).Segment)}/qr.svg", Cancelled));
    }

    [Fact]
    public void A_logo_lies_on_a_plate_in_the_middle_and_hides_little()
    {
        using var bitmap = new SKBitmap(40, 20);
        bitmap.Erase(SKColors.Red);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        var logo = encoded.ToArray();
        Assert.True(QrCode.IsLogo(logo));

        var style = new QrStyle { Size = 600 };
        using var picture = SKBitmap.Decode(new QrCode(Text, style, logo).Draw(QrCode.Png));

        Assert.Equal(SKColors.Red, picture.GetPixel(300, 300));
        var red = picture.Pixels.Count(color => color is { Red: > 200, Green: < 50 });
        Assert.InRange(red / 360_000.0, 0.002, 0.03);
        Assert.Contains("<image ", Encoding.UTF8.GetString(new QrCode(Text, style, logo).Draw(QrCode.Svg)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_picture_is_no_logo()
    {
        Assert.False(QrCode.IsLogo([]));
        Assert.False(QrCode.IsLogo("<svg onload=alert(1)>"u8.ToArray()));
        Assert.False(QrCode.IsLogo([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]));
        Assert.False(QrCode.IsLogo(new byte[QrCode.MaxLogoBytes + 1]));
    }

    [Fact]
    public async Task A_logo_that_is_sent_to_the_address_of_a_code_lies_in_its_middle()
    {
        var link = await app.AddAsync(Some.Link());
        using var bitmap = new SKBitmap(20, 20);
        bitmap.Erase(SKColors.Red);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        using var answer = await SendAsync($"/links/{link.ShortCode}/qr.png?size=600", encoded.ToArray(), "image/png");

        Assert.Equal((200, "image/png"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        using var picture = SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal((600, SKColors.Red), (picture.Width, picture.GetPixel(300, 300)));

        foreach (var (status, body, type) in new[]
        {
            (415, encoded.ToArray(), "image/svg+xml"), (415, encoded.ToArray(), "application/json"), (400, "<svg/>"u8.ToArray(), "image/png"), (413, new byte[QrCode.MaxLogoBytes + 1], "image/jpeg"),
        })
        {
            using var refused = await SendAsync($"/links/{link.ShortCode}/qr.svg", body, type);
            Assert.Equal(status, (int)refused.StatusCode);
            Assert.Contains(status == 413 ? "256 KB" : "PNG or JPEG", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        Assert.Equal(404, (int)(await SendAsync("/links/never-there/qr.svg", encoded.ToArray(), "image/png")).StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string address, byte[] body, string type)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(type);
        return await app.Anonymous().PostAsync(address, content, Cancelled);
    }

    private static QrStyle Style(string query) => QrStyle.Read(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
