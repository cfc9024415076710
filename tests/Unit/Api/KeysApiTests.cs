using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

[OnEveryDatabase]
public sealed class KeysApiTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Keys = "/api/v1/keys";
    private const string Simple = """{"name":"a key","scopes":["stats:read"]}""";

    [Fact]
    public async Task A_token_is_shown_once_and_opens_what_its_scopes_say()
    {
        var client = await PersonAsync();

        var made = await PostAsync(client, """
            {"name":" My key ","description":"for the cron job","scopes":["stats:read","stats:read"],"expires_at":"2099-01-01T00:00:00Z"}
            """).JsonAsync(201);
        var listed = (await client.JsonAsync(Keys)).GetProperty("keys")[0];

        Assert.Equal(
            [
                "id", "name", "description", "scopes", "created_at", "expires_at", "revoked", "token_prefix", "last_used_at", "token",
            ],
            made.Names());
        Assert.Equal("My key", made.Text("name"));
        Assert.Equal("""["stats:read"]""", made.GetProperty("scopes").GetRawText());
        Assert.Equal(4070908800, made.GetProperty("expires_at").GetInt64());
        Assert.Matches("^spoo_[A-Za-z0-9_-]{43}$", made.Text("token"));
        Assert.StartsWith("spoo_" + made.Text("token_prefix"), made.Text("token"), StringComparison.Ordinal);
        Assert.False(listed.Has("token"));
        Assert.Equal(made.Text("id"), listed.Text("id"));
        await app.WithToken(made.Text("token")).JsonAsync("/api/v1/stats");
        await app.WithToken(made.Text("token")).SendAsync(HttpMethod.Post, "/api/v1/shorten", "{}").ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Keys_cannot_make_keys()
    {
        var key = await app.WithKeyAsync(await app.AddUserAsync());

        await app.Anonymous().ProblemAsync(Keys, 401, "authentication_error");
        await PostAsync(app.Anonymous(), Simple).ProblemAsync(401, "authentication_error");
        Assert.Equal(
            "API keys cannot be used to manage API keys", (await PostAsync(key, Simple).ProblemAsync(403, "forbidden")).Text("error"));
        await key.ProblemAsync(Keys, 403, "forbidden");
    }

    [Theory]
    [InlineData("{}", "name scopes")]
    [InlineData("""{"name":"  ","scopes":["stats:read"]}""", "name")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":["everything"]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":"stats:read"}""", "scopes")]
    public async Task A_field_of_the_wrong_shape_is_named(string json, string fields)
    {
        var problem = await PostAsync(await PersonAsync(), json).ProblemAsync(422, "validation_error");

        Assert.Equal(
            fields.Split(' '), problem.Has("field") ? [problem.Text("field")] : problem.GetProperty("details").Column("field"));
    }

    [Fact]
    public async Task A_key_ends_in_the_future()
    {
        var problem = await PostAsync(await PersonAsync(), """{"name":"a","scopes":["stats:read"],"expires_at":1}""")
            .ProblemAsync(400, "validation_error");

        Assert.Equal("expires_at", problem.Text("field"));
    }

    [Fact]
    public async Task Twenty_live_keys_are_enough()
    {
        var client = await PersonAsync();
        for (var number = 0; number < 20; number++)
        {
            await PostAsync(client, Simple).JsonAsync(201);
        }

        await PostAsync(client, Simple).ProblemAsync(400, "validation_error");
        var first = (await client.JsonAsync(Keys)).GetProperty("keys")[0].Text("id");
        await client.SendAsync(HttpMethod.Delete, $"{Keys}/{first}?revoke=true").JsonAsync();
        await PostAsync(client, Simple).JsonAsync(201);
    }

    [Fact]
    public async Task A_revoked_key_stays_in_the_list_and_a_deleted_one_does_not()
    {
        var client = await PersonAsync();
        var made = await PostAsync(client, Simple).JsonAsync(201);
        var address = $"{Keys}/{made.Text("id")}";

        var revoked = await client.SendAsync(HttpMethod.Delete, address + "?revoke=true").JsonAsync();
        var listed = (await client.JsonAsync(Keys)).GetProperty("keys")[0];
        await app.WithToken(made.Text("token")).ProblemAsync("/api/v1/stats", 401, "authentication_error");
        var deleted = await client.SendAsync(HttpMethod.Delete, address).JsonAsync();

        Assert.Equal("""{"success":true,"action":"revoked"}""", revoked.GetRawText());
        Assert.True(listed.GetProperty("revoked").GetBoolean());
        Assert.Equal("""{"success":true,"action":"deleted"}""", deleted.GetRawText());
        Assert.Equal(0, (await client.JsonAsync(Keys)).GetProperty("keys").GetArrayLength());
        await client.SendAsync(HttpMethod.Delete, address).ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task Nobody_ends_the_keys_of_others()
    {
        var made = await PostAsync(await PersonAsync(), Simple).JsonAsync(201);
        var other = await PersonAsync();

        await other.SendAsync(HttpMethod.Delete, $"{Keys}/{made.Text("id")}").ProblemAsync(404, "not_found");
        await other.SendAsync(HttpMethod.Delete, $"{Keys}/not-an-id").ProblemAsync(422, "validation_error");
        await other.SendAsync(HttpMethod.Delete, $"{Keys}/{made.Text("id")}?revoke=perhaps").ProblemAsync(422, "validation_error");
        await app.WithToken(made.Text("token")).JsonAsync("/api/v1/stats");
    }

    [Fact]
    public async Task A_visit_of_another_site_cannot_make_a_key_with_somebodys_cookie()
    {
        var client = await app.SignedInAsync(await app.AddUserAsync());

        await PostAsync(client, Simple).ProblemAsync(403, "forbidden");
    }

    [Fact]
    public async Task Whoever_asks_is_told_who_they_are()
    {
        var user = await app.AddUserAsync();
        var expected =
            $$$"""{"user":{"id":"{{{user.Id}}}","email":"{{{user.Email}}}","email_verified":false,"user_name":"{{{user.Email}}}","plan":"free","password_set":true,"auth_providers":[],"pfp":null}}""";

        Assert.Equal(expected, (await (await app.WithKeyAsync(user, ApiKeyScope.StatsRead)).JsonAsync("/auth/me")).GetRawText());
        Assert.Equal(expected, (await (await app.SignedInAsync(user)).JsonAsync("/auth/me")).GetRawText());
        await app.Anonymous().ProblemAsync("/auth/me", 401, "authentication_error");
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string json) => client.SendAsync(HttpMethod.Post, Keys, json);

    /// <summary>A page's script: signed in by cookie, with the token that our own pages can read.</summary>
    private async Task<HttpClient> PersonAsync() => await app.ScriptOfAsync(await app.AddUserAsync());
}
