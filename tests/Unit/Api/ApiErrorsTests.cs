using System.Net;
using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

public sealed class ApiErrorsTests(SpooApp app) : IClassFixture<SpooApp>
{
    private const string Stats = "/api/v1/stats";

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v2/stats")]
    public async Task An_address_of_the_api_where_nothing_is_says_so_in_its_shape(string address) =>
        await app.Anonymous().ProblemAsync(address, 404, "not_found");

    [Theory]
    [InlineData("POST", "/api/v1/nothing")]
    [InlineData("DELETE", "/api/v1/stats/nothing")]
    [InlineData("PUT", "/auth/nothing")]
    [InlineData("OPTIONS", "/api/v2/stats")]
    public async Task What_is_nowhere_takes_no_other_method_either(string method, string address)
    {
        var answer = await app.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), address), TestContext.Current.CancellationToken);

        await answer.ProblemAsync(404, "not_found");
        Assert.Empty(answer.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("GET", "/api/v1/shorten", "POST")]
    [InlineData("PUT", "/api/v1/stats", "GET, HEAD")]
    [InlineData("POST", "/api/v1/urls", "DELETE, GET, HEAD")]
    [InlineData("OPTIONS", "/api/v1/public/stats/launch", "GET, HEAD, POST")]
    public async Task A_method_that_does_not_apply_is_told_all_that_do(string method, string address, string allowed)
    {
        var answer = await app.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), address), TestContext.Current.CancellationToken);

        await answer.ProblemAsync(405, "method_not_allowed");
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Fact]
    public async Task A_page_that_is_not_there_is_a_page_for_people_and_an_error_for_programs()
    {
        var people = await app.Anonymous().GetAsync("/account/no/such/page", TestContext.Current.CancellationToken);
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));

        await client.ProblemAsync("/account/no/such/page", 404, "not_found");
        Assert.Equal(HttpStatusCode.NotFound, people.StatusCode);
        Assert.NotEqual("application/json", people.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/account/no/such/page")]
    [InlineData("/nowhere/at/all")]
    public async Task A_form_that_is_sent_nowhere_is_told_so_on_a_page(string address)
    {
        using var form = new FormUrlEncodedContent([new("_handler", "login")]);

        var answer = await app.Anonymous().PostAsync(address, form, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("</html>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_does_not_apply_is_told_which_does()
    {
        var answer = await app.Anonymous().DeleteAsync(Stats, TestContext.Current.CancellationToken);

        var problem = await answer.ProblemAsync(405, "method_not_allowed");

        Assert.Contains("GET", problem.Text("error"), StringComparison.Ordinal);
        Assert.Contains("GET", answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_too_large()
    {
        using var body = new ByteArrayContent(new byte[(1024 * 1024) + 1]);

        var answer = await app.Anonymous().PostAsync(Stats, body, TestContext.Current.CancellationToken);

        Assert.Equal("Request body too large", (await answer.ProblemAsync(413, "payload_too_large")).Text("error"));
    }

    [Fact]
    public async Task A_script_of_another_site_can_read_that_its_body_is_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/shorten") { Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]) };
        request.Headers.Add("Origin", "https://else.example");

        var answer = await app.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);

        await answer.ProblemAsync(413, "payload_too_large");
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("spoo_0000000000000000000000000000000000000000000")]
    [InlineData("spoo_")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.e30.nothing")]
    public async Task A_key_that_is_presented_and_not_valid_is_refused_everywhere(string token)
    {
        var link = await app.AddAsync(Some.Link());

        await app.WithToken(token).ProblemAsync(Stats, 401, "authentication_error");
        await app.WithToken(token).ProblemAsync($"{Stats}?scope=anon&short_code={link.ShortCode}", 401, "authentication_error");
    }

    [Fact]
    public async Task A_revoked_key_is_refused_where_nobody_would_have_been_let_in()
    {
        var link = await app.AddAsync(Some.Link());
        var client = await app.WithKeyAsync(await app.AddUserAsync(), ApiKeyScope.StatsRead);
        var address = $"{Stats}?scope=anon&short_code={link.ShortCode}";
        await client.JsonAsync(address);
        await using (var database = app.OpenDatabase())
        {
            await database.ApiKeys.ExecuteUpdateAsync(
                set => set.SetProperty(key => key.RevokedAt, Some.Noon), TestContext.Current.CancellationToken);
        }

        await client.ProblemAsync(address, 401, "authentication_error");
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer  ")]
    [InlineData("spoo_raw")]
    public async Task What_is_no_key_at_all_is_not_looked_at(string authorization)
    {
        var link = await app.AddAsync(Some.Link());
        var client = app.Anonymous();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        var body = await client.JsonAsync($"{Stats}?scope=anon&short_code={link.ShortCode}");

        Assert.Equal("anon", body.Text("scope"));
    }

    [Fact]
    public async Task A_failing_database_is_an_error_and_never_a_zero()
    {
        await using var failing = new SpooApp();
        var client = await failing.WithKeyAsync(await failing.AddUserAsync());
        await client.JsonAsync(Stats);

        await RenameAsync(failing, "Links", "Elsewhere");
        var answer = await client.GetAsync(Stats, TestContext.Current.CancellationToken);
        await RenameAsync(failing, "Elsewhere", "Links");

        await answer.ProblemAsync(503, "storage_error");
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Equal("all", (await client.JsonAsync(Stats)).Text("scope"));
    }

    [Fact]
    public async Task A_database_that_fails_while_a_key_is_looked_up_does_not_make_the_key_wrong()
    {
        await using var failing = new SpooApp();
        var client = await failing.WithKeyAsync(await failing.AddUserAsync());

        await RenameAsync(failing, "ApiKeys", "Elsewhere");

        await client.ProblemAsync(Stats, 503, "storage_error");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/api/v1/stats?scope=anon&short_code=ghost")]
    public async Task Every_answer_has_a_number_and_tells_browsers_to_be_careful(string address)
    {
        var answer = await app.Anonymous().GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Matches("^req_[0-9a-f]{12}$", answer.Headers.GetValues("X-Request-ID").Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("strict-origin-when-cross-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.Contains("Permissions-Policy"));
    }

    [Fact]
    public async Task The_scripts_of_any_site_may_ask()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, Stats);
        preflight.Headers.Add("Origin", "https://elsewhere.example");
        preflight.Headers.Add("Access-Control-Request-Method", "GET");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,if-none-match,x-spoo-client");
        using var question = new HttpRequestMessage(HttpMethod.Get, Stats);
        question.Headers.Add("Origin", "https://elsewhere.example");

        var allowed = await app.Anonymous().SendAsync(preflight, TestContext.Current.CancellationToken);
        var refused = await app.Anonymous().SendAsync(question, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("*", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("86400", allowed.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        await refused.ProblemAsync(401, "authentication_error");
        Assert.Equal("*", refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("X-Error-Code", refused.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);
    }

    private static async Task RenameAsync(SpooApp app, string table, string name)
    {
        await using var database = app.OpenDatabase();
#pragma warning disable EF1002 // Both names are this file's own.
        await database.Database.ExecuteSqlRawAsync(
            $"PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; ALTER TABLE {table} RENAME TO {name}", TestContext.Current.CancellationToken);
#pragma warning restore EF1002
    }
}
