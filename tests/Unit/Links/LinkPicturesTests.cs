using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Links.Pictures;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

/// <summary>Pictures that are sent with a link, as spoo.me takes them: kept, shown at an address of their own, and gone when no link shows them.</summary>
[OnEveryDatabase]
public sealed class LinkPicturesTests : IAsyncLifetime
{
    private const string ChatsAgent = "WhatsApp/2.23.20.0";

    private static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
    private static readonly byte[] Webp = [.. "RIFF"u8, 4, 0, 0, 0, .. "WEBP"u8, 1];

    private readonly SpooApp _app = new() { Settings = { ["Links:PictureMegabytes"] = "1" } };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_picture_that_is_sent_with_a_link_is_shown_to_those_who_draw_its_card()
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);

        var made = await client.PostAsJsonAsync("/api/v1/shorten", Body("card", DataUri("image/png", Png)), Cancelled);
        var image = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("meta_tags").GetProperty("image").GetString()!;
        using var ask = new HttpRequestMessage(HttpMethod.Get, "/card");
        ask.Headers.UserAgent.ParseAdd(ChatsAgent);
        var card = await (await _app.Anonymous().SendAsync(ask, Cancelled)).Content.ReadAsStringAsync(Cancelled);
        var shown = await _app.Anonymous().GetAsync(image, Cancelled);
        using var head = new HttpRequestMessage(HttpMethod.Head, image);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Matches("^http://localhost/api/v1/pictures/[0-9a-f]{32}\\.png$", image);
        Assert.Contains($"<meta property=\"og:image\" content=\"{image}\">", card, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "image/png"), (shown.StatusCode, shown.Content.Headers.ContentType!.MediaType));
        Assert.Equal(Png, await shown.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Contains("immutable", shown.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(shown.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(HttpStatusCode.OK, (await _app.Anonymous().SendAsync(head, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Anonymous().GetAsync("/api/v1/pictures/0123456789abcdef0123456789abcdef.png", Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task A_link_gets_another_picture_and_keeps_it_when_what_is_shown_of_it_is_sent_back(string type)
    {
        var owner = await _app.AddUserAsync();
        var client = await _app.WithKeyAsync(owner);
        var link = await _app.AddAsync(Some.Link("other", owner));

        var edited = await client.PatchAsJsonAsync($"/api/v1/urls/{link.PublicId}", new { meta_tags = new { title = "T", image = DataUri(type, type == "image/jpeg" ? Jpeg : Webp) } }, Cancelled);
        var image = (await edited.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("meta_tags").GetProperty("image").GetString()!;
        var again = await client.PatchAsJsonAsync($"/api/v1/urls/{link.PublicId}", new { meta_tags = new { title = "U", image } }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(image, (await again.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("meta_tags").GetProperty("image").GetString());
        Assert.Equal(type, (await _app.Anonymous().GetAsync(image, Cancelled)).Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=", "a PNG, a JPEG or a WebP")]
    [InlineData("data:image/png;base64,AAAA", "a PNG, a JPEG or a WebP")]
    [InlineData("data:image/png;base64,not base64!", "Base64")]
    [InlineData("data:image/png,abc", "Base64")]
    [InlineData("data:text/html;base64,PGI+", "a PNG, a JPEG or a WebP")]
    [InlineData("http://example.com/a.png", "https://")]
    public async Task What_is_no_picture_is_refused_in_words_and_no_link_is_made(string image, string says)
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());

        var answer = await client.PostAsJsonAsync("/api/v1/shorten", Body("none", image), Cancelled);

        await RefusedAsync(answer, says);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Anonymous().GetAsync("/none", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_picture_that_is_too_large_and_one_that_is_said_to_be_another_type_are_refused()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        byte[] large = [.. Png, .. new byte[PictureFile.MaxLength]];

        await RefusedAsync(await client.PostAsJsonAsync("/api/v1/shorten", Body("none", DataUri("image/png", large)), Cancelled), "512000 bytes");
        await RefusedAsync(await client.PostAsJsonAsync("/api/v1/shorten", Body("none", DataUri("image/jpeg", Png)), Cancelled), "a JPEG");
    }

    [Fact]
    public async Task An_account_keeps_so_many_megabytes_and_the_same_picture_once()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        byte[] Large(byte last) => [.. Png, .. new byte[400_000], last];
        var answers = new List<HttpStatusCode>();
        foreach (var (code, last) in new (string, byte)[] { ("one", 1), ("two", 2), ("three", 3), ("more", 1) })
        {
            answers.Add((await client.PostAsJsonAsync("/api/v1/shorten", Body(code, DataUri("image/png", Large(last))), Cancelled)).StatusCode);
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Created], answers);
        await using var database = _app.OpenDatabase();
        Assert.Equal(2, await database.Pictures.CountAsync(Cancelled));
    }

    [Fact]
    public async Task A_picture_goes_a_day_after_the_last_link_that_showed_it_and_no_other()
    {
        var client = await _app.WithKeyAsync(await _app.AddUserAsync());
        await client.PostAsJsonAsync("/api/v1/shorten", Body("shown", DataUri("image/png", Png)), Cancelled);
        await client.PostAsJsonAsync("/api/v1/shorten", Body("left", DataUri("image/jpeg", Jpeg)), Cancelled);
        await using (var database = _app.OpenDatabase())
        {
            await database.Links.Where(link => link.ShortCode == "left").ExecuteDeleteAsync(Cancelled);
        }

        Assert.Equal(0, await _app.Get<LinkPictures>().ForgetUnusedAsync(Cancelled));
        await using (var database = _app.OpenDatabase())
        {
            var before = DateTimeOffset.UtcNow - LinkPictures.Grace - TimeSpan.FromMinutes(1);
            await database.Pictures.ExecuteUpdateAsync(set => set.SetProperty(picture => picture.BroughtAt, before), Cancelled);
        }

        Assert.Equal(1, await _app.Get<LinkPictures>().ForgetUnusedAsync(Cancelled));

        await using var after = _app.OpenDatabase();
        Assert.Equal(["image/png"], await after.Pictures.Select(picture => picture.MediaType).ToListAsync(Cancelled));
    }

    [Fact]
    public async Task Where_no_pictures_are_kept_that_is_said()
    {
        await using var app = new SpooApp { Settings = { ["Links:PictureMegabytes"] = "0" } };
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        await RefusedAsync(await client.PostAsJsonAsync("/api/v1/shorten", Body("none", DataUri("image/png", Png)), Cancelled), "no pictures are kept here");
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string says)
    {
        var problem = await answer.ProblemAsync(400, "validation_error");
        Assert.Equal("meta_tags.image", problem.Text("field"));
        Assert.Contains(says, problem.Text("error"), StringComparison.Ordinal);
    }

    private static object Body(string alias, string image) => new { long_url = "https://example.com/", alias, meta_tags = new { title = "T", image } };

    private static string DataUri(string type, byte[] content) => $"data:{type};base64,{Convert.ToBase64String(content)}";
}
