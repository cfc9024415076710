using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.PostgreSql
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
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FoldedCode",
                table: "Links",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<string>(
                name: "PreStartUrl",
                table: "Links",
                type: "character varying(8192)",
                maxLength: 8192,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<long>(
                name: "StartsAt",
                table: "Links",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "EndedUrl",
                table: "Domains",
                type: "character varying(2083)",
                maxLength: 2083,
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<bool>(
                name: "IgnoresCase",
                table: "Domains",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "MissedCodes",
                columns: table => new
                {
                    DomainId = table.Column<long>(type: "bigint", nullable: false),
                    Code = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    Times = table.Column<long>(type: "bigint", nullable: false),
                    FirstAt = table.Column<long>(type: "bigint", nullable: false),
                    LastAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MissedCodes", x => new { x.DomainId, x.Code });
                });

            // So far, codes have letters of ASCII alone.
            migrationBuilder.Sql("""UPDATE "Links" SET "FoldedCode" = lower("ShortCode")""");

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
