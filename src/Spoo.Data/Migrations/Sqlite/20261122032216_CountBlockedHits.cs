using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CountBlockedHits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "BlockedHits",
                table: "Links",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "PassQuery",
                table: "Links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastSequence",
                table: "ClickWriters",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "BlockedHits",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "PassQuery",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "LastSequence",
                table: "ClickWriters");
        }
    }
}
