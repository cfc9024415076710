using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Spoo.Tests.Commands;

/// <summary>The program itself, as a person at a terminal meets it.</summary>
public sealed class CommandsTests(CommandProcess program) : IClassFixture<CommandProcess>, IDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("spoo-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_user_a_file_of_clicks_and_a_key_need_no_server()
    {
        var made = await StartAsync("correct horse\n", "users", "add", "ann@example.com");
        var first = await StartAsync("""{"time":1700000000,"short_code":"one","visitor":"x"}""", "import", "clicks", "-", "--owner", "ann@example.com", "--format", "ndjson");
        var again = await StartAsync("{}\n" + """{"time":1700000000,"short_code":"one","visitor":"x"}""", "import", "clicks", "-", "--owner", "ann@example.com", "--format", "ndjson");
        var key = await StartAsync("", "keys", "add", "ann@example.com", "--scopes", "stats:read,urls:read");

        Assert.Equal((0, "ann@example.com can sign in now.\n", ""), made);
        Assert.Equal(0, first.Exit);
        Assert.StartsWith("1 click added, 1 link made", first.Output, StringComparison.Ordinal);
        Assert.Equal((2, "line 1: no time\n"), (again.Exit, again.Error));
        Assert.Contains("1 click was there already.\n", again.Output, StringComparison.Ordinal);
        Assert.Equal(0, key.Exit);
        Assert.Matches("\nspoo_[A-Za-z0-9_-]{43}\n\\z", key.Output);
    }

    [Fact]
    public async Task A_check_says_how_a_file_would_be_read_and_a_file_of_which_nothing_can_be_read_is_an_error()
    {
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        var file = Path.Combine(_folder, "export.txt");
        await File.WriteAllTextAsync(file, "Day;Which\n20.11.2025 10:00;abc\n", TestContext.Current.CancellationToken);
        var check = await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com", "--check", "--map", "Which=short_code", "--zone", "Europe/Berlin");
        await File.WriteAllTextAsync(file, "time,short_code\nnever,abc\n", TestContext.Current.CancellationToken);
        var bad = await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com");

        await File.WriteAllTextAsync(
            file,
            """
            203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /abc HTTP/1.1" 302 5
            203.0.113.7 - - [17/May/2015:10:05:03 +0000] "GET /go/abc HTTP/1.1" 303 5

            """,
            TestContext.Current.CancellationToken);
        var log = await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com", "--check");
        var elsewhere = await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com", "--check", "--links-at", "/go/", "--status", "303");

        Assert.Contains("  line 1: 2015-05-17 10:05:03 UTC, short_code abc\n1 line is no click: no redirect, by its status.\n", log.Output, StringComparison.Ordinal);
        Assert.Contains("  line 2: 2015-05-17 10:05:03 UTC, short_code abc\n", elsewhere.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (check.Exit, check.Error));
        Assert.Equal(
            """
            1 click in 1 line; nothing was stored.
            export.txt: CSV (a header row: Day, Which).
              Day -> time
              Which -> short_code
              line 2: 2025-11-20 09:00:00 UTC, short_code abc

            """,
            check.Output);
        Assert.Equal(1, bad.Exit);
        Assert.Contains("spoo: no line could be read. It was taken for CSV", bad.Error, StringComparison.Ordinal);
    }

    /// <summary>As SQL Server has after it was installed: a certificate that only it vouches for.</summary>
    [Fact]
    public async Task A_database_server_with_a_certificate_of_its_own_gets_a_line_that_says_what_to_do()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=SSL_Self_Signed_Fallback", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = made, ApplicationProtocols = [new("tds/8.0")] }, TestContext.Current.CancellationToken);
                await tls.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
            }
            catch (Exception exception) when (exception is AuthenticationException or IOException)
            {
                // It was not trusted.
            }
        }, TestContext.Current.CancellationToken);
        _environment["Data__Database"] = "SqlServer";
        _environment["Data__ConnectionString"] = $"Server=tcp:127.0.0.1,{((IPEndPoint)listener.LocalEndpoint).Port};Encrypt=Strict;Database=Spoo;User Id=spoo;Password=x;Connect Timeout=10;ConnectRetryCount=0";

        var (exit, output, error) = await RunAsync("", "check");

        await serving;
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("spoo: the database does not answer: this machine does not trust the certificate of the database's server: add TrustServerCertificate=true to", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("spoo: unknown command or option 'fly'; ./run --help says what is right\n", "fly")]
    [InlineData("spoo: say what to do: list, show, add, invite, disable, enable, admin, reset, sign-in, confirm, quota, delete; ./run users --help says what is right\n", "users")]
    [InlineData("spoo: say what to do: clicks, links, list, undo; ./run import --help says what is right\n", "import")]
    [InlineData("spoo: the e-mail address is empty\n", "users", "show", "")]
    [InlineData("spoo: the e-mail address is empty\n", "import", "links", "f", "--owner", " ")]
    [InlineData("spoo: cannot restore '/nowhere.zip', and nothing was: there is no such file\n", "restore", "/nowhere.zip")]
    [InlineData("spoo: nobody here has the e-mail address 'x@example.com'; ./run users add x@example.com makes the account\n", "keys", "add", "x@example.com")]
    [InlineData("spoo: Passwords must be at least 8 characters.\n", "users", "add", "x@example.com", "--password", "short")]
    [InlineData("spoo: unknown command or option 'usrs', and perhaps 'users' was meant; ./run --help says what is right\n", "usrs", "list")]
    [InlineData("spoo: unknown command or option '--ownr', and perhaps '--owner' was meant; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--ownr", "x")]
    [InlineData("spoo: unknown command or option '--dta', and perhaps '--data' was meant; ./run audit --help says what is right\n", "audit", "--dta", "x")]
    [InlineData("spoo: ID takes a whole number and not 'one'; ./run import undo --help says what is right\n", "import", "undo", "one")]
    [InlineData("spoo: --clicks takes a whole number and not 'many'; ./run demo --help says what is right\n", "demo", "--clicks", "many")]
    [InlineData("spoo: FILE is empty; ./run import clicks --help says what is right\n", "import", "clicks", "", "--owner", "x")]
    [InlineData("spoo: FILE is empty; ./run import links --help says what is right\n", "import", "links", "", "--owner", "x")]
    [InlineData("spoo: FILE is empty; ./run backup --help says what is right\n", "backup", "")]
    [InlineData("spoo: --passphrase-file is empty; ./run backup --help says what is right\n", "backup", "f", "--passphrase-file", "")]
    [InlineData("spoo: FILE is empty; ./run restore --help says what is right\n", "restore", "")]
    [InlineData("spoo: --email is empty; ./run users invite --help says what is right\n", "users", "invite", "--admin", "--email", "")]
    [InlineData("spoo: 'ann' is no e-mail address\n", "users", "invite", "--email", "ann")]
    [InlineData("spoo: --scopes is empty; ./run keys add --help says what is right\n", "keys", "add", "x@example.com", "--scopes", "")]
    [InlineData("spoo: --reset takes the name of a setting and no value\n", "settings", "Accounts:SignUp", "Open", "--reset")]
    [InlineData("spoo: --reset takes the name of a setting and no value\n", "settings", "--reset")]
    [InlineData("spoo: Option '--owner' is required; ./run import clicks --help says what is right\n", "import", "clicks", "file.csv")]
    [InlineData("spoo: unknown field 'clicked' in --map: docs/import.md lists them, such as time, short_code and long_url; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--owner", "x", "--map", "a=clicked")]
    [InlineData("spoo: unknown order of dates 'ymd': there are dmy and mdy; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--owner", "x", "--dates", "ymd")]
    [InlineData("spoo: unknown zone 'CEST': zones are called as in Europe/Berlin; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--owner", "x", "--zone", "CEST")]
    [InlineData("spoo: --status takes numbers such as 301,302 and not 'all'; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--owner", "x", "--status", "all")]
    [InlineData("spoo: unknown format 'xls': there are access-log, alb, elb, cloudfront, iis, caddy, traefik, nginx-json, yourls-sql, shlink, yourls, dub, short.io, rebrandly, polr, sink, goatcounter, umami, bitly, kutt, plausible, spoo.me, totals, ndjson, csv; ./run import clicks --help says what is right\n", "import", "clicks", "f", "--owner", "x", "--format", "xls")]
    public async Task What_is_wrong_is_said_in_one_line(string line, params string[] args)
    {
        Assert.Equal((1, "", line), await RunAsync("", args));
    }

    [Theory]
    [InlineData("[1, 2]", "Top-level JSON element must be an object")]
    [InlineData("{\"Stats\": {}, \"Stats\": {\"Engine\": \"Columns\"}, \"Stats:Engine\": \"Columns\"}", "A duplicate key 'Stats:Engine' was found")]
    [InlineData("{\"Stats\": {", "Expected depth to be zero")]
    [InlineData("", "does not contain any JSON")]
    public async Task A_damaged_file_of_settings_is_said_in_one_line(string json, string what)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "spoo.json"), json, TestContext.Current.CancellationToken);

        var (exit, output, error) = await RunAsync("", "users", "list");

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("spoo: Failed to load configuration from file '", error, StringComparison.Ordinal);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_said_in_one_line()
    {
        var file = Path.Combine(_folder, "spoo.json");
        Directory.CreateDirectory(file);
        var settings = await RunAsync("", "users", "list");
        Directory.Delete(file);
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        var import = await RunAsync("", "import", "clicks", _folder, "--owner", "ann@example.com");

        Assert.Equal((1, "", $"spoo: '{file}' is a folder, and should be a file of settings or not be there\n"), settings);
        Assert.Equal((1, "", $"spoo: '{_folder}' is a folder: import its files one by one, or as a ZIP archive\n"), import);
    }

    [Fact]
    public async Task An_unknown_setting_of_the_environment_is_refused_and_what_other_programs_have_there_is_not()
    {
        (_environment["MAIL"], _environment["THEIRS__STATS"], _environment["Links"]) = ("/var/mail/root", "x", "x");
        Assert.Equal(0, (await RunAsync("", "users", "list")).Exit);

        (_environment["STATS__MAXRANGEDAY"], _environment["Proxies__Known"]) = ("1", "10.0.0.0/8");

        Assert.Equal(
            (1, "", "spoo: Proxies:Known in the environment is a list, of which each entry is a setting of its own: Proxies:Known:0, Proxies:Known:1; unknown setting 'Stats:MAXRANGEDAY' in the environment, and perhaps 'Stats:MaxRangeDays' was meant; docs/operations.md lists the settings\n"),
            await RunAsync("", "users", "list"));
    }

    // The server ends its process, so it has one of its own.
    [Fact]
    public async Task A_server_that_cannot_start_says_why_in_one_line() => Assert.Equal(
        (1, "", "spoo: Metrics:Token must have at least 16 characters; openssl rand -hex 32 makes one\n"),
        await StartAsync("", "--Metrics:Token", "guessable"));

    [Fact]
    public async Task A_link_for_a_new_password_is_printed_and_an_address_confirmed_where_no_mail_is_sent()
    {
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");

        var reset = await RunAsync("", "users", "reset", "ann@example.com");
        var confirmed = await RunAsync("", "users", "confirm", "ann@example.com");
        _environment["Links__PublicUrl"] = "https://sp.example/";
        var whole = await RunAsync("", "users", "reset", "ann@example.com");

        Assert.Matches("\n/account/new-password\\?user=[0-9a-f]{24}&code=[A-Za-z0-9_-]{100,}\n\\z", reset.Output);
        Assert.Matches("\nhttps://sp\\.example/account/new-password\\?user=", whole.Output);
        Assert.Equal((0, "ann@example.com is confirmed.\n", ""), confirmed);
        Assert.Equal(1, (await RunAsync("", "users", "reset", "bob@example.com")).Exit);
    }

    [Fact]
    public async Task A_backup_is_restored_elsewhere_and_counts_the_same_until_somebody_meddles()
    {
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        await ImportAsync("""{"time":1700000000,"short_code":"one","visitor":"x"}""");
        var (file, elsewhere) = (Path.Combine(_folder, "backup.zip"), Path.Combine(_folder, "elsewhere"));

        var backup = await RunAsync("", "backup", file);
        var refused = await RunAsync("", "restore", file);
        var restored = await RunAsync("", "restore", file, "--data", elsewhere);
        var audit = await RunAsync("", "audit", "--data", elsewhere);
        await using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(elsewhere, "spoo.db")}"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var meddle = database.CreateCommand();
            meddle.CommandText = "UPDATE Links SET TotalClicks = 7";
            await meddle.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var meddled = await RunAsync("", "audit", "--data", elsewhere);
        var check = await RunAsync("", "check");

        Assert.Equal((0, ""), (backup.Exit, backup.Error));
        Assert.Equal(1, refused.Exit);
        Assert.Contains("has a database already", refused.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.Exit, restored.Error));
        Assert.Equal((0, "1 click of 1 link counted; 0 differences.\n", ""), audit);
        Assert.Equal(2, meddled.Exit);
        Assert.StartsWith("one: clicks by the link's counter: 7, and 1 by the rows\n", meddled.Output, StringComparison.Ordinal);
        Assert.Equal(2, check.Exit);
        Assert.Contains("LOOK places: no .mmdb file", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_is_its_users_alone_also_after_a_restore_and_an_encrypted_backup_tells_nothing()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes of files.");
            return;
        }

        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        var open = Path.Combine(_folder, "keys", "key-old.xml");
        await File.WriteAllTextAsync(open, "<key />", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var (file, elsewhere, passphrase) = (Path.Combine(_folder, "backup.spoo"), Path.Combine(_folder, "elsewhere"), Path.Combine(_folder, "passphrase"));
        await File.WriteAllTextAsync(passphrase, "a passphrase of some length\n", TestContext.Current.CancellationToken);
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");

        var backup = await RunAsync("", "backup", file, "--passphrase-file", passphrase);
        var without = await RunAsync("", "restore", file, "--data", elsewhere);
        var wrong = await RunAsync("", "restore", file, "--data", elsewhere, "--passphrase-file", open);
        var restored = await RunAsync("", "restore", file, "--data", elsewhere, "--passphrase-file", passphrase);

        Assert.Equal((0, ""), (backup.Exit, backup.Error));
        Assert.Contains("Only its passphrase opens it.", backup.Output, StringComparison.Ordinal);
        Assert.False((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().StartsWith("PK"u8));
        Assert.Contains("is encrypted", without.Error, StringComparison.Ordinal);
        Assert.Contains("must have at least 12 characters", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (restored.Exit, restored.Error));
        Assert.Equal([file], Directory.EnumerateFiles(_folder, "backup*"));
        foreach (var folder in new[] { _folder, elsewhere })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
            foreach (var kept in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                Assert.True((File.GetUnixFileMode(kept) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) == 0, $"{kept} is {File.GetUnixFileMode(kept)}");
            }
        }

        Assert.True(File.Exists(Path.Combine(elsewhere, "keys", "key-old.xml")));
    }

    [Fact]
    public async Task Clicks_that_an_older_version_left_without_a_link_are_found_and_deleted()
    {
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        var file = Path.Combine(_folder, "clicks.ndjson");
        await File.WriteAllTextAsync(
            file,
            """
            {"time":1700000000,"short_code":"one","visitor":"x"}
            {"time":1700000001,"short_code":"two","visitor":"x"}
            """,
            TestContext.Current.CancellationToken);
        await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com");
        await using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_folder, "spoo.db")};Pooling=false"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var meddle = database.CreateCommand();
            meddle.CommandText = "DELETE FROM Links WHERE ShortCode = 'one'";
            await meddle.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var audit = await RunAsync("", "audit");
        var check = await RunAsync("", "check");
        var repair = await RunAsync("", "check", "--repair");
        var again = await RunAsync("", "audit");

        Assert.Equal((2, "1 click of 1 link counted; 0 differences.\n1 stored click has no link any more; ./run check --repair deletes it.\n"), (audit.Exit, audit.Output));
        Assert.Contains("LOOK links: 1 stored click has none any more; ./run check --repair deletes it\n", check.Output, StringComparison.Ordinal);
        Assert.Contains("ok   links: every stored click has one, now that 1 without one is deleted\n", repair.Output, StringComparison.Ordinal);
        Assert.Contains("ok   readers: they do not wait for writers\n", check.Output, StringComparison.Ordinal);
        Assert.Equal((0, "1 click of 1 link counted; 0 differences.\n"), (again.Exit, again.Output));
    }

    [Theory]
    [InlineData("spoo: PostgreSql has its own means for that (pg_dump and pg_restore); the folders journal, keys and refused of", "PostgreSql", "Host=localhost", "restore", "file.zip")]
    [InlineData("spoo: SqlServer has its own means for that (BACKUP and RESTORE); the folders journal, keys and refused of", "SqlServer", "Server=localhost", "restore", "file.zip")]
    [InlineData("spoo: Data:ConnectionString is required with", "PostgreSql", " ", "check")]
    [InlineData("spoo: Data:ConnectionString is not one that the database's driver understands", "PostgreSql", "postgres://localhost/spoo", "check")]
    [InlineData("spoo: Data:ConnectionString is not one that the database's driver understands", "PostgreSql", "Host=localhost;Port=many", "check")]
    [InlineData("spoo: Data:ConnectionString is not one that the database's driver understands", "SqlServer", "Sever=localhost", "check")]
    [InlineData("spoo: the database does not answer: Failed to connect to 127.0.0.1:1", "PostgreSql", "Host=127.0.0.1;Port=1;Username=spoo", "check")]
    public async Task What_is_wrong_with_a_database_server_is_said_in_one_line(string line, string database, string connectionString, params string[] args)
    {
        _environment["Data__Database"] = database;
        _environment["Data__ConnectionString"] = connectionString;

        var (exit, output, error) = await RunAsync("", args);

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith(line, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Clicks_that_the_database_has_refused_are_told_of_and_tried_again()
    {
        await RunAsync("correct horse\n", "users", "add", "ann@example.com");
        await ImportAsync("""{"time":1700000000,"short_code":"one","visitor":"x"}""");
        var refused = Directory.CreateDirectory(Path.Combine(_folder, "refused")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(refused, "1-0000000000000000007.json"),
            """{"writer":1,"sequence":7,"refused_at":"2026-01-01T00:00:00Z","reason":"too long","click":{"link_id":1,"time":"2026-01-01T00:00:00Z","visitor":5,"user_agent":"Mended/1.0"}}""",
            TestContext.Current.CancellationToken);
        var broken = Path.Combine(refused, "1-0000000000000000008.json");
        await File.WriteAllTextAsync(broken, "{", TestContext.Current.CancellationToken);

        var before = await RunAsync("", "check");
        var first = await RunAsync("", "retry");
        File.Delete(broken);
        var second = await RunAsync("", "retry");
        var after = await RunAsync("", "check");
        var audit = await RunAsync("", "audit");

        Assert.Contains($"LOOK clicks: the database has refused 2, which wait in {refused}", before.Output, StringComparison.Ordinal);
        Assert.Equal(2, first.Exit);
        Assert.StartsWith($"{broken}: ", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 click stored, 0 were there already, 0 have no link any more, 1 is refused still.\n", first.Output, StringComparison.Ordinal);
        Assert.Equal((0, "0 clicks stored, 0 were there already, 0 have no link any more, 0 are refused still.\n", ""), second);
        Assert.Contains("ok   clicks: the database has refused none", after.Output, StringComparison.Ordinal);
        Assert.Equal("2 clicks of 1 link counted; 0 differences.\n", audit.Output);
    }

    [Fact]
    public async Task A_badly_set_installation_hears_of_each_fault_and_of_what_would_be_right()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes of files.");
            return;
        }

        Assert.Contains("ok   rights: the data folder is its user's alone\n", (await RunAsync("", "check")).Output, StringComparison.Ordinal);
        var elsewhere = Directory.CreateTempSubdirectory("spoo-keys-");
        try
        {
            // Keys that lie elsewhere are not closed by the program: whose they are is not known.
            foreach (var key in Directory.GetFiles(Path.Combine(_folder, "keys")))
            {
                File.Move(key, Path.Combine(elsewhere.FullName, Path.GetFileName(key)));
            }

            var visitors = Path.Combine(elsewhere.FullName, "visitors");
            Directory.Delete(Path.Combine(_folder, "keys"));
            Directory.CreateSymbolicLink(Path.Combine(_folder, "keys"), elsewhere.FullName);
            File.SetUnixFileMode(visitors, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            await File.WriteAllTextAsync(Path.Combine(_folder, "unknown-proxy"), "10.0.0.9", TestContext.Current.CancellationToken);
            _environment["Accounts__SignUp"] = "Open";
            _environment["Links__AllowAnonymous"] = "true";
            _environment["Links__PublicUrl"] = "https://sp.example/wrong";
            _environment["Server__PathBase"] = "/go";

            var check = await RunAsync("", "check");

            Assert.Equal(2, check.Exit);
            Assert.Contains($"LOOK rights: other users of this machine may read {Path.Combine(_folder, "keys", "visitors")}", check.Output, StringComparison.Ordinal);
            Assert.Contains("LOOK address: Links:PublicUrl is https://sp.example/wrong, and the server is below /go, so short links lead beside it: https://sp.example/go would be right\n", check.Output, StringComparison.Ordinal);
            Assert.Contains("LOOK accounts: everybody may sign up, and make links without an account as well", check.Output, StringComparison.Ordinal);
            Assert.Contains("LOOK proxies: a peer with the address 10.0.0.9 has sent forwarding headers", check.Output, StringComparison.Ordinal);

            // What this program may close, it closes, and says that it was open.
            _environment.Clear();
            File.SetUnixFileMode(visitors, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(Path.Combine(_folder, "spoo.db"), UnixFileMode.UserRead | UnixFileMode.OtherRead | UnixFileMode.UserWrite);
            var closed = await RunAsync("", "check");
            Assert.Contains("spoo.db, until now", closed.Output, StringComparison.Ordinal);
            Assert.Contains("ok   rights", (await RunAsync("", "check")).Output, StringComparison.Ordinal);
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("help")]
    [InlineData("-h")]
    public async Task Help_lists_the_commands_and_the_options_of_the_server(string asked)
    {
        var (exit, output, _) = await RunAsync("", asked);
        Assert.Equal((await RunAsync("", "users", "add", "--help")).Output, (await RunAsync("", "help", "users", "add")).Output);

        Assert.Equal(0, exit);
        Assert.All(["users", "keys", "import", "audit", "check", "retry", "backup", "restore", "--data", "--urls", "--Section:Name"], word => Assert.Contains(word, output, StringComparison.Ordinal));
    }

    private async Task ImportAsync(string line)
    {
        var file = Path.Combine(_folder, "clicks.ndjson");
        await File.WriteAllTextAsync(file, line, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await RunAsync("", "import", "clicks", file, "--owner", "ann@example.com")).Exit);
    }

    private Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] args) =>
        program.RunAsync(args, input, new(_environment) { ["Data__Folder"] = _folder });

    /// <summary>The same in a process of its own, whose standard input can be a file of clicks too.</summary>
    private async Task<(int Exit, string Output, string Error)> StartAsync(string input, params string[] args)
    {
        var start = CommandProcess.Start();
        Array.ForEach(args, start.ArgumentList.Add);
        start.Environment["Data__Folder"] = _folder;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has said what is wrong and is gone already.
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }
}
