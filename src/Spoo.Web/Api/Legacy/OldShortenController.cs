using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Web.Addresses;
using Spoo.Web.Api.Links;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Api.Legacy;

/// <summary>spoo.me's old way to make a link: a form sent to the front door. The link has no owner, as all of them had none.</summary>
[ApiController]
[ApiExplorerSettings(IgnoreApi = true)]
[OldApi]
public sealed class OldShortenController(LinkService links, ShorteningOptions options) : ControllerBase
{
    private const int MinPasswordLength = 8;

    private static readonly string[] Taken = ["url", "password", "max-clicks", "block-bots"];

    [HttpPost("/")]
    [Limited(RateLimits.Shorten)]
    public Task<IActionResult> Shorten(CancellationToken cancellationToken) => ShortenAsync(toEmoji: false, cancellationToken);

    [HttpPost("/emoji")]
    [Limited(RateLimits.Shorten)]
    public Task<IActionResult> ShortenToEmoji(CancellationToken cancellationToken) => ShortenAsync(toEmoji: true, cancellationToken);

    private async Task<IActionResult> ShortenAsync(bool toEmoji, CancellationToken cancellationToken)
    {
        var fields = await OldFields.ReadAsync(Request);
        if (fields.Ignored([.. Taken, toEmoji ? "emojies" : "alias"]) is { } ignored)
        {
            return Problem("RequestError", $"{ignored}: this call does nothing about it; it takes url, {(toEmoji ? "emojies" : "alias")}, password, max-clicks and block-bots");
        }

        if (fields.Text("url") is not { } url || url.Length > Link.MaxLongUrlLength)
        {
            return Problem("UrlError", "Invalid or missing URL: url should be an address that begins with http:// or https://");
        }

        if (AliasIn(fields, toEmoji, out var alias) is { } no)
        {
            return no;
        }

        var password = fields.Text("password");
        if (password is not null && !IsStrong(password))
        {
            return Problem("PasswordError", $"Password should have {MinPasswordLength} to {LinkRules.MaxPasswordLength} characters, among them a letter, a digit, and @ or .");
        }

        long? maxClicks = null;
        if (fields.Text("max-clicks") is { } limit)
        {
            if (!long.TryParse(limit.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                return Problem("MaxClicksError", "Max clicks must be a positive integer");
            }

            maxClicks = number;
        }

        var draft = new LinkDraft
        {
            LongUrl = url,
            Alias = alias,
            OfEmoji = toEmoji,
            Password = password,
            MaxClicks = maxClicks,
            BlockBots = fields.Flag("block-bots") ? true : null,
        };
        return await links.CreateAsync(draft, Viewer.Nobody, Request.Host.Host, cancellationToken) switch
        {
            LinkOutcome.Done(var link) => Made(link),
            LinkOutcome.Refused({ Fields: [{ Field: "alias" }, ..] }) when toEmoji => Problem("EmojiError", "Emoji already exists: another link has it"),
            LinkOutcome.Refused(var refusal) => ProblemOf(refusal),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>What is wrong with the alias that was asked for. As there, what is too long is cut.</summary>
    private OldProblem? AliasIn(OldFields fields, bool isEmoji, out string? alias)
    {
        if (isEmoji)
        {
            alias = fields.Text("emojies") is { } emojis ? EmojiCodes.Cut(emojis) : null;
            return alias is null || EmojiCodes.TryRead(alias, out _)
                ? null
                : Problem("EmojiError", $"Invalid emoji: send 1 to {EmojiCodes.MaxCount} of them, of one character each, no flags, keycaps or joined ones");
        }

        alias = fields.Text("alias");
        alias = alias?.Length > ShortCode.MaxChosenLength ? alias[..ShortCode.MaxChosenLength] : alias;
        return alias is null || (!EmojiCodes.AreMeant(alias) && AliasRules.ProblemOf(alias, options) is null)
            ? null
            : Problem("AliasError", $"Alias is invalid: it should have {ShortCode.MinChosenLength} to {ShortCode.MaxChosenLength} letters and digits, and be no address of this server");
    }

    private static bool IsStrong(string password) => password.Length is >= MinPasswordLength and <= LinkRules.MaxPasswordLength
        && password.Any(char.IsLetter) && password.Any(char.IsDigit) && password.Any(letter => letter is '@' or '.');

    private static OldProblem Problem(string error, string message, int status = StatusCodes.Status400BadRequest) => new(status, error, message);

    /// <summary>The old answer; and for a browser, which has no use for it, the home page.</summary>
    private IActionResult Made(Link link)
    {
        var shortUrl = SpooUrls.ShortLink(Request, options, link.Name);
        return Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            ? LocalRedirect("~/" + SpooUrls.HomeWith(link.ShortCode))
            : new JsonResult(new OldLink(shortUrl, new Uri(shortUrl).Host, link.LongUrl), ApiJson.Options);
    }

    private static IActionResult ProblemOf(Refusal no) => no switch
    {
        { Kind: RefusalKind.NotSignedIn } => Problem(
            "AuthenticationError", "Links without an account are switched off on this server: use POST /api/v1/shorten with an API key", StatusCodes.Status401Unauthorized),
        { Kind: RefusalKind.Busy or RefusalKind.TooMany } => ApiProblem.Of(no),
        { Kind: RefusalKind.Forbidden } => Problem("BlockedUrlError", no.Message, StatusCodes.Status403Forbidden),
        { Fields: [{ Field: "alias" }, ..] } => Problem("AliasError", $"Alias is invalid or already taken: {no.Message}"),
        _ => Problem("UrlError", no.Message),
    };
}

internal sealed record OldLink(string ShortUrl, string Domain, string OriginalUrl);
