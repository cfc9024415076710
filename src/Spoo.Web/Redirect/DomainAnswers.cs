using Spoo.Data.Links.Domains;
using Spoo.Web.Addresses;

namespace Spoo.Web.Redirect;

/// <summary>What a domain beside the installation's own has besides its links: where its address alone leads, and what search engines are told.</summary>
internal sealed class DomainAnswers(LinkFinder finder, HostDoor hosts)
{
    private const string RobotsStayAway = "User-agent: *\nDisallow: /\n";

    /// <summary>Answers what is asked of another domain beside its links, and whatever is asked of a host at which nothing is.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var domain = hosts.DomainOf(context.Request);
        var isGet = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        switch (context.Request.Path.Value)
        {
            case "/robots.txt" when isGet && domain is not null:
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync(domain.RobotsText ?? RobotsStayAway, context.RequestAborted);
            case DomainProof.FilePath when isGet && domain?.Token is { } token:
                // So a domain that leads here is proved by that, and its owner need not keep the record for ever.
                context.Response.ContentType = "text/plain; charset=utf-8";
                return context.Response.WriteAsync(token, context.RequestAborted);
            case "/" or "" when isGet && domain?.HomeUrl is { } home:
                LinkFinder.SendElsewhere(context, home);
                return Task.CompletedTask;
            case not ("/" or "") when isGet && domain is not null:
                return finder.NotFoundAsync(context, domain, null);
            default:
                return finder.RefuseAsync(context, RedirectPage.NotFound);
        }
    }
}
