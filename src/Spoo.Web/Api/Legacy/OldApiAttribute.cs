using Microsoft.AspNetCore.Http.Features;
using Spoo.Web.Addresses;

namespace Spoo.Web.Api.Legacy;

/// <summary>A call of spoo.me's old API of forms, which stands at addresses that pages have as well.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OldApiAttribute : Attribute, ISharesAddress
{
    /// <summary>The field by which a page's form says which form it is.</summary>
    private const string NameOfForm = "_handler";

    public static bool IsOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<OldApiAttribute>() is not null;

    public async ValueTask<bool> IsForProgramAsync(HttpRequest request)
    {
        var wantsJson = request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        return wantsJson || (HttpMethods.IsPost(request.Method) && (!request.HasFormContentType || !await IsOfPageAsync(request)));
    }

    private static async Task<bool> IsOfPageAsync(HttpRequest request)
    {
        if (request.ContentLength > ApiErrors.MaxBodyLength)
        {
            return false;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ApiErrors.MaxBodyLength;
        }

        return (await OldFields.FormOfAsync(request))?.ContainsKey(NameOfForm) == true;
    }
}
