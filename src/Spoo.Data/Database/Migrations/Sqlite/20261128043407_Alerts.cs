using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "HeldBy",
                table: "MailReports",
                type: "TEXT",
                unicode: false,
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AlertRules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    OwnerId = table.Column<string>(type: "TEXT", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    LinkId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: true),
                    Tag = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    DomainHost = table.Column<string>(type: "TEXT", unicode: false, maxLength: 253, nullable: true),
                    Threshold = table.Column<int>(type: "INTEGER", nullable: false),
                    Minimum = table.Column<int>(type: "INTEGER", nullable: false),
                    ByMail = table.Column<bool>(type: "INTEGER", nullable: false),
                    ByWebhook = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextAt = table.Column<long>(type: "INTEGER", nullable: false),
                    HeldUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    HeldBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertRules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertRules_AspNetUsers_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AlertChecks",
                columns: table => new
                {
                    RuleId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    SubjectId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    CheckedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Failures = table.Column<int>(type: "INTEGER", nullable: false),
                    FailingSince = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertChecks", x => new { x.RuleId, x.SubjectId });
                    table.ForeignKey(
                        name: "FK_AlertChecks_AlertRules_RuleId",
                        column: x => x.RuleId,
                        principalTable: "AlertRules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Alerts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    RuleId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    OwnerId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: false),
                    Key = table.Column<string>(type: "TEXT", unicode: false, maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    LinkId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: true),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    Value = table.Column<long>(type: "INTEGER", nullable: false),
                    Usual = table.Column<long>(type: "INTEGER", nullable: true),
                    Detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: true),
                    MailId = table.Column<string>(type: "TEXT", unicode: false, maxLength: 24, nullable: true),
                    IsMailDue = table.Column<bool>(type: "INTEGER", nullable: false),
                    MailedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    HeldUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    HeldBy = table.Column<string>(type: "TEXT", unicode: false, maxLength: 32, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alerts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Alerts_AlertRules_RuleId",
                        column: x => x.RuleId,
                        principalTable: "AlertRules",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_AlertChecks_CheckedAt",
                table: "AlertChecks",
                column: "CheckedAt");

            migrationBuilder.CreateIndex(
                name: "IX_AlertChecks_SubjectId",
                table: "AlertChecks",
                column: "SubjectId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertRules_LinkId",
                table: "AlertRules",
                column: "LinkId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertRules_NextAt",
                table: "AlertRules",
                column: "NextAt");

            migrationBuilder.CreateIndex(
                name: "IX_AlertRules_OwnerId",
                table: "AlertRules",
                column: "OwnerId");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_At",
                table: "Alerts",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_IsMailDue",
                table: "Alerts",
                column: "IsMailDue");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_LinkId",
                table: "Alerts",
                column: "LinkId");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_OwnerId_At",
                table: "Alerts",
                columns: new[] { "OwnerId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_RuleId_Key",
                table: "Alerts",
                columns: new[] { "RuleId", "Key" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertChecks");

            migrationBuilder.DropTable(
                name: "Alerts");

            migrationBuilder.DropTable(
                name: "AlertRules");

            migrationBuilder.DropColumn(
                name: "HeldBy",
                table: "MailReports");
        }
    }
}
