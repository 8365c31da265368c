using System.Globalization;
using KeyAccountLogistics.Api.Edge.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>The demonstration in the terminal: both stations as their page shows them, what has been judged, and where to look.</summary>
internal static class DemoScreen
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(150);

    /// <summary>Draws until the token fires.</summary>
    public static Task RunAsync(DemoBoard board, string pages, IReadOnlyList<DemoPerson> people, TimeProvider time, CancellationToken ct) =>
        AnsiConsole.Live(Draw(board, pages, people)).AutoClear(false).StartAsync(async live =>
        {
            while (!ct.IsCancellationRequested)
            {
                live.UpdateTarget(Draw(board, pages, people));
                await Task.Delay(Frame, time, ct).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            live.UpdateTarget(Draw(board, pages, people));
        });

    private static Rows Draw(DemoBoard board, string pages, IReadOnlyList<DemoPerson> people) => new(
        new Markup($"[bold]KeyAccountLogistics[/]  demonstration: depot {DemoBackend.Depot}, two stations, three key accounts     pages: [link={pages}]{pages}[/]     Ctrl+C ends"),
        new Columns(board.States.Select(Station)),
        Tally(board),
        new Markup("[grey]" + Markup.Escape(string.Join('\n', board.Notes.TakeLast(4))) + "[/]"),
        SignIns(people));

    private static Panel Station(StationState state)
    {
        var judged = state.Judged;
        var tone = judged?.Tone switch { "good" => "black on green", "warn" => "black on yellow", "stop" => "white on red", _ => "white on grey27" };
        var weight = state.Weight is { } live ? $"{Kilograms(live.MassMg)} kg [grey]{live.State}{(live.NeedsZero ? ", empty the scale first" : "")}[/]" : "[grey]no scale[/]";
        var devices = string.Join("  ", state.Devices.Select(one => $"{one.Kind} [{(one.State == "live" ? "green" : "red")}]{one.State}[/]"));
        var link = state.Link is { } up ? $"backend [{(up.State == "connected" ? "green" : "yellow")}]{up.State}[/]{(up.Unsent > 0 ? $" {up.Unsent} waiting" : "")}" : "";
        var lines = new List<IRenderable>
        {
            new Markup($"[bold]{weight}[/]"),
            new Markup($"[{tone}] {Markup.Escape(judged is null ? "ready" : judged.Headline.Replace('_', ' ').ToUpperInvariant()),-34}[/]"),
            new Markup(judged is null ? " " : $"{Markup.Escape(judged.Parcel)}  {Kilograms(judged.MassMg)} kg  [grey]{Markup.Escape(judged.Account)} → {Markup.Escape(judged.Destination)}[/]"),
            new Markup(Figures(judged)),
            new Markup($"next: [bold]{Markup.Escape(state.Instruction?.Code.Replace('_', ' ') ?? "")}[/]"),
            new Markup(state.Handover is { } handover ? $"handover {handover.State}: {handover.Accepted}/{handover.Expected} accepted, {handover.Outstanding} not seen" : " "),
            new Markup($"{devices}  {link}"),
        };
        return new Panel(new Rows(lines)) { Header = new PanelHeader($" {state.Station} · {state.PersonName} "), Width = 62, Border = BoxBorder.Rounded };
    }

    private static string Figures(Judged? judged)
    {
        if (judged?.Verdict is not { } verdict) return " ";
        var parts = new List<string>();
        if (verdict.HasDeclared) parts.Add($"declared {Kilograms(verdict.DeclaredMg)}, bills {Kilograms(verdict.BillsMg)}");
        if (verdict.HasHandedOn) parts.Add($"handed on {Kilograms(verdict.HandedOnMg)}, limit {verdict.IntegrityLimitMg / 1000} g");
        if (verdict.Clause.Length > 0) parts.Add($"{verdict.Clause} of {verdict.Contract} v{verdict.ContractVersion}");
        return $"[grey]{Markup.Escape(string.Join("; ", parts))}[/]";
    }

    private static BarChart Tally(DemoBoard board)
    {
        var chart = new BarChart { Width = 100, Label = $"[bold]{board.Parcels} parcels, {board.Handovers} handovers, cable pulled {board.CablesPulled} times[/]" };
        foreach (var (headline, count) in board.Headlines.OrderByDescending(one => one.Value).Take(8))
            chart.AddItem(headline.Replace('_', ' '), count, headline.StartsWith("held", StringComparison.Ordinal) || headline.Contains("unknown", StringComparison.Ordinal) ? Color.Red : headline is "over" or "under" ? Color.Yellow : Color.Green);
        return chart;
    }

    private static Markup SignIns(IReadOnlyList<DemoPerson> people) => new(
        "[grey]" + Markup.Escape(string.Join('\n', people.Chunk(2).Select(pair => string.Join("   ", pair.Select(one => $"{one.Role,-18} {one.Name,-11} {one.Password} {(one.Pin is null ? "" : "PIN " + one.Pin),-10}"))))) + "[/]");

    private static string Kilograms(long mg) => (mg / 1_000_000m).ToString("0.000", CultureInfo.InvariantCulture);
}
