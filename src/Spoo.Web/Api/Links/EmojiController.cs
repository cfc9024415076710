using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Spoo.Data.Links.Codes;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Links;

/// <summary>Of which emoji aliases may be made, for those who draw a picker of them. The same for everybody, and until the next version.</summary>
[ApiController]
[Tags("Links")]
[Route("api/v1/emoji-set")]
public sealed class EmojiController : ControllerBase
{
    private static readonly Lazy<byte[]> Body = new(() => JsonSerializer.SerializeToUtf8Bytes(
        new EmojiSet(
            EmojiCodes.NewestVersion,
            EmojiCodes.MadeUpVersion,
            EmojiCodes.MaxCount,
            [.. EmojiCodes.All.Select(emoji => new EmojiEntry(emoji.Text, emoji.Name, emoji.Group, emoji.IsMadeUp))]),
        ApiJson.Options));

    private static readonly Lazy<EntityTagHeaderValue> Tag = new(() => new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Body.Value).AsSpan(0, 8))}\""));

    [EndpointSummary("The emoji that aliases may be made of")]
    [HttpGet]
    [Limited(RateLimits.EmojiSet)]
    [ProducesResponseType<EmojiSet>(200, "application/json", Description = "In Unicode's order, without skin tones; a skin tone may follow those that take one.")]
    public IActionResult Get()
    {
        Response.Headers.CacheControl = "public, max-age=86400, stale-while-revalidate=604800";
        return File(Body.Value, "application/json; charset=utf-8", lastModified: null, Tag.Value);
    }
}

internal sealed record EmojiSet(
    [property: Description("The newest version of Unicode's emoji that an alias may have.")] double AcceptMaxVersion,
    [property: Description("The newest version that a made-up alias has.")] double GenerateMaxVersion,
    [property: Description("How many an alias may have.")] int MaxGraphemes,
    IReadOnlyList<EmojiEntry> Emoji);

internal sealed record EmojiEntry(
    [property: Description("The emoji, as aliases have it.")] string C,
    [property: Description("Its English name.")] string N,
    [property: Description("Unicode's group.")] string G,
    [property: Description("Whether a made-up alias may have it.")] bool Gen);
