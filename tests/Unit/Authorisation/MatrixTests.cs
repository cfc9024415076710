using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Alerts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;
using Spoo.Web.Api;
using Spoo.Web.Api.Links;

namespace Spoo.Tests.Authorisation;

/// <summary>
/// Every page and every call, and what it answers to whom. A route that is not in <see cref="Routes"/> fails: add a line there.
/// </summary>
/// <remarks>
/// Each cell is asked about things of the owner's, and is a status, or <c>login</c> for being sent to sign in. A star says that the
/// answer tells something that only the owner knows; without a star it must not. A page is asked by GET; a bare POST to it, which
/// names no form, is refused unless the page sends to sign in.
/// </remarks>
[OnEveryDatabase]
public sealed class MatrixTests(SpooApp app) : IClassFixture<SpooApp>
{
    // Who asks: no account; a stranger, the owner (with the cookie, and the token that pages add to it); keys of the owner's with one
    // scope each; a key of the stranger's with every scope.
    private static readonly string[] Callers = ["nobody", "stranger", "owner", "shorten", "manage", "read", "stats", "admin", "other's"];

    private static readonly string[] Scopes =
        [ApiKeyScope.ShortenCreate, ApiKeyScope.UrlsManage, ApiKeyScope.UrlsRead, ApiKeyScope.StatsRead, ApiKeyScope.AdminAll];

    /// <summary>A key opens doors for programs and no page, so to pages a key is no account.</summary>
    private const string Routes = """
        #                                                       nobody stranger owner shorten manage read stats admin other's  body
        # links
        GET    /api/v1/urls                                     401    200     200*   403     200*   200*  403   200*  200
        GET    /api/v1/urls/{id}                                401    404     200*   403     200*   200*  403   200*  404
        PATCH  /api/v1/urls/{id}                                401    403     200*   403     200*   403   403   200*  403     {"block_bots":true}
        PATCH  /api/v1/urls/{id}/status                         401    403     200*   403     200*   403   403   200*  403     {"status":"INACTIVE"}
        DELETE /api/v1/urls/{id}                                401    403     200    403     200    403   403   200   403
        POST   /api/v1/urls/bulk/delete                         401    200     200    403     200    403   403   200   200     {"ids":["{id}"]}
        POST   /api/v1/urls/bulk/status                         401    200     200    403     200    403   403   200   200     {"ids":["{id}"],"status":"INACTIVE"}
        POST   /api/v1/urls/bulk/expiry                         401    200     200    403     200    403   403   200   200     {"ids":["{id}"],"expire_after":null}
        GET    /api/v1/custom-domains                           401    200     200*   403     403    403   403   200*  200
        POST   /api/v1/custom-domains                           401    201     201    403     403    403   403   201   201     {"fqdn":"new.example.com"}
        GET    /api/v1/custom-domains/{domain}                  401    403     200*   403     403    403   403   200*  403
        PATCH  /api/v1/custom-domains/{domain}                  401    403     200*   403     403    403   403   200*  403     {"root_redirect":null}
        POST   /api/v1/custom-domains/{domain}/verify           401    403     200*   403     403    403   403   200*  403     {}
        DELETE /api/v1/custom-domains/{domain}                  401    403     200*   403     403    403   403   200*  403
        DELETE /api/v1/custom-domains/{domain}/permanent        401    403     422*   403     403    403   403   422*  403
        GET    /api/v1/domains/allowed                          422    422     422    422     422    422   422   422   422
        POST   /api/v1/urls/bulk/edit                           401    200     200    403     200    403   403   200   200     {"ids":["{id}"],"note":"x"}
        POST   /api/v1/urls/bulk/domain                         401    200     200    403     200    403   403   200   200     {"ids":["{id}"],"domain":null}
        GET    /api/v1/urls/{domain}/{alias}                    401    404     200*   403     200*   200*  403   200*  404
        DELETE /api/v1/urls?domain=spoo.me                      401    400     400    403     400    403   403   400   400
        GET    /api/v1/missed                                   401    200     200    403     200    200   403   200   200
        POST   /api/v1/urls/claim                               401    200     200    403     200    403   403   200   200     {"claims":[{"url_id":"{id}","token":"x"}]}
        POST   /api/v1/shorten                                  201    201     201    201     403    403   403   201   201     {"long_url":"https://example.com/new"}
        GET    /api/v1/metadata?url=https%3A%2F%2F127.0.0.1%2F      401    422     422    403     422    422   403   422   422
        GET    /api/v1/emoji-set                                200    200     200    200     200    200   200   200   200
        GET    /api/v1/shorten/check-alias?alias=free1          200    200     200    200     200    200   200   200   200
        # statistics
        GET    /api/v1/stats?group_by=referrer                  401    200     200*   403     403    200*  200*  200*  200
        GET    /api/v1/stats/live                               401    200     200    403     403    200   200   200   200
        GET    /api/v1/stats/links/{id}?group_by=referrer       401    404     200*   403     403    200*  200*  200*  404
        GET    /api/v1/export?format=json&group_by=referrer     401    200     200*   403     403    200*  200*  200*  200
        GET    /api/v1/export/links/{id}?format=json&group_by=referrer  401  404  200*  403   403    200*  200*  200*  404
        GET    /api/v1/export/list?group_by=referrer            401    200     200*   403     403    200*  200*  200*  200
        GET    /api/v1/export/clicks?format=ndjson              401    200     200*   403     403    200*  200*  200*  200
        GET    /api/v1/public/stats/{code}                      404    404     200*   403     403    200*  200*  200*  404
        POST   /api/v1/public/stats/{code}                      404    404     200*   403     403    200*  200*  200*  404     {"password":"x"}
        GET    /api/v1/public/preview/{code}                    200*   200*    200*   200*    200*   200*  200*  200*  200*
        # keys
        GET    /api/v1/keys                                     401    200     200*   403     403    403   403   403   403
        POST   /api/v1/keys                                     401    201     201    403     403    403   403   403   403     {"name":"new","scopes":["stats:read"]}
        DELETE /api/v1/keys/{key}                               401    404     200    403     403    403   403   403   403
        POST   /auth/device/token                               401    401     401    401     401    401   401   401   401     {"code":"x","code_verifier":"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
        POST   /auth/device/refresh                             401    401     401    401     401    401   401   401   401     {"refresh_token":"x"}
        POST   /auth/device/revoke                              401    404     404    403     403    403   403   403   403     {"app_id":"spoo-cli"}
        GET    /api/v1/apps                                     401    200     200    403     403    403   403   403   403
        GET    /api/v1/me/layouts/{page}                        401    200     200    200     200    200   200   200   200
        PUT    /api/v1/me/layouts/{page}                        401    200     200    200     200    200   200   200   200     {"layout":{}}
        DELETE /api/v1/me/layouts/{page}                        401    204     204    204     204    204   204   204   204
        PAGE   /auth/device/login                               login  400     400*   login   login  login login login login
        PAGE   /auth/device/callback                            200    200     200*   200     200    200   200   200   200
        GET    /api/v1/me/features                              401    200     200    200     200    200   200   200   200
        GET    /oauth/providers                                 401    200     200    200     200    200   200   200   200
        GET    /auth/me                                         401    200     200*   200*    200*   200*  200*  200*  200
        # Short.io's calls
        GET    /statistics/link/{linkId}                        401    404     200*   403     403    200*  200*  200*  404
        POST   /statistics/link/{linkId}                        401    404     200*   403     403    200*  200*  200*  404     {}
        GET    /statistics/link/{linkId}/by_interval            401    404     200    403     403    200   200   200   404
        POST   /statistics/link/{linkId}/by_interval            401    404     200    403     403    200   200   200   404     {}
        GET    /statistics/domain/{domainId}                    401    200     200*   403     403    200*  200*  200*  200
        POST   /statistics/domain/{domainId}                    401    200     200*   403     403    200*  200*  200*  200     {}
        GET    /statistics/domain/{domainId}/by_interval        401    200     200    403     403    200   200   200   200
        POST   /statistics/domain/{domainId}/by_interval        401    200     200    403     403    200   200   200   200     {}
        POST   /statistics/domain/{domainId}/top                401    200     200*   403     403    200*  200*  200*  200     {"column":"refhost"}
        POST   /statistics/domain/{domainId}/top_by_interval    401    200     200*   403     403    200*  200*  200*  200     {"column":"refhost"}
        POST   /statistics/domain/{domainId}/last_clicks        401    200     200*   403     403    200*  200*  200*  200     {}
        GET    /statistics/domain/{domainId}/link_clicks?ids={linkId}   401  200  200  403    403    200   200   200   200
        POST   /statistics/domain/{domainId}/link_clicks        401    200     200    403     403    200   200   200   200     {"pathsDates":[{"path":"{code}"}]}
        DELETE /statistics/domain/{domainId}/statistics         401    200     200    403     200    403   403   200   200
        GET    /api/domains                                     401    200     200*   403     200*   200*  200*  200*  200
        GET    /api/links?domain_id=1                           401    200     200*   403     200*   200*  403   200*  200
        GET    /links/expand?domain=spoo.me&path={code}         401    404     200*   403     200*   200*  200*  200*  404
        GET    /links/{linkId}                                  401    404     200*   403     200*   200*  403   200*  404
        POST   /links                                           401    200     200    200     403    403   403   200   200     {"originalURL":"https://example.com/new","domain":"spoo.me"}
        POST   /links/archive                                   401    404     200    403     200    403   403   200   404     {"link_id":"lnk_{id}"}
        POST   /links/unarchive                                 401    404     200    403     200    403   403   200   404     {"link_id":"lnk_{id}"}
        POST   /links/{linkId}                                  401    404     200*   403     200*   403   403   200*  404     {"title":"new"}
        DELETE /links/{linkId}                                  401    404     200    403     200    403   403   200   404
        # the old API
        POST   /emoji                                           200    200     200    200     200    200   200   200   200     {"url":"https://example.com/new"}
        GET    /stats/{code}                                    404    404     200*   404     404    404   404   404   404
        POST   /stats/{code}                                    404    404     404    404     404    404   404   404   404     {}
        GET    /export/{code}/{format}                          404    404     404    404     404    404   404   404   404
        POST   /export/{code}/{format}                          404    404     404    404     404    404   404   404   404     {}
        GET    /metric                                          200    200     200    200     200    200   200   200   200
        # alerts
        GET    /api/v1/alerts                                   401    200     200*   403     403    403   200*  200*  200
        POST   /api/v1/alerts/{alert_id}/seen                   401    404     200*   403     403    403   403   200*  404     {}
        GET    /api/v1/alerts/rules                             401    200     200*   403     403    403   200*  200*  200
        POST   /api/v1/alerts/rules                             401    201     201    403     403    403   403   201   201     {"kind":"spike"}
        POST   /api/v1/alerts/rules/try                         401    200     200    403     403    403   200   200   200     {"kind":"spike"}
        PATCH  /api/v1/alerts/rules/{rule_id}                   401    404     200*   403     403    403   403   200*  404     {"threshold":4}
        DELETE /api/v1/alerts/rules/{rule_id}                   401    404     204    403     403    403   403   204   404
        # webhooks
        GET    /api/v1/webhooks/event-types                     200    200     200    200     200    200   200   200   200
        GET    /api/v1/webhooks                                 401    200     200*   403     403    403   403   200*  200
        POST   /api/v1/webhooks                                 401    201     201    403     403    403   403   201   201     {"url":"https://shop.invalid/hook","events":["*"]}
        GET    /api/v1/webhooks/{endpoint_id}                   401    404     200*   403     403    403   403   200*  404
        PATCH  /api/v1/webhooks/{endpoint_id}                   401    404     200*   403     403    403   403   200*  404     {"status":"paused"}
        DELETE /api/v1/webhooks/{endpoint_id}                   401    404     204    403     403    403   403   204   404
        GET    /api/v1/webhooks/{endpoint_id}/secret            401    404     200    403     403    403   403   403   403
        POST   /api/v1/webhooks/{endpoint_id}/secret            401    404     200    403     403    403   403   403   403     {}
        POST   /api/v1/webhooks/{endpoint_id}/test              401    404     200    403     403    403   403   200   404     {}
        GET    /api/v1/webhooks/{endpoint_id}/deliveries        401    404     200*   403     403    403   403   200*  404
        POST   /api/v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/retry  401  404  200*  403  403  403  403  200*  404  {}
        # short links
        GET    /{code}                                          302*   302*    302*   302*    302*   302*  302*  302*  302*
        GET    /{code}/{**rest}                                 404    404     404    404     404    404   404   404   404
        POST   /{code}/password                                 400    400     400    400     400    400   400   400   400
        POST   /{code}/report                                   400    400     400    400     400    400   400   400   400
        POST   /api/v1/reports                                  200    200     200    403     403    403   403   200   200     {"items":[{"code_or_url":"{code}","reason":"spam"}]}
        GET    /links/export.csv                                login  200     200*   login   login  login login login login
        GET    /api/v1/pictures/{name}                          404    404     404    404    404    404   404   404   404
        GET    /links/{code}/qr.svg                             200    200     200    200     200    200   200   200   200
        POST   /links/{code}/qr.svg                             415    415     415    415     415    415   415   415   415
        GET    /links/{code}/qr.pdf                             200    200     200    200     200    200   200   200   200
        POST   /links/{code}/qr.pdf                             415    415     415    415     415    415   415   415   415
        GET    /links/{code}/qr.png                             200    200     200    200     200    200   200   200   200
        POST   /links/{code}/qr.png                             415    415     415    415     415    415   415   415   415
        # pages
        PAGE   /                                                200    200     200*   200     200    200   200   200   200
        PAGE   /dashboard                                       login  200     200*   login   login  login login login login
        PAGE   /dashboard/links/{Code}                          login  200     200*   login   login  login login login login
        GET    /links                                           login  200     200*   login   login  login login login login
        PAGE   /links/import                                    login  200     200*   login   login  login login login login
        PAGE   /links/missed                                    login  200     200*   login   login  login login login login
        PAGE   /import                                          login  200     200*   login   login  login login login login
        PAGE   /keys                                            login  200     200*   login   login  login login login login
        PAGE   /settings/two-factor                             login  200     200*   login   login  login login login login
        PAGE   /settings/webhooks                               login  200     200*   login   login  login login login login
        PAGE   /settings/alerts                                 login  200     200*   login   login  login login login login
        PAGE   /settings/domains                                login  200     200*   login   login  login login login login
        PAGE   /settings/delete                                 login  200     200*   login   login  login login login login
        GET    /settings/download                               login  200     200    login   login  login login login login
        GET    /account/code                                    login  login   login  login   login  login login login login
        POST   /account/code                                    400    login   login  400     400    400   400   400   400
        PAGE   /account/forgotten                               200    200     200*   200     200    200   200   200   200
        PAGE   /account/new-password                            200    200     200*   200     200    200   200   200   200
        PAGE   /account/confirm                                 200    200     200*   200     200    200   200   200   200
        PAGE   /account/reports/stop                            200    200     200*   200     200    200   200   200   200
        GET    /account/reports/stop-at-once                    302    302     302    302     302    302   302   302   302
        POST   /account/reports/stop-at-once                    400    400     400    400     400    400   400   400   400
        GET    /settings/reports/{id}                           login  404     404*   login   login  login login login login
        PAGE   /account/sign-in-refused                         200    200     200*   200     200    200   200   200   200
        PAGE   /account/signed-out                              200    200     200*   200     200    200   200   200   200
        PAGE   /account/once                                    200    200     200*   200     200    200   200   200   200
        GET    /account/providers/{name}                        404    404     404*   404     404    404   404   404   404
        GET    /account/providers/{name}/finish                 302    302     302    302     302    302   302   302   302
        POST   /account/passkeys/make                           login  200     200*   login   login  login login login login
        POST   /account/passkeys/use                            200    200     200    200     200    200   200   200   200
        PAGE   /account/again                                   login  200     200*   login   login  login login login login
        PAGE   /account/finish                                  200    200     200*   200     200    200   200   200   200
        PAGE   /settings                                        login  200     200*   login   login  login login login login
        GET    /stats/{Code}                                    404    404     200*   404     404    404   404   404   404
        POST   /stats/{Code}                                    404    404     404    404     404    404   404   404   404
        GET    /stats/{code}/card.png                           404    404     404*   404     404    404   404   404   404
        GET    /stats/{code}/live                               404    404     200    404     404    404   404   404   404
        PAGE   /account/login                                   200    200     200*   200     200    200   200   200   200
        PAGE   /setup                                           302    302     302    302     302    302   302   302   302
        GET    /admin                                           login  404     404*   login   login  login login login login
        POST   /admin                                           login  404     404*   login   login  login login login login
        GET    /admin/links                                     login  404     404*   login   login  login login login login
        POST   /admin/links                                     login  404     404*   login   login  login login login login
        GET    /admin/domains                                   login  404     404*   login   login  login login login login
        POST   /admin/domains                                   login  404     404*   login   login  login login login login
        GET    /admin/reports                                   login  404     404*   login   login  login login login login
        POST   /admin/reports                                   login  404     404*   login   login  login login login login
        GET    /admin/settings                                  login  404     404*   login   login  login login login login
        POST   /admin/settings                                  login  404     404*   login   login  login login login login
        GET    /admin/system                                    login  404     404*   login   login  login login login login
        POST   /admin/system                                    login  404     404*   login   login  login login login login
        GET    /admin/audit                                     login  404     404*   login   login  login login login login
        POST   /admin/audit                                     login  404     404*   login   login  login login login login
        GET    /admin/audit.csv                                 login  404     404*   login   login  login login login login
        PAGE   /account/register                                200    200     200*   200     200    200   200   200   200
        PAGE   /error                                           200    200     200*   200     200    200   200   200   200
        PAGE   /not-found                                       200    200     200*   200     200    200   200   200   200
        POST   /account/logout                                  302    302     302    302     302    302   302   302   302
        # the house
        GET    /health                                          200    200     200    200     200    200   200   200   200
        GET    /health/ready                                    200    200     200    200     200    200   200   200   200
        GET    /metrics                                         403    403     403    403     403    403   403   403   403
        GET    /openapi/{documentName}.json                     200    200     200    200     200    200   200   200   200
        GET    /_framework/opaque-redirect                      400    400     400*   400     400    400   400   400   400
        POST   /_blazor/negotiate                               401    200     200    401     401    401   401   401   401
        GET    /_blazor                                         401    400     400    401     401    401   401   401   401
        POST   /_blazor/disconnect                              401    400     400*   401     401    401   401   401   401
        GET    /_blazor/initializers                            200    200     200    200     200    200   200   200   200
        """;

    private static readonly IReadOnlyList<Row> Rows =
    [
        .. Routes.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => line[0] != '#')
            .SelectMany(Row.Parse),

        // What spoo.me has and this server has not tells everybody the same.
        .. NotOffered.Calls.Select(call => new Row(
            call.Method,
            call.Path,
            [call.NeedsAccount ? "401" : "403", .. Enumerable.Repeat(call.Empty is null ? "403" : "200", Callers.Length - 1)],
            call.Method is "POST" or "PUT" or "PATCH" ? "{}" : null)),
    ];

    public static TheoryData<string> Doors => [.. Rows.Select(row => row.Door)];

    [Fact]
    public void Every_route_has_its_line_and_every_line_its_route()
    {
        _ = app.Anonymous();
        var routes = app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)      // styles and scripts are everybody's
            .Where(endpoint => endpoint.RoutePattern.RawText?.Split('/') is not ["", "css" or "flags", ..])
            .Where(endpoint => endpoint.RoutePattern.RawText != "{**path:file}")                    // and so is their absence
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [Rows.FirstOrDefault(row => row.Route == Plain(endpoint))?.Method ?? "*"])
                .Where(method => method != "HEAD")                                                  // opens to whom GET does: it is the same endpoint
                .Select(method => $"{method} {Plain(endpoint)}"))
            .ToHashSet(StringComparer.Ordinal);
        var lines = Rows.Select(row => row.Door).ToList();

        Assert.Equal([], routes.Except(lines).Order(StringComparer.Ordinal));
        Assert.Equal([], lines.Except(routes).Order(StringComparer.Ordinal));
        Assert.Equal(lines.Count, lines.Distinct().Count());

        static string Plain(RouteEndpoint endpoint) =>
            "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{code:code}", "{code}", StringComparison.Ordinal).Replace("keys/{id}", "keys/{key}", StringComparison.Ordinal).Replace("custom-domains/{id}", "custom-domains/{domain}", StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task A_door_opens_to_whom_it_should(string door)
    {
        var row = Rows.Single(row => row.Door == door);

        var answers = new List<string>();
        House? house = null;
        foreach (var caller in Callers)
        {
            // What may have changed something leaves the house for nobody else. Whoever is refused changes nothing, or the next one notices.
            house = house is null || (row.Method != "GET" && answers[^1][0] is ('2' or '3')) ? await House.BuildAsync(app) : house;
            answers.Add(await house.AskAsync(row, caller));
        }

        Assert.True(row.Cells.SequenceEqual(answers), $"{door}\nshould be {Spelled(row.Cells)}\nbut is    {Spelled(answers)}");
    }

    [Theory, MemberData(nameof(Doors))]
    public async Task A_key_that_is_none_is_refused_wherever_keys_are_taken(string door)
    {
        var row = Rows.Single(row => row.Door == door);
        var takesKeys = row.Route.StartsWith("/api/", StringComparison.Ordinal)
            || (row.Route.StartsWith("/auth/", StringComparison.Ordinal) && row.Route is not ("/auth/device/login" or "/auth/device/callback"))
            || row.Route.StartsWith("/oauth/", StringComparison.Ordinal)
            || row.Route.StartsWith("/statistics/", StringComparison.Ordinal);
        var house = await House.BuildAsync(app);

        var answer = await house.AskAsync(row, "no key");

        Assert.Equal(takesKeys ? "401" : row.Cells[0], answer);
    }

    private static string Spelled(IEnumerable<string> cells) => string.Join("  ", Callers.Zip(cells, (caller, cell) => $"{caller}: {cell}"));

    private sealed record Row(string Method, string Address, IReadOnlyList<string> Cells, string? Body)
    {
        public string Route => Address.Split('?')[0];

        public string Door => $"{Method} {Route}";

        public static IEnumerable<Row> Parse(string line)
        {
            var words = line.Split(' ', 3 + Callers.Length, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var cells = words[2..(2 + Callers.Length)];
            var body = words.Length > 2 + Callers.Length ? words[^1] : null;
            if (words[0] == "PAGE")
            {
                yield return new Row("GET", words[1], cells, null);
                yield return new Row("POST", words[1], [.. cells.Select(cell => cell == "login" ? cell : "400")], null);
            }
            else
            {
                yield return new Row(words[0], words[1], cells, body);
            }
        }
    }

    /// <summary>An owner with a link, a click and a key, all of which carry a word that occurs nowhere else; and a stranger.</summary>
    private sealed class House
    {
        private readonly SpooApp _app;
        private readonly string _secret = Some.Unique("secret");
        private readonly SpooUser _stranger;
        private readonly SpooUser _owner;
        private Link _link = null!;
        private ApiKey _key = null!;
        private Domain _domain = null!;
        private WebhookEndpoint _endpoint = null!;
        private WebhookDelivery _delivery = null!;
        private AlertRule _rule = null!;
        private Alert _alert = null!;

        private House(SpooApp app, SpooUser owner, SpooUser stranger, string secret) =>
            (_app, _owner, _stranger, _secret) = (app, owner, stranger, secret);

        public static async Task<House> BuildAsync(SpooApp app)
        {
            var secret = Some.Unique("secret");
            var house = new House(app, await app.AddUserAsync($"{secret}@example.com"), await app.AddUserAsync(), secret);
            house._link = await app.AddAsync(Some.Link(owner: house._owner, privateStats: true, longUrl: $"https://example.com/{secret}"));
            await app.AddAsync(Some.Click(house._link, at: DateTimeOffset.UtcNow.AddMinutes(-5)) with { Referrer = $"{secret}.example" });
            house._domain = await house.AddDomainAsync();
            await house.AddWebhookAsync();
            (house._key, _) = await app.Get<ApiKeyService>().CreateAsync(house._owner.Id, secret, [ApiKeyScope.StatsRead]);
            return house;
        }

        private async Task<Domain> AddDomainAsync()
        {
            await using var database = _app.OpenDatabase();
            var domain = new Domain
            {
                PublicId = PublicId.New(DateTimeOffset.UtcNow),
                Host = $"{_secret}.example.com",
                OwnerId = _owner.Id,
                State = DomainState.Active,
                CreatedAt = DateTimeOffset.UtcNow,
            };
            database.Domains.Add(domain);
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
            return domain;
        }

        // To an address to which nothing is sent.
        private async Task AddWebhookAsync()
        {
            var now = DateTimeOffset.UtcNow;
            var (_, isSealed, prefix) = _app.Get<WebhookSecrets>().Make();
            await using var database = _app.OpenDatabase();
            _endpoint = new WebhookEndpoint
            {
                PublicId = PublicId.New(now),
                OwnerId = _owner.Id,
                Url = $"https://127.0.0.1/{_secret}",
                Events = ["link.created"],
                Secret = isSealed,
                SecretPrefix = prefix,
                ShortLinksAt = "http://localhost",
                CreatedAt = now,
                ToldUntil = now,
            };
            database.WebhookEndpoints.Add(_endpoint);
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
            _delivery = WebhookOutbox.New(_endpoint, "link.created", WebhookBody.NewMessageId(), $$"""{"id":"{{_secret}}"}""", now);
            (_delivery.Status, _delivery.NextAttemptAt) = (WebhookDeliveryStatus.Failed, null);
            database.WebhookDeliveries.Add(_delivery);
            _rule = new AlertRule
            {
                Id = PublicId.New(now),
                OwnerId = _owner.Id,
                Kind = AlertKind.Spike,
                Tag = _secret,
                Threshold = 3,
                Minimum = 20,
                CreatedAt = now,
                NextAt = now.AddDays(1),
            };
            _alert = new Alert { Id = PublicId.New(now), RuleId = _rule.Id, OwnerId = _owner.Id, Kind = AlertKind.Spike, Key = "1", At = now, Subject = _secret };
            database.AlertRules.Add(_rule);
            database.Alerts.Add(_alert);
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        public async Task<string> AskAsync(Row row, string caller)
        {
            using var client = await ClientAsync(caller);
            using var request = new HttpRequestMessage(new HttpMethod(row.Method), Filled(row.Address));
            if (row.Body is not null)
            {
                request.Content = new StringContent(Filled(row.Body), System.Text.Encoding.UTF8, "application/json");
            }
            else if (row.Method == "POST")
            {
                request.Content = new FormUrlEncodedContent([]);
            }

            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                return $"{(int)answer.StatusCode}";      // has no end
            }

            // An owner who is sent on gets the head of a page with their own name first, or not: that depends on how quick it was.
            var hasNoBody = caller == "owner" && (int)answer.StatusCode is >= 300 and < 400;
            var body = hasNoBody ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var text = body + answer.Headers.Location;
            var tells = text.Contains(_secret, StringComparison.Ordinal);
            return answer.Headers.Location?.ToString().Contains("/account/login", StringComparison.Ordinal) == true
                ? "login"
                : $"{(int)answer.StatusCode}{(tells ? "*" : "")}";
        }

        private async Task<HttpClient> ClientAsync(string caller) => caller switch
        {
            "nobody" => _app.Anonymous(),
            "stranger" => await _app.ScriptOfAsync(_stranger),
            "owner" => await _app.ScriptOfAsync(_owner),
            "other's" => await _app.WithKeyAsync(_stranger),
            "no key" => _app.WithToken(ApiKey.NewToken()),
            _ => await _app.WithKeyAsync(_owner, Scopes[Array.IndexOf(Callers, caller) - 3]),
        };

        private string Filled(string text) => text
            .Replace("{id}", _link.PublicId, StringComparison.Ordinal)
            .Replace("{linkId}", _link.PublicId, StringComparison.Ordinal)
            .Replace("{endpoint_id}", _endpoint.PublicId, StringComparison.Ordinal)
            .Replace("{delivery_id}", _delivery.PublicId, StringComparison.Ordinal)
            .Replace("{rule_id}", _rule.Id, StringComparison.Ordinal)
            .Replace("{alert_id}", _alert.Id, StringComparison.Ordinal)
            .Replace("{key}", _key.Id, StringComparison.Ordinal)
            .Replace("custom-domains/{domain}", $"custom-domains/{_domain.PublicId}", StringComparison.Ordinal)
            .Replace("{code}", _link.ShortCode, StringComparison.OrdinalIgnoreCase)
            .Replace("{domainId}", "1", StringComparison.Ordinal)
            .Replace("{domain}", "spoo.me", StringComparison.Ordinal)
            .Replace("{alias}", _link.ShortCode, StringComparison.Ordinal)
            .Replace("{format}", "json", StringComparison.Ordinal)
            .Replace("{page}", "analytics", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
    }
}
