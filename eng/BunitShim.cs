using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Spoo.Eng;

/// <summary>
/// bUnit asks for a newer AngleSharp.Diffing than the registry has. As an ordinary reference the older one would be refused for
/// its version; handed over on request, it is accepted.
/// </summary>
internal static class BunitShim
{
    [ModuleInitializer]
    internal static void Install() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "shim", "AngleSharp.Diffing.dll"))
            : null;
}
