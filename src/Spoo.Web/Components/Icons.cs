namespace Spoo.Web.Components;

/// <summary>Our icons, as outlines on a field of 20 by 20. Pages know them by an alias, because the controls' library has icons too.</summary>
internal static class Icons
{
    public const string Bell = "M5.500 13.500V9a4.500 4.500 0 0 1 9 0v4.500l1.500 1.500H4ZM8.500 17h3";
    public const string Calendar = "M4 5.5h12a1 1 0 0 1 1 1V16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6.500a1 1 0 0 1 1-1ZM3 9h14M7 3v4M13 3v4";
    public const string Chart = "M3.5 16.500v-4M8 16.500v-9M12.5 16.500v-6M17 16.500v-12";
    public const string Chevron = "m5.5 8 4.5 4.500L14.5 8";
    public const string Close = "m5.5 5.5 9 9M14.5 5.500l-9 9";
    public const string Computer = "M4 4h12a1 1 0 0 1 1 1v7.500a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM10 13.500V17M6.5 17h7";
    public const string Copy = "M7.500 7.500h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1ZM3.500 12.500v-8a1 1 0 0 1 1-1h8";
    public const string Download = "M10 3.500V13M6 9.500l4 4 4-4M3.5 13v2.500a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13";
    public const string Filter = "M3 5h14M5.5 10h9M8 15h4";
    public const string Key = "M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10.500 10H17.500v3M14.500 10v2.500";
    public const string Link = "M8.5 11.500a3.200 3.200 0 0 0 4.5 0l2.5-2.500a3.200 3.200 0 0 0-4.5-4.500l-1 1M11.5 8.500a3.200 3.200 0 0 0-4.5 0L4.5 11a3.200 3.200 0 0 0 4.5 4.500l1-1";
    public const string Moon = "M16.5 11.800A7 7 0 1 1 8.200 3.500a5.600 5.600 0 0 0 8.300 8.300Z";
    public const string More = "M4.500 10h.01M10 10h.01M15.500 10h.01";
    public const string Person = "M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400ZM3.800 16.800c.9-2.700 3.300-4.200 6.200-4.200s5.300 1.5 6.200 4.200";
    public const string Plus = "M10 4v12M4 10h12";
    public const string Search = "M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17";
    public const string Sun = "M10 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.5 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100";
    public const string Table = "M4 4h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM3 8h14M3 12h14M9 8v8";
    public const string Compare = "M7 4v12M7 4 4 7M7 4l3 3M13 16V4M13 16l-3-3M13 16l3-3";
    public const string Back = "m12 5-5 5 5 5";
    public const string Forward = "m8 5 5 5-5 5";
    public const string Pencil = "M4 16l.8-3.200L13.500 4.100a1.400 1.400 0 0 1 2 0l.4.4a1.400 1.400 0 0 1 0 2L7.200 15.200ZM12 5.600l2.400 2.400";
    public const string Star = "m10 3 2.100 4.400 4.900.7-3.500 3.400.8 4.800-4.300-2.300-4.300 2.300.8-4.800L3 8.100l4.900-.7Z";
    public const string Question = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM8 8a2 2 0 1 1 2.800 1.800c-.5.3-.8.6-.8 1.200M10 13.500v.1";
    public const string Upload = "M10 13V3.500M6 7l4-4 4 4M3.5 13v2.500a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1V13";
    public const string Warning = "M10 3.5 17.5 16.500h-15ZM10 8.500v3.500M10 14.300v.1";
    public const string Qr = "M3.500 3.500h5v5h-5ZM11.500 3.500h5v5h-5ZM3.500 11.500h5v5h-5ZM11.500 11.500h2v2h-2ZM16.500 11.500v2M14.500 15v1.500h2M11.500 16.500h.500";
    public const string Edit = "M12.500 4.500l3 3L7 16l-3.700.700L4 13ZM11 6l3 3";
    public const string Power = "M10 3v6.500M6 5.200a6 6 0 1 0 8 0";
    public const string Trash = "M4 6h12M8 6V4h4v2M5.500 6l.700 10a1 1 0 0 0 1 1h5.600a1 1 0 0 0 1-1l.700-10";
    public const string Lock = "M6.500 9V7a3.500 3.500 0 0 1 7 0v2M5 9h10a.500.500 0 0 1 .500.500v6.500a.500.500 0 0 1-.500.500H5a.500.500 0 0 1-.500-.500V9.500A.500.500 0 0 1 5 9Z";
    public const string Clock = "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6.500V10l2.500 1.500";
    public const string Gauge = "M4.500 15a7 7 0 1 1 11 0M10 12l3-4";
    public const string Shield = "M10 3l6 2v5c0 3.500-2.500 6-6 7-3.500-1-6-3.500-6-7V5Z";
    public const string Eye = "M2.500 10s2.700-5 7.500-5 7.500 5 7.500 5-2.700 5-7.500 5-7.500-5-7.500-5ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z";
    public const string Branch = "M4 10h4c3 0 3-5 6-5h2M8 10c3 0 3 5 6 5h2M14 3l2 2-2 2M14 13l2 2-2 2";
    public const string Archive = "M3.500 4h13v3.500h-13ZM4.500 7.500V16h11V7.500M8 10.500h4";
    public const string Card = "M4 4h12a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM3 11h14M5.500 13.500h5";
    public const string External = "M11.5 3.500h5v5M16.5 3.500l-7.5 7.500M14 11.500V15.500a1 1 0 0 1-1 1H4.500a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h4";
}
