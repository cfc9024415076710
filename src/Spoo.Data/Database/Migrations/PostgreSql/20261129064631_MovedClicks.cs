using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Spoo.Data.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class MovedClicks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "ClickMoves",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Piece = table.Column<long>(type: "bigint", nullable: false),
                    Removals = table.Column<long>(type: "bigint", nullable: false),
                    BackUntil = table.Column<long>(type: "bigint", nullable: true),
                    Servers = table.Column<int>(type: "integer", nullable: false),
                    HeldUntil = table.Column<long>(type: "bigint", nullable: true),
                    HeldBy = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ClickMoves", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "MovedRemovals",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    LinkId = table.Column<long>(type: "bigint", nullable: true),
                    Before = table.Column<long>(type: "bigint", nullable: true),
                    FirstId = table.Column<long>(type: "bigint", nullable: true),
                    EndId = table.Column<long>(type: "bigint", nullable: true),
                    Piece = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MovedRemovals", x => x.Id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ClickMoves");

            migrationBuilder.DropTable(
                name: "MovedRemovals");
        }
    }
}
