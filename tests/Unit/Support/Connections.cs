using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Spoo.Tests.Support;

/// <summary>Connections in the test host come from nowhere; this says from where.</summary>
internal sealed class Connections(Func<string> address) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, rest) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(address());
            return rest(context);
        });
        next(app);
    };
}
