using System.Text.Json;
using Spoo.Tests.Support;

namespace Spoo.Tests.Commands;

/// <summary>What operators do for people, links and settings without the pages.</summary>
public sealed class AdminCommandsTests(CommandProcess program) : IClassFixture<CommandProcess>, IDisposable
{
    private readonly string _folder = MadeDatabase.InNewFolder("spoo-admin-");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_account_is_the_administrators_and_stays()
    {
        await RunAsync("", "users", "add", "ann@example.com", "--password", "correct horse");
        await RunAsync("", "users", "add", "bob@example.com", "--password", "correct horse");

        var listed = await JsonAsync("users", "list", "--json");
        var last = await RunAsync("", "users", "delete", "ann@example.com", "--yes");
        var promoted = await RunAsync("", "users", "admin", "bob@example.com");
        var deleted = await RunAsync("", "users", "delete", "ann@example.com", "--yes");
        var left = await JsonAsync("users", "list", "--json");

        Assert.Equal(
            ["bob@example.com False", "ann@example.com True"],
            listed.GetProperty("people").EnumerateArray().Select(person => $"{person.GetProperty("email").GetString()} {person.GetProperty("is_administrator").GetBoolean()}"));
        Assert.Equal(1, last.Exit);
        Assert.Contains("last administrator", last.Error, StringComparison.Ordinal);
        Assert.Equal((0, "bob@example.com is an administrator.\n"), (promoted.Exit, promoted.Output));
        Assert.StartsWith("ann@example.com is deleted, with 0 links", deleted.Output, StringComparison.Ordinal);
        Assert.Equal(1, left.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Somebody_is_kept_out_and_let_in_again_and_nobody_is_deleted_by_mistake()
    {
        await RunAsync("", "users", "add", "root@example.com", "--password", "correct horse");
        await RunAsync("", "users", "add", "ann@example.com", "--password", "correct horse");

        await RunAsync("", "users", "disable", "ann@example.com");
        var shown = await RunAsync("", "users", "show", "ann@example.com");
        await RunAsync("", "users", "enable", "ann@example.com");
        var again = await JsonAsync("users", "show", "ann@example.com", "--json");
        var unsure = await RunAsync("", "users", "delete", "ann@example.com");

        Assert.Contains("kept out", shown.Output, StringComparison.Ordinal);
        Assert.Contains("about 0.0 MB", shown.Output, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, again.GetProperty("disabled_at").ValueKind);
        Assert.Equal(1, unsure.Exit);
        Assert.Contains("--yes", unsure.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_given_a_limit_of_their_own()
    {
        await RunAsync("", "users", "add", "root@example.com", "--password", "correct horse");
        await RunAsync("", "users", "add", "ann@example.com", "--password", "correct horse");

        var given = await RunAsync("", "users", "quota", "ann@example.com", "links", "50");
        var shown = await JsonAsync("users", "quota", "ann@example.com", "--json");
        var wrong = await RunAsync("", "users", "quota", "ann@example.com", "clicks", "50");
        var taken = await RunAsync("", "users", "quota", "ann@example.com", "links", "--reset");

        Assert.Contains("links            50, their own\n", given.Output, StringComparison.Ordinal);
        Assert.Equal(50, shown[0].GetProperty("most").GetInt64());
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("there are links, clicks-a-month", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("links            unlimited\n", taken.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invitation_is_an_address_alone_on_the_last_line()
    {
        var invited = await RunAsync("", "users", "invite", "--email", "ann@example.com", "--days", "3");
        var tooLong = await RunAsync("", "users", "invite", "--days", "1000");

        Assert.Matches("\n/account/register\\?invitation=[A-Za-z0-9_-]{32}\n\\z", invited.Output);
        Assert.Equal(1, tooLong.Exit);
        Assert.Contains("from 1 to 90", tooLong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_an_account_is_not_invited_and_told_what_helps()
    {
        await RunAsync("", "users", "add", "ann@example.com", "--password", "correct horse");
        await RunAsync("", "users", "add", "bob@example.com", "--password", "correct horse");

        var invited = await RunAsync("", "users", "invite", "--email", " BOB@example.com");
        var asAdministrator = await RunAsync("", "users", "invite", "--email", "bob@example.com", "--admin");
        await RunAsync("", "users", "disable", "bob@example.com");
        var keptOut = await RunAsync("", "users", "invite", "--email", "bob@example.com");

        const string Has = "spoo: bob@example.com has an account here already, and an invitation would open nothing; ";
        Assert.Equal((1, "", Has + "./run users reset bob@example.com prints an address at which they choose a new password\n"), invited);
        Assert.Equal((1, "", Has + "./run users admin bob@example.com lets them look after the server\n"), asAdministrator);
        Assert.Equal((1, "", Has + "they are kept out: ./run users enable bob@example.com lets them in again\n"), keptOut);
    }

    /// <summary>What a command is asked about and does not know is an error that names it, and no empty list.</summary>
    [Theory]
    [InlineData("'nobody@example.com'", "links", "find", "--owner", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "links", "transfer", "one", "--to", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "users", "show", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "users", "quota", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "users", "delete", "nobody@example.com", "--yes")]
    [InlineData("'nobody@example.com'", "keys", "add", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "import", "list", "--owner", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "import", "clicks", "f.csv", "--owner", "nobody@example.com")]
    [InlineData("'nobody@example.com'", "import", "links", "f.csv", "--owner", "nobody@example.com")]
    [InlineData("no import 7", "import", "undo", "7")]
    [InlineData("no domain nowhere.example", "domains", "off", "nowhere.example")]
    [InlineData("no domain nowhere.example", "domains", "on", "nowhere.example")]
    [InlineData("'nowhere.example' was not blocked", "links", "unblock", "--host", "nowhere.example")]
    [InlineData("'Accounts:SignUpp' that can be changed while the server runs, and perhaps 'Accounts:SignUp' was meant", "settings", "Accounts:SignUpp")]
    [InlineData("'Accounts:SignUpp' that can be changed while the server runs, and perhaps 'Accounts:SignUp' was meant", "settings", "Accounts:SignUpp", "Open")]
    [InlineData("unknown scope 'all'", "keys", "add", "nobody@example.com", "--scopes", "all")]
    [InlineData("--limit must be 1 or more", "links", "find", "--limit", "0")]
    [InlineData("--limit must be 1 or more", "users", "list", "--limit", "-1")]
    public async Task What_is_not_there_is_named(string named, params string[] args)
    {
        var (exit, output, error) = await RunAsync("", args);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Links_are_found_blocked_unblocked_and_transferred()
    {
        await RunAsync("", "users", "add", "ann@example.com", "--password", "correct horse");
        await RunAsync("", "users", "add", "bob@example.com", "--password", "correct horse");
        var file = Path.Combine(_folder, "links.csv");
        await File.WriteAllTextAsync(file, "short_code,long_url\none,https://evil.example/\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("", "import", "links", file, "--owner", "ann@example.com")).Exit);

        var blocked = await RunAsync("", "links", "block", "one", "none", "--reason", "phishing");
        var found = await JsonAsync("links", "find", "--blocked", "--json");
        var unblocked = await RunAsync("", "links", "unblock", "one");
        var given = await RunAsync("", "links", "transfer", "one", "none", "--to", "bob@example.com");
        var theirs = await JsonAsync("links", "find", "--owner", "bob@example.com", "--json");
        var toNobody = await RunAsync("", "links", "transfer", "one", "--to", "nobody@example.com");
        var host = await RunAsync("", "links", "block", "--host", "evil.example");
        var nothing = await RunAsync("", "links", "block");

        Assert.Equal((2, "one: blocked\nnone: nothing to block under this code\n"), (blocked.Exit, blocked.Output));
        Assert.Equal("phishing", found.GetProperty("links")[0].GetProperty("blocked_reason").GetString());
        Assert.Equal((0, "one: unblocked\n"), (unblocked.Exit, unblocked.Output));
        Assert.Equal((2, "one: transferred\nnone: there is no such link\n"), (given.Exit, given.Output));
        Assert.Equal("one", theirs.GetProperty("links")[0].GetProperty("name").GetString());
        Assert.Equal(1, toNobody.Exit);
        Assert.Contains("'nobody@example.com'", toNobody.Error, StringComparison.Ordinal);
        Assert.StartsWith("evil.example: blocked", host.Output, StringComparison.Ordinal);
        Assert.Equal(1, nothing.Exit);
    }

    [Fact]
    public async Task Domains_are_added_listed_and_switched_off_and_on()
    {
        var added = await RunAsync("", "domains", "add", "Links.Example.com");
        var again = await RunAsync("", "domains", "add", "links.example.com");
        var off = await RunAsync("", "domains", "off", "links.example.com");
        var listed = await JsonAsync("domains", "list", "--json");
        var on = await RunAsync("", "domains", "on", "links.example.com");
        var none = await RunAsync("", "domains", "off", "other.example.com");

        Assert.Equal("links.example.com is active.\n", added.Output);
        Assert.Equal(1, again.Exit);
        Assert.Contains("registered already", again.Error, StringComparison.Ordinal);
        Assert.Equal("links.example.com is suspended.\n", off.Output);
        Assert.Equal("suspended", listed.GetProperty("domains")[0].GetProperty("state").GetString());
        Assert.Equal("links.example.com is active.\n", on.Output);
        Assert.Equal(1, none.Exit);
    }

    [Fact]
    public async Task Settings_are_listed_changed_and_let_go()
    {
        var changed = await RunAsync("", "settings", "accounts:signup", "open");
        var shown = await JsonAsync("settings", "Accounts:SignUp", "--json");
        var wrong = await RunAsync("", "settings", "Accounts:SignUp", "perhaps");
        var reset = await RunAsync("", "settings", "Accounts:SignUp", "--reset");
        var unknown = await RunAsync("", "settings", "Data:Folder", "x");

        Assert.Equal("Accounts:SignUp = Open  (by an administrator)\n", changed.Output);
        Assert.Equal("Open", shown[0].GetProperty("value").GetString());
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("Closed, Invite, Open", wrong.Error, StringComparison.Ordinal);
        Assert.StartsWith("Accounts:SignUp = Invite", reset.Output, StringComparison.Ordinal);
        Assert.Equal(1, unknown.Exit);
    }

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        var (exit, output, error) = await RunAsync("", args);
        Assert.True(exit == 0, error);
        return JsonElement.Parse(output);
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] args) =>
        program.RunAsync([.. args, "--data", _folder], input, []);
}
