namespace Spoo.Web.Components.Report.Cards;

/// <summary>What became of one part of a page that is asked for by a question of its own, and fails alone.</summary>
/// <typeparam name="T">Its answer.</typeparam>
/// <param name="Url">The address that it answers.</param>
/// <param name="Answer">Null: it could not be counted.</param>
/// <param name="Refusal">Why there is no answer, where the question itself is the reason. Null: it is not.</param>
public sealed record CardResult<T>(string Url, T? Answer, string? Refusal = null)
    where T : class;
