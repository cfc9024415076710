using MudBlazor;

namespace Spoo.Web.Components;

/// <summary>
/// The look of Spoo: every colour in its light and its dark value, every radius, shadow and size of type. <see cref="Layout.StyleSheets"/>
/// makes style sheets of it, so that pages with and without a circuit, and scripts that draw, take their colours from here.
/// </summary>
internal static class Theme
{
    // Not "Roboto", which the controls' library would take: nobody has it, and where it is the system's own it is system-ui.
    private static readonly string[] Font =
    [
        "ui-sans-serif", "system-ui", "-apple-system", "\"Segoe UI\"", "\"Helvetica Neue\"", "\"Noto Sans\"", "\"Liberation Sans\"", "Arial", "sans-serif",
        "\"Apple Color Emoji\"", "\"Segoe UI Emoji\"", "\"Noto Color Emoji\"",
    ];

    private const string Flat = "0 1px 2px rgb(16 24 40 / 4%)";
    private const string Raised = "0 12px 32px rgb(10 15 30 / 18%), 0 2px 6px rgb(10 15 30 / 8%)";

    public static MudTheme Mud { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2b50d8", PrimaryDarken = "#2547c4", PrimaryLighten = "#e9eeff", PrimaryContrastText = "#fff",
            Secondary = "#565e6e", SecondaryDarken = "#434a58", SecondaryLighten = "#eef0f4", SecondaryContrastText = "#fff",
            Tertiary = "#0d8a73", TertiaryContrastText = "#fff",
            Info = "#2547c4", InfoLighten = "#e9eeff", InfoContrastText = "#fff",
            Success = "#0d6b4f", SuccessLighten = "#e2f5ec", SuccessContrastText = "#fff",
            Warning = "#8a5a00", WarningLighten = "#fdf3dc", WarningContrastText = "#fff",
            Error = "#b3261e", ErrorLighten = "#fdecea", ErrorContrastText = "#fff",
            Dark = "#12161f", DarkContrastText = "#fff", Black = "#12161f",
            TextPrimary = "#12161f", TextSecondary = "#565e6e", TextDisabled = "#8a93a5",
            ActionDefault = "#565e6e", ActionDisabled = "#8a93a5", ActionDisabledBackground = "#eef0f4",
            Background = "#f6f7f9", BackgroundGray = "#eef0f4", Surface = "#fff",
            DrawerBackground = "#fff", DrawerText = "#12161f", DrawerIcon = "#565e6e",
            AppbarBackground = "#f6f7f9", AppbarText = "#12161f",
            LinesDefault = "#e3e6ec", LinesInputs = "#ccd2dc", TableLines = "#e3e6ec", TableHover = "#f3f4f7", TableStriped = "#f6f7f9",
            Divider = "#e3e6ec", DividerLight = "#eef0f4", Skeleton = "#eef0f4",
            OverlayDark = "rgba(8,11,20,0.45)", OverlayLight = "rgba(255,255,255,0.5)",
            HoverOpacity = 0.06, RippleOpacity = 0, RippleOpacitySecondary = 0,
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#3f63ea", PrimaryDarken = "#93abff", PrimaryLighten = "#1d2744", PrimaryContrastText = "#fff",
            Secondary = "#9aa3b4", SecondaryDarken = "#b9c0cd", SecondaryLighten = "#0f1217", SecondaryContrastText = "#12161f",
            Tertiary = "#3fcdb1", TertiaryContrastText = "#12161f",
            Info = "#93abff", InfoLighten = "#1d2744", InfoContrastText = "#12161f",
            Success = "#5fd3a6", SuccessLighten = "#12291f", SuccessContrastText = "#12161f",
            Warning = "#f0c063", WarningLighten = "#2e2410", WarningContrastText = "#12161f",
            Error = "#ff9c92", ErrorLighten = "#33191a", ErrorContrastText = "#12161f",
            Dark = "#e8ebf1", DarkContrastText = "#12161f", Black = "#0d0f13",
            TextPrimary = "#e8ebf1", TextSecondary = "#9aa3b4", TextDisabled = "#76809a",
            ActionDefault = "#9aa3b4", ActionDisabled = "#76809a", ActionDisabledBackground = "#0f1217",
            Background = "#0d0f13", BackgroundGray = "#0f1217", Surface = "#15181e",
            DrawerBackground = "#1b1f27", DrawerText = "#e8ebf1", DrawerIcon = "#9aa3b4",
            AppbarBackground = "#0d0f13", AppbarText = "#e8ebf1",
            LinesDefault = "#262b35", LinesInputs = "#384050", TableLines = "#262b35", TableHover = "#12151a", TableStriped = "#12151a",
            Divider = "#262b35", DividerLight = "#1b1f27", Skeleton = "#0f1217",
            OverlayDark = "rgba(8,11,20,0.45)", OverlayLight = "rgba(8,11,20,0.45)",
            HoverOpacity = 0.08, RippleOpacity = 0, RippleOpacitySecondary = 0,
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", AppbarHeight = "58px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = "15px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Font, FontSize = "22px", FontWeight = "650", LineHeight = "1.25", LetterSpacing = "-.015em" },
            H2 = new H2Typography { FontFamily = Font, FontSize = "16px", FontWeight = "620", LineHeight = "1.35", LetterSpacing = "-.005em" },
            H3 = new H3Typography { FontFamily = Font, FontSize = "15px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H4 = new H4Typography { FontFamily = Font, FontSize = "15px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H5 = new H5Typography { FontFamily = Font, FontSize = "15px", FontWeight = "600", LineHeight = "1.4", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Font, FontSize = "16px", FontWeight = "620", LineHeight = "1.35", LetterSpacing = "-.005em" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Font, FontSize = "15px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Font, FontSize = "13px", FontWeight = "550", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Font, FontSize = "14px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Font, FontSize = "14px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Font, FontSize = "14px", FontWeight = "550", LineHeight = "1.5", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = Font, FontSize = "13px", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontFamily = Font, FontSize = "12.5px", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal" },
        },
        Shadows = new Shadow { Elevation = [.. Enumerable.Range(0, 26).Select(height => height == 0 ? "none" : height < 4 ? Flat : Raised)] },
    };

    /// <summary>
    /// The short names by which our own style sheets and scripts call the theme's colours and sizes, and what a report needs beyond them:
    /// bars, the two lines of the chart, the shades of the map. One value, or a light one and a dark one.
    /// </summary>
    public static IReadOnlyList<(string Name, string Light, string? Dark)> Names { get; } =
    [
        ("bg", "var(--mud-palette-background)", null),
        ("surface", "var(--mud-palette-surface)", null),
        ("raised", "var(--mud-palette-drawer-background)", null),
        ("sunken", "var(--mud-palette-background-gray)", null),
        ("line", "var(--mud-palette-lines-default)", null),
        ("line-strong", "var(--mud-palette-lines-inputs)", null),
        ("text", "var(--mud-palette-text-primary)", null),
        ("muted", "var(--mud-palette-text-secondary)", null),
        ("accent", "var(--mud-palette-primary-darken)", null),
        ("accent-fill", "var(--mud-palette-primary)", null),
        ("accent-soft", "var(--mud-palette-primary-lighten)", null),
        ("good", "var(--mud-palette-success)", null),
        ("good-soft", "var(--mud-palette-success-lighten)", null),
        ("bad", "var(--mud-palette-error)", null),
        ("bad-soft", "var(--mud-palette-error-lighten)", null),
        ("uniques", "var(--mud-palette-tertiary)", null),
        ("brand", "#2b50d8", null),
        ("clicks", "#2b50d8", "#7f9bff"),
        ("compared", "#8a93a5", "#76809a"),
        ("bar", "#e6ecfe", "#1f2a48"),
        ("bar-hover", "#d8e1fd", "#283559"),
        ("bar-strong", "#a9bdf9", "#34498a"),
        ("map-land", "#e6e9ef", "#262c37"),
        ("map-1", "#d3ddfb", "#26355f"),
        ("map-2", "#b3c5f8", "#304680"),
        ("map-3", "#8da8f3", "#3d59a4"),
        ("map-4", "#6487ea", "#5373c8"),
        ("map-5", "#4067dd", "#6f8ee6"),
        ("map-6", "#2347bd", "#a3b8ff"),
        ("shadow", Flat, null),
        ("shadow-raised", Raised, null),
        ("radius", "12px", null),
        ("radius-small", "var(--mud-default-borderradius)", null),
        ("page", "1180px", null),
    ];
}
