using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Database;
using Spoo.Data.Links;
using Spoo.Web.Addresses;
using Spoo.Web.Commands;
using Spoo.Web.Identity;

namespace Spoo.Web;

/// <summary>Settings in, one clear line out when they cannot be followed.</summary>
internal static class Startup
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The runtime alone keeps two open for each of its libraries, some 400 in all; the rest is for visitors, pages and the database.</summary>
    private const int FewestFiles = 1024;

    private const long MaxBodyLength = 1024 * 1024;

    /// <summary>A filter has up to 5,000 characters, of which each takes up to twelve in an address.</summary>
    private const int MaxAddressLength = 64 * 1024;

    /// <summary>Where secrets lie that are not to stand in settings, as engines of containers hand them in.</summary>
    internal const string SecretsFolder = "Secrets:Folder";

    private const string SettingsFile = "spoo.json";

    private static volatile bool _started;

    /// <summary>Options with a short name on the command line, beside every setting under its full one (<c>--Stats:MaxRangeDays 90</c>).</summary>
    private static readonly Dictionary<string, string> ShortOptions = new(StringComparer.Ordinal)
    {
        ["--data"] = "Data:Folder",
        ["--urls"] = "urls",
        ["--environment"] = "environment",
        ["--contentRoot"] = "contentRoot",
        ["--AllowedHosts"] = "AllowedHosts",
        ["--applicationName"] = "applicationName",
    };

    /// <summary>
    /// A builder whose settings come, the later over the earlier, from <c>appsettings.json</c> beside the program,
    /// <c>spoo.json</c> in the data folder, the environment, the command line and the files of secrets.
    /// </summary>
    /// <exception cref="SettingException">An option or a setting is not known.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        PrivateFiles.MakeOnlyPrivateOnes();

        // A test's host brings its settings as options, the names of their sections among them.
        var underTest = args.Any(arg => arg.StartsWith("--contentRoot", StringComparison.Ordinal));
        if (!underTest)
        {
            RefuseUnknownOptions(args);
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Settings hold from the start on. To watch their files takes what a person's processes have 128 of, all together.
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],

            // The program's own files lie beside it, wherever it is started from.
            ContentRootPath = underTest ? null : AppContext.BaseDirectory,
        });

        var commandLine = new ConfigurationBuilder().AddCommandLine(args, ShortOptions).Build();
        builder.Configuration.AddConfiguration(commandLine);
        var folder = builder.Configuration["Data:Folder"] ?? new DataOptions().Folder;
        AddFiles(builder.Configuration, Path.Combine(Path.GetFullPath(folder), SettingsFile), commandLine);
        KnownSettings.RefuseOthers(builder.Configuration);
        ListeningUrls.RefuseOthers(builder.Configuration);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        // Files come through the connections of pages, piece by piece; whatever else is sent here is a form or a few words of JSON.
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Limits.MaxRequestBodySize = MaxBodyLength;
            server.Limits.MaxRequestLineSize = MaxAddressLength;
            server.ConfigureEndpointDefaults(endpoint => endpoint.Use((connection, next) => RawTargets.ReadAsync(connection, next)));
        });

        // Long enough for answers that are being given; the next process waits for this one to end.
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>((host, server) => host.ShutdownTimeout = server.Value.DrainFor + Stopping.Patience);
        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());

        // A server that cannot start says why in one line, and that line is ours.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => _started && level >= LogLevel.Warning);

        // Static files are found where the build left them, also in Production and without publishing.
        builder.WebHost.UseStaticWebAssets();
        return builder;
    }

    /// <exception cref="SettingException">A file of settings cannot be read.</exception>
    private static void AddFiles(ConfigurationManager configuration, string file, IConfiguration commandLine)
    {
        // As engines of containers make one of a file that is to be mounted and is not there.
        if (Directory.Exists(file))
        {
            throw new SettingException($"'{file}' is a folder, and should be a file of settings or not be there");
        }

        try
        {
            configuration.AddJsonFile(file, optional: true, reloadOnChange: false).AddEnvironmentVariables().AddConfiguration(commandLine);
            if (configuration[SecretsFolder] is { Length: > 0 } secrets)
            {
                // A file for each, called as the environment would call the setting.
                configuration.AddKeyPerFile(Path.GetFullPath(secrets), optional: true, reloadOnChange: false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"the settings cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Tells the person at the terminal, once requests are answered, where to point the browser.</summary>
    public static void SayWhereItIs(WebApplication app)
    {
        var folder = app.Services.GetRequiredService<IOptions<DataOptions>>().Value.PathOf();
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            _started = true;
            Console.WriteLine($"Spoo is at {string.Join(", ", app.Urls)} and keeps its data in {folder}. Ctrl+C stops it.");
            _ = SayHowToBeginAsync(app);
        });
    }

    /// <summary>Before there is an administrator, tells the person at the terminal, and no visitor, how to become it.</summary>
    private static async Task SayHowToBeginAsync(WebApplication app)
    {
        try
        {
            var firstRun = app.Services.GetRequiredService<FirstRun>();
            if (await firstRun.IsWithoutAdministratorAsync(CancellationToken.None))
            {
                var origin = app.Services.GetRequiredService<ShorteningOptions>().PublicUrl?.TrimEnd('/') ?? Here(app.Urls.FirstOrDefault() ?? DefaultUrl) + app.Services.GetRequiredService<IOptions<ServerOptions>>().Value.PathBase;
                Console.WriteLine($"Nobody looks after it yet. Make the administrator's account at {origin}/{SpooUrls.SetupWith(await firstRun.CodeAsync(CancellationToken.None))}");
            }

            if (await app.Services.GetRequiredService<PasswordDoor>().IsHeldOpenAsync(CancellationToken.None))
            {
                Console.WriteLine("Accounts:PasswordSignIn=false does not count yet: first an administrator has to connect a provider (Settings, Signing in with others).");
            }
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            // A server that starts without its database has been set up before.
        }

        // An address that browsers open, where the server listens on all.
        static string Here(string url) => url.TrimEnd('/').Replace("//[::]", "//localhost", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal);
    }

    /// <summary>Serves until it is ended.</summary>
    /// <returns>The exit code, which is only 0 when nothing that should have run to the end broke down before.</returns>
    public static async Task<int> RunAsync(WebApplication app)
    {
        var inTheBackground = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was asked to end before it had begun.
        }

        if (inTheBackground.Find(service => service.ExecuteTask is { IsFaulted: true }) is not { } broken)
        {
            return 0;
        }

        await Console.Error.WriteLineAsync($"spoo: {broken.GetType().Name} broke down: {broken.ExecuteTask!.Exception!.GetBaseException().Message}");
        return 1;
    }

    /// <summary>Runs the program and turns what people can put right themselves into one line on standard error.</summary>
    public static async Task<int> ExplainFailuresAsync(Func<Task<int>> program)
    {
        try
        {
            return await program();
        }
        catch (Exception exception) when (Explain(exception) is { } line)
        {
            await Console.Error.WriteLineAsync($"spoo: {line}");
            return 1;
        }
    }

    private static string? Explain(Exception exception) => exception switch
    {
        SettingException setting => setting.Message,
        OptionsValidationException options => string.Join("; ", options.Failures),
        IOException { InnerException: AddressInUseException } => $"{exception.Message} Choose another port with --urls.",
        InvalidOperationException binding when UnreadableSetting.InWords(binding.Message) is { } words => words,
        InvalidOperationException { InnerException: FormatException format } => format.Message,
        FormatException format when format.Message.Contains("url", StringComparison.OrdinalIgnoreCase) => format.Message,
        InvalidDataException { InnerException: FormatException format } file => $"{file.Message} {(format.InnerException ?? format).Message}",
        _ when StoreFailure.Is(exception) => StoreFailure.InWords(exception),
        _ => null,
    };

    /// <summary>Where a process may open hardly any files, everything would fail somewhere else and for reasons that are hard to find.</summary>
    /// <exception cref="SettingException">There are too few.</exception>
    public static void RequireFiles()
    {
        const string Limits = "/proc/self/limits";
        const string Name = "Max open files";
        if (!OperatingSystem.IsLinux() || !File.Exists(Limits))
        {
            return;
        }

        // "Max open files   soft   hard   files"; the runtime takes what the hard one allows.
        var line = File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        if (line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var hard, ..] && int.TryParse(hard, out var files) && files < FewestFiles)
        {
            throw new SettingException($"this process may open {files} files, and the server needs {FewestFiles} at least: raise the limit (ulimit -n 4096, or LimitNOFILE=4096 in its service file)");
        }
    }

    /// <summary>A misspelt option would otherwise be a setting without effect.</summary>
    private static void RefuseUnknownOptions(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!ShortOptions.ContainsKey(name) && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)))
            {
                throw new SettingException($"unknown option '{name}'{WrongWords.Perhaps(WrongWords.Nearest(name, ShortOptions.Keys))}; ./run --help lists them all");
            }

            var isApart = name == args[i];
            if ((isApart && ++i == args.Length) || (name is "--data" or "--urls" && args[i] == (isApart ? "" : name + "=")))
            {
                throw new SettingException($"the option '{name}' needs a value");
            }
        }
    }
}
