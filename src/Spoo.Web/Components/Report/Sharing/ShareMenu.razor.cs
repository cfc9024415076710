using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Words;

namespace Spoo.Web.Components.Report.Sharing;

/// <summary>Public address and frame of what a link's dashboard shows now, and whether anybody may open them.</summary>
public sealed partial class ShareMenu : ComponentBase
{
    /// <summary>Room for tiles and chart; the tables scroll within the frame.</summary>
    private const int FrameHeight = 500;

    private static readonly string[] Themes = ["system", "light", "dark"];

    private Link? _link;
    private string? _refusal;
    private string _theme = "system";
    private bool _withCards;
    private bool _isTransparent;

    [Inject]
    public required LinkService Links { get; set; }

    [Inject]
    public required ShorteningOptions Options { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>Of a link's own page.</summary>
    [Parameter, EditorRequired]
    public required DashboardAddress Address { get; set; }

    /// <summary>The owner.</summary>
    [Parameter, EditorRequired]
    public required Viewer Viewer { get; set; }

    private DashboardAddress Shown => Address.Public;

    private string PublicUrl => Absolute(Shown.Url);

    // The frame is light, as nearly all pages are: its own theme is inside of it, and a see-through one stays see-through.
    private string Snippet =>
        $"""
        <iframe data-spoo src="{Html(Absolute((Shown with { Embedding = new Embedding { Theme = _theme, HasCards = _withCards, IsTransparent = _isTransparent } }).Url))}" title="{Html(Texts.T("Clicks of {0}", Address.Link))}" width="100%" height="{FrameHeight}" style="border:0;color-scheme:light" loading="lazy"></iframe>
        <script src="{Html(Absolute(SpooUrls.EmbedScript))}" async></script>
        """;

    protected override async Task OnParametersSetAsync()
    {
        if (_link?.Name != Address.Link)
        {
            var link = await Links.FindByNameAsync(Address.Link!, CancellationToken.None);
            _link = link?.IsOwnedBy(Viewer) == true ? link : null;
        }
    }

    private static string NameOfTheme(string? theme) => theme switch
    {
        "light" => Texts.T("Light"),
        "dark" => Texts.T("Dark"),
        _ => Texts.T("of the reader"),
    };

    private string Absolute(string address) => SpooUrls.Absolute(Navigation.BaseUri, Options, address);

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);

    private async Task KeepAsync(bool isPrivate)
    {
        var outcome = await Links.EditAsync(_link!.PublicId, new LinkEdit { PrivateStats = new(isPrivate) }, Viewer, null, CancellationToken.None);
        (_link, _refusal) = outcome switch
        {
            LinkOutcome.Done(var changed) => (changed, null),
            LinkOutcome.Refused(var refusal) => (_link, refusal.Message),
            _ => (_link, null),
        };
    }
}
