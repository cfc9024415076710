using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Links.Domains;

/// <summary>Codes of a domain that differ in capital and small letters alone, and would be one code if those did not count.</summary>
internal static class CaseClashes
{
    /// <summary>Of more, some are named and the others counted.</summary>
    private const int MostNamed = 10;

    /// <summary>Why case has to go on to count on this domain. Null: no codes clash.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public static async Task<Refusal?> RefuseAsync(SpooDbContext context, long domainId, CancellationToken cancellationToken)
    {
        var clashes = context.Links.Where(link => link.DomainId == domainId).GroupBy(link => link.FoldedCode).Where(group => group.Count() > 1).Select(group => group.Key);
        var count = await clashes.CountAsync(cancellationToken);
        if (count == 0)
        {
            return null;
        }

        var some = await clashes.OrderBy(code => code).Take(MostNamed).ToListAsync(cancellationToken);
        var codes = await context.Links.Where(link => link.DomainId == domainId && some.Contains(link.FoldedCode)).OrderBy(link => link.FoldedCode).ThenBy(link => link.ShortCode)
            .Select(link => new { link.FoldedCode, link.ShortCode }).ToListAsync(cancellationToken);
        var named = string.Join("; ", codes.GroupBy(code => code.FoldedCode).Select(group => string.Join(", ", group.Select(code => code.ShortCode))));
        var message = $"{count} codes differ in capital and small letters alone: {named}{(count > MostNamed ? "; …" : "")}. Rename, move or delete all but one of each first";
        return new Refusal(RefusalKind.Conflict, message) { Fields = [new FieldError("case_sensitive", message)] };
    }
}
