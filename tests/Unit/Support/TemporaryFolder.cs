namespace Spoo.Tests.Support;

/// <summary>A data folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spoo-test-");

    public string Path => _folder.FullName;

    public async ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 100)
            {
                // The program ends on a thread of its own and may still be saving an index, which is one of the last things it does.
                await Task.Delay(100);
            }
        }
    }
}
