using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Data.Accounts;

/// <summary>Keeps the views that people save. Each account sees and changes its own only.</summary>
public sealed class SavedViews(IDbContextFactory<SpooDbContext> contexts, TimeProvider clock)
{
    /// <summary>More than a menu can show.</summary>
    public const int MostViews = 50;

    /// <summary>An account's views of one page, or of what is below it, by name.</summary>
    /// <param name="page">Its path, with a slash at its start.</param>
    public async Task<IReadOnlyList<SavedView>> ListAsync(string ownerId, string page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        var views = await context.SavedViews.AsNoTracking().Where(view => view.OwnerId == ownerId).ToListAsync(cancellationToken);
        return [.. views.Where(view => IsOf(page, view.Url)).OrderBy(view => view.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>Saves an address under a name; a view that has the name already gets the new address.</summary>
    public async Task<SavedViewOutcome> SaveAsync(string ownerId, string name, string url, CancellationToken cancellationToken)
    {
        if (!TryTakeName(ref name) || url.Length > SavedView.MaxUrlLength)
        {
            return SavedViewOutcome.BadName;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.SavedViews.SingleOrDefaultAsync(view => view.OwnerId == ownerId && view.Name == name, cancellationToken);
        if (known is not null && PageOf(known.Url) != PageOf(url))
        {
            return SavedViewOutcome.NameTaken;
        }

        if (known is not null)
        {
            known.Url = url;
        }
        else if (await context.SavedViews.CountAsync(view => view.OwnerId == ownerId, cancellationToken) >= MostViews)
        {
            return SavedViewOutcome.TooMany;
        }
        else
        {
            var now = clock.GetUtcNow();
            context.SavedViews.Add(new SavedView { Id = PublicId.New(now), OwnerId = ownerId, Name = name, Url = url, CreatedAt = now });
        }

        return await StoreAsync(context, cancellationToken);
    }

    public async Task<SavedViewOutcome> RenameAsync(string ownerId, string id, string name, CancellationToken cancellationToken)
    {
        if (!TryTakeName(ref name))
        {
            return SavedViewOutcome.BadName;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.SavedViews.SingleOrDefaultAsync(view => view.OwnerId == ownerId && view.Id == id, cancellationToken) is not { } known)
        {
            return SavedViewOutcome.Gone;
        }

        if (await context.SavedViews.AnyAsync(view => view.OwnerId == ownerId && view.Name == name && view.Id != id, cancellationToken))
        {
            return SavedViewOutcome.NameTaken;
        }

        known.Name = name;
        return await StoreAsync(context, cancellationToken);
    }

    /// <summary>Deleting what is gone already is as good.</summary>
    public async Task DeleteAsync(string ownerId, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.SavedViews.Where(view => view.OwnerId == ownerId && view.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    private static bool IsOf(string page, string url) => url == page || url.StartsWith(page + "?", StringComparison.Ordinal) || url.StartsWith(page + "/", StringComparison.Ordinal);

    /// <summary>The first part of an address: views of one link's dashboard and of all links' share their names.</summary>
    private static string PageOf(string url) => url.Split('/', '?') is [_, var first, ..] ? first : url;

    private static bool TryTakeName(ref string name)
    {
        name = name.Trim();
        return name.Length is > 0 and <= SavedView.MaxNameLength && !name.Any(char.IsControl);
    }

    private static async Task<SavedViewOutcome> StoreAsync(SpooDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return SavedViewOutcome.Done;
        }
        catch (DbUpdateConcurrencyException)
        {
            return SavedViewOutcome.Gone;
        }
    }
}

public enum SavedViewOutcome
{
    Done,

    /// <summary>A name has 1 to <see cref="SavedView.MaxNameLength"/> characters.</summary>
    BadName,

    /// <summary>Another view of the same owner has the name.</summary>
    NameTaken,

    /// <summary>The owner has <see cref="SavedViews.MostViews"/> already.</summary>
    TooMany,

    /// <summary>There is no such view any more.</summary>
    Gone,
}
