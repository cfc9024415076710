using Microsoft.AspNetCore.Identity;

namespace Spoo.Data.Accounts;

/// <summary>A person who signs in and owns links. The id is a <see cref="PublicId"/>; the wire calls it <c>owner_id</c>.</summary>
public sealed class SpooUser : IdentityUser
{
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Somebody who signs in with this address.</summary>
    public static SpooUser New(string email, DateTimeOffset now) =>
        new() { Id = PublicId.New(now), UserName = email, Email = email, CreatedAt = now };
}
