using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Spoo.Tests.Webhooks;

/// <summary>What a receiver got.</summary>
internal sealed record Received(string Id, long Timestamp, IReadOnlyList<string> Signatures, string Body, string UserAgent, string? ContentType)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>Whether one of the signatures is right: "id.timestamp.body", signed with HMAC-SHA256 by what follows "whsec_", as the standard says.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var right = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
        return Signatures.Contains($"v1,{right}");
    }
}

/// <summary>Another server that hears of events, on a port of its own.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Received> _all = [];
    private readonly ConcurrentQueue<string> _paths = [];

    private Receiver(WebApplication server) => _server = server;

    /// <summary>What it answers. Null: 200.</summary>
    public Func<Received, HttpContext, Task>? Answer { get; set; }

    /// <summary>Everything that came, in the order in which it did.</summary>
    public IReadOnlyList<Received> All => [.. _all];

    /// <summary>Whatever else was asked, as <c>HEAD /there</c>: at that path there is something, at others nothing.</summary>
    public IReadOnlyList<string> Paths => [.. _paths];

    public string Url => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hook";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var receiver = new Receiver(server);
        server.MapPost("/hook", receiver.TakeAsync);
        server.MapFallback(context =>
        {
            receiver._paths.Enqueue($"{context.Request.Method} {context.Request.Path}");
            context.Response.StatusCode = context.Request.Path == "/there" ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public static Func<Received, HttpContext, Task> Status(int status, string? body = null) => (_, context) =>
    {
        context.Response.StatusCode = status;
        return body is null ? Task.CompletedTask : context.Response.WriteAsync(body);
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var received = new Received(
            headers["webhook-id"].ToString(),
            long.Parse(headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture),
            headers["webhook-signature"].ToString().Split(' '),
            await reader.ReadToEndAsync(context.RequestAborted),
            headers.UserAgent.ToString(),
            context.Request.ContentType);
        _all.Enqueue(received);
        await (Answer?.Invoke(received, context) ?? Task.CompletedTask);
    }
}
