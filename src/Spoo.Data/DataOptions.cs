using System.ComponentModel.DataAnnotations;

namespace Spoo.Data;

public enum DatabaseKind
{
    /// <summary>One file in the data folder; nothing to install.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server 2019 or later, reached by <see cref="DataOptions.ConnectionString"/>.</summary>
    SqlServer,

    /// <summary>PostgreSQL 14 or later, reached by <see cref="DataOptions.ConnectionString"/>.</summary>
    PostgreSql,
}

/// <summary>Settings of the section <c>Data</c>: where everything is kept.</summary>
public sealed class DataOptions
{
    public const string Section = "Data";

    /// <summary>The embedded database, in the folder.</summary>
    public const string SqliteFile = "spoo.db";

    /// <summary>
    /// The folder of everything that must outlive the process: the SQLite database, indexes, journals, keys for cookies. The command
    /// line's <c>--data</c>.
    /// </summary>
    [Required]
    public string Folder { get; set; } = "data";

    public DatabaseKind Database { get; set; } = DatabaseKind.Sqlite;

    /// <summary>Required with a database server; SQLite has its place in the data folder.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The password for the database server, of any characters, where it does not stand in <see cref="ConnectionString"/>: as a file of its own it is
    /// in no list of processes and in no environment. Null: it stands there, or none is asked for.
    /// </summary>
    public string? Password { get; set; }

    /// <summary>A path inside of the data folder.</summary>
    public string PathOf(params string[] parts) => Path.Combine([Path.GetFullPath(Folder), .. parts]);
}
