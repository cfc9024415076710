using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using MudBlazor;
using MudBlazor.Services;

namespace Spoo.Tests.Support;

/// <summary>Components as a page with a circuit has them: with the controls' library behind them.</summary>
public abstract class ComponentTests : BunitContext
{
    private IRenderedComponent<Whole>? _whole;
    private int _drawn;

    protected ComponentTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
    }

    /// <summary>What an element says, without the white space of its markup.</summary>
    protected static string Words(IElement element) =>
        string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// Draws a component together with what it opens above the page: its dialogs, menus and messages. The next one is drawn in its place,
    /// because there is one such place on a page.
    /// </summary>
    protected IRenderedComponent<Whole> RenderWhole<TComponent>(Action<ComponentParameterCollectionBuilder<TComponent>>? parameters = null)
        where TComponent : IComponent
    {
        if (_whole is null)
        {
            return _whole = Render<Whole>(Draw);
        }

        _whole.Render(Draw);
        return _whole;

        void Draw(ComponentParameterCollectionBuilder<Whole> whole) => whole.Add(it => it.Number, ++_drawn).AddChildContent(parameters ?? (_ => { }));
    }
}

/// <summary>A component between the places in which the library draws what lies above the page.</summary>
public sealed class Whole : ComponentBase
{
    /// <summary>Another number draws the content anew.</summary>
    [Parameter]
    public int Number { get; set; }

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<MudPopoverProvider>(0);
        builder.CloseComponent();
        builder.OpenComponent<MudDialogProvider>(1);

        // A dialog that is left goes a moment after the page that it stood on.
        builder.SetKey((nameof(MudDialogProvider), Number));
        builder.CloseComponent();
        builder.OpenComponent<MudSnackbarProvider>(2);
        builder.CloseComponent();
        builder.OpenComponent<CascadingValue<int>>(3);
        builder.SetKey(Number);
        builder.AddComponentParameter(4, nameof(CascadingValue<int>.Value), Number);
        builder.AddComponentParameter(5, nameof(CascadingValue<int>.ChildContent), ChildContent);
        builder.CloseComponent();
    }
}
