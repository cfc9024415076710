namespace Spoo.Data;

/// <summary>A new value, which may be "none". What is not changed has no change at all.</summary>
public readonly record struct Change<T>(T To);
