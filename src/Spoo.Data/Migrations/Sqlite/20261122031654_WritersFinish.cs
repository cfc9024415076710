using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WritersFinish : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "FinishedAt",
                table: "ClickWriters",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "FinishedAt",
                table: "ClickWriters");
        }
    }
}
