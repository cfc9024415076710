namespace Spoo.Web.Api;

/// <summary>The controllers below <c>/api/v1</c> and the shape of their errors.</summary>
internal static class ApiServices
{
    public static void AddSpooApi(this WebApplicationBuilder builder) => builder.Services.AddControllers();

    public static void UseSpooApiErrors(this WebApplication app)
    {
    }
}
