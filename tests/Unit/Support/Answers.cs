using System.Text.Json;

namespace Spoo.Tests.Support;

/// <summary>Reads what the API answers, and insists on the shape that all its errors have.</summary>
internal static class Answers
{
    /// <summary>The JSON at an address that has to answer with success.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpClient client, string address)
    {
        var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Sends a JSON body, if there is one, to an address.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string address, string? json = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = json is null ? null : new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The JSON of an answer that has to have this status.</summary>
    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> answer, int status = 200)
    {
        var text = await (await answer).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)(await answer).StatusCode, $"{(int)(await answer).StatusCode}: {text}");
        return JsonElement.Parse(text);
    }

    public static async Task<JsonElement> ProblemAsync(this Task<HttpResponseMessage> answer, int status, string code) =>
        await (await answer).ProblemAsync(status, code);

    /// <summary>The error at an address.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpClient client, string address, int status, string code) =>
        await (await client.GetAsync(address, TestContext.Current.CancellationToken)).ProblemAsync(status, code);

    /// <summary>The body of an error with this status and code.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([code], answer.Headers.GetValues("X-Error-Code"));

        var body = JsonElement.Parse(text);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.Equal(code, body.GetProperty("error_code").GetString());
        Assert.NotEmpty(body.Text("error"));
        Assert.All(body.EnumerateObject(), property => Assert.NotEqual(JsonValueKind.Null, property.Value.ValueKind));
        return body;
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;

    public static bool Has(this JsonElement element, string property) => element.TryGetProperty(property, out _);

    /// <summary>The names of an object's properties, in order.</summary>
    public static IEnumerable<string> Names(this JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    /// <summary>One property of each row.</summary>
    public static IEnumerable<string> Column(this JsonElement rows, string property) =>
        rows.EnumerateArray().Select(row => row.GetProperty(property).ToString());
}
