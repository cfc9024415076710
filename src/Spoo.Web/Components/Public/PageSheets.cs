using Microsoft.Extensions.ObjectPool;

namespace Spoo.Web.Components.Public;

/// <summary>
/// What public pages are drawn on, used again and again: a page is large enough that memory made anew for each would have all memory collected time after time.
/// </summary>
internal static class PageSheets
{
    private static readonly ObjectPool<MemoryStream> Sheets = new DefaultObjectPool<MemoryStream>(new Policy());

    /// <summary>An empty one. Whoever takes it brings it back.</summary>
    public static MemoryStream Take() => Sheets.Get();

    public static void BringBack(MemoryStream sheet) => Sheets.Return(sheet);

    private sealed class Policy : PooledObjectPolicy<MemoryStream>
    {
        private const int FirstCapacity = 128 << 10;

        /// <summary>Of which larger ones are left to the collector.</summary>
        private const int MostCapacity = 1 << 20;

        public override MemoryStream Create() => new(FirstCapacity);

        public override bool Return(MemoryStream sheet)
        {
            sheet.SetLength(0);
            return sheet.Capacity <= MostCapacity;
        }
    }
}
