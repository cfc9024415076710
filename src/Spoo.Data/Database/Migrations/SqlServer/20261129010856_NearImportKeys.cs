using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class NearImportKeys : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "HasNearKeys",
                table: "ClickWriters",
                type: "bit",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "HasNearKeys",
                table: "ClickWriters");
        }
    }
}
