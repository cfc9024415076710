using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Spoo.Data.Database;

namespace Spoo.Tests.Database;

/// <summary>
/// Today's model without the columns and tables that a schema of an earlier version has not got, so that such a schema can be filled
/// with rows: what was there is what the migration's own model says.
/// </summary>
internal sealed class EarlierModel(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
{
    /// <summary>The migration up to which the schema is, without the time in front of its name.</summary>
    public const string Migration = "OwnersOfTags";

    /// <summary>The whole name of that migration in the databases of this context, or of its first one where it came later.</summary>
    public static string IdIn(DbContext context) =>
        context.Database.GetMigrations().FirstOrDefault(id => id.EndsWith("_" + Migration, StringComparison.Ordinal)) ?? context.Database.GetMigrations().First();

    public override void Customize(ModelBuilder modelBuilder, DbContext context)
    {
        base.Customize(modelBuilder, context);
        var earlier = ModelOf(context);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().ToList())
        {
            if (earlier.FindEntityType(entity.Name) is not { } then)
            {
                modelBuilder.Ignore(entity.ClrType);
                continue;
            }

            foreach (var property in entity.GetDeclaredProperties().Where(property => then.FindProperty(property.Name) is null).ToList())
            {
                modelBuilder.Entity(entity.ClrType).Ignore(property.Name);
            }
        }
    }

    private static IModel ModelOf(DbContext context)
    {
        var migrations = typeof(SpooDbContext).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context.GetType() && type.GetCustomAttribute<MigrationAttribute>() is not null)
            .OrderBy(type => type.GetCustomAttribute<MigrationAttribute>()!.Id, StringComparer.Ordinal)
            .ToList();
        var type = migrations.Find(type => type.Name == Migration) ?? migrations[0];
        return ((Migration)Activator.CreateInstance(type)!).TargetModel;
    }
}
