using System.CommandLine;

namespace KeyAccountLogistics.Cli;

/// <summary>
/// The program `kal`: hosts (serve, edge, demo) and the verbs that operate and check the system. Building the verbs is cheap, so that
/// `kal version` and `--help` answer at once; hosts and database are built only when a verb runs.
/// </summary>
internal static class KalProgram
{
    public static Task<int> RunAsync(string[] args) => Root().Parse(args).InvokeAsync();

    private static RootCommand Root()
    {
        var root = new RootCommand("KeyAccountLogistics: key-account contracts that weigh, judge and hand over parcels.");
        root.Subcommands.Add(VersionVerb.Build());
        return root;
    }
}
