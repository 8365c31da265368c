using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Cli.Hosting;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary><c>kal demo</c>: the whole road on one machine, with simulated devices that speak their real protocols.</summary>
internal static class DemoVerb
{
    public static Command Build()
    {
        var verb = new Command("demo", "Runs backend, depot agent and simulated devices on this machine and passes a morning's parcels of three key accounts over two stations.");
        var urls = new Option<string>("--urls") { Description = "Where the pages are.", DefaultValueFactory = _ => "http://127.0.0.1:8080", HelpName = "URL" };
        var data = new Option<string?>("--data") { Description = "Folder to keep everything in; default: a temporary one, removed at the end.", HelpName = "DIR" };
        var parcels = new Option<int>("--parcels") { Description = "Parcels a station gets before --exit-when-done ends.", DefaultValueFactory = _ => 48 };
        var exit = new Option<bool>("--exit-when-done") { Description = "End when the parcels are through, and print a JSON summary." };
        var seed = new Option<int>("--seed") { Description = "Another morning.", DefaultValueFactory = _ => 7 };
        var fast = new Option<bool>("--fast") { Description = "No pauses for people to watch." };
        foreach (var option in new Option[] { urls, data, parcels, exit, seed, fast }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            using var stop = StopSignals.Link(ct);
            var settings = new DemoSettings(parsed.GetValue(urls)!, parsed.GetValue(data), parsed.GetValue(parcels), parsed.GetValue(exit), parsed.GetValue(seed), parsed.GetValue(fast));
            var output = parsed.InvocationConfiguration.Output;
            await using var run = await DemoRun.StartAsync(settings, TimeProvider.System, parsed.InvocationConfiguration.Error, stop.Token);
            var summary = await run.UntilDoneAsync(!settings.ExitWhenDone && !Console.IsOutputRedirected, settings.ExitWhenDone ? parsed.InvocationConfiguration.Error : output, stop.Token);
            if (!settings.ExitWhenDone) return ExitCode.Ok;
            foreach (var note in run.Notes) await parsed.InvocationConfiguration.Error.WriteLineAsync(note);
            await output.WriteLineAsync(JsonSerializer.Serialize(summary, DemoJson.Default.DemoSummary));
            return summary.Missed == 0 && summary.BrokenLinks == 0 && summary.Unsent == 0 ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }
}

/// <summary>How the demonstration is run.</summary>
internal sealed record DemoSettings(string Urls, string? Data, int Parcels, bool ExitWhenDone, int Seed, bool Fast)
{
    public TimeSpan Pause => Fast ? TimeSpan.Zero : TimeSpan.FromMilliseconds(700);

    public int PagePort => int.Parse(new Uri(Urls).GetComponents(UriComponents.StrongPort, UriFormat.Unescaped), CultureInfo.InvariantCulture);
}
