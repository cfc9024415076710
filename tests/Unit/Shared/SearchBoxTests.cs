using Bunit;
using Microsoft.AspNetCore.Components;
using Spoo.Tests.Support;
using Spoo.Web.Components.Shared;

namespace Spoo.Tests.Shared;

public sealed class SearchBoxTests : ComponentTests
{
    private readonly List<string> _typed = [];

    [Fact]
    public async Task An_address_that_comes_late_takes_no_letter_from_whoever_types_on()
    {
        var box = Open("");

        await TypeAsync(box, "city");
        await TypeAsync(box, "city 0");
        Assert.Equal(["city", "city 0"], _typed);

        // The browser confirms one new address after the other, while a person types a third.
        Come(box, "city");
        Come(box, "city 0");

        // What is rendered is what the server would write into the box: nothing, ever since it was made.
        Assert.Equal("", box.Find("input").GetAttribute("value"));
    }

    [Fact]
    public async Task A_text_from_elsewhere_is_shown_even_if_the_box_has_had_it_before()
    {
        var box = Open("");
        await TypeAsync(box, "city");
        Come(box, "city");

        Come(box, "town");
        Assert.Equal("town", box.Find("input").GetAttribute("value"));

        await TypeAsync(box, "towns");
        Come(box, "towns");
        Come(box, "town");
        Assert.Equal("town", box.Find("input").GetAttribute("value"));
    }

    [Fact]
    public async Task Spaces_around_a_text_are_no_other_search()
    {
        var box = Open("");

        await TypeAsync(box, "city");
        await TypeAsync(box, " city ");

        Assert.Equal(["city"], _typed);
    }

    private IRenderedComponent<SearchBox> Open(string text) => Render<SearchBox>(box => box
        .Add(the => the.Text, text)
        .Add(the => the.Label, "Search")
        .Add(the => the.Placeholder, "Search")
        .Add(the => the.Typed, EventCallback.Factory.Create<string>(this, _typed.Add)));

    private static void Come(IRenderedComponent<SearchBox> box, string text) => box.Render(parameters => parameters.Add(the => the.Text, text));

    private static Task TypeAsync(IRenderedComponent<SearchBox> box, string text) => box.Find("input").InputAsync(new ChangeEventArgs { Value = text });
}
