using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Migrations.SqlServer
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "PassQuery",
                table: "Links",
                type: "bit",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastSequence",
                table: "ClickWriters",
                type: "bigint",
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
