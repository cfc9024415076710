using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class OwnersOfTags : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LinkTags_Name",
                table: "LinkTags");

            migrationBuilder.AddColumn<string>(
                name: "OwnerId",
                table: "LinkTags",
                type: "varchar(24)",
                unicode: false,
                maxLength: 24,
                nullable: true);

            migrationBuilder.Sql("UPDATE LinkTags SET OwnerId = (SELECT OwnerId FROM Links WHERE Links.Id = LinkTags.LinkId)");

            migrationBuilder.CreateIndex(
                name: "IX_LinkTags_OwnerId_Name_LinkId",
                table: "LinkTags",
                columns: new[] { "OwnerId", "Name", "LinkId" });

            migrationBuilder.CreateIndex(
                name: "IX_Links_OwnerId_ShortCode",
                table: "Links",
                columns: new[] { "OwnerId", "ShortCode" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_LinkTags_OwnerId_Name_LinkId",
                table: "LinkTags");

            migrationBuilder.DropIndex(
                name: "IX_Links_OwnerId_ShortCode",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "OwnerId",
                table: "LinkTags");

            migrationBuilder.CreateIndex(
                name: "IX_LinkTags_Name",
                table: "LinkTags",
                column: "Name");
        }
    }
}
