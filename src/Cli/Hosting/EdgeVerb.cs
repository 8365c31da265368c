using System.CommandLine;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Configuration;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Cli.Hosting;

/// <summary><c>kal edge</c>: a depot's agent until it is told to stop; <c>kal edge enrol CODE</c>: once, before its first start.</summary>
internal static class EdgeVerb
{
    private static Option<string> ConfigOption() => new("--config") { Description = "The agent's configuration file.", Required = true, HelpName = "FILE" };

    public static Command Build()
    {
        var verb = new Command("edge", "Runs a depot's agent: devices, verdicts without network, journal on disk, uplink, station page.");
        var config = ConfigOption();
        verb.Options.Add(config);
        verb.Subcommands.Add(Enrol());
        verb.Runs(async (parsed, ct) =>
        {
            using var logs = LoggerFactory.Create(log => log.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true)));
            using var stop = StopSignals.Link(ct);
            await using var host = EdgeHost.Build(new EdgeOptions { Configuration = Read(parsed.GetRequiredValue(config)), Logs = logs, Software = "kal edge " + VersionVerb.Version });
            await host.StartAsync(ct);
            if (host.StationAddress is { } page) await parsed.InvocationConfiguration.Output.WriteLineAsync($"Station page  {page}");
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var asked = stop.Token.Register(() => stopped.TrySetResult());
            await stopped.Task;
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Command Enrol()
    {
        var verb = new Command("enrol", "Makes this machine's key and registers it with the backend, once.");
        var config = ConfigOption();
        var code = new Argument<string>("CODE") { Description = "The code that kal admin enrol-code made." };
        verb.Options.Add(config);
        verb.Arguments.Add(code);
        verb.Runs(async (parsed, ct) =>
        {
            var outcome = await EnrolAgent.RunAsync(Read(parsed.GetRequiredValue(config)), parsed.GetRequiredValue(code), "kal edge " + VersionVerb.Version, ct);
            if (!outcome.IsOk) throw new UsageException(outcome.Fault.Message);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Enrolled as {outcome.Value}. Start it with: kal edge --config {parsed.GetRequiredValue(config)}");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static AgentConfiguration Read(string file)
    {
        try
        {
            return ReadConfiguration.FromFile(file);
        }
        catch (ConfigurationException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
