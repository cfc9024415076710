using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Spoo.Data.Accounts;
using Spoo.Data.Care;
using Spoo.Data.Clicks.Facts;
using Spoo.Data.Links;
using Spoo.Data.Webhooks;
using Spoo.Tests.Support;
using Spoo.Web.Mail;
using Spoo.Web.Mail.Reports;

namespace Spoo.Tests.Reports;

/// <summary>Reports by mail: what they say, that each comes once, and that their reader can end them.</summary>
[OnEveryDatabase]
public sealed class ReportMailsTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 30, 8, 0, 0, TimeSpan.Zero);

    private readonly Postbox _post = new();
    private readonly FakeTimeProvider _clock = new(Monday.AddDays(-6));
    private readonly SpooApp _app;

    public ReportMailsTests() => _app = new SpooApp
    {
        Clock = _clock,
        Settings = { ["Links:PublicUrl"] = "https://go.example" },
        Register = services =>
        {
            services.AddSingleton<IMailer>(_post);

            // The tests are the nodes.
            services.Remove(services.Single(service => service.ImplementationType == typeof(ReportRounds)));
        },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_weekly_report_says_what_the_dashboard_says_and_comes_once_however_many_nodes_there_are()
    {
        var (user, link) = await ReaderAsync();
        await AddClicksAsync(link, 3, Monday.AddDays(-2));
        await AddClicksAsync(link, 2, Monday.AddDays(-9));
        await AddClicksAsync(link, 7, Monday.AddHours(-1)); // this week's
        await _app.Get<MailReports>().AddAsync(user.Id, viewId: null, ReportRhythm.Weekly, Monday, Cancelled);
        await SendAsync();
        Assert.Empty(_post.Mails);

        _clock.SetUtcNow(Monday);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync()));

        var mail = Assert.Single(_post.Mails);
        Assert.Equal(user.Email, mail.To);
        Assert.Contains("3 clicks", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("+50%", mail.Text, StringComparison.Ordinal);
        Assert.Contains("23 – 29 Nov 2026", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Compared with 16 – 22 Nov 2026", mail.Text, StringComparison.Ordinal);
        Assert.Contains(link.ShortCode, mail.Text, StringComparison.Ordinal);
        Assert.Contains("https://go.example/dashboard?", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<h1", mail.Html, StringComparison.Ordinal);
        Assert.Equal(Monday.AddDays(7), Assert.Single(await _app.Get<MailReports>().ListAsync(user.Id, Cancelled)).NextAt);
    }

    [Fact]
    public async Task Whom_unique_visitors_leave_out_is_said()
    {
        var (user, link) = await ReaderAsync();
        await _app.AddAsync(Some.Click(link, Monday.AddDays(-1)), Some.Click(link, Monday.AddDays(-1), visitor: Click.NoVisitor));
        await _app.Get<MailReports>().AddAsync(user.Id, viewId: null, ReportRhythm.Weekly, Monday, Cancelled);
        _clock.SetUtcNow(Monday);

        await SendAsync();

        var mail = Assert.Single(_post.Mails);
        Assert.All([mail.Text, mail.Html], text => Assert.Contains("1 click asked not to be tracked and is not in unique visitors.", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_that_could_not_be_sent_is_sent_later_under_the_same_name()
    {
        var (user, link) = await ReaderAsync();
        await AddClicksAsync(link, 1, Monday.AddDays(-1));
        await _app.Get<MailReports>().AddAsync(user.Id, viewId: null, ReportRhythm.Daily, Monday, Cancelled);
        _clock.SetUtcNow(Monday);
        var broken = new BrokenMailer();

        await Assert.ThrowsAsync<AggregateException>(() => SendAsync(broken));
        await SendAsync();
        Assert.Empty(_post.Mails); // the node that took it may be about to send it still

        _clock.Advance(TimeSpan.FromMinutes(16));
        await SendAsync();
        Assert.Equal(broken.Tried!.Name, Assert.Single(_post.Mails).Name);
    }

    [Fact]
    public async Task Where_nothing_happened_and_before_neither_no_mail_comes()
    {
        var (user, _) = await ReaderAsync();
        await _app.Get<MailReports>().AddAsync(user.Id, viewId: null, ReportRhythm.Daily, Monday, Cancelled);
        _clock.SetUtcNow(Monday);

        await SendAsync();

        Assert.Empty(_post.Mails);
        Assert.Equal(Monday.AddDays(1), Assert.Single(await _app.Get<MailReports>().ListAsync(user.Id, Cancelled)).NextAt);
    }

    [Fact]
    public async Task A_report_of_a_view_has_its_filters_the_readers_language_and_no_markup_of_strangers()
    {
        var (user, link) = await ReaderAsync("de");
        await _app.AddAsync(Enumerable.Range(0, 2).Select(i => Some.Click(link, Monday.AddDays(-1).AddMinutes(i), 100 + i) with { Country = "DE", UtmSource = "<b>evil</b>", Referrer = "https://<b>evil</b>.example/" }));
        await AddClicksAsync(link, 5, Monday.AddDays(-1), country: "FR");
        await AddClicksAsync(link, 2, Monday.AddDays(-1), country: "DE");
        var views = _app.Get<SavedViews>();
        await views.SaveAsync(user.Id, "Nur <DE>", "/dashboard?country=DE&period=7d", Cancelled);
        var view = (await views.ListAsync(user.Id, "/dashboard", Cancelled))[0];
        await _app.Get<MailReports>().AddAsync(user.Id, view.Id, ReportRhythm.Daily, Monday, Cancelled);
        _clock.SetUtcNow(Monday);

        await SendAsync();

        var mail = Assert.Single(_post.Mails);
        Assert.Equal("Nur <DE>: 4 Klicks, 29. Nov. 2026", mail.Subject);
        Assert.Contains("Nur &lt;DE&gt;", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.Contains("lang=\"de\"", mail.Html, StringComparison.Ordinal);

        await views.DeleteAsync(user.Id, view.Id, Cancelled);
        _clock.Advance(TimeSpan.FromDays(1));
        await SendAsync();
        Assert.Single(_post.Mails);
        Assert.Empty(await _app.Get<MailReports>().ListAsync(user.Id, Cancelled));
    }

    [Fact]
    public async Task A_mail_program_ends_a_report_at_the_push_of_its_button_and_a_look_ends_nothing()
    {
        var (user, link) = await ReaderAsync();
        await AddClicksAsync(link, 1, Monday.AddDays(-1));
        await _app.Get<MailReports>().AddAsync(user.Id, viewId: null, ReportRhythm.Daily, Monday, Cancelled);
        _clock.SetUtcNow(Monday);
        await SendAsync();
        var mail = Assert.Single(_post.Mails);
        using var message = SmtpMailer.Message(mail, MailboxAddress.Parse("Spoo <spoo@go.example>"));
        Assert.Equal($"<{mail.StopUrl}>", message.Headers[HeaderId.ListUnsubscribe]);
        Assert.Equal("List-Unsubscribe=One-Click", message.Headers["List-Unsubscribe-Post"]);
        Assert.Equal(["text/plain", "text/html"], message.BodyParts.Select(part => part.ContentType.MimeType));
        var button = new Uri(mail.StopUrl!).PathAndQuery;

        using var client = _app.Anonymous();
        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync(button, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(button + "x", null, Cancelled)).StatusCode);
        Assert.Single(await _app.Get<MailReports>().ListAsync(user.Id, Cancelled));

        using var body = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync(button, body, Cancelled)).StatusCode);
        Assert.Empty(await _app.Get<MailReports>().ListAsync(user.Id, Cancelled));
    }

    [Fact]
    public async Task Reports_are_added_looked_at_and_stopped_in_the_settings_and_go_with_the_account()
    {
        var (user, link) = await ReaderAsync();
        await AddClicksAsync(link, 2, Monday.AddDays(-8));
        var visitor = new Visitor(_app);
        await visitor.SignInAsync(new(user.Email!, "correct horse"));
        await visitor.OpenAsync("/settings");

        await visitor.SendAsync("reports-add", ("Input.Rhythm", "Weekly"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await visitor.SendAsync("reports-add", ("Input.Rhythm", "Monthly"));

        var reports = await _app.Get<MailReports>().ListAsync(user.Id, Cancelled);
        Assert.Equal([ReportRhythm.Weekly, ReportRhythm.Monthly], reports.Select(report => report.Rhythm));
        Assert.Contains("Every Monday, next on 30 Nov 2026, 08:00", visitor.Text, StringComparison.Ordinal);

        await visitor.OpenAsync("/settings/reports/" + reports[0].Id);
        Assert.Contains("16 – 22 Nov 2026", visitor.Text, StringComparison.Ordinal);
        var other = new Visitor(_app);
        await other.SignInAsync(new((await _app.AddUserAsync()).Email!, "correct horse"));
        await other.OpenAsync("/settings/reports/" + reports[0].Id);
        Assert.DoesNotContain("16 – 22 Nov 2026", other.Text, StringComparison.Ordinal);

        await visitor.OpenAsync("/settings");
        await visitor.SendAsync("reports-end", ("ReportId", reports[0].Id));
        Assert.Equal([reports[1].Id], (await _app.Get<MailReports>().ListAsync(user.Id, Cancelled)).Select(report => report.Id));

        await _app.Get<AccountRemoval>().RemoveAsync(user.Id, Cancelled);
        await using var database = _app.OpenDatabase();
        Assert.False(await database.MailReports.AnyAsync(report => report.OwnerId == user.Id, Cancelled));
    }

    private async Task<(SpooUser User, Link Link)> ReaderAsync(string? language = null)
    {
        var user = await _app.AddUserAsync();
        await using var database = _app.OpenDatabase();
        await database.Users.Where(known => known.Id == user.Id).ExecuteUpdateAsync(
            set => set.SetProperty(known => known.EmailConfirmed, true).SetProperty(known => known.TimeZone, "UTC").SetProperty(known => known.Language, language), Cancelled);
        return (user, await _app.AddAsync(Some.Link(owner: user, createdAt: Monday.AddDays(-60))));
    }

    private Task AddClicksAsync(Link link, int count, DateTimeOffset at, string? country = null) =>
        _app.AddAsync(Enumerable.Range(0, count).Select(i => Some.Click(link, at.AddSeconds(i), visitor: i) with { Country = country }));

    private async Task SendAsync(IMailer? mailer = null)
    {
        using var rounds = new ReportRounds(
            mailer ?? _post, _app.Get<MailReports>(), _app.Get<SentReports>(), _app.Get<IServiceScopeFactory>(), _clock, NullLogger<ReportRounds>.Instance);
        await rounds.SendDueAsync(Cancelled);
    }
}
