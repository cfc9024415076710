using Microsoft.AspNetCore.Mvc;
using Spoo.Data.Webhooks;
using Spoo.Web.Limits;

namespace Spoo.Web.Api.People;

/// <summary>What spoo.me's programs ask before they show a feature.</summary>
[ApiController]
[Tags("Account")]
[Route("api/v1/me/features")]
[NeedsAccount]
public sealed class FeaturesController(WebhookService webhooks) : ControllerBase
{
    private const string Hidden = "hidden";
    private const string Enabled = "enabled";

    [EndpointSummary("Which of the features that programs may ask about there are: enabled or hidden")]
    [HttpGet]
    [Limited(RateLimits.Account)]
    [ProducesResponseType<FeaturesAnswer>(200, "application/json", Description = "By name. What is not named is hidden, too.")]
    public IActionResult Get() => Ok(new FeaturesAnswer(new()
    {
        ["custom_domains"] = Enabled,
        ["geo_targeting"] = Enabled,
        ["custom_meta_tags"] = Enabled,
        ["ab_testing"] = Enabled,
        ["ab_variants"] = Enabled,
        ["webhooks"] = webhooks.IsOffered ? Enabled : Hidden,
        ["expired_fallback"] = Enabled,
        ["link_scheduling"] = Enabled,
    }));
}

internal sealed record FeaturesAnswer(Dictionary<string, string> Features);
