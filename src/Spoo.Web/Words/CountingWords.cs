using Spoo.Data;
using Spoo.Data.Database;
using Spoo.Data.Stats;
using static Spoo.Web.Words.Texts;

namespace Spoo.Web.Words;

/// <summary>Why there are no numbers, for people.</summary>
internal static class CountingWords
{
    /// <summary>Who does not answer.</summary>
    public static string Of(Exception failure) =>
        StoreFailure.OfClickHouse(failure) is null ? T("The database does not answer.") : T("The server that keeps older clicks does not answer.");

    public static string Of(Refusal refusal) => refusal switch
    {
        { Code: CountingRefusals.AwayCode } => T("The clicks cannot be counted now: the server that counts them does not answer. Nothing is lost, and short links work."),
        { Code: CountingRefusals.CopyingCode, Progress: var (done, all) } =>
            T("The clicks are being copied to the server that counts them, {0:N0} of {1:N0} so far. The numbers are back when all are there.", done, all),
        { Code: CountingRefusals.CopyingCode } => T("The clicks are being copied to the server that counts them. The numbers are back when all are there."),
        { Code: CountingRefusals.PreparingCode, Progress: var (done, all) } => T("The numbers are being prepared, {0} % so far. They appear by themselves.", done * 100 / all),
        { Code: CountingRefusals.PreparingCode } => T("The numbers are being prepared. They appear by themselves."),
        { Kind: RefusalKind.Busy } => T("Too much is being counted just now. Try again in a few seconds."),
        _ => refusal.Message,
    };
}
