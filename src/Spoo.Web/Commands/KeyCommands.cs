using System.CommandLine;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Web.Commands;

/// <summary><c>keys add</c>: an API key for a program.</summary>
internal static class KeyCommands
{
    /// <summary>Enough to read everything and change nothing.</summary>
    private static readonly string[] DefaultScopes = [ApiKeyScope.StatsRead, ApiKeyScope.UrlsRead];

    private static readonly char[] Separators = [',', ' '];

    public static Command All() => new("keys", "API keys for programs") { Add() };

    private static Command Add()
    {
        var email = new Argument<string>("EMAIL") { Description = "For whom the program acts" };
        var scopes = new Option<string[]>("--scopes")
        {
            Description = $"What the key may do: {string.Join(", ", ApiKeyScope.All)} [default: {string.Join(' ', DefaultScopes)}]",
            HelpName = "SCOPE",
            AllowMultipleArgumentsPerToken = true,
        }.NotEmpty();
        var name = new Option<string>("--name")
        {
            Description = "What its owner knows the key by",
            HelpName = "NAME",
            DefaultValueFactory = _ => "command line",
        };
        var command = new Command("add", "Makes an API key and prints it, alone on the last line; it is not shown again") { email, scopes, name };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var granted = Scopes(parsed.GetValue(scopes));
                var keyName = parsed.GetRequiredValue(name).Trim();
                if (keyName.Length is 0 or > ApiKey.MaxNameLength)
                {
                    throw new SettingException($"--name must have 1 to {ApiKey.MaxNameLength} characters");
                }

                var owner = await UserCommands.FindAsync(services, parsed.GetRequiredValue(email));
                var (_, token) = await services.GetRequiredService<ApiKeyService>()
                    .CreateAsync(owner.Id, keyName, granted, cancellationToken: cancellationToken);
                Console.WriteLine($"A key of {owner.Email} for {string.Join(", ", granted)}. It is not shown again:");
                Console.WriteLine(token);
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static List<string> Scopes(string[]? asked)
    {
        var scopes = (asked is null or [] ? DefaultScopes : asked)
            .SelectMany(text => text.Split(Separators, StringSplitOptions.RemoveEmptyEntries))
            .Distinct()
            .ToList();
        return scopes.Find(scope => !ApiKeyScope.All.Contains(scope)) is { } unknown
            ? throw new SettingException($"unknown scope '{unknown}'; there are {string.Join(", ", ApiKeyScope.All)}")
            : scopes;
    }
}
