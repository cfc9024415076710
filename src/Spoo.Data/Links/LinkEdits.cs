using Spoo.Data.Links.Codes;

namespace Spoo.Data.Links;

/// <summary>Makes links what they are asked to be. Whether they may be that has been asked before.</summary>
internal static class LinkEdits
{
    /// <summary>Makes the link what it is asked to be; false, and nothing is different, when that is too many tags.</summary>
    public static bool Apply(LinkEdit edit, Link link, DateTimeOffset now)
    {
        if (!ApplyTags(edit, link))
        {
            return false;
        }

        link.LongUrl = edit.LongUrl ?? link.LongUrl;
        link.ShortCode = edit.Alias ?? link.ShortCode;
        link.Title = edit.Title is { } title ? LinkService.OwnWords(title.To) : link.Title;
        link.Note = edit.Note is { } note ? LinkService.OwnWords(note.To) : link.Note;
        link.BlockBots = edit.BlockBots is { } bots ? bots.To : link.BlockBots;
        link.PrivateStats = edit.PrivateStats is { } isPrivate ? isPrivate.To : link.PrivateStats;
        link.PassQuery = edit.PassQuery is { } pass ? pass.To : link.PassQuery;
        link.PassPath = edit.PassPath is { } path ? path.To : link.PassPath;
        link.RedirectStatus = edit.RedirectStatus is { } status ? (status.To == LinkRedirects.Default ? null : status.To) : link.RedirectStatus;
        link.ExpiredUrl = edit.ExpiredUrl is { } elsewhere ? (string.IsNullOrEmpty(elsewhere.To) ? null : elsewhere.To) : link.ExpiredUrl;
        link.Preview = edit.Preview is { } preview ? preview.To : link.Preview;
        link.Rules = edit.Targets is { } targets ? targets.Apply(link.Rules) : link.Rules;
        link.MaxClicks = edit.MaxClicks is { } limit ? (limit.To > 0 ? limit.To : null) : link.MaxClicks;
        link.ExpireAfter = edit.ExpireAfter is { } end ? end.To : link.ExpireAfter;
        link.StartsAt = edit.StartsAt is { } start ? start.To : link.StartsAt;
        link.PreStartUrl = edit.PreStartUrl is { } early ? (string.IsNullOrEmpty(early.To) ? null : early.To) : link.PreStartUrl;
        link.ArchivedAt = edit.IsArchived is { } isArchived ? (isArchived ? link.ArchivedAt ?? now : null) : link.ArchivedAt;
        link.Status = edit.Status ?? link.Status;
        link.UpdatedAt = now;
        if (edit.Password is { } password)
        {
            link.PasswordHash = string.IsNullOrEmpty(password.To) ? null : LinkPassword.Hash(password.To);
        }

        // A link that a limit had ended lives again when the limit is gone.
        if (link.Status == LinkStatus.Expired && edit.Status is null && !link.HasReachedALimit(now)
            && (edit.MaxClicks is not null || edit.ExpireAfter is not null))
        {
            link.Status = LinkStatus.Active;
        }

        return true;
    }

    private static bool ApplyTags(LinkEdit edit, Link link)
    {
        var wanted = (edit.Tags ?? link.Tags.Select(tag => tag.Name)).Union(edit.TagsToAdd).Except(edit.TagsToRemove).ToHashSet();
        if (wanted.Count > LinkTag.MaxCount)
        {
            return false;
        }

        link.Tags.RemoveAll(tag => !wanted.Contains(tag.Name));
        link.Tags.AddRange(wanted.Except(link.Tags.Select(tag => tag.Name)).ToList().Select(name => new LinkTag { LinkId = link.Id, OwnerId = link.OwnerId, Name = name }));
        return true;
    }
}
