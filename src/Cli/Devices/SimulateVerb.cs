using System.CommandLine;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Simulators;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal devices simulate</c>: a scale and a scanner on pseudo-terminals that speak their protocols as the manuals have them; what lies on the platform is said in the terminal or by a script.</summary>
internal static class SimulateVerb
{
    public static Command Build()
    {
        var verb = new Command("simulate", "A simulated scale and scanner on pseudo-terminals. Acts come from --script or, a line each, from the terminal: place 2.340, clear, scan TEXT, fault garbage, unplug scale, …");
        var protocol = new Option<string>("--protocol") { Description = "Protocol of the scale; --list names them.", DefaultValueFactory = static _ => "mt-sics" };
        var link = new Option<string>("--link") { Description = "Where the scale is plugged in; the scanner beside it as LINK.scanner.", DefaultValueFactory = static _ => Path.Combine(Path.GetTempPath(), "kal-scale") };
        var unit = new Option<string>("--unit") { Description = "kg, g, lb or oz.", DefaultValueFactory = static _ => "kg" };
        var decimals = new Option<int>("--decimals") { Description = "Digits behind the point.", DefaultValueFactory = static _ => 3 };
        var noise = new Option<int>("--seed") { Description = "Seed of the mechanics' noise.", DefaultValueFactory = static _ => 1 };
        var script = new Option<string?>("--script") { Description = "A file of acts; the simulation ends with it." };
        var list = new Option<bool>("--list") { Description = "Names the protocols that can be simulated." };
        foreach (var one in new Option[] { protocol, link, unit, decimals, noise, script, list }) verb.Options.Add(one);
        verb.Runs(async (parsed, ct) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(list))
            {
                foreach (var id in ScaleSimulators.Protocols) await output.WriteLineAsync(id);
                return ExitCode.Ok;
            }
            var acts = parsed.GetValue(script) is { } file ? Parse(await GivenFile.TextAsync(file, mebiBytesMax: 8, ct)) : null;
            using var scale = Create(parsed.GetRequiredValue(protocol), Path.GetFullPath(parsed.GetRequiredValue(link)), parsed.GetValue(noise), parsed.GetRequiredValue(unit), parsed.GetValue(decimals));
            using var scanner = new AimScannerSimulator(scale.Pty.LinkPath + ".scanner", TimeProvider.System);
            var station = new SimulatedStation(scale, scanner, TimeProvider.System);
            await output.WriteLineAsync($"scale    {parsed.GetValue(protocol)}  {scale.Pty.LinkPath}");
            await output.WriteLineAsync($"scanner  scanner-aim  {scanner.Pty.LinkPath}");
            await output.FlushAsync(ct);
            if (acts is not null) await acts.RunAsync(station, ct);
            else await ConverseAsync(station, output, error, ct);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task ConverseAsync(SimulatedStation station, TextWriter output, TextWriter error, CancellationToken ct)
    {
        await output.WriteLineAsync("place KG | clear | scan TEXT | noread | fault none|silence|garbage|drip|cut | unplug scale|scanner | replug scale|scanner | wait S; Ctrl+D ends");
        while (await Console.In.ReadLineAsync(ct) is { } line)
        {
            try
            {
                await SimulatorScript.Parse(line).RunAsync(station, ct);
            }
            catch (FormatException e)
            {
                await error.WriteLineAsync("kal: " + e.Message + ".");
            }
        }
    }

    private static SimulatorScript Parse(string text)
    {
        try
        {
            return SimulatorScript.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message + ".");
        }
    }

    private static ScaleSimulator Create(string protocol, string link, int seed, string unit, int decimals)
    {
        try
        {
            return ScaleSimulators.Create(protocol, link, new PlatformSettings { Seed = seed }, TimeProvider.System, unit, decimals);
        }
        catch (KeyNotFoundException)
        {
            throw new UsageException($"'{protocol}' cannot be simulated. Did you mean {string.Join(", ", NearestWords.To(protocol, ScaleSimulators.Protocols))}? --list names them all.");
        }
    }
}
