namespace Spoo.Web.Components.Shared;

/// <summary>A program that calls the API, to be copied and run as it stands.</summary>
public sealed record Snippet(string Language, string Code)
{
    /// <summary>Stands where the token has to go while there is none to show.</summary>
    public const string NoToken = "spoo_YOUR_KEY";

    /// <param name="origin">Where this server is, with no slash at its end.</param>
    /// <param name="code">A link of the reader's own. Null: there is none yet, and all links are asked about.</param>
    public static IReadOnlyList<Snippet> ForStatistics(string origin, string token, string? code)
    {
        var address = $"{origin}/api/v1/stats?{(code is null ? "" : $"short_code={code}&")}group_by=time,country";
        return
        [
            new("curl", $"""
                curl -H "Authorization: Bearer {token}" \
                  "{address}"
                """),
            new("C#", $$"""
                using System.Net.Http.Headers;
                using System.Net.Http.Json;
                using System.Text.Json;

                using var client = new HttpClient();
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "{{token}}");
                var stats = await client.GetFromJsonAsync<JsonElement>("{{address}}");
                Console.WriteLine(stats.GetProperty("summary").GetProperty("total_clicks"));
                """),
            new("Python", $$"""
                import requests

                answer = requests.get(
                    "{{address}}",
                    headers={"Authorization": "Bearer {{token}}"},
                    timeout=10,
                )
                answer.raise_for_status()
                print(answer.json()["summary"]["total_clicks"])
                """),
            new("TypeScript", $$"""
                const answer = await fetch("{{address}}", {
                  headers: { Authorization: "Bearer {{token}}" },
                });
                if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
                const stats = await answer.json();
                console.log(stats.summary.total_clicks);
                """),
        ];
    }

    /// <summary>For keys that may make links and see nothing.</summary>
    /// <inheritdoc cref="ForStatistics"/>
    public static IReadOnlyList<Snippet> ForShortening(string origin, string token)
    {
        var address = $"{origin}/api/v1/shorten";
        return
        [
            new("curl", $$"""
                curl -X POST "{{address}}" \
                  -H "Authorization: Bearer {{token}}" -H "Content-Type: application/json" \
                  -d '{"long_url": "https://example.com/launch"}'
                """),
            new("C#", $$"""
                using System.Net.Http.Headers;
                using System.Net.Http.Json;
                using System.Text.Json;

                using var client = new HttpClient();
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "{{token}}");
                var answer = await client.PostAsJsonAsync("{{address}}", new { long_url = "https://example.com/launch" });
                var link = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
                Console.WriteLine(link.GetProperty("short_url"));
                """),
            new("Python", $$"""
                import requests

                answer = requests.post(
                    "{{address}}",
                    headers={"Authorization": "Bearer {{token}}"},
                    json={"long_url": "https://example.com/launch"},
                    timeout=10,
                )
                answer.raise_for_status()
                print(answer.json()["short_url"])
                """),
            new("TypeScript", $$"""
                const answer = await fetch("{{address}}", {
                  method: "POST",
                  headers: { Authorization: "Bearer {{token}}", "Content-Type": "application/json" },
                  body: JSON.stringify({ long_url: "https://example.com/launch" }),
                });
                if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
                const link = await answer.json();
                console.log(link.short_url);
                """),
        ];
    }
}
