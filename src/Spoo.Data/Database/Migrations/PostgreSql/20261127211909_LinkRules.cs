using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.PostgreSql
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
                type: "character varying(8192)",
                maxLength: 8192,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<bool>(
                name: "PassPath",
                table: "Links",
                type: "boolean",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Preview",
                table: "Links",
                type: "character varying(20000)",
                maxLength: 20000,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<int>(
                name: "RedirectStatus",
                table: "Links",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Rules",
                table: "Links",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "Target",
                table: "ClickSources",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true,
                collation: "C");
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
