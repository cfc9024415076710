using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.Sqlite
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
                type: "TEXT",
                unicode: false,
                maxLength: 253,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DomainId",
                table: "Links",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "Domains",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PublicId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    Host = table.Column<string>(type: "TEXT", unicode: false, maxLength: 253, nullable: false),
                    OwnerId = table.Column<string>(type: "TEXT", nullable: true),
                    State = table.Column<string>(type: "TEXT", unicode: false, maxLength: 16, nullable: false),
                    Token = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: true),
                    HomeUrl = table.Column<string>(type: "TEXT", maxLength: 2083, nullable: true),
                    NotFoundUrl = table.Column<string>(type: "TEXT", maxLength: 2083, nullable: true),
                    RobotsText = table.Column<string>(type: "TEXT", maxLength: 4096, nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    VerifiedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RevokedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Fault = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
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
