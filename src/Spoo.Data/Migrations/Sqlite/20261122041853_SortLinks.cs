using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SortLinks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Links_OwnerId_LastClick",
                table: "Links",
                columns: new[] { "OwnerId", "LastClick" });

            migrationBuilder.CreateIndex(
                name: "IX_Links_OwnerId_TotalClicks",
                table: "Links",
                columns: new[] { "OwnerId", "TotalClicks" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Links_OwnerId_LastClick",
                table: "Links");

            migrationBuilder.DropIndex(
                name: "IX_Links_OwnerId_TotalClicks",
                table: "Links");
        }
    }
}
