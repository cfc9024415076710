using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.Logging.Abstractions;
using Spoo.Tests.Support;
using Spoo.Web.Components.Shared;

namespace Spoo.Tests.Shared;

public sealed class ModalTests : ComponentTests
{
    /// <summary>As when what was saved in a dialog leads elsewhere while the library is still drawing it.</summary>
    [Fact]
    public async Task A_dialog_may_be_left_in_the_middle_of_its_being_drawn()
    {
        await using var browser = new DistantBrowser(Services);
        PageWithDialog? page = null;
        await browser.Dispatcher.InvokeAsync(() => browser.ShowAsync<Whole>(new() { [nameof(Whole.ChildContent)] = (RenderFragment)Page }));
        await Eventually.TrueAsync(() => page!.IsContentThere);

        await browser.Dispatcher.InvokeAsync(() => page!.DrawAndLeave());

        await Eventually.TrueAsync(() => !page!.IsContentThere || browser.Errors.Count > 0);
        Assert.Empty(browser.Errors);

        void Page(RenderTreeBuilder builder)
        {
            builder.OpenComponent<PageWithDialog>(0);
            builder.AddComponentReferenceCapture(1, it => page = (PageWithDialog)it);
            builder.CloseComponent();
        }
    }

#pragma warning disable BL0006 // What draws is the subject here, and may change from one version of the framework to the next.
    /// <summary>Says only after a while that it has drawn something, as browsers do at the other end of a line.</summary>
    private sealed class DistantBrowser(IServiceProvider services) : Renderer(services, NullLoggerFactory.Instance)
    {
        public List<Exception> Errors { get; } = [];

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public Task ShowAsync<T>(Dictionary<string, object?> parameters)
            where T : IComponent =>
            RenderRootComponentAsync(AssignRootComponentId(InstantiateComponent(typeof(T))), ParameterView.FromDictionary(parameters));

        protected override void HandleException(Exception exception)
        {
            // It has no elements that could get the focus.
            if (exception.GetBaseException() is not InvalidOperationException)
            {
                Errors.Add(exception);
            }
        }

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => AcknowledgedAsync();

        private static async Task AcknowledgedAsync() => await Task.Yield();
    }
#pragma warning restore BL0006

    private sealed class PageWithDialog : ComponentBase
    {
        private bool _isOpen = true;
        private bool _isLeaving;

        public bool IsContentThere { get; set; }

        public void DrawAndLeave()
        {
            _isLeaving = true;
            StateHasChanged();
        }

        public void OnContentDrawn()
        {
            IsContentThere = true;
            if (_isLeaving)
            {
                _isOpen = false;
                StateHasChanged();
            }
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (_isOpen)
            {
                builder.OpenComponent<Modal>(0);
                builder.AddComponentParameter(1, nameof(Modal.Title), "Title");
                builder.AddComponentParameter(2, nameof(Modal.CloseUrl), "/");
                builder.AddComponentParameter(3, nameof(Modal.ChildContent), (RenderFragment)Content);
                builder.CloseComponent();
            }
        }

        private void Content(RenderTreeBuilder builder)
        {
            builder.OpenComponent<Inside>(0);
            builder.AddComponentParameter(1, nameof(Inside.Page), this);
            builder.CloseComponent();
        }
    }

    private sealed class Inside : ComponentBase, IDisposable
    {
        [Parameter, EditorRequired]
        public required PageWithDialog Page { get; set; }

        public void Dispose() => Page.IsContentThere = false;

        protected override void OnParametersSet() => Page.OnContentDrawn();
    }
}
