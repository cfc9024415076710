using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Spoo.Data.Database;

namespace Spoo.Tests.Support;

/// <summary>A database that a test can make fail, for as long as it says so.</summary>
internal sealed class BreakableContexts(Func<SpooDbContext> create) : IDbContextFactory<SpooDbContext>
{
    public bool IsBroken { get; set; }

    public SpooDbContext CreateDbContext() => IsBroken ? throw new Broken() : create();

    private sealed class Broken() : DbException("the test has unplugged the database");
}
