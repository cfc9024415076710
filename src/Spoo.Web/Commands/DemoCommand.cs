using System.CommandLine;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Demo;
using Spoo.Web.Words;

namespace Spoo.Web.Commands;

/// <summary><c>demo</c>: an account that shows what a full dashboard looks like.</summary>
internal static class DemoCommand
{
    public const string Name = "demo";

    private const string PasswordLetters = "23456789abcdefghjkmnpqrstuvwxyz";

    private static readonly Option<bool> FillOnly = new("--fill-only") { Description = "Fills the account and does not serve" };

    public static Command Make()
    {
        var clicks = new Option<int?>("--clicks")
        {
            Description = FormattableString.Invariant($"How many clicks, more or less [default: {DemoAccount.DefaultClicks}]"),
            HelpName = "N",
        };
        var seed = new Option<long?>("--seed")
        {
            Description = FormattableString.Invariant($"Another number gives other clicks [default: {DemoAccount.DefaultSeed}]"),
            HelpName = "N",
        };
        var anew = new Option<bool>("--again") { Description = "Empties the demo account first" };
        var command = new Command(Name, "Fills a demo account with two years of generated clicks, then serves; doing it again adds the days since")
        {
            clicks, seed, anew, FillOnly,
        };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                await FillAsync(services, parsed.GetValue(clicks), parsed.GetValue(seed), parsed.GetValue(anew), cancellationToken);
                return 0;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Whether the server is to start when the command is done.</summary>
    public static bool ServesAfterwards(ParseResult parsed) => parsed.CommandResult.Command.Name == Name && !parsed.GetValue(FillOnly);

    private static async Task FillAsync(IServiceProvider services, int? clicks, long? seed, bool anew, CancellationToken cancellationToken)
    {
        if (clicks is < 1 or > DemoAccount.MostClicks)
        {
            throw new SettingException(FormattableString.Invariant($"--clicks must be from 1 to {DemoAccount.MostClicks}"));
        }

        var users = services.GetRequiredService<UserManager<SpooUser>>();
        var demo = services.GetRequiredService<DemoAccount>();
        var user = await users.FindByEmailAsync(DemoAccount.Email);
        var claim = user is null ? null : (await users.GetClaimsAsync(user)).FirstOrDefault(claim => claim.Type == DemoAccount.Claim);
        if (user is not null && claim is null)
        {
            throw new SettingException($"{DemoAccount.Email} is somebody's own account, and stays as it is");
        }

        var filled = claim is null || anew ? null : DemoAccount.Parse(claim.Value);
        if (filled is { } before && ((seed ?? before.Seed) != before.Seed || (clicks ?? before.Clicks) != before.Clicks))
        {
            throw new SettingException(FormattableString.Invariant(
                $"the demo account was filled with --clicks {before.Clicks} --seed {before.Seed}; --again empties it first"));
        }

        if (user is null)
        {
            user = SpooUser.New(DemoAccount.Email, services.GetRequiredService<TimeProvider>().GetUtcNow());
            user.EmailConfirmed = true;
            Require(await users.CreateAsync(user));
            await services.GetRequiredService<Administrators>().MakeFirstAsync(user.Id, cancellationToken);
        }

        if (filled is null)
        {
            await demo.EmptyAsync(user.Id, cancellationToken);
            var value = demo.NewClaim(seed ?? DemoAccount.DefaultSeed, clicks ?? DemoAccount.DefaultClicks);
            Require(claim is null
                ? await users.AddClaimAsync(user, new Claim(DemoAccount.Claim, value))
                : await users.ReplaceClaimAsync(user, claim, new Claim(DemoAccount.Claim, value)));
            filled = DemoAccount.Parse(value);
        }

        // A password that everybody knows would let everybody make links on a server that others can reach.
        var password = RandomNumberGenerator.GetString(PasswordLetters, 12);
        if (await users.HasPasswordAsync(user))
        {
            Require(await users.RemovePasswordAsync(user));
        }

        Require(await users.AddPasswordAsync(user, password));

        var (theSeed, theClicks, first) = filled!.Value;
        var progress = new ProgressLine(null);
        var report = await demo.FillAsync(user.Id, theSeed, theClicks, first, progress, cancellationToken);
        progress.End();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Plurals.InEnglish(report.Stored, "{0} generated click", "{0} generated clicks")} added to the demo account in {report.Elapsed.TotalSeconds:0.0} s; {Plurals.InEnglish(report.AlreadyThere, "{0} was", "{0} were")} there."));
        if (report.BadLines is [var bad, ..])
        {
            Console.WriteLine($"{Plurals.InEnglish(report.Bad, "{0} click was", "{0} clicks were")} left out: {bad.Reason}.");
        }

        Console.WriteLine($"Sign in as {DemoAccount.Email} with the password {password}");
        Console.WriteLine("The clicks are made up, and the pages say so. Another run prints another password.");
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new SettingException(string.Join(" ", result.Errors.Select(error => error.Description)));
        }
    }
}
