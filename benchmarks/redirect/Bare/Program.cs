// The least that ASP.NET Core can do for a redirect: the same status, no link, no click.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.Run(context =>
{
    context.Response.StatusCode = StatusCodes.Status302Found;
    context.Response.Headers.Location = "https://example.com/page";
    context.Response.ContentLength = 0;
    return Task.CompletedTask;
});
app.Run();
