namespace Spoo.Data.Database;

/// <summary>Something in the settings or around the process keeps it from starting; the message says what, in a line for people.</summary>
public sealed class SettingException : Exception
{
    public SettingException(string message)
        : base(message)
    {
    }

    public SettingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
