using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class LinkRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "ExpiredUrl",
                table: "Links",
                type: "TEXT",
                maxLength: 8192,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "PassPath",
                table: "Links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Preview",
                table: "Links",
                type: "TEXT",
                maxLength: 20000,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "RedirectStatus",
                table: "Links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Rules",
                table: "Links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Target",
                table: "ClickSources",
                type: "TEXT",
                maxLength: 60,
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ExpiredUrl",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "PassPath",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "Preview",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "RedirectStatus",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "Rules",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "Target",
                table: "ClickSources");
        }
    }
}
