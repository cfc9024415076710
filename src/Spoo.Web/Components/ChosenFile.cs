using Microsoft.AspNetCore.Components.Forms;

namespace Spoo.Web.Components;

/// <summary>A small file that a person chooses in a dialog.</summary>
internal static class ChosenFile
{
    /// <summary>All of it. Null: it has more bytes than it may.</summary>
    public static async Task<byte[]?> ReadAsync(IBrowserFile file, int most)
    {
        if (file.Size > most)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        await using var content = file.OpenReadStream(most);
        await content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
