using System.CommandLine;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Mail;

namespace Spoo.Web.Commands;

/// <summary><c>users add</c>, <c>reset</c> and <c>confirm</c>: what whoever runs the server does for people, without the pages and without mail.</summary>
internal static class UserCommands
{
    public static Command All() => new("users", "Accounts of people") { Add(), Reset(), Confirm() };

    /// <summary>The account of this address.</summary>
    /// <exception cref="SettingException">There is none.</exception>
    public static async Task<SpooUser> FindAsync(IServiceProvider services, string email) =>
        await services.GetRequiredService<UserManager<SpooUser>>().FindByEmailAsync(email)
        ?? throw new SettingException($"nobody here has the e-mail address '{email}'; ./run users add {email} makes the account");

    private static Command Add()
    {
        var email = new Argument<string>("EMAIL") { Description = "With what the person signs in" };
        var password = new Option<string>("--password")
        {
            Description = "At least 8 characters; without this option it is asked for, or read from standard input",
            HelpName = "PASSWORD",
        };
        var command = new Command("add", "Makes an account") { email, password };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var address = parsed.GetRequiredValue(email);
                var users = services.GetRequiredService<UserManager<SpooUser>>();
                var user = SpooUser.New(address, services.GetRequiredService<TimeProvider>().GetUtcNow());

                // An operator who may run commands here vouches for the address.
                user.EmailConfirmed = true;
                var made = await users.CreateAsync(user, parsed.GetValue(password) ?? ReadPassword(address));
                if (!made.Succeeded)
                {
                    // The name of a user is the address, so that everything wrong with it would be said twice.
                    var reasons = made.Errors.Where(error => made.Errors.Count() == 1 || !error.Code.EndsWith("UserName", StringComparison.Ordinal));
                    throw new SettingException(string.Join(" ", reasons.Select(error => error.Description)));
                }

                await services.GetRequiredService<Administrators>().MakeFirstAsync(user.Id, cancellationToken);
                Console.WriteLine($"{address} can sign in now.");
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static Command Reset()
    {
        var email = new Argument<string>("EMAIL") { Description = "Whose password is forgotten" };
        var command = new Command("reset", "Prints an address, alone on the last line, at which a new password is chosen; it works once, for a day") { email };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await FindAsync(services, parsed.GetRequiredValue(email));
                var path = await AccountMails.NewPasswordPathAsync(services.GetRequiredService<UserManager<SpooUser>>(), user);
                var server = services.GetRequiredService<ShorteningOptions>().PublicUrl?.TrimEnd('/');
                Console.WriteLine(server is null
                    ? $"For {user.Email}: behind the address of this server, for a day and once. Give it to nobody else."
                    : $"For {user.Email}, for a day and once. Give it to nobody else.");
                Console.WriteLine(server + path);
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static Command Confirm()
    {
        var email = new Argument<string>("EMAIL") { Description = "Whose address you vouch for" };
        var command = new Command("confirm", "Confirms the e-mail address of an account, where no mail can do that") { email };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await FindAsync(services, parsed.GetRequiredValue(email));
                user.EmailConfirmed = true;
                await services.GetRequiredService<UserManager<SpooUser>>().UpdateAsync(user);
                Console.WriteLine($"{user.Email} is confirmed.");
                return 0;
            },
            cancellationToken));
        return command;
    }

    private static string ReadPassword(string email)
    {
        if (Console.IsInputRedirected)
        {
            return Console.ReadLine() is { Length: > 0 } line
                ? line
                : throw new SettingException("no password: give it with --password or on standard input");
        }

        var password = Ask($"Password of {email}: ");
        return Ask("Once more: ") == password ? password : throw new SettingException("the two passwords differ");
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var answer = new List<char>();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                answer.RemoveRange(Math.Max(answer.Count - 1, 0), Math.Min(answer.Count, 1));
            }
            else if (!char.IsControl(key.KeyChar))
            {
                answer.Add(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return new string([.. answer]);
    }
}
