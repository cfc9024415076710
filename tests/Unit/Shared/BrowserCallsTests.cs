using Microsoft.JSInterop;
using Spoo.Web.Components.Shared;

namespace Spoo.Tests.Shared;

public sealed class BrowserCallsTests
{
    [Fact]
    public async Task A_page_that_is_left_while_it_calls_its_script_ends_without_a_fault()
    {
        var left = DotNetObjectReference.Create(new object());
        left.Dispose();

        await new Browser().TryInvokeVoidAsync("watch", left);
    }

    /// <summary>Hands arguments on as the real one does.</summary>
    private sealed class Browser : JSRuntime
    {
        protected override void BeginInvokeJS(long taskId, string identifier, string? argsJson, JSCallResultType resultType, long targetInstanceId) => throw new NotSupportedException(argsJson);

        protected override void BeginInvokeJS(in Microsoft.JSInterop.Infrastructure.JSInvocationInfo invocationInfo) => throw new NotSupportedException(invocationInfo.ArgsJson);

        protected override void EndInvokeDotNet(Microsoft.JSInterop.Infrastructure.DotNetInvocationInfo invocationInfo, in Microsoft.JSInterop.Infrastructure.DotNetInvocationResult invocationResult) => throw new NotSupportedException();
    }
}
