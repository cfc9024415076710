using System.CommandLine;
using System.Globalization;
using Spoo.Data.Clicks.Reading;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Blocks;
using static Spoo.Web.Words.Plurals;

namespace Spoo.Web.Commands;

/// <summary><c>links find</c>, <c>block</c>, <c>unblock</c> and <c>transfer</c>: what the operator does with all people's links.</summary>
internal static class LinkCommands
{
    private const int MaxDestination = 80;

    public static Command All() => new("links", "Links of all people") { Find(), Block(), Unblock(), Transfer(), Printed.Json };

    private static Command Find()
    {
        var search = new Argument<string?>("TEXT") { Description = "Part of the code or the destination", Arity = ArgumentArity.ZeroOrOne };
        var host = new Option<string?>("--host") { Description = "Links to this host and to hosts below it", HelpName = "HOST" };
        var owner = new Option<string?>("--owner") { Description = "Links of this account; \"\" for those made without one", HelpName = "EMAIL" };
        var blocked = new Option<bool>("--blocked") { Description = "Blocked links only" };
        var reported = new Option<bool>("--reported") { Description = "Links that visitors have reported only" };
        var most = new Option<int>("--limit") { Description = "How many at most", HelpName = "N", DefaultValueFactory = _ => 50 }.AtLeastOne();
        var command = new Command("find", "Lists links, the newest first") { search, host, owner, blocked, reported, most };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                await services.GetRequiredService<HostBlocks>().ReloadAsync(cancellationToken);
                var (links, total) = await services.GetRequiredService<LinkBlocks>().SelectAsync(
                    new AnybodysLinks
                    {
                        Search = parsed.GetValue(search),
                        Host = parsed.GetValue(host) is { } named ? HostOf(named) : null,
                        Owner = parsed.GetValue(owner) is { Length: > 0 } email ? (await UserCommands.FindAsync(services, email)).Email : parsed.GetValue(owner),
                        IsBlocked = parsed.GetValue(blocked) ? true : null,
                        IsReported = parsed.GetValue(reported) ? true : null,
                        Take = parsed.GetValue(most),
                    },
                    cancellationToken);
                return Printed.Write(parsed, new { total, links }, answer => answer.links.Select(Line)
                    .Append(total > links.Count ? InEnglish(total - links.Count, "{0} more; --limit shows them.", "{0} more; --limit shows them.") : InEnglish(total, "{0} link.", "{0} links.")));
            },
            cancellationToken));
        return command;
    }

    private static Command Block()
    {
        var codes = new Argument<string[]>("CODE") { Description = "Short codes", Arity = ArgumentArity.ZeroOrMore };
        var host = new Option<string?>("--host") { Description = "All links to this host and to hosts below it, also those that are still to be made; a star stands for any letters", HelpName = "HOST" };
        var reason = new Option<string?>("--reason") { Description = "Why; visitors of a blocked link read it", HelpName = "TEXT" };
        var command = new Command("block", "Blocks links: visitors are answered 451") { codes, host, reason };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var why = parsed.GetValue(reason);
                if (why?.Length > Link.MaxBlockedReasonLength)
                {
                    throw new SettingException($"--reason must have at most {Link.MaxBlockedReasonLength} characters");
                }

                var blockedHost = parsed.GetValue(host) is { } named ? HostOf(named) : null;
                var asked = CodesOf(parsed.GetValue(codes), blockedHost);
                if (blockedHost is not null)
                {
                    await services.GetRequiredService<HostBlocks>().BlockAsync(blockedHost, why, null, cancellationToken);
                }

                var blocked = await services.GetRequiredService<LinkBlocks>().BlockAsync(asked, why, null, cancellationToken);
                return Said(parsed, asked, blocked, blockedHost, "blocked", "nothing to block under this code");
            },
            cancellationToken));
        return command;
    }

    private static Command Unblock()
    {
        var codes = new Argument<string[]>("CODE") { Description = "Short codes", Arity = ArgumentArity.ZeroOrMore };
        var host = new Option<string?>("--host") { Description = "A host that was blocked with block --host", HelpName = "HOST" };
        var command = new Command("unblock", "Lets links lead on again") { codes, host };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var named = parsed.GetValue(host) is { } text ? HostOf(text) : null;
                var asked = CodesOf(parsed.GetValue(codes), named);
                if (named is not null && !await services.GetRequiredService<HostBlocks>().UnblockAsync(named, null, cancellationToken))
                {
                    throw new SettingException($"'{named}' was not blocked by links block --host; a file of hosts is changed by hand");
                }

                var unblocked = await services.GetRequiredService<LinkBlocks>().UnblockAsync(asked, null, cancellationToken);
                return Said(parsed, asked, unblocked, named, "unblocked", "nothing is blocked under this code");
            },
            cancellationToken));
        return command;
    }

    private static Command Transfer()
    {
        var codes = new Argument<string[]>("CODE") { Description = "Short codes", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to") { Description = "Whose they are from now on", HelpName = "EMAIL", Required = true };
        var command = new Command("transfer", "Gives links to another account, with their clicks") { codes, to };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var owner = await UserCommands.FindAsync(services, parsed.GetValue(to)!);
                var (transfer, no) = await services.GetRequiredService<LinkOwners>().TransferAsync(parsed.GetValue(codes) ?? [], owner.Id, null, cancellationToken);
                if (transfer is null)
                {
                    throw new SettingException($"{owner.Email}: {no!.Message}; nothing was transferred");
                }

                Printed.Write(parsed, transfer, answer =>
                [
                    .. answer.Transferred.Select(name => $"{name}: transferred"),
                    .. answer.Theirs.Select(name => $"{name}: was theirs before"),
                    .. answer.Elsewhere.Select(name => $"{name}: is on a domain of another account; move it to another domain first"),
                    .. answer.Unknown.Select(name => $"{name}: there is no such link"),
                ]);
                return transfer.Elsewhere.Count + transfer.Unknown.Count == 0 ? 0 : SpooCommands.InPart;
            },
            cancellationToken));
        return command;
    }

    private static int Said(ParseResult parsed, IReadOnlyList<string> asked, IReadOnlyList<string> done, string? host, string word, string otherwise)
    {
        var not = asked.Except(done).ToList();
        Printed.Write(parsed, new { done, not, host }, answer =>
        [
            .. answer.host is null ? (string[])[] : [$"{answer.host}: {word}, with all hosts below it; servers that run follow within two seconds"],
            .. done.Select(code => $"{code}: {word}"),
            .. not.Select(code => $"{code}: {otherwise}"),
        ]);
        return not.Count == 0 ? 0 : SpooCommands.InPart;
    }

    private static List<string> CodesOf(string[]? codes, string? host) => codes is { Length: > 0 } || host is not null
        ? [.. (codes ?? []).Distinct(StringComparer.Ordinal)]
        : throw new SettingException("name short codes, or a host with --host");

    private static string HostOf(string text) =>
        HostBlocks.Parse(text) ?? throw new SettingException($"'{text}' is no host, such as evil.example");

    private static string Line(AnybodysLink link)
    {
        var state = link.IsHostBlocked ? "host blocked" : link.Status.ToString().ToLowerInvariant();
        var reports = link.Reports > 0 ? InEnglish(link.Reports, ", {0} report", ", {0} reports") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{link.Name,-16} {state}{reports}, {InEnglish(link.TotalClicks, "{0} click", "{0} clicks")}, {link.OwnerEmail ?? "no account"}, {link.CreatedAt.UtcDateTime:yyyy-MM-dd}  {OutsideText.Clean(link.LongUrl, MaxDestination)}");
    }
}
