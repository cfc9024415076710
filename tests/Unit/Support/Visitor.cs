using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Spoo.Tests.Support;

/// <summary>A person with a browser that keeps cookies and knows no scripts: opens pages, fills in forms, follows where they lead.</summary>
/// <param name="host">Scheme and host, as the browser has them.</param>
internal sealed class Visitor(SpooApp app, string host = "http://localhost")
{
    private static readonly HtmlParser Parser = new();

    private HttpClient? _client;
    private readonly List<string> _cookiesSet = [];
    private string _address = "/";

    public HttpClient Client => _client ??= app.CreateDefaultClient(new Uri(host), new Browser(_cookiesSet));

    /// <summary>Every cookie that was set so far, with its attributes.</summary>
    public IReadOnlyList<string> CookiesSet => _cookiesSet;

    /// <summary>The page that is open.</summary>
    public IHtmlDocument Page { get; private set; } = Parser.ParseDocument("");

    public int Status { get; private set; }

    /// <summary>Path and query of the page that is open.</summary>
    public string Address => _address;

    /// <summary>Where on another site the last answer leads, which is not followed. Null: nowhere.</summary>
    public Uri? Elsewhere { get; private set; }

    /// <summary>Where the page leads by itself after a while. Null: nowhere.</summary>
    public Uri? Refresh { get; private set; }

    /// <summary>What the page says, without its markup.</summary>
    public string Text => string.Join(' ', Page.Body!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public async Task OpenAsync(string address) => await ReadAsync(await Client.GetAsync(address, TestContext.Current.CancellationToken));

    /// <summary>Sends the form of this name, with what stands in it and these values over it.</summary>
    public async Task SendAsync(string form, params (string Name, string Value)[] values)
    {
        var hidden = Page.QuerySelectorAll<IHtmlInputElement>("input[name=_handler]").SingleOrDefault(input => input.Value == form)
            ?? throw new InvalidOperationException($"no form '{form}' at {_address}: {Text}");
        var fields = hidden.Form!.QuerySelectorAll("input, select")
            .Select(field => (Name: field.GetAttribute("name"), Value: field is IHtmlSelectElement select ? select.Value : field.GetAttribute("value") ?? "", Field: field))
            .Where(field => field.Name is not null && field.Field is not IHtmlInputElement { Type: "checkbox", IsChecked: false })
            .GroupBy(field => field.Name!)
            .ToDictionary(group => group.Key, group => group.First().Value);
        foreach (var (name, value) in values)
        {
            fields[name] = value;
        }

        using var content = new FormUrlEncodedContent(fields);
        await ReadAsync(await Client.PostAsync(_address, content, TestContext.Current.CancellationToken));
    }

    /// <summary>Pushes a button that sends nothing.</summary>
    public async Task PostAsync(string address)
    {
        using var nothing = new FormUrlEncodedContent([]);
        await ReadAsync(await Client.PostAsync(address, nothing, TestContext.Current.CancellationToken));
    }

    public async Task SignInAsync(SpooUserAndPassword who, bool remember = false)
    {
        await OpenAsync("/account/login");
        await SendAsync("login", ("Input.Email", who.Email), ("Input.Password", who.Password), ("Input.Remember", remember ? "true" : "false"));
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        Status = (int)answer.StatusCode;
        _address = answer.RequestMessage!.RequestUri!.PathAndQuery;
        Elsewhere = Status is >= 300 and < 400 ? answer.Headers.Location : null;
        Refresh = answer.Headers.TryGetValues("Refresh", out var refresh) ? new Uri(refresh.Single().Split("url=", 2)[1]) : null;
        Page = Parser.ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Follows redirects and keeps cookies, and remembers what was set, which the framework's own handlers do not tell.</summary>
    private sealed class Browser(List<string> cookiesSet) : DelegatingHandler
    {
        private const int MostRedirects = 10;

        private readonly CookieContainer _jar = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await SendOneAsync(request, cancellationToken);
            for (var i = 0; i < MostRedirects && answer.Headers.Location is { } location && (int)answer.StatusCode is >= 300 and < 400; i++)
            {
                var next = new HttpRequestMessage(HttpMethod.Get, new Uri(request.RequestUri!, location));
                foreach (var (name, values) in request.Headers.Where(header => header.Key != "Cookie"))
                {
                    next.Headers.TryAddWithoutValidation(name, values);
                }

                // Another site is not ours to follow.
                if (next.RequestUri!.Host != request.RequestUri!.Host)
                {
                    break;
                }

                request = next;
                answer = await SendOneAsync(request, cancellationToken);
            }

            return answer;
        }

        private async Task<HttpResponseMessage> SendOneAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_jar.GetCookieHeader(request.RequestUri!) is { Length: > 0 } cookies)
            {
                request.Headers.Remove("Cookie");
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            var answer = await base.SendAsync(request, cancellationToken);
            answer.RequestMessage = request;
            if (answer.Headers.TryGetValues("Set-Cookie", out var set))
            {
                foreach (var cookie in set)
                {
                    cookiesSet.Add(cookie);
                    _jar.SetCookies(request.RequestUri!, cookie);
                }
            }

            return answer;
        }
    }
}

internal sealed record SpooUserAndPassword(string Email, string Password);
