using System.CommandLine;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Data.Links.Domains;

namespace Spoo.Web.Commands;

/// <summary><c>domains list</c>, <c>add</c>, <c>off</c>, <c>on</c>: host names beside the server's own.</summary>
internal static class DomainCommands
{
    public static Command All() => new("domains", "Host names under which links live, beside the server's own")
    {
        List(),
        Add(),
        Switch("off", "Switches a domain off: its links lead nowhere", isOn: false),
        Switch("on", "Switches a domain on again", isOn: true),
        Printed.Json,
    };

    private static Command List()
    {
        var command = new Command("list", "Lists all domains");
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var domains = (await services.GetRequiredService<DomainService>().AllAsync(cancellationToken))
                    .Select(row => new { row.Domain.Host, State = row.Domain.State.ToString().ToLowerInvariant(), Owner = row.OwnerEmail, row.Links, row.Domain.CreatedAt }).ToList();
                return Printed.Write(parsed, new { domains }, answer => answer.domains.Count == 0
                    ? ["There is no domain beside the server's own."]
                    : answer.domains.Select(domain => $"{domain.Host,-40} {domain.State,-10} {domain.Links,8} links  {domain.Owner ?? "everybody"}"));
            },
            cancellationToken));
        return command;
    }

    private static Command Add()
    {
        var host = new Argument<string>("HOST") { Description = "The whole name, such as links.example.com" };
        var command = new Command("add", "Adds a domain for everybody with an account, active at once") { host };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var options = services.GetRequiredService<ShorteningOptions>();
                var own = options.PublicUrl is { } url ? DomainHosts.Parse(new Uri(url).Host) : null;
                return Said(parsed, await services.GetRequiredService<DomainService>().AddForAllAsync(parsed.GetRequiredValue(host), null, name => name == own, cancellationToken));
            },
            cancellationToken));
        return command;
    }

    private static Command Switch(string name, string description, bool isOn)
    {
        var host = new Argument<string>("HOST") { Description = "The name of the domain" };
        var command = new Command(name, description) { host };
        command.SetAction((parsed, cancellationToken) => SpooCommands.WithServicesAsync(
            parsed,
            async services =>
            {
                var domains = services.GetRequiredService<DomainService>();
                var asked = DomainHosts.Parse(parsed.GetRequiredValue(host));
                var found = (await domains.AllAsync(cancellationToken)).Where(row => row.Domain.Host == asked)
                    .OrderBy(row => row.Domain.State is DomainState.Active or DomainState.Suspended ? 0 : 1).FirstOrDefault()
                    ?? throw new SettingException($"there is no domain {parsed.GetRequiredValue(host)}; ./run domains list names them");
                return Said(parsed, await domains.SwitchAsync(found.Domain.PublicId, isOn, null, cancellationToken));
            },
            cancellationToken));
        return command;
    }

    /// <exception cref="SettingException">It was not done.</exception>
    private static int Said(ParseResult parsed, DomainOutcome outcome) => outcome switch
    {
        DomainOutcome.Done(var domain) => Printed.Write(
            parsed, new { domain.Host, State = domain.State.ToString().ToLowerInvariant() }, answer => [$"{answer.Host} is {answer.State}."]),
        DomainOutcome.Refused(var no) => throw new SettingException(no.Message),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
