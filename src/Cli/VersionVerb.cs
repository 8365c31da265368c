using System.CommandLine;
using System.Reflection;

namespace KeyAccountLogistics.Cli;

internal static class VersionVerb
{
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static Command Build()
    {
        var verb = new Command("version", "Prints the program's version.");
        verb.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine("kal " + Version));
        return verb;
    }
}
