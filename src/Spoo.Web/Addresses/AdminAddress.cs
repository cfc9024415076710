using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Spoo.Web.Addresses;

/// <summary>What a page of the administration shows, as its address says it. What an address says wrongly counts as not said.</summary>
internal sealed record AdminAddress
{
    public const int PageSize = 20;

    public const string People = SpooUrls.Admin;
    public const string Links = SpooUrls.Admin + "/links";
    public const string Domains = SpooUrls.Admin + "/domains";
    public const string Reports = SpooUrls.Admin + "/reports";
    public const string Settings = SpooUrls.Admin + "/settings";
    public const string System = SpooUrls.Admin + "/system";
    public const string Audit = SpooUrls.Admin + "/audit";
    public const string AuditExport = SpooUrls.Admin + "/audit.csv";

    private const int MaxTextLength = 300;

    /// <summary>Which page it is.</summary>
    public required string Path { get; init; }

    public string? Search { get; init; }

    /// <summary>Where it is searched. Null: where the page searches first.</summary>
    public string? In { get; init; }

    /// <summary>Which of all are shown. Null: all.</summary>
    public string? Show { get; init; }

    /// <summary>By what the list is in order. Null: as the page begins.</summary>
    public string? Sort { get; init; }

    public bool Ascending { get; init; }

    /// <summary>From 1 on.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Which dialog is open. Null: none.</summary>
    public string? Dialog { get; init; }

    /// <summary>What the dialog is about.</summary>
    public string? Subject { get; init; }

    public AdminAddress Closed => this with { Dialog = null, Subject = null };

    public int Skip => (Page - 1) * PageSize;

    public string Url => Print(Path);

    /// <summary>The file with what is shown, on all pages.</summary>
    public string ExportUrl => (Closed with { Page = 1 }).Print(AuditExport);

    public static AdminAddress Parse(string path, string query)
    {
        var fields = QueryHelpers.ParseQuery(query);
        return new AdminAddress
        {
            Path = path,
            Search = Text("q"),
            In = Text("in"),
            Show = Text("show"),
            Sort = Text("sort"),
            Ascending = Text("order") == "asc",
            Page = int.TryParse(Text("page"), NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page is > 0 and <= 1_000_000 ? page : 1,
            Dialog = Text("dialog"),
            Subject = Text("subject"),
        };

        string? Text(string name) =>
            fields.TryGetValue(name, out var values) && values[^1] is { Length: > 0 and <= MaxTextLength } text ? text : null;
    }

    /// <summary>The same list in this order; in the other direction where it is in this order.</summary>
    public AdminAddress Sorted(string sort) => Closed with { Sort = sort, Ascending = Sort == sort && !Ascending, Page = 1 };

    public AdminAddress Opening(string dialog, string? subject = null) => this with { Dialog = dialog, Subject = subject };

    private string Print(string path)
    {
        var fields = new Dictionary<string, string?>
        {
            ["q"] = Search,
            ["in"] = In,
            ["show"] = Show,
            ["sort"] = Sort,
            ["order"] = Ascending ? "asc" : null,
            ["page"] = Page > 1 ? Page.ToString(CultureInfo.InvariantCulture) : null,
            ["dialog"] = Dialog,
            ["subject"] = Subject,
        };
        return QueryHelpers.AddQueryString(path, fields.Where(field => field.Value is not null));
    }
}
