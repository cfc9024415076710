using Spoo.Data;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Links.Codes;
using Spoo.Web.Addresses;

namespace Spoo.Web.Api.Links;

/// <summary>What is to be different about a link, in the body of a call.</summary>
internal static class LinkEditFields
{
    /// <summary>Whatever the body says; what it does not name stays.</summary>
    public static LinkEdit All(JsonFields fields, HttpRequest request, ShorteningOptions options, Viewer viewer)
    {
        fields.RefuseNotOffered();
        var password = fields.Text("password", LinkRules.MaxPasswordLength);
        if (password is { Length: > 0 and < LinkRules.MinPasswordLength })
        {
            fields.Refuse("password", $"String should have at least {LinkRules.MinPasswordLength} characters, or none to take the password away");
        }

        var targets = TargetFields.Read(fields, viewer, SpooUrls.Origin(request, options));
        return new LinkEdit
        {
            LongUrl = fields.Text("long_url", Link.MaxLongUrlLength, minLength: 1),
            Alias = fields.Text("alias", ShortCode.MaxLength, minLength: 1),
            Domain = fields.Has("domain") ? new(fields.Domain(request, options)) : null,
            Title = fields.Has("title") ? new(fields.Text("title", Link.MaxTitleLength)) : null,
            Note = fields.Has("note") ? new(fields.Text("note", Link.MaxNoteLength)) : null,
            Password = fields.Has("password") ? new(password) : null,
            BlockBots = Flag("block_bots"),
            MaxClicks = fields.Has("max_clicks") ? new(fields.Whole("max_clicks", 0)) : null,
            ExpireAfter = fields.Has("expire_after") ? new(fields.Instant("expire_after")) : null,
            PrivateStats = Flag("private_stats"),
            Status = fields.Choice("status", LinkWords.OwnersStatuses),
            PassQuery = Flag("pass_query"),
            PassPath = targets.PassPath,
            RedirectStatus = targets.Status,
            ExpiredUrl = targets.Expired,
            StartsAt = targets.Starts,
            PreStartUrl = targets.Early,
            IsArchived = fields.Flag("archived"),
            Targets = targets.Targets,
            Preview = targets.Preview,
            Tags = fields.Has("tags") ? fields.Tags() ?? [] : null,
        };

        // Programs that write null for whatever they do not mention must not make private statistics public.
        Change<bool?>? Flag(string name) => fields.Flag(name) is { } flag ? new(flag) : null;
    }

    /// <summary>The status alone, which has to be there.</summary>
    public static LinkEdit Status(JsonFields fields)
    {
        var status = fields.Choice("status", LinkWords.OwnersStatuses);
        if (status is null && fields.Refusal is null)
        {
            fields.Refuse("status", "Field required");
        }

        return new LinkEdit { Status = status };
    }
}
