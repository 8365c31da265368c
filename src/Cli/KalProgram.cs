using System.CommandLine;
using KeyAccountLogistics.Cli.Admin;
using KeyAccountLogistics.Cli.Cases;
using KeyAccountLogistics.Cli.Contracts;
using KeyAccountLogistics.Cli.Demo;
using KeyAccountLogistics.Cli.Devices;
using KeyAccountLogistics.Cli.Dispatch;
using KeyAccountLogistics.Cli.Hosting;
using KeyAccountLogistics.Cli.Import;
using KeyAccountLogistics.Cli.Operations;
using KeyAccountLogistics.Cli.Parcel;
using KeyAccountLogistics.Cli.Routing;
using KeyAccountLogistics.Cli.ServiceLevels;

namespace KeyAccountLogistics.Cli;

/// <summary>
/// The program `kal`: hosts (serve, edge, demo) and the verbs that operate and check the system. Building the verbs is cheap, so that
/// `kal version` and `--help` answer at once; hosts and database are built only when a verb runs.
/// </summary>
internal static class KalProgram
{
    public static Task<int> RunAsync(string[] args) => InvokeAsync(Root().Parse(args), new InvocationConfiguration());

    /// <summary>The same within another process, with its own writers.</summary>
    internal static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        InvokeAsync(Root().Parse(args), new InvocationConfiguration { Output = output, Error = error });

    // The library answers 1 to a line it cannot read; here 1 is a bad answer, and 2 says that nothing was done.
    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration)
    {
        var code = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 && code == 1 ? 2 : code;
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("KeyAccountLogistics: key-account contracts that weigh, judge and hand over parcels.");
        foreach (var verb in new[]
        {
            ServeVerb.Build(), EdgeVerb.Build(), DemoVerb.Build(), AdminVerbs.Build(), SignInVerb.Build(), ImportVerb.Build(), ParcelVerb.Build(), LabelVerb.Build(), CaseVerbs.Build(), CashVerbs.Build(), DispatchVerbs.Build(), RunSheetVerbs.Build(),
            ContractVerbs.Build(), ObligationVerbs.Build(), AccountVerbs.Build(), RatingVerbs.Rate(), RatingVerbs.Audit(), RatingVerbs.WhatIf(), DecodeVerb.Build(), IdentifyVerb.Build(), ReadImageVerb.Build(),
            OperationsVerbs.VerifyJournal(), OperationsVerbs.Rebuild(), OperationsVerbs.Backup(), OperationsVerbs.Restore(), DevicesVerbs.Build(), RouteVerbs.Build(), ScoreVerbs.Build(), SqiVerbs.Build(), WarningsVerbs.Build(), ProveVerbs.Build(), VersionVerb.Build(),
        }) root.Subcommands.Add(verb);
        return root;
    }
}
