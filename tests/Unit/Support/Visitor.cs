using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Spoo.Tests.Support;

/// <summary>Somebody with a browser that keeps cookies and knows no scripts: opens pages, fills in forms, follows where they lead.</summary>
internal sealed class Visitor(SpooApp app)
{
    private static readonly HtmlParser Parser = new();

    private string _address = "/";

    public HttpClient Client { get; } = app.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = true, AllowAutoRedirect = true });

    /// <summary>The page that is open.</summary>
    public IHtmlDocument Page { get; private set; } = Parser.ParseDocument("");

    public int Status { get; private set; }

    /// <summary>Path and query of the page that is open.</summary>
    public string Address => _address;

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

    public async Task SignInAsync(SpooUserAndPassword who)
    {
        await OpenAsync("/account/login");
        await SendAsync("login", ("Input.Email", who.Email), ("Input.Password", who.Password));
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        Status = (int)answer.StatusCode;
        _address = answer.RequestMessage!.RequestUri!.PathAndQuery;
        Page = Parser.ParseDocument(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

internal sealed record SpooUserAndPassword(string Email, string Password);
