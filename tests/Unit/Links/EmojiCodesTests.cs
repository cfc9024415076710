using System.Text.Json;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Tests.Support;

namespace Spoo.Tests.Links;

public sealed class EmojiCodesTests(SpooApp app) : IClassFixture<SpooApp>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("🚀", "🚀")]
    [InlineData("🚀🔥", "🚀🔥")]
    [InlineData("⭐️⚡️", "⭐⚡")]
    [InlineData("%F0%9F%9A%80", "🚀")]
    [InlineData("👍🏽", "👍🏽")]
    [InlineData("☝🏿", "☝🏿")]
    [InlineData("🥰🫠", "🥰🫠")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀")]
    [InlineData("👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽", "👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽👍🏽")]
    public void Emoji_of_one_character_make_a_code(string text, string code)
    {
        Assert.True(ShortCode.TryParse(text, out var parsed));
        Assert.Equal(code, parsed.Value);
        Assert.True(code.Length <= ShortCode.MaxLength);
        Assert.Null(AliasRules.ProblemOf(text, new ShorteningOptions()));
    }

    [Theory]
    [InlineData("👨‍👩‍👧", AliasProblem.EmojiPolicy)]
    [InlineData("🇩🇪", AliasProblem.EmojiPolicy)]
    [InlineData("❤️", AliasProblem.EmojiPolicy)]
    [InlineData("☝️", AliasProblem.EmojiPolicy)]
    [InlineData("🏽", AliasProblem.EmojiPolicy)]
    [InlineData("🚀🏽", AliasProblem.EmojiPolicy)]
    [InlineData("👍🏽🏽", AliasProblem.EmojiPolicy)]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿", AliasProblem.EmojiPolicy)]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", AliasProblem.Length)]
    [InlineData("1️⃣23", AliasProblem.Format)]
    [InlineData("go🚀", AliasProblem.Format)]
    public void What_devices_send_in_more_than_one_way_makes_none(string text, AliasProblem problem)
    {
        Assert.False(ShortCode.TryParse(text, out _));
        Assert.Equal(problem, AliasRules.ProblemOf(text, new ShorteningOptions()));
    }

    [Fact]
    public void The_set_begins_with_a_smiley_and_all_of_it_can_be_chosen()
    {
        Assert.Equal((1170, "grinning face", "Smileys & Emotion"), (EmojiCodes.All.Count, EmojiCodes.All[0].Name, EmojiCodes.All[0].Group));
        Assert.All(EmojiCodes.All, emoji => Assert.True(ShortCode.TryParse(emoji.Text, out _)));
        var pool = EmojiCodes.All.Where(emoji => emoji.IsMadeUp).Select(emoji => emoji.Text).ToHashSet();
        Assert.True(pool.Count is > 900 and < 1170);
        for (var i = 0; i < 100; i++)
        {
            var made = EmojiCodes.MakeUp();
            Assert.Equal(3, EmojiCodes.CountOf(made));
            Assert.All(made.EnumerateRunes(), rune => Assert.Contains(rune.ToString(), pool));
        }
    }

    [Fact]
    public async Task A_link_of_emoji_is_made_found_followed_changed_and_counted_like_any_other()
    {
        var owner = await app.AddUserAsync();
        var client = await app.WithKeyAsync(owner);
        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"⭐️🚀","password":"secure@123"}""").JsonAsync(201);
        Assert.Equal(("⭐🚀", "http://localhost/⭐🚀"), (made.Text("alias"), made.Text("short_url")));
        var id = made.Text("id");

        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"⭐🚀"}""").ProblemAsync(409, "conflict");
        Assert.Equal("taken", (await client.JsonAsync("/api/v1/shorten/check-alias?alias=" + Uri.EscapeDataString("⭐️🚀"))).Text("reason"));
        Assert.Equal(id, (await client.JsonAsync("/api/v1/urls/localhost/" + Uri.EscapeDataString("⭐️🚀"))).Text("id"));

        // The password's form, its cookie and the way back name the code as addresses do.
        var visitor = app.Anonymous();
        var form = await visitor.PostAsync("/%E2%AD%90%F0%9F%9A%80/password", new FormUrlEncodedContent([new("password", "secure@123")]), Cancelled);
        Assert.Equal("/%E2%AD%90%F0%9F%9A%80", form.Headers.Location?.OriginalString);
        Assert.Contains("path=/%E2%AD%90%F0%9F%9A%80;", form.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

        await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"password":null}""").JsonAsync();
        foreach (var address in new[] { "/%E2%AD%90%F0%9F%9A%80", "/%E2%AD%90%EF%B8%8F%F0%9F%9A%80", "/%E2%AD%90%F0%9F%9A%80." })
        {
            var answer = await visitor.GetAsync(address, Cancelled);
            Assert.Equal("https://example.com/a", answer.Headers.Location?.OriginalString);
        }

        await app.StoredAsync();
        Assert.Equal(3, (await client.JsonAsync($"/api/v1/stats/links/{id}")).GetProperty("summary").GetProperty("total_clicks").GetInt32());
        var picture = await client.GetAsync("/links/%E2%AD%90%F0%9F%9A%80/qr.png", Cancelled);
        Assert.Equal("image/png", picture.Content.Headers.ContentType?.MediaType);
        var renamed = await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{id}", """{"alias":"🔥"}""").JsonAsync();
        Assert.Equal("🔥", renamed.Text("alias"));
    }

    [Fact]
    public async Task A_code_is_made_up_of_three_and_what_cannot_be_one_is_told()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        var made = await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias_type":"emoji"}""").JsonAsync(201);
        Assert.Equal(3, EmojiCodes.CountOf(made.Text("alias")!));
        Assert.Contains("unsupported emoji", (await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"🇩🇪"}""").ProblemAsync(400, "validation_error")).Text("error"), StringComparison.Ordinal);
        Assert.Contains("1-15 emoji", (await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"}""").ProblemAsync(400, "validation_error")).Text("error"), StringComparison.Ordinal);
        await client.SendAsync(HttpMethod.Post, "/api/v1/shorten", """{"long_url":"https://example.com/a","alias":"go🚀"}""").ProblemAsync(422, "validation_error");
        Assert.Equal("emoji_policy", (await client.JsonAsync("/api/v1/shorten/check-alias?alias=" + Uri.EscapeDataString("👨‍👩‍👧"))).Text("reason"));
    }

    [Fact]
    public async Task The_set_is_told_to_everybody_and_not_sent_twice()
    {
        var visitor = app.Anonymous();
        var answer = await visitor.GetAsync("/api/v1/emoji-set", Cancelled);
        using var set = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        Assert.Equal((15, 15.1), (set.RootElement.GetProperty("max_graphemes").GetInt32(), set.RootElement.GetProperty("accept_max_version").GetDouble()));
        Assert.Contains(set.RootElement.GetProperty("emoji").EnumerateArray(), emoji => emoji.Text("c") == "🚀" && emoji.Text("n") == "rocket" && emoji.GetProperty("gen").GetBoolean());
        Assert.Contains("max-age=86400", answer.Headers.CacheControl?.ToString(), StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/v1/emoji-set");
        again.Headers.Add("If-None-Match", answer.Headers.ETag!.ToString());
        Assert.Equal(304, (int)(await visitor.SendAsync(again, Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("🐍🐍", 200, "🐍🐍")]
    [InlineData("", 200, null)]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😁😂", 200, "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😁")]
    [InlineData("snake", 400, null)]
    public async Task The_old_way_to_make_one_works(string emojis, int status, string? code)
    {
        var content = new FormUrlEncodedContent(emojis.Length == 0 ? [new("url", "https://example.com/")] : [new("url", "https://example.com/"), new("emojies", emojis)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/emoji") { Content = content };
        request.Headers.Add("Accept", "application/json");

        var answer = await app.Anonymous().SendAsync(request, Cancelled);

        Assert.Equal(status, (int)answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        if (status != 200)
        {
            Assert.Contains("EmojiError", json.RootElement.GetRawText(), StringComparison.Ordinal);
            return;
        }

        var made = new Uri(json.RootElement.Text("short_url")!);
        Assert.True(ShortCode.TryParse(Uri.UnescapeDataString(made.AbsolutePath[1..]), out var found));
        Assert.Equal(code ?? found.Value, found.Value);
    }
}
