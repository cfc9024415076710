using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Spoo.Data.Database;
using Spoo.Data;
using Spoo.Data.Links;
using Spoo.Data.Stats.Question;
using Spoo.Web.Addresses;
using Spoo.Web.Components.Shared;
using Spoo.Web.Identity;
using Spoo.Web.Limits;
using Spoo.Web.Wire;

namespace Spoo.Web.Components.Public;

/// <summary>
/// The numbers of one link for everybody, unless its owner keeps them private. Drawn on the server and complete without any script;
/// it never has a circuit.
/// </summary>
public sealed partial class PublicPage : ComponentBase
{
    private PublicView? _view;
    private Embedding? _embedding;
    private Link? _link;
    private Refusal? _refusal;
    private bool _failed;
    private bool _asksPassword;
    private bool _wasWrong;
    private bool _triedTooOften;

    [Inject]
    public required LinkService Links { get; set; }

    [Inject]
    public required StatsQueryParser Parser { get; set; }

    [Inject]
    public required ShorteningOptions Options { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    internal PublicReports Reports { get; set; } = null!;

    [Inject]
    internal PasswordProof Proof { get; set; } = null!;

    [Inject]
    internal LinkPasswordAttempts Attempts { get; set; } = null!;

    [Inject]
    public required ILogger<PublicPage> Logger { get; set; }

    [CascadingParameter]
    public required HttpContext Http { get; set; }

    [CascadingParameter(Name = "ViewerZone")]
    public TimeZoneInfo ViewerZone { get; set; } = TimeZones.Utc;

    [Parameter]
    public required string Code { get; set; }

    /// <summary>The link's, for people.</summary>
    private string Name => LinkName.Parse(Code)?.ToString() ?? Code;

    /// <summary>The address asked for, within this site.</summary>
    private string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    protected override async Task OnInitializedAsync()
    {
        PublicHeaders.PutOn(Http);
        try
        {
            await ShowAsync(Http.RequestAborted);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            PageLog.NotCounted(Logger, exception);
            Fail(RetryHeader.Store);
        }
    }

    private void Fail(string retryAfter)
    {
        _failed = true;
        Http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Http.Response.Headers.RetryAfter = retryAfter;
    }

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        var viewer = Http.User.Viewer();
        _link = Http.Features.Get<Link>() ?? await Links.FindWithStatsAsync(Code, viewer, cancellationToken);
        if (_link is null)
        {
            // Also for private statistics: to strangers the two are the same.
            Navigation.NotFound();
            return;
        }

        var isOwner = _link.IsOwnedBy(viewer);
        _embedding = Embedding.Of(Http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        if (_link.PasswordHash is not null && !isOwner)
        {
            PublicHeaders.KeepOutOfCaches(Http);
            if (!Proof.IsIn(Http, _link.Id, _link.PasswordHash))
            {
                _asksPassword = true;
                return;
            }
        }

        if (!DashboardAddress.TryParse(Parser, Navigation.Below(), ViewerZone, out var address, out _refusal))
        {
            Http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        _view = await Reports.AskAsync(address, _link, SpooUrls.ShortLink(Http.Request, Options, _link.Name), isOwner);
        if (_view.Refusal is { Kind: RefusalKind.Busy } busy)
        {
            _refusal = busy;
            Fail(RetryHeader.Of(busy.RetryAfter ?? StoreFailure.RetryAfter));
        }
    }

    private async Task UnlockAsync(string? password)
    {
        var answer = await Task.Run(() => Attempts.Try(_link!.Id, _link.PasswordHash!, password ?? "", Http.Connection.RemoteIpAddress));
        if (answer.RetryAfter is { } wait)
        {
            _triedTooOften = true;
            Http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Http.Response.Headers.RetryAfter = RetryHeader.Of(wait);
        }
        else if (answer.IsRight)
        {
            Proof.Give(Http, "/" + SpooUrls.PublicStats(_link!.Name), _link.Id, _link.PasswordHash);
            Navigation.NavigateTo(Address);
        }
        else
        {
            _wasWrong = true;
        }
    }
}
