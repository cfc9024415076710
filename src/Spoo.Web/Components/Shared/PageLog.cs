namespace Spoo.Web.Components.Shared;

/// <summary>What pages tell the operator when they have to tell their viewer that something did not work.</summary>
internal static partial class PageLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A question of the dashboard was not answered")]
    public static partial void NotCounted(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "What a page was to list was not read")]
    public static partial void NotRead(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "What somebody changed on a page was not saved")]
    public static partial void NotSaved(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "An import was broken off")]
    public static partial void NotImported(ILogger logger, Exception exception);
}
