using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Spoo.Data.Database.Migrations.PostgreSql
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
                type: "character varying(32)",
                unicode: false,
                maxLength: 32,
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "AlertRules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    OwnerId = table.Column<string>(type: "character varying(24)", nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false, collation: "C"),
                    LinkId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: true, collation: "C"),
                    Tag = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true, collation: "C"),
                    DomainHost = table.Column<string>(type: "character varying(253)", unicode: false, maxLength: 253, nullable: true, collation: "C"),
                    Threshold = table.Column<int>(type: "integer", nullable: false),
                    Minimum = table.Column<int>(type: "integer", nullable: false),
                    ByMail = table.Column<bool>(type: "boolean", nullable: false),
                    ByWebhook = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    NextAt = table.Column<long>(type: "bigint", nullable: false),
                    HeldUntil = table.Column<long>(type: "bigint", nullable: true),
                    HeldBy = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true, collation: "C")
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
                    RuleId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    SubjectId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    CheckedAt = table.Column<long>(type: "bigint", nullable: false),
                    Failures = table.Column<int>(type: "integer", nullable: false),
                    FailingSince = table.Column<long>(type: "bigint", nullable: true)
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
                    Id = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    RuleId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    OwnerId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: false, collation: "C"),
                    Kind = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: false, collation: "C"),
                    Key = table.Column<string>(type: "character varying(64)", unicode: false, maxLength: 64, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    LinkId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: true, collation: "C"),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true, collation: "C"),
                    Value = table.Column<long>(type: "bigint", nullable: false),
                    Usual = table.Column<long>(type: "bigint", nullable: true),
                    Detail = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true, collation: "C"),
                    SeenAt = table.Column<long>(type: "bigint", nullable: true),
                    MailId = table.Column<string>(type: "character varying(24)", unicode: false, maxLength: 24, nullable: true, collation: "C"),
                    IsMailDue = table.Column<bool>(type: "boolean", nullable: false),
                    MailedAt = table.Column<long>(type: "bigint", nullable: true),
                    HeldUntil = table.Column<long>(type: "bigint", nullable: true),
                    HeldBy = table.Column<string>(type: "character varying(32)", unicode: false, maxLength: 32, nullable: true, collation: "C")
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
