using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class MailReports : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "MailReports",
                columns: table => new
                {
                    Id = table.Column<string>(type: "varchar(24)", unicode: false, maxLength: 24, nullable: false, collation: "Latin1_General_100_BIN2"),
                    OwnerId = table.Column<string>(type: "varchar(24)", nullable: false, collation: "Latin1_General_100_BIN2"),
                    ViewId = table.Column<string>(type: "varchar(24)", unicode: false, maxLength: 24, nullable: true, collation: "Latin1_General_100_BIN2"),
                    Rhythm = table.Column<string>(type: "varchar(16)", unicode: false, maxLength: 16, nullable: false, collation: "Latin1_General_100_BIN2"),
                    NextAt = table.Column<long>(type: "bigint", nullable: false),
                    ClaimedUntil = table.Column<long>(type: "bigint", nullable: true),
                    LastSentAt = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailReports", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MailReports_AspNetUsers_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_MailReports_NextAt",
                table: "MailReports",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_MailReports_OwnerId",
                table: "MailReports",
                column: "OwnerId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "MailReports");
        }
    }
}
