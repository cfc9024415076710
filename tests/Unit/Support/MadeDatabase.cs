using Microsoft.EntityFrameworkCore;
using Spoo.Data;
using Spoo.Data.Database;

namespace Spoo.Tests.Support;

/// <summary>
/// A SQLite database with its tables and nothing in them, for data folders of tests: making the tables takes as much of the processor as all else that a
/// server does when it starts. That a server makes them is what <c>MigrationsTests</c> and <c>StartupTests</c> are about.
/// </summary>
internal static class MadeDatabase
{
    private static readonly Lazy<byte[]> File = new(Make);

    /// <summary>Puts it into a folder that has no database.</summary>
    public static void PutInto(string folder)
    {
        var path = Path.Combine(folder, DataOptions.SqliteFile);
        if (!System.IO.File.Exists(path))
        {
            System.IO.File.WriteAllBytes(path, File.Value);
        }
    }

    /// <summary>Makes a folder that has it.</summary>
    public static string InNewFolder(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;
        PutInto(folder);
        return folder;
    }

    private static byte[] Make()
    {
        var folder = Directory.CreateTempSubdirectory("spoo-test-");
        try
        {
            var path = Path.Combine(folder.FullName, DataOptions.SqliteFile);
            using (var context = new SqliteSpooDbContext(new DbContextOptionsBuilder<SqliteSpooDbContext>().UseSqlite($"Data Source={path};Pooling=False").Options))
            {
                context.Database.Migrate();
            }

            return System.IO.File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
