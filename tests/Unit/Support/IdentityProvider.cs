using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Spoo.Tests.Support;

/// <summary>
/// A provider of identities (OpenID Connect) in the test's own process. It is as strict about what it is asked as the standard is, and answers
/// wrongly only where a test tells it to.
/// </summary>
internal sealed class IdentityProvider : HttpMessageHandler
{
    private const string ClientId = "spoo";
    private const string ClientSecret = "a secret of the client";

    private readonly RSA _key = RSA.Create(2048);
    private readonly Dictionary<string, (string RedirectUri, string Challenge, string Nonce)> _codes = [];

    public IdentityProvider(string name)
    {
        Name = name;
        Issuer = $"https://{name}.example.com/realm";
    }

    public string Name { get; }

    public string Issuer { get; }

    /// <summary>What it says of the person in front of it, in its token.</summary>
    public Dictionary<string, object> Person { get; set; } = [];

    /// <summary>What it says only where it is asked for more.</summary>
    public Dictionary<string, object> More { get; set; } = [];

    /// <summary>Whether it does not answer at all.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether sessions can be ended at it.</summary>
    public bool EndsSessions { get; set; } = true;

    /// <summary>What it writes into its token instead of what it was asked to. Null: nothing.</summary>
    public string? OtherNonce { get; set; }

    /// <summary>What it calls itself in its token. Null: as it is called.</summary>
    public string? OtherIssuer { get; set; }

    /// <summary>What it was asked last.</summary>
    public Dictionary<string, string> Asked { get; private set; } = [];

    public Dictionary<string, string> Settings(params (string Key, string Value)[] more) => more
        .Concat([("Authority", Issuer), ("ClientId", ClientId), ("ClientSecret", ClientSecret)])
        .ToDictionary(setting => $"Accounts:Providers:{Name}:{setting.Item1}", setting => setting.Item2);

    /// <summary>The person signs in here; where their browser is sent back to.</summary>
    public string SignIn(Uri asked)
    {
        Assert.StartsWith(Issuer + "/authorize?", asked.AbsoluteUri, StringComparison.Ordinal);
        Asked = QueryHelpers.ParseQuery(asked.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        Assert.Equal((ClientId, "code", "S256"), (Asked["client_id"], Asked["response_type"], Asked["code_challenge_method"]));
        Assert.Contains("openid", Asked["scope"].Split(' '));
        var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (Asked["redirect_uri"], Asked["code_challenge"], Asked["nonce"]);
        return Back(("code", code));
    }

    /// <summary>The person does not want to.</summary>
    public string Refuse(Uri asked)
    {
        Asked = QueryHelpers.ParseQuery(asked.Query).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
        return Back(("error", "access_denied"));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new HttpRequestException("Connection refused");
        }

        return request.RequestUri!.AbsoluteUri[Issuer.Length..] switch
        {
            "/.well-known/openid-configuration" => Json(Discovery()),
            "/keys" => Json(new { keys = new[] { PublicKey() } }),
            "/token" => Token(QueryHelpers.ParseQuery(await request.Content!.ReadAsStringAsync(cancellationToken)).ToDictionary(field => field.Key, field => field.Value.ToString())),
            "/userinfo" => Json(More.Append(KeyValuePair.Create("sub", Person["sub"])).ToDictionary()),
            var other => throw new InvalidOperationException($"it has no {other}"),
        };
    }

    private string Back((string Name, string Value) answer) => new Uri(QueryHelpers.AddQueryString(
        Asked["redirect_uri"], new Dictionary<string, string?> { [answer.Name] = answer.Value, ["state"] = Asked["state"] })).AbsoluteUri;

    private Dictionary<string, object> Discovery()
    {
        var known = new Dictionary<string, object>
        {
            ["issuer"] = OtherIssuer ?? Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize",
            ["token_endpoint"] = Issuer + "/token",
            ["userinfo_endpoint"] = Issuer + "/userinfo",
            ["jwks_uri"] = Issuer + "/keys",
        };
        if (EndsSessions)
        {
            known["end_session_endpoint"] = Issuer + "/end";
        }

        return known;
    }

    private object PublicKey()
    {
        var key = _key.ExportParameters(false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = Name, n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) };
    }

    private HttpResponseMessage Token(Dictionary<string, string> form)
    {
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret
            || !_codes.Remove(form["code"], out var known) || known.RedirectUri != form["redirect_uri"]
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))) != known.Challenge)
        {
            return Json(new { error = "invalid_grant" }, HttpStatusCode.BadRequest);
        }

        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = OtherIssuer ?? Issuer,
            Audience = ClientId,
            Expires = DateTime.UtcNow.AddMinutes(5),
            Claims = Person.Append(KeyValuePair.Create("nonce", (object)(OtherNonce ?? known.Nonce))).ToDictionary(),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key) { KeyId = Name }, SecurityAlgorithms.RsaSha256),
        });
        return Json(new { access_token = "an access token", token_type = "Bearer", expires_in = 300, id_token = token });
    }

    private static HttpResponseMessage Json(object body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
}
