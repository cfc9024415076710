namespace Spoo.Data.Transfer;

/// <summary>Names of columns as far as they tell them apart: <c>Short link</c>, <c>short_link</c> and <c>shortLink</c> are one.</summary>
internal static class FieldNames
{
    /// <summary>Letters and digits in small letters, and the dots between the names of objects within objects.</summary>
    public static string Simplify(string name) =>
        string.Create(name.Length, name, static (simple, name) =>
        {
            var length = 0;
            foreach (var c in name)
            {
                if (char.IsLetterOrDigit(c) || c == '.')
                {
                    simple[length++] = char.ToLowerInvariant(c);
                }
            }

            simple[length..].Clear();
        }).TrimEnd('\0');
}
