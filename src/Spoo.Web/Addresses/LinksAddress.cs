using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Addresses;

/// <summary>What the list can tell of each link, beside its code and its destination.</summary>
internal enum LinkListColumn
{
    Tags,
    Note,
    Trend,
    Clicks,
    LastClick,
    Created,
    Expires,
}

/// <summary>
/// What the list of links shows, as its address says it. What an address says wrongly counts as not said: the list is there to find
/// something, and shows everything rather than nothing.
/// </summary>
internal sealed record LinksAddress
{
    public static readonly IReadOnlyList<int> Sizes = [10, 20, 50, 100];

    public const int DefaultSize = 20;

    /// <summary>How soon a link ends that "ends soon".</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private const int MaxSearchLength = 500;

    private static readonly Dictionary<LinkOrder, string> Orders = new()
    {
        [LinkOrder.CreatedAt] = "created",
        [LinkOrder.TotalClicks] = "clicks",
        [LinkOrder.LastClick] = "last_click",
        [LinkOrder.ShortCode] = "code",
    };

    private static readonly Dictionary<LinkListColumn, string> ColumnNames = new()
    {
        [LinkListColumn.Tags] = "tags",
        [LinkListColumn.Note] = "note",
        [LinkListColumn.Trend] = "trend",
        [LinkListColumn.Clicks] = "clicks",
        [LinkListColumn.LastClick] = "last_click",
        [LinkListColumn.Created] = "created",
        [LinkListColumn.Expires] = "expires",
    };

    /// <summary>Stands for no column at all.</summary>
    private const string NoColumns = "none";

    /// <summary>Stands for the installation's own domain.</summary>
    public const string OwnDomainWord = "own";

    public static IReadOnlyList<LinkListColumn> DefaultColumns { get; } =
        [LinkListColumn.Tags, LinkListColumn.Trend, LinkListColumn.Clicks, LinkListColumn.LastClick, LinkListColumn.Created];

    public static LinksAddress Start { get; } = new();

    public string? Search { get; init; }

    public LinkStatus? Status { get; init; }

    public string? Tag { get; init; }

    /// <summary>A host, or <see cref="OwnDomainWord"/>. Null: whichever.</summary>
    public string? Domain { get; init; }

    public bool? HasPassword { get; init; }

    public bool? HasLimit { get; init; }

    public bool EndsSoon { get; init; }

    public bool? IsPrivate { get; init; }

    /// <summary>Whether those are shown that were archived, and no others.</summary>
    public bool IsArchived { get; init; }

    /// <summary>Exactly this destination, also of archived links.</summary>
    public string? LongUrl { get; init; }

    public LinkOrder Order { get; init; }

    public bool Descending { get; init; } = true;

    /// <summary>From 1 on.</summary>
    public int Page { get; init; } = 1;

    public int Size { get; init; } = DefaultSize;

    /// <summary>Each column once, in their order, as the address writes them. Null: the usual ones.</summary>
    public string? ColumnList { get; init; }

    public IReadOnlyList<LinkListColumn> Columns => ColumnList is null
        ? DefaultColumns
        : [.. ColumnNames.Where(column => ColumnList.Split(',').Contains(column.Value)).Select(column => column.Key)];

    /// <summary>The open dialog: new, edit, delete, qr, bulk-expiry, bulk-delete or save. Null: none.</summary>
    public string? Dialog { get; init; }

    /// <summary>The code of the dialog's link.</summary>
    public string? DialogLink { get; init; }

    /// <summary>The list alone.</summary>
    public LinksAddress Closed => this with { Dialog = null, DialogLink = null };

    /// <summary>The same order, and all links.</summary>
    public LinksAddress Unfiltered => new() { Order = Order, Descending = Descending, Size = Size, ColumnList = ColumnList };

    public bool IsFiltered => Unfiltered != Closed with { Page = 1 };

    public string Url => Print(SpooUrls.Links, all: true);

    /// <summary>The file with the links that are shown, on all pages.</summary>
    public string ExportUrl => Print(SpooUrls.LinksExport, all: false);

    public static LinksAddress Parse(string query)
    {
        var fields = QueryHelpers.ParseQuery(query);
        var search = Text("q");
        var order = Orders.FirstOrDefault(entry => entry.Value == Text("sort")).Key;
        return new LinksAddress
        {
            Search = search?.Length > MaxSearchLength ? search[..MaxSearchLength] : search,
            Status = Enum.TryParse<LinkStatus>(Text("status"), ignoreCase: true, out var status) && Enum.IsDefined(status) && !char.IsAsciiDigit(Text("status")![0])
                ? status : null,
            Tag = LinkTag.TryParse(Text("tag"), out var tag) ? tag : null,
            Domain = Text("domain") is { } domain ? DomainHosts.Parse(domain) : null,
            HasPassword = Flag("password"),
            HasLimit = Flag("limit"),
            EndsSoon = Flag("ending") == true,
            IsPrivate = Flag("private"),
            IsArchived = Flag("archived") == true,
            LongUrl = Text("url") is { Length: <= Link.MaxLongUrlLength } url ? url : null,
            Order = order,
            Descending = Text("order") switch
            {
                "asc" => false,
                "desc" => true,
                _ => StartsDescending(order),
            },
            Page = Whole("page") is { } page and > 0 ? page : 1,
            Size = Whole("size") is { } size && Sizes.Contains(size) ? size : DefaultSize,
            ColumnList = Text("columns") is { } columns ? Written(ColumnNames.Where(column => columns.Split(',').Contains(column.Value)).Select(column => column.Key)) : null,
            Dialog = Text("dialog"),
            DialogLink = Text("link"),
        };

        string? Text(string name) => fields.TryGetValue(name, out var value) && value.ToString().Trim() is { Length: > 0 } text ? text : null;

        bool? Flag(string name) => Text(name) switch
        {
            "yes" => true,
            "no" => false,
            _ => null,
        };

        int? Whole(string name) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>Whether a column is more use with its largest values first.</summary>
    public static bool StartsDescending(LinkOrder order) => order != LinkOrder.ShortCode;

    public LinksAddress Sorted(LinkOrder order) => Closed with
    {
        Order = order,
        Descending = order == Order ? !Descending : StartsDescending(order),
        Page = 1,
    };

    /// <summary>The same list with one more column, or one less.</summary>
    public LinksAddress Toggled(LinkListColumn column) => Closed with
    {
        ColumnList = Written(Columns.Contains(column) ? Columns.Where(other => other != column) : Columns.Append(column)),
    };

    public LinksAddress Opening(string dialog, string? link = null) => this with { Dialog = dialog, DialogLink = link };

    public LinkSelection Selection(string ownerId, DateTimeOffset now) => new()
    {
        OwnerId = ownerId,
        Search = Search,
        Status = Status,
        Tag = Tag,
        Domain = Domain == OwnDomainWord ? "" : Domain,
        HasPassword = HasPassword,
        HasMaxClicks = HasLimit,
        HasPrivateStats = IsPrivate,
        IsArchived = LongUrl is not null && !IsArchived ? null : IsArchived,
        LongUrl = LongUrl,
        EndingBy = EndsSoon ? now + Soon : null,
        Order = Order,
        Descending = Descending,
        Skip = (int)Math.Min((Page - 1L) * Size, int.MaxValue),
        Take = Size,
    };

    private static string? Written(IEnumerable<LinkListColumn> columns)
    {
        var names = columns.Order().Select(column => ColumnNames[column]).ToList();
        return names.SequenceEqual(DefaultColumns.Select(column => ColumnNames[column])) ? null : names.Count == 0 ? NoColumns : string.Join(',', names);
    }

    private string Print(string path, bool all)
    {
        var fields = new List<KeyValuePair<string, string?>>();
        Add("q", Search);
        Add("status", Status?.ToString().ToLowerInvariant());
        Add("tag", Tag);
        Add("domain", Domain);
        Add("password", Word(HasPassword));
        Add("limit", Word(HasLimit));
        Add("ending", EndsSoon ? "yes" : null);
        Add("private", Word(IsPrivate));
        Add("archived", IsArchived ? "yes" : null);
        Add("url", LongUrl);
        if (all)
        {
            Add("sort", Order == LinkOrder.CreatedAt ? null : Orders[Order]);
            Add("order", Descending == StartsDescending(Order) ? null : Descending ? "desc" : "asc");
            Add("page", Page == 1 ? null : Page.ToString(CultureInfo.InvariantCulture));
            Add("size", Size == DefaultSize ? null : Size.ToString(CultureInfo.InvariantCulture));
            Add("columns", ColumnList);
            Add("dialog", Dialog);
            Add("link", DialogLink);
        }

        return QueryHelpers.AddQueryString(path, fields);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                fields.Add(new(name, value));
            }
        }

        static string? Word(bool? flag) => flag is null ? null : flag.Value ? "yes" : "no";
    }
}
