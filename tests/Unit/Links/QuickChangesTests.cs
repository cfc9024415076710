using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Spoo.Data.Accounts;
using Spoo.Data.Links;
using Spoo.Data.Transfer;
using Spoo.Data.Transfer.Imports;
using Spoo.Tests.Support;
using Spoo.Web.Components.Import;
using Spoo.Web.Components.Links;

namespace Spoo.Tests.Links;

/// <summary>
/// Fields that are filled more quickly than the page is drawn. While a browser is slow to confirm what it has drawn, the server draws nothing
/// more, and the next change comes from a page that does not show the one before it. None of them may be lost.
/// </summary>
public sealed class QuickChangesTests : LinkComponents
{
    [Fact]
    public async Task Conditions_of_a_rule_are_all_kept()
    {
        IReadOnlyList<RuleFields> heard = [];
        var fields = Render<RulesField>(field => field.Add(it => it.Rules, [new RuleFields(), new RuleFields()]).Add(it => it.RulesChanged, rules => heard = rules).Add(it => it.Fault, _ => null));
        var (weight, name, other) = (Field(fields, "rule-1-weight"), Field(fields, "rule-1-name"), Field(fields, "rule-0-url"));

        await fields.InvokeAsync(() => weight.InvokeAsync("50"));
        await fields.InvokeAsync(() => name.InvokeAsync("Side B"));
        await fields.InvokeAsync(() => other.InvokeAsync("https://example.com"));

        Assert.Equal([new RuleFields { Url = "https://example.com" }, new RuleFields { Weight = "50", Name = "Side B" }], heard);
    }

    [Fact]
    public async Task Tags_that_were_removed_stay_away()
    {
        IReadOnlyList<string> heard = [];
        var fields = Render<TagsField>(field => field.Add(it => it.Id, "tags").Add(it => it.Tags, ["a", "b", "c"]).Add(it => it.TagsChanged, tags => heard = tags));
        var buttons = fields.FindComponents<MudIconButton>().Select(button => button.Instance.OnClick).ToList();

        await fields.InvokeAsync(() => buttons[0].InvokeAsync());
        await fields.InvokeAsync(() => buttons[1].InvokeAsync());

        Assert.Equal(["c"], heard);
    }

    [Fact]
    public async Task A_day_and_its_time_are_both_kept()
    {
        var heard = "";
        var fields = Render<ExpiryField>(field => field.Add(it => it.Id, "end").Add(it => it.LabelledBy, "label").Add(it => it.Value, "2026-03-01T08:00").Add(it => it.ValueChanged, value => heard = value).Add(it => it.Zone, TimeZoneInfo.Utc));
        var (day, time) = (fields.FindComponent<MudDatePicker>().Instance.DateChanged, Field(fields, "end-time"));

        await fields.InvokeAsync(() => day.InvokeAsync(new DateTime(2026, 4, 2)));
        await fields.InvokeAsync(() => time.InvokeAsync("09:30"));

        Assert.Equal("2026-04-02T09:30", heard);
    }

    [Fact]
    public async Task Parameters_of_a_campaign_are_all_kept()
    {
        var heard = "";
        var fields = Render<CampaignFields>(field => field.Add(it => it.LongUrl, "https://example.com/?a=1").Add(it => it.LongUrlChanged, url => heard = url).Add(it => it.Viewer, Viewer.User("somebody")));
        var (source, medium) = (Field(fields, "utm-source"), Field(fields, "utm-medium"));

        await fields.InvokeAsync(() => source.InvokeAsync("letter"));
        await fields.InvokeAsync(() => medium.InvokeAsync("mail"));

        Assert.Equal("https://example.com/?a=1&utm_source=letter&utm_medium=mail", heard);
    }

    [Fact]
    public async Task Choices_about_a_file_are_all_kept()
    {
        var heard = ImportChoices.None;
        var head = new FileHead { Columns = [new HeadColumn("when", "1"), new HeadColumn("what", "2")], Header = 1 };
        var panel = RenderWhole<ImportChoicesPanel>(field => field
            .Add(it => it.Choices, ImportChoices.None).Add(it => it.ChoicesChanged, choices => heard = choices).Add(it => it.Head, head).Add(it => it.Formats, []).Add(it => it.Fields, ["time", "code"]).Add(it => it.Mapped, []).Add(it => it.IsServerLog, true));
        var selects = panel.FindComponents<MudSelect<string>>().Select(select => select.Instance.ValueChanged).ToList();
        var host = Field(panel, "import-host");

        await panel.InvokeAsync(() => selects[^2].InvokeAsync("time"));
        await panel.InvokeAsync(() => selects[^1].InvokeAsync("code"));
        await panel.InvokeAsync(() => host.InvokeAsync("go.example"));

        Assert.Equal(("time", "code", "go.example"), (heard.Map!["when"], heard.Map["what"], heard.Host));
    }

    /// <summary>Where the browser sends what is typed into a field of the page as it was drawn.</summary>
    private static EventCallback<string?> Field<TComponent>(IRenderedComponent<TComponent> page, string id)
        where TComponent : IComponent => ((IRenderedComponent<IComponent>)page).FindComponents<MudTextField<string>>().Single(field => field.FindAll($"#{id}").Count > 0).Instance.ValueChanged;
}
