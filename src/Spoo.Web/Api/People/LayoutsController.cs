using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Web.Identity;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

/// <summary>How other programs lay out their pages for an account, kept for them as it is.</summary>
[ApiController]
[Tags("Account")]
[Route("api/v1/me/layouts/{page}")]
[NeedsAccount]
public sealed class LayoutsController(UserManager<SpooUser> users) : ControllerBase
{
    private const int MaxLength = 32 * 1024;

    private static readonly string[] Pages = ["analytics", "overview"];

    [EndpointSummary("The layout that was kept for a page (analytics or overview)")]
    [HttpGet]
    [Limited(RateLimits.Account)]
    [ProducesResponseType<LayoutAnswer>(200, "application/json", Description = "The layout. Null: none was kept.")]
    [Refuses(422)]
    public async Task<IActionResult> Get(string page) => await FindAsync(page) switch
    {
        (null, var no) => no!,
        var (user, _) => Ok(new LayoutAnswer(await users.GetAuthenticationTokenAsync(user!, AccountRecords.LayoutProvider, page) is { } text ? JsonElement.Parse(text) : null)),
    };

    [EndpointSummary("Keeps a layout for a page: any JSON object of up to 32 KiB")]
    [HttpPut]
    [Limited(RateLimits.Settings)]
    [Body(typeof(LayoutBody), """{"layout":{"version":1}}""")]
    [ProducesResponseType<LayoutAnswer>(200, "application/json", Description = "The layout, as it was given.")]
    public async Task<IActionResult> Put(string page)
    {
        var (user, no) = await FindAsync(page);
        if (user is null)
        {
            return no!;
        }

        var (fields, problem) = await JsonFields.ReadAsync(Request);
        if (fields is null)
        {
            return problem!;
        }

        if (fields.Object("layout") is not { } layout)
        {
            fields.Refuse("layout", "Input should be a JSON object");
            return ApiProblem.Of(fields.Refusal!);
        }

        var text = layout.GetRawText();
        if (Encoding.UTF8.GetByteCount(text) > MaxLength)
        {
            fields.Refuse("layout", $"Input should have at most {MaxLength} bytes");
            return ApiProblem.Of(fields.Refusal!);
        }

        await users.SetAuthenticationTokenAsync(user, AccountRecords.LayoutProvider, page, text);
        return Ok(new LayoutAnswer(layout));
    }

    [EndpointSummary("Forgets the layout of a page")]
    [HttpDelete]
    [Limited(RateLimits.Settings)]
    [ProducesResponseType(204, Description = "There is none any more.")]
    [Refuses(422)]
    public async Task<IActionResult> Delete(string page)
    {
        var (user, no) = await FindAsync(page);
        if (user is null)
        {
            return no!;
        }

        await users.RemoveAuthenticationTokenAsync(user, AccountRecords.LayoutProvider, page);
        return NoContent();
    }

    private async Task<(SpooUser? User, IActionResult? No)> FindAsync(string page) =>
        !Pages.Contains(page) ? (null, ApiProblem.Of(Refusal.Malformed([new FieldError("page", $"Input should be {string.Join(" or ", Pages.Select(name => $"'{name}'"))}")])))
        : await users.FindByIdAsync(User.Viewer().UserId!) is { } user ? (user, null)
        : (null, ApiProblem.Of(Refusal.SignInFirst));
}

internal sealed record LayoutAnswer(JsonElement? Layout);
