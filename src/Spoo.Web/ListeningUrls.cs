using System.Globalization;
using System.Net;
using Spoo.Data.Database;

namespace Spoo.Web;

/// <summary>Where the server is told to listen. What is no address of a machine would be taken for all of its addresses, and what is no port for another one.</summary>
internal static class ListeningUrls
{
    private const int LastPort = ushort.MaxValue;

    /// <exception cref="SettingException">One cannot be listened at.</exception>
    /// <exception cref="FormatException">One is no address at all.</exception>
    public static void RefuseOthers(IConfiguration settings)
    {
        foreach (var url in Entries(settings["urls"]))
        {
            var address = BindingAddress.Parse(url);
            if (address.Port is < 0 or > LastPort)
            {
                throw new SettingException($"'{url}' has no port that there is: they go from 1 to {LastPort}");
            }

            if (!address.IsUnixPipe && address.Host.All(c => char.IsAsciiDigit(c) || c == '.') && !IPAddress.TryParse(address.Host, out _))
            {
                throw new SettingException($"'{url}' cannot be listened at: {address.Host} is no address");
            }
        }

        foreach (var name in (string[])["http_ports", "https_ports"])
        {
            if (Entries(settings[name]).FirstOrDefault(text => !IsPort(text)) is { } other)
            {
                throw new SettingException($"{name} cannot be '{other}': ports go from 1 to {LastPort}");
            }
        }
    }

    private static bool IsPort(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= LastPort;

    private static string[] Entries(string? list) => (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
