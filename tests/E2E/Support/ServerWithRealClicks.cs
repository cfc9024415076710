namespace Spoo.Stories.Support;

/// <summary>A server with two accounts: one has the hour of real clicks, the other nothing.</summary>
public sealed class ServerWithRealClicks : IAsyncLifetime
{
    public SpooServer Server { get; } = new();

    /// <summary>Null: the file of real clicks is not at hand; <see cref="WhyEmpty"/> says where it was looked for.</summary>
    public Account? Owner { get; private set; }

    public Account Newcomer { get; private set; } = null!;

    public static string WhyEmpty => Repository.NoRealClicks;

    public async ValueTask InitializeAsync()
    {
        Newcomer = await Account.NewAsync(Server);
        if (File.Exists(Repository.RealClicks))
        {
            Owner = await Account.NewAsync(Server);
            await Owner.ImportAsync(Server, Repository.RealClicks);
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
