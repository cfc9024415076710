using Bunit;
using MudBlazor;

namespace Spoo.Tests.Support;

/// <summary>What people do with the library's controls, by the ids that the pages give to them.</summary>
internal static class Controls
{
    public static Task SelectAsync<T>(this IRenderedComponent<Whole> page, string id, T value) =>
        page.InvokeAsync(() => page.FindComponents<MudSelect<T>>().Single(select => select.FindAll("#" + id).Count > 0).Instance.ValueChanged.InvokeAsync(value));

    public static Task SelectManyAsync<T>(this IRenderedComponent<Whole> page, string id, params T?[] values) =>
        page.InvokeAsync(() => page.FindComponents<MudSelect<T>>().Single(select => select.FindAll("#" + id).Count > 0).Instance.SelectedValuesChanged.InvokeAsync(values));

    public static Task CompleteAsync(this IRenderedComponent<Whole> page, string id, string? value) =>
        page.InvokeAsync(() => page.FindComponents<MudAutocomplete<string>>().Single(field => field.FindAll("#" + id).Count > 0).Instance.ValueChanged.InvokeAsync(value));

    public static Task PickAsync(this IRenderedComponent<Whole> page, string id, DateTime? day) =>
        page.InvokeAsync(() => page.FindComponents<MudDatePicker>().Single(picker => picker.FindAll("#" + id).Count > 0).Instance.DateChanged.InvokeAsync(day));

    /// <summary>Ticks what has this label.</summary>
    public static Task TickAsync(this IRenderedComponent<Whole> page, string label, bool isOn) => page.InvokeAsync(() =>
        page.FindAll("label.mud-checkbox, label.mud-switch").Single(box => box.TextContent.Contains(label, StringComparison.Ordinal)).QuerySelector("input")!.Change(isOn));
}
