using System.Globalization;

namespace Spoo.Data.Links.Domains;

/// <summary>
/// Why a domain is not proved. Kept with the domain as programs are told it, in English; what people read is made out of that again
/// (<see cref="Parse"/>), so that the language of who asked does not stick to it.
/// </summary>
public static class DomainFaults
{
    private const string Between = "; ";

    private static string Record(string host) => DomainProof.RecordStart + host;

    private static string File(string host) => $"http://{host}{DomainProof.FilePath}";

    internal static Message NoRecord(string host) => new Message("no TXT record {0} was found", Record(host));

    internal static Message OtherRecord(string host) => new Message("the TXT record {0} says something else", Record(host));

    internal static Message NoNameServer() => new Message("the name servers did not answer");

    internal static Message OtherFile(string host) => new Message("{0} says something else", File(host));

    internal static Message FileAnswers(string host, int status) => new Message("{0} answers {1}", File(host), status);

    internal static Message NoFile(string host) => new Message("{0} cannot be fetched", File(host));

    internal static Message NoAddress(string host) => new Message("{0} has no address in the public internet", host);

    /// <summary>As it is kept: first what is wrong with the record, then with the file.</summary>
    internal static string Text(Message record, Message file) => $"{record}{Between}{file}";

    /// <summary>What is wrong with the record and with the file, out of what is kept with the domain of this host. Empty: an earlier version said it otherwise.</summary>
    public static IReadOnlyList<Message> Parse(string fault, string host)
    {
        Message[] ofRecord = [NoRecord(host), OtherRecord(host), NoNameServer()];
        Message[] ofFile = [OtherFile(host), NoFile(host), NoAddress(host), FileAnswers(host, LastNumber(fault))];
        foreach (var record in ofRecord)
        {
            if (Array.Find(ofFile, file => Text(record, file) == fault) is { } file)
            {
                return [record, file];
            }
        }

        return [];
    }

    private static int LastNumber(string text) =>
        int.TryParse(text.AsSpan(text.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
