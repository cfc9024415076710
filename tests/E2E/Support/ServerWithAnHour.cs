using Spoo.Tests.Support;

namespace Spoo.Stories.Support;

/// <summary>A server with two accounts: one has an hour of clicks (<see cref="HourOfClicks"/>), the other nothing.</summary>
public sealed class ServerWithAnHour : IAsyncLifetime
{
    public SpooServer Server { get; } = new();

    public Account Owner { get; private set; } = null!;

    public Account Newcomer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Newcomer = await Account.NewAsync(Server);
        Owner = await Account.NewAsync(Server);
        await using var folder = new TemporaryFolder();
        await Owner.ImportAsync(Server, HourOfClicks.WriteTo(folder.Path));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
