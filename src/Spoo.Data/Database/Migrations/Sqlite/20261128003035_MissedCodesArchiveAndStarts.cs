using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class MissedCodesArchiveAndStarts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ArchivedAt",
                table: "Links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FoldedCode",
                table: "Links",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PreStartUrl",
                table: "Links",
                type: "TEXT",
                maxLength: 8192,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "StartsAt",
                table: "Links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndedUrl",
                table: "Domains",
                type: "TEXT",
                maxLength: 2083,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IgnoresCase",
                table: "Domains",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "MissedCodes",
                columns: table => new
                {
                    DomainId = table.Column<long>(type: "INTEGER", nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Times = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MissedCodes", x => new { x.DomainId, x.Code });
                });

            // So far, codes have letters of ASCII alone.
            migrationBuilder.Sql("UPDATE Links SET FoldedCode = lower(ShortCode)");

            migrationBuilder.CreateIndex(
                name: "IX_Links_DomainId_FoldedCode",
                table: "Links",
                columns: new[] { "DomainId", "FoldedCode" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MissedCodes");

            migrationBuilder.DropIndex(
                name: "IX_Links_DomainId_FoldedCode",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "ArchivedAt",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "FoldedCode",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "PreStartUrl",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "StartsAt",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "EndedUrl",
                table: "Domains");

            migrationBuilder.DropColumn(
                name: "IgnoresCase",
                table: "Domains");
        }
    }
}
