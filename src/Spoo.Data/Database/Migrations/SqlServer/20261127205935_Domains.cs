using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class Domains : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Links_ShortCode",
                table: "Links");

            migrationBuilder.AddColumn<string>(
                name: "DomainHost",
                table: "Links",
                type: "varchar(253)",
                unicode: false,
                maxLength: 253,
                nullable: true,
                collation: "Latin1_General_100_BIN2");

            migrationBuilder.AddColumn<long>(
                name: "DomainId",
                table: "Links",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "Domains",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    PublicId = table.Column<string>(type: "varchar(24)", unicode: false, maxLength: 24, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Host = table.Column<string>(type: "varchar(253)", unicode: false, maxLength: 253, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OwnerId = table.Column<string>(type: "varchar(24)", nullable: true, collation: "Latin1_General_100_BIN2"),
                    State = table.Column<string>(type: "varchar(16)", unicode: false, maxLength: 16, nullable: false, collation: "Latin1_General_100_BIN2"),
                    Token = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true, collation: "Latin1_General_100_BIN2"),
                    HomeUrl = table.Column<string>(type: "nvarchar(2083)", maxLength: 2083, nullable: true, collation: "Latin1_General_100_BIN2"),
                    NotFoundUrl = table.Column<string>(type: "nvarchar(2083)", maxLength: 2083, nullable: true, collation: "Latin1_General_100_BIN2"),
                    RobotsText = table.Column<string>(type: "nvarchar(max)", maxLength: 4096, nullable: true, collation: "Latin1_General_100_BIN2"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: true),
                    VerifiedAt = table.Column<long>(type: "bigint", nullable: true),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    Fault = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: true, collation: "Latin1_General_100_BIN2")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Domains", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Domains_AspNetUsers_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Links_DomainId_ShortCode",
                table: "Links",
                columns: new[] { "DomainId", "ShortCode" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Domains_Host",
                table: "Domains",
                column: "Host",
                unique: true,
                filter: "State IN ('Active', 'Suspended')");

            migrationBuilder.CreateIndex(
                name: "IX_Domains_OwnerId",
                table: "Domains",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_Domains_PublicId",
                table: "Domains",
                column: "PublicId",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Domains");

            migrationBuilder.DropIndex(
                name: "IX_Links_DomainId_ShortCode",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "DomainHost",
                table: "Links");

            migrationBuilder.DropColumn(
                name: "DomainId",
                table: "Links");

            migrationBuilder.CreateIndex(
                name: "IX_Links_ShortCode",
                table: "Links",
                column: "ShortCode",
                unique: true);
        }
    }
}
