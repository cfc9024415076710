using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class LinkRules : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "ShortCode",
                table: "Links",
                type: "nvarchar(64)",
                maxLength: 64,
                nullable: false,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "varchar(64)",
                oldUnicode: false,
                oldMaxLength: 64,
                oldCollation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "ExpiredUrl",
                table: "Links",
                type: "nvarchar(max)",
                maxLength: 8192,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<bool>(
                name: "PassPath",
                table: "Links",
                type: "bit",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Preview",
                table: "Links",
                type: "nvarchar(max)",
                maxLength: 20000,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<int>(
                name: "RedirectStatus",
                table: "Links",
                type: "int",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Rules",
                table: "Links",
                type: "nvarchar(max)",
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<string>(
                name: "Target",
                table: "ClickSources",
                type: "nvarchar(60)",
                maxLength: 60,
                nullable: true,
                collation: "Latin1_General_100_BIN2");
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

            migrationBuilder.AlterColumn<string>(
                name: "ShortCode",
                table: "Links",
                type: "varchar(64)",
                unicode: false,
                maxLength: 64,
                nullable: false,
                collation: "Latin1_General_100_BIN2",
                oldClrType: typeof(string),
                oldType: "nvarchar(64)",
                oldMaxLength: 64,
                oldCollation: "Latin1_General_100_BIN2");
        }
    }
}
