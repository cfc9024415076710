using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Accounts;
using Spoo.Data.Database;

namespace Spoo.Data.Links.Pictures;

/// <summary>Keeps the pictures that people bring for the cards of their links, for as long as a link shows them.</summary>
public sealed partial class LinkPictures(IDbContextFactory<SpooDbContext> contexts, ShorteningOptions options, TimeProvider clock)
{
    /// <summary>Where they are served, below the address of this installation.</summary>
    public const string Path = "api/v1/pictures";

    /// <summary>A picture that was brought may be of a link that is being written.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Whether any are.</summary>
    public bool KeepsAny => options.PictureMegabytes > 0;

    /// <summary>Whether this is where a server such as this one shows a picture that it keeps. Unlike others it may begin with http://, as the server does.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && Kept().IsMatch(uri.AbsolutePath);

    /// <summary>A card whose picture is kept here, where it brought one, and is an address from now on.</summary>
    /// <returns>A refusal where the account cannot have it; its field is <c>meta_tags.image</c>.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(LinkPreview? Preview, Refusal? Refusal)> KeepAsync(LinkPreview? preview, Viewer viewer, CancellationToken cancellationToken)
    {
        if (preview?.Brought is not { } picture)
        {
            return (preview, null);
        }

        var (address, no) = await KeepAsync(picture, viewer, cancellationToken);
        return no is null ? (preview with { Image = address, Brought = null }, null) : (null, Refusal.Invalid(no.ToString(), "meta_tags.image"));
    }

    /// <summary>Keeps a picture for as long as a link of the account shows it, and for a day.</summary>
    /// <returns>The address at which it is shown from now on, or why it has none.</returns>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<(string? Address, Message? Problem)> KeepAsync(BroughtPicture picture, Viewer viewer, CancellationToken cancellationToken) =>
        viewer.UserId is null || !KeepsAny ? (null, new Message("no pictures are kept here: name the https:// address of one"))
        : await KeepAsync(viewer.UserId, picture.File, cancellationToken) ? ($"{picture.At}/{Path}/{picture.File.Name}", null)
        : (null, new Message("the pictures of this account's links would be more than {0} MB together; those that no link shows are removed after a day", options.PictureMegabytes));

    /// <summary>Its type and its bytes. Null: none is kept under this name.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async Task<PictureFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateToAnswerAsync(cancellationToken);
        return await context.Pictures.AsNoTracking().Where(picture => picture.Name == name).OrderBy(picture => picture.Id)
            .Select(picture => new PictureFile(picture.MediaType, picture.Content)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>An account's pictures by name, with their bytes, one at a time from the database.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer.</exception>
    public async IAsyncEnumerable<PictureFile> OfAsync(string ownerId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var name in await context.Pictures.Where(picture => picture.OwnerId == ownerId).Select(picture => picture.Name).Order().ToListAsync(cancellationToken))
        {
            if (await FindAsync(name, cancellationToken) is { } picture)
            {
                yield return picture;
            }
        }
    }

    /// <summary>Lets an account have the pictures of links that are given to it, so that they stay when their former owner goes.</summary>
    internal static async Task CopyAsync(SpooDbContext context, IEnumerable<Link> links, string ownerId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var name in links.Select(link => NameIn(link.Preview)).OfType<string>().Distinct())
        {
            if (!await context.Pictures.AnyAsync(picture => picture.Name == name && picture.OwnerId == ownerId, cancellationToken)
                && await context.Pictures.AsNoTracking().FirstOrDefaultAsync(picture => picture.Name == name, cancellationToken) is { } picture)
            {
                context.Pictures.Add(new KeptPicture { OwnerId = ownerId, Name = name, MediaType = picture.MediaType, Content = picture.Content, BroughtAt = now });
                await context.SaveChangesAsync(cancellationToken);
            }
        }
    }

    /// <summary>Removes those that no link shows and that were not brought lately.</summary>
    /// <exception cref="System.Data.Common.DbException">The database does not answer; the next run removes the rest.</exception>
    internal async Task<int> ForgetUnusedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var until = clock.GetUtcNow() - Grace;
        var old = await context.Pictures.Where(picture => picture.BroughtAt < until).Select(picture => new { picture.Id, picture.Name }).ToListAsync(cancellationToken);
        if (old.Count == 0)
        {
            return 0;
        }

        var shown = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var link in context.Links.AsNoTracking().Where(link => link.Preview != null).Select(link => new { link.Preview }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (NameIn(link.Preview) is { } name)
            {
                shown.Add(name);
            }
        }

        var removed = 0;
        foreach (var ids in old.Where(picture => !shown.Contains(picture.Name)).Select(picture => picture.Id).Chunk(100))
        {
            // One that is brought again in this moment stays.
            removed += await context.Pictures.Where(picture => ids.Contains(picture.Id) && picture.BroughtAt < until).ExecuteDeleteAsync(cancellationToken);
        }

        return removed;
    }

    /// <summary>False: there is no room.</summary>
    private async Task<bool> KeepAsync(string ownerId, PictureFile file, CancellationToken cancellationToken)
    {
        var (name, now) = (file.Name, clock.GetUtcNow());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        Task<int> BringAgainAsync() => context.Pictures.Where(picture => picture.OwnerId == ownerId && picture.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(picture => picture.BroughtAt, now), cancellationToken);

        if (await BringAgainAsync() > 0)
        {
            return true;
        }

        var kept = await context.Pictures.Where(picture => picture.OwnerId == ownerId).SumAsync(picture => (long)picture.Content.Length, cancellationToken);
        if (kept + file.Content.Length > options.PictureMegabytes * 1_000_000L)
        {
            return false;
        }

        context.Pictures.Add(new KeptPicture { OwnerId = ownerId, Name = name, MediaType = file.MediaType, Content = file.Content, BroughtAt = now });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // Another request has brought the same.
            context.ChangeTracker.Clear();
            if (await BringAgainAsync() > 0)
            {
                return true;
            }

            throw;
        }
    }

    private static string? NameIn(LinkPreview? preview) => preview?.Image is { } image && IsAddress(image) ? image[(image.LastIndexOf('/') + 1)..] : null;

    [GeneratedRegex("/" + Path + "/[0-9a-f]{32}\\.(png|jpg|webp)$", RegexOptions.CultureInvariant)]
    private static partial Regex Kept();
}
