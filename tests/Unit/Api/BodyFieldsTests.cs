using System.Text.Json;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Tests.Support;

namespace Spoo.Tests.Api;

/// <summary>Every field of every body that our document names is looked at: none is taken and dropped.</summary>
public sealed class BodyFieldsTests(SpooApp app) : IClassFixture<SpooApp>
{
    /// <summary>What no field can be.</summary>
    private const string Nonsense = "[[1]]";

    private const string Shorten = "/api/v1/shorten";

    /// <summary>What a link can be asked to be, and how it then says that it is.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["long_url"] = "\"https://example.com/walked\"",
        ["alias"] = "",
        ["alias_type"] = "\"emoji\"",
        ["password"] = "\"secure@123\"",
        ["block_bots"] = "true",
        ["max_clicks"] = "100",
        ["expire_after"] = "4070908800",
        ["private_stats"] = "false",
        ["status"] = "\"INACTIVE\"",
        ["domain"] = "\"links.example.com\"",
        ["geo_rules"] = """{"IN":"https://example.in/"}""",
        ["ab_variants"] = """[{"url":"https://example.com/b","weight":50}]""",
        ["redirect_rules"] = """[{"name":"phones","url":"https://example.com/m","devices":["mobile"]}]""",
        ["meta_tags"] = """{"title":"Look"}""",
        ["pass_query"] = "true",
        ["pass_path"] = "true",
        ["tags"] = """["one"]""",
        ["title"] = "\"Spring\"",
        ["note"] = "\"remember\"",
        ["redirect_status"] = "307",
        ["expired_redirect_url"] = "\"https://example.com/over\"",
        ["starts_at"] = "\"2030-01-01T00:00:00Z\"",
        ["pre_start_url"] = "\"https://example.com/soon\"",
        ["archived"] = "true",
        ["reuse"] = "true",
    };

    [Fact]
    public async Task Nonsense_in_any_field_of_any_body_is_refused_by_the_name_of_the_field()
    {
        var (client, path) = await HouseAsync();
        var document = await DocumentAsync();
        var walked = 0;
        var dropped = new List<string>();
        foreach (var (method, route, fields) in Bodies(document))
        {
            foreach (var (field, description) in fields)
            {
                if (description.Contains("not needed", StringComparison.Ordinal))
                {
                    continue;
                }

                walked++;
                using var answer = await client.SendAsync(method, path(route), $$"""{"{{field}}":{{Nonsense}}}""");
                var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if ((int)answer.StatusCode is not (400 or 422) || !Faults(told).Contains(field))
                {
                    dropped.Add($"{method} {route} {field}: {(int)answer.StatusCode} {told}");
                }
            }
        }

        Assert.Equal([], dropped);
        Assert.True(walked > 80, $"only {walked} fields were found in the document");
    }

    [Theory]
    [InlineData("/api/v1/reports", """{"items":[{"code_or_url":"abc","reason":"spam"},{"code_or_url":"abc","reason":"boring"}]}""", "items.1.reason")]
    [InlineData("/api/v1/urls/claim", """{"claims":[{"url_id":"65f0c1d2e3f4a5b6c7d8e9f0"}]}""", "claims.0.token")]
    [InlineData("/api/v1/shorten", """{"long_url":"https://example.com","ab_variants":[{"url":"https://example.com/b","weight":0}]}""", "ab_variants.0.weight")]
    public async Task Of_several_the_one_at_fault_is_named_by_its_number(string address, string body, string field)
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());

        Assert.Equal(field, (await client.SendAsync(HttpMethod.Post, address, body).ProblemAsync(422, "validation_error")).Text("field"));
    }

    [Fact]
    public async Task What_any_call_can_ask_of_a_link_every_call_obeys_or_refuses_by_name()
    {
        var (client, path) = await HouseAsync();
        var document = await DocumentAsync();
        var bodies = Bodies(document).ToDictionary(body => $"{body.Method} {body.Route}", body => body.Fields.Select(field => field.Name).ToList());
        var fields = bodies["POST /api/v1/shorten"].Union(bodies["PATCH /api/v1/urls/{id}"]).ToList();
        Assert.Equal(fields.Order(), Values.Keys.Order());
        var dropped = new List<string>();
        foreach (var field in fields)
        {
            var value = field == "alias" ? $"\"{Some.Unique("walked")}\"" : Values[field];
            var rest = field == "long_url" ? "" : ",\"long_url\":\"https://example.com/rest\"";
            await ObeyedAsync($"POST {Shorten}", field, value, await client.SendAsync(HttpMethod.Post, Shorten, $$"""{"{{field}}":{{value}}{{rest}}}"""), null);

            var made = await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/new"}""").JsonAsync(201);
            value = field == "alias" ? $"\"{Some.Unique("walked")}\"" : value;
            await ObeyedAsync("PATCH", field, value, await client.SendAsync(HttpMethod.Patch, $"/api/v1/urls/{made.Text("id")}", $$"""{"{{field}}":{{value}}}"""), made.Text("id"));
            foreach (var (call, own) in new[] { ("edit", ""), ("delete", ""), ("status", ",\"status\":\"ACTIVE\""), ("expiry", ",\"expire_after\":null"), ("domain", ",\"domain\":null") })
            {
                // What is not so anyway asks for nothing of a call that does not make it so.
                if (!own.Contains(field, StringComparison.Ordinal) && (call == "edit" || value != "false"))
                {
                    await ObeyedAsync($"bulk {call}", field, value, await client.SendAsync(HttpMethod.Post, $"/api/v1/urls/bulk/{call}", $$"""{"ids":["{{made.Text("id")}}"]{{own}},"{{field}}":{{value}}}"""), made.Text("id"));
                }
            }
        }

        Assert.Equal([], dropped);

        async Task ObeyedAsync(string call, string field, string value, HttpResponseMessage answer, string? id)
        {
            using var whole = answer;
            var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                if (!Faults(told).Contains(field))
                {
                    dropped.Add($"{call} {field}: {(int)answer.StatusCode} {told}");
                }

                return;
            }

            if (JsonElement.Parse(told).TryGetProperty("results", out var results) && !results[0].GetProperty("ok").GetBoolean())
            {
                // Each of many links is answered by itself, in words.
                Assert.NotEmpty(results[0].Text("error"));
                return;
            }

            // That one may be as good as another is no trait of a link.
            var link = await client.JsonAsync($"/api/v1/urls/{id ?? JsonElement.Parse(told).Text("id")}");
            var isObeyed = field switch
            {
                "reuse" => call == $"POST {Shorten}",
                "alias_type" => EmojiCodes.TryRead(link.Text("alias"), out _),
                "password" => link.GetProperty("password_set").GetBoolean(),
                _ => link.Has(field) && (link.GetProperty(field).GetRawText() == value || field is "redirect_rules" or "ab_variants" or "starts_at"),
            };
            if (!isObeyed)
            {
                dropped.Add($"{call} {field}: taken, and the link is {link}");
            }
        }
    }

    [Fact]
    public async Task A_link_can_be_archived_and_switched_off_from_the_beginning()
    {
        var client = await app.WithKeyAsync(await app.AddUserAsync());
        var made = await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a","archived":true,"status":"INACTIVE"}""").JsonAsync(201);

        Assert.Equal((true, "INACTIVE"), (made.GetProperty("archived").GetBoolean(), made.Text("status")));
        Assert.Equal(0, (await client.JsonAsync("/api/v1/urls")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await client.JsonAsync("/api/v1/urls?archived=true")).GetProperty("total").GetInt32());
        Assert.Equal(410, (int)(await app.Anonymous().GetAsync($"/{made.Text("alias")}", TestContext.Current.CancellationToken)).StatusCode);

        // One that is in the lists is not as good as one that shall be in none.
        var listed = await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/b"}""").JsonAsync(201);
        var other = await client.SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/b","archived":true,"reuse":true}""").JsonAsync(201);
        Assert.NotEqual(listed.Text("id"), other.Text("id"));
        Assert.Equal("archived", (await app.Anonymous().SendAsync(HttpMethod.Post, Shorten, """{"long_url":"https://example.com/a","archived":true}""").ProblemAsync(401, "authentication_error")).Text("field"));
    }

    private static IEnumerable<string> Faults(string problem)
    {
        var json = JsonElement.Parse(problem);
        return (json.TryGetProperty("field", out var field) ? [field.GetString()!] : json.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Array ? details.Column("field") : [])
            .Select(name => name.Split('.')[0]);
    }

    private static IEnumerable<(HttpMethod Method, string Route, List<(string Name, string Description)> Fields)> Bodies(JsonElement document)
    {
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => operation.Value.Has("requestBody")))
            {
                var schema = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
                schema = schema.TryGetProperty("$ref", out var name) ? document.GetProperty("components").GetProperty("schemas").GetProperty(name.GetString()!.Split('/')[^1]) : schema;
                yield return (HttpMethod.Parse(operation.Name.ToUpperInvariant()), path.Name,
                    [.. schema.GetProperty("properties").EnumerateObject().Select(field => (field.Name, field.Value.TryGetProperty("description", out var text) ? text.GetString()! : ""))]);
            }
        }
    }

    private async Task<JsonElement> DocumentAsync() => await app.Anonymous().JsonAsync("/openapi/v1.json");

    /// <summary>An owner's pages, and the addresses of what the owner has.</summary>
    private async Task<(HttpClient Client, Func<string, string> Path)> HouseAsync()
    {
        var owner = await app.AddUserAsync();
        var client = await app.ScriptOfAsync(owner);
        var link = await app.AddAsync(Some.Link(owner: owner));
        var domain = new Domain { PublicId = PublicId.New(Some.Noon), Host = $"{Some.Unique("walked")}.example.com", OwnerId = owner.Id, State = DomainState.Active, CreatedAt = Some.Noon };
        await using (var database = app.OpenDatabase())
        {
            database.Domains.Add(domain);
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await app.Get<KnownDomains>().ReloadAsync(TestContext.Current.CancellationToken);
        var webhook = await client.SendAsync(HttpMethod.Post, "/api/v1/webhooks", """{"url":"https://shop.invalid/hook","events":["*"]}""").JsonAsync(201);
        var rule = await client.SendAsync(HttpMethod.Post, "/api/v1/alerts/rules", """{"kind":"spike"}""").JsonAsync(201);
        return (client, route => route
            .Replace("{rule_id}", rule.Text("id"), StringComparison.Ordinal)
            .Replace("custom-domains/{id}", $"custom-domains/{domain.PublicId}", StringComparison.Ordinal)
            .Replace("{id}", link.PublicId, StringComparison.Ordinal)
            .Replace("{code}", link.ShortCode, StringComparison.Ordinal)
            .Replace("{page}", "analytics", StringComparison.Ordinal)
            .Replace("{endpoint_id}", webhook.TryGetProperty("id", out var id) ? id.GetString()! : webhook.GetProperty("webhook").Text("id"), StringComparison.Ordinal));
    }
}
