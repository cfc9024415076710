using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Links.Destinations;

/// <summary>Keeps the campaign parameters that people use again and again. Those of others are not seen or changed.</summary>
public sealed class UtmTemplates(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>More than a list can show.</summary>
    public const int MostTemplates = 100;

    /// <summary>An account's templates by name.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<IReadOnlyList<UtmTemplate>> ListAsync(string ownerId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var templates = await context.UtmTemplates.AsNoTracking().Where(template => template.OwnerId == ownerId).ToListAsync(cancellationToken);
        return [.. templates.OrderBy(template => template.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>Saves parameters under a name; a template that has the name already gets the new ones. False: no name, nothing to save, or no room.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<bool> SaveAsync(string ownerId, string name, UtmParameters parameters, CancellationToken cancellationToken)
    {
        name = name.Trim();
        if (name.Length is 0 or > UtmTemplate.MaxNameLength || name.Any(char.IsControl) || parameters.IsEmpty || parameters.Query.Length > UtmParameters.MaxQueryLength)
        {
            return false;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.UtmTemplates.SingleOrDefaultAsync(template => template.OwnerId == ownerId && template.Name == name, cancellationToken);
        if (known is not null)
        {
            known.Query = parameters.Query;
        }
        else if (await context.UtmTemplates.CountAsync(template => template.OwnerId == ownerId, cancellationToken) >= MostTemplates)
        {
            return false;
        }
        else
        {
            var now = clock.GetUtcNow();
            context.UtmTemplates.Add(new UtmTemplate { Id = PublicId.New(now), OwnerId = ownerId, Name = name, Query = parameters.Query, CreatedAt = now });
        }

        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Deleting what is gone already is as good.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task DeleteAsync(string ownerId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.UtmTemplates.Where(template => template.OwnerId == ownerId && template.Id == id).ExecuteDeleteAsync(cancellationToken);
    }
}
