using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Identity;
using Spoo.Web.Mail;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>users</c>: what the operator does for people, without the pages and without mail.</summary>
internal static class UserCommands
{
    public static Command All() => new("users", "Accounts of people")
    {
        List(), Show(), Add(), Invite(), Disable(), Enable(), Administrator(), Reset(), SignIn(), Confirm(), Quota(), Delete(), Printed.Json,
    };

    /// <summary>The account of this address.</summary>
    /// <exception cref="SettingException">There is none.</exception>
    public static async Task<SpooUser> FindAsync(IServiceProvider services, string email) =>
        string.IsNullOrWhiteSpace(email) ? throw new SettingException("the e-mail address is empty")
        : await services.GetRequiredService<UserManager<SpooUser>>().FindByEmailAsync(email)
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
                return Printed.Write(parsed, new { user.Id, Email = address }, _ => [$"{address} can sign in now."]);
            },
            cancellationToken));
        return command;
    }

    private static Command Reset()
    {
        var email = new Argument<string>("EMAIL") { Description = "Whose password is forgotten" };
        var twoFactor = new Option<bool>("--two-factor") { Description = "Turns two-factor sign-in off, for somebody who has lost their phone and their recovery codes" };
        var command = new Command("reset", "Prints an address, alone on the last line, at which a new password is chosen; it works once, for a day") { email, twoFactor };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await FindAsync(services, parsed.GetRequiredValue(email));
                if (parsed.GetValue(twoFactor))
                {
                    await services.GetRequiredService<AdminPeople>().TakeTwoFactorOffAsync(user, null, cancellationToken);
                }

                if (!await services.GetRequiredService<PasswordDoor>().IsOpenAsync(cancellationToken))
                {
                    throw new SettingException($"people sign in here without passwords (Accounts:PasswordSignIn=false); ./run users sign-in {user.Email} prints an address that signs them in once");
                }

                await services.GetRequiredService<AuditLog>().RecordAsync(null, AuditAct.PasswordResetOffered, user.Id, null, cancellationToken);
                return PrintLink(parsed, services, user, await AccountMails.NewPasswordPathAsync(services.GetRequiredService<UserManager<SpooUser>>(), user));
            },
            cancellationToken));
        return command;
    }

    private static Command SignIn() => ForOne(
        "sign-in", "Prints an address, alone on the last line, that signs somebody in once, within a day: the way in where a provider is away or the only password is lost", "Whom it signs in", async (services, user, parsed, cancellationToken) =>
        {
            await services.GetRequiredService<AuditLog>().RecordAsync(null, AuditAct.SignInOffered, user.Id, null, cancellationToken);
            return PrintLink(parsed, services, user, await AccountMails.SignInPathAsync(services.GetRequiredService<UserManager<SpooUser>>(), user));
        });

    private static int PrintLink(ParseResult parsed, IServiceProvider services, SpooUser user, string path)
    {
        var server = services.GetRequiredService<ShorteningOptions>().PublicUrl?.TrimEnd('/');
        return Printed.Write(parsed, new { user.Id, user.Email, Address = $"{server}/{path}" }, answer =>
        [
            server is null
                ? $"For {user.Email}: behind the address of this server, for a day and once. Give it to nobody else."
                : $"For {user.Email}, for a day and once. Give it to nobody else.",
            answer.Address,
        ]);
    }

    private static Command Quota()
    {
        var email = new Argument<string>("EMAIL") { Description = "Whose limits" };
        var kind = new Argument<string?>("NAME") { Description = $"Which one: {string.Join(", ", Quotas.Names.Keys)}", Arity = ArgumentArity.ZeroOrOne };
        var value = new Argument<string?>("VALUE") { Description = $"A number, or {Quotas.Unlimited}", Arity = ArgumentArity.ZeroOrOne };
        var reset = new Option<bool>("--reset") { Description = "Takes the limit back: they have what everybody has" };
        var command = new Command("quota", "Shows what a person may have at most, and gives them a limit of their own") { email, kind, value, reset };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var user = await FindAsync(services, parsed.GetRequiredValue(email));
                var quotas = services.GetRequiredService<Quotas>();
                if (parsed.GetValue(kind) is { } name)
                {
                    if (!Quotas.Names.TryGetValue(name, out var named))
                    {
                        throw new SettingException($"there is no quota '{name}'; there are {string.Join(", ", Quotas.Names.Keys)}");
                    }

                    if (parsed.GetValue(value) is null != parsed.GetValue(reset))
                    {
                        throw new SettingException($"say what {name} should be: a number, {Quotas.Unlimited}, or --reset");
                    }

                    Require(await quotas.GiveAsync(user.Id, named, parsed.GetValue(value), null, cancellationToken));
                }

                await services.GetRequiredService<RunningSettings>().ApplyAsync(cancellationToken);
                await quotas.ApplyAsync(cancellationToken);
                var given = await quotas.GivenAsync(user.Id, cancellationToken);
                var all = Quotas.Names.Select(one => new { Name = one.Key, Most = quotas.Most(user.Id, one.Value), IsTheirOwn = given.ContainsKey(one.Value) }).ToList();
                return Printed.Write(parsed, all, rows => rows.Select(row =>
                    $"{row.Name,-16} {row.Most?.ToString(CultureInfo.InvariantCulture) ?? Quotas.Unlimited}{(row.IsTheirOwn ? ", their own" : "")}"));
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
                return Printed.Write(parsed, new { user.Id, user.Email }, _ => [$"{user.Email} is confirmed."]);
            },
            cancellationToken));
        return command;
    }

    private static Command List()
    {
        var search = new Argument<string?>("TEXT") { Description = "Part of the address or the name", Arity = ArgumentArity.ZeroOrOne };
        var most = new Option<int>("--limit") { Description = "How many at most", HelpName = "N", DefaultValueFactory = _ => 100 }.AtLeastOne();
        var command = new Command("list", "Lists people, the newest first") { search, most };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var (people, total) = await services.GetRequiredService<People>().SelectAsync(
                    new PeopleSelection { Search = parsed.GetValue(search), Take = parsed.GetValue(most) }, cancellationToken);
                return Printed.Write(parsed, new { total, people }, answer => answer.people.Select(Line)
                    .Append(total > people.Count ? InEnglish(total - people.Count, "{0} more; --limit shows them.", "{0} more; --limit shows them.") : InEnglish(total, "{0} account.", "{0} accounts.")));
            },
            cancellationToken));
        return command;
    }

    private static Command Show() => ForOne("show", "Shows what there is about somebody", "Whose account", async (services, user, parsed, cancellationToken) =>
        Printed.Write(parsed, (await services.GetRequiredService<People>().FindAsync(user.Id, cancellationToken))!, person =>
        [
            Line(person),
            string.Create(CultureInfo.InvariantCulture, $"made {person.CreatedAt.UtcDateTime:yyyy-MM-dd}, e-mail {(person.EmailConfirmed ? "confirmed" : "not confirmed")}, two-factor sign-in {(person.HasTwoFactor ? "on" : "off")}, {InEnglish(person.Keys, "{0} key", "{0} keys")}"),
        ]));

    private static Command Disable() => ForOne("disable", "Keeps somebody out: signed out everywhere, with keys that open nothing; their links go on", "Who", async (services, user, parsed, cancellationToken) =>
    {
        Require(await services.GetRequiredService<Administrators>().DisableAsync(user.Id, null, cancellationToken));
        return Printed.Write(parsed, new { user.Id, user.Email }, _ => [$"{user.Email} is kept out."]);
    });

    private static Command Enable() => ForOne("enable", "Lets somebody in again who was kept out", "Who", async (services, user, parsed, cancellationToken) =>
    {
        await services.GetRequiredService<Administrators>().EnableAsync(user.Id, null, cancellationToken);
        return Printed.Write(parsed, new { user.Id, user.Email }, _ => [$"{user.Email} can sign in."]);
    });

    private static Command Administrator()
    {
        var off = new Option<bool>("--off") { Description = "Makes them an ordinary person again" };
        var command = ForOne("admin", "Lets somebody look after the server", "Who", async (services, user, parsed, cancellationToken) =>
        {
            var administrators = services.GetRequiredService<Administrators>();
            if (parsed.GetValue(off))
            {
                Require(await administrators.UnmakeAsync(user.Id, null, cancellationToken));
                return Printed.Write(parsed, new { user.Id, user.Email, IsAdministrator = false }, _ => [$"{user.Email} is an ordinary person."]);
            }

            await administrators.MakeAsync(user.Id, null, cancellationToken);
            return Printed.Write(parsed, new { user.Id, user.Email, IsAdministrator = true }, _ => [$"{user.Email} is an administrator."]);
        });
        command.Add(off);
        return command;
    }

    private static Command Delete()
    {
        var sure = new Option<bool>("--yes") { Description = "Yes, with all links and clicks, and for good" };
        var command = ForOne("delete", "Deletes somebody's account with everything of it", "Whose account", async (services, user, parsed, cancellationToken) =>
        {
            if (!parsed.GetValue(sure))
            {
                throw new SettingException($"this deletes {user.Email} with all their links and clicks, for good: say --yes when you are sure");
            }

            return await services.GetRequiredService<AccountRemoval>().RemoveAsync(user.Id, null, cancellationToken) switch
            {
                RemovalOutcome.Done(var receipt) => Printed.Write(parsed, receipt, gone =>
                    [$"{gone.Email} is deleted, with {InEnglish(gone.Links, "{0} link", "{0} links")}, {InEnglish(gone.Clicks, "{0} click", "{0} clicks")} and {InEnglish(gone.Keys, "{0} key", "{0} keys")}."]),
                RemovalOutcome.Refused(var no) => throw new SettingException(no.Message),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        });
        command.Add(sure);
        return command;
    }

    private static Command Invite()
    {
        var email = new Option<string?>("--email") { Description = "For this address only, which then counts as confirmed", HelpName = "EMAIL" }.NotEmpty();
        var days = new Option<int>("--days") { Description = $"How long it can be used, at most {Invitation.MaxDays}", HelpName = "N", DefaultValueFactory = _ => Invitation.DefaultDays };
        var administrator = new Option<bool>("--admin") { Description = "The account looks after the server, too" };
        var command = new Command("invite", "Prints an address, alone on the last line, at which one account is made") { email, days, administrator };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                if (parsed.GetValue(days) is < 1 or > Invitation.MaxDays)
                {
                    throw new SettingException($"--days must be from 1 to {Invitation.MaxDays}");
                }

                if (parsed.GetValue(email) is { } invited && (!new EmailAddressAttribute().IsValid(invited.Trim()) || invited.Trim().Length > Invitation.MaxEmailLength))
                {
                    throw new SettingException($"'{invited}' is no e-mail address");
                }

                if (await services.GetRequiredService<UserManager<SpooUser>>().FindByEmailAsync(parsed.GetValue(email)?.Trim() ?? "") is { } there)
                {
                    throw new SettingException($"{there.Email} has an account here already, and an invitation would open nothing; {await WhatHelpsAsync(services, there, parsed.GetValue(administrator), cancellationToken)}");
                }

                if (!services.GetRequiredService<InvitedSignUp>().TakesInvitations)
                {
                    throw new SettingException("sign-up is closed, and an invitation would open nothing: ./run settings Accounts:SignUp Invite lets invited people in");
                }

                var (invitation, token) = await services.GetRequiredService<Invitations>()
                    .MakeAsync(parsed.GetValue(email), parsed.GetValue(days), parsed.GetValue(administrator), null, cancellationToken);
                var server = services.GetRequiredService<ShorteningOptions>().PublicUrl?.TrimEnd('/');
                return Printed.Write(parsed, new { invitation.Id, invitation.Email, invitation.ExpiresAt, Address = $"{server}/{SpooUrls.RegisterInvited(token)}" }, answer =>
                [
                    string.Create(CultureInfo.InvariantCulture, $"For {answer.Email ?? "whoever has it"}, once and until {answer.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(server is null ? ", behind the address of this server" : "")}."),
                    answer.Address,
                ]);
            },
            cancellationToken));
        return command;
    }

    /// <summary>What somebody who is to be invited and has an account needs instead.</summary>
    private static async Task<string> WhatHelpsAsync(IServiceProvider services, SpooUser user, bool asAdministrator, CancellationToken cancellationToken) =>
        await services.GetRequiredService<People>().FindAsync(user.Id, cancellationToken) is { DisabledAt: not null } ? $"they are kept out: ./run users enable {user.Email} lets them in again"
        : asAdministrator ? $"./run users admin {user.Email} lets them look after the server"
        : await services.GetRequiredService<PasswordDoor>().IsOpenAsync(cancellationToken) ? $"./run users reset {user.Email} prints an address at which they choose a new password"
        : $"./run users sign-in {user.Email} prints an address that signs them in once";

    private static Command ForOne(
        string name, string description, string whose, Func<IServiceProvider, SpooUser, ParseResult, CancellationToken, Task<int>> work)
    {
        var email = new Argument<string>("EMAIL") { Description = whose };
        var command = new Command(name, description) { email };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services => await work(services, await FindAsync(services, parsed.GetRequiredValue(email)), parsed, cancellationToken),
            cancellationToken));
        return command;
    }

    private static void Require(Refusal? no)
    {
        if (no is not null)
        {
            throw new SettingException(no.Message);
        }
    }

    private static string Line(Person person)
    {
        string[] remarks =
        [
            .. person.IsAdministrator ? (string[])["administrator"] : [],
            .. person.DisabledAt is null ? (string[])[] : ["kept out"],
            person.LastSeenAt is { } seen ? string.Create(CultureInfo.InvariantCulture, $"seen {seen.UtcDateTime:yyyy-MM-dd}") : "never seen",
            InEnglish(person.Links, "{0} link", "{0} links"),
            InEnglish(person.Clicks, "{0} click", "{0} clicks"),
            string.Create(CultureInfo.InvariantCulture, $"about {person.Storage / 1e6:0.0} MB"),
        ];
        return $"{person.Email}: {string.Join(", ", remarks)}";
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
