using System.Globalization;
using KeyAccountLogistics.Api.Edge.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// The demonstration in the terminal: both stations as their page shows them, what has been judged, and where to look. Fits the window it has, from 80
/// columns and 24 lines up: what does not fit is left out whole, never wrapped, so that nothing jumps.
/// </summary>
internal static class DemoScreen
{
    private const int ColumnsMin = 72;
    private const int ColumnsMax = 140;
    private const int StationLines = 9;
    private const int NotesShown = 2;
    private const int BarWidth = 30;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);

    /// <summary>Whom to show first when there is no room for all: one of each kind of work.</summary>
    private static readonly string[] Foremost = ["DepotClerk", "Courier", "StationHead", "Auditor", "ClientUser", "KeyAccountManager", "Administrator"];

    /// <summary>Draws until the token fires; the screen as it was before comes back, with the last picture below it.</summary>
    public static async Task RunAsync(DemoBoard board, string pages, IReadOnlyList<DemoPerson> people, TimeProvider time, CancellationToken ct)
    {
        var console = AnsiConsole.Console;
        var apart = console.Profile.Capabilities is { Ansi: true, AlternateBuffer: true };
        if (apart) console.Write(new ControlCode("\u001b[?1049h\u001b[H"));
        try
        {
            await console.Live(Draw(board, pages, people, console.Profile)).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom).StartAsync(async live =>
            {
                while (!ct.IsCancellationRequested)
                {
                    live.UpdateTarget(Draw(board, pages, people, console.Profile));
                    await Task.Delay(Frame, time, ct).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
            });
        }
        finally
        {
            if (apart)
            {
                console.Write(new ControlCode("\u001b[?1049l"));
                console.Write(Draw(board, pages, people, console.Profile));
            }
        }
    }

    private static Rows Draw(DemoBoard board, string pages, IReadOnlyList<DemoPerson> people, Profile profile)
    {
        var width = Math.Clamp(profile.Width - 1, ColumnsMin, ColumnsMax);
        var left = Math.Max(profile.Height - 1, 16);
        var lines = new List<IRenderable>
        {
            Line($"[bold]KeyAccountLogistics[/] · depot {DemoBackend.Depot} · pages [bold]{Markup.Escape(pages)}[/] · Ctrl+C ends"),
            Stations(board, width / 2),
        };
        left -= 1 + StationLines + 1 + NotesShown;
        var bars = Math.Clamp(left - Math.Min(left / 2, (people.Count / 2) + 1), 3, 9);
        lines.AddRange(Tally(board, width, bars));
        var notes = board.Notes.TakeLast(NotesShown).ToList();
        for (var i = 0; i < NotesShown; i++) lines.Add(Line($"[grey]{Markup.Escape(Fit(i < notes.Count ? notes[i] : "", width))}[/]"));
        lines.AddRange(SignIns(people, width, left - bars));
        return new Rows(lines);
    }

    private static IRenderable Stations(DemoBoard board, int width)
    {
        var states = board.States.ToArray();
        if (states.Length == 0) return new Rows(Enumerable.Repeat(Line("[grey]the stations are starting[/]"), StationLines));
        var grid = new Grid();
        foreach (var _ in states) grid.AddColumn(new GridColumn { Width = width, Padding = new Padding(0, 0, 0, 0), NoWrap = true });
        grid.AddRow([.. states.Select(state => Station(state, width))]);
        return grid;
    }

    private static Panel Station(StationState state, int width)
    {
        var room = width - 4;
        var judged = state.Judged;
        var (tone, sign) = judged?.Tone switch { "good" => ("black on green", "✓"), "warn" => ("black on yellow", "!"), "stop" => ("white on red", "✕"), _ => ("white on grey27", "…") };
        var weight = state.Weight is { State: not ("none" or "stale" or "fault") } live ? $"{Kilograms(live.MassMg),7} kg  {live.State}{(live.NeedsZero ? ", empty it first" : "")}" : "no weight";
        var link = state.Link is { } up ? Lamp("backend", up.State == "connected") + (up.Unsent > 0 ? $" +{up.Unsent}" : "") : "";
        string[] lines =
        [
            $"[bold]{Markup.Escape(Fit(weight, room))}[/]",
            $"[{tone}]{Markup.Escape(Fit($" {sign} {(judged is null ? "ready" : DemoWords.Of(judged.Headline)).ToUpperInvariant()}", room))}[/]",
            Markup.Escape(Fit(judged is null ? "" : $"{judged.Parcel}  {(judged.MassMg == 0 ? "" : Kilograms(judged.MassMg) + " kg")}", room)),
            $"[grey]{Markup.Escape(Fit(Figures(judged), room))}[/]",
            $"[grey]{Markup.Escape(Fit(Clause(judged), room))}[/]",
            Markup.Escape(Fit(state.Handover is { } handover ? $"handover: {handover.Accepted} of {handover.Expected}, {handover.State.Replace('_', ' ')}" : $"next: {DemoWords.Of(state.Instruction?.Code ?? "")}", room)),
            string.Join("  ", state.Devices.Select(static one => Lamp(one.Kind, one.State == "live"))) + "  " + link,
        ];
        return new Panel(new Rows(lines.Select(Line))) { Header = new PanelHeader($" {state.Station} · {state.PersonName} "), Width = width, Border = BoxBorder.Rounded, Expand = true };
    }

    private static string Lamp(string what, bool on) => on ? $"[green]✓[/] {what}" : $"[red]✕ {what}[/]";

    private static string Figures(Judged? judged) => judged?.Verdict switch
    {
        { HasHandedOn: true } verdict => $"handed on {Kilograms(verdict.HandedOnMg)}, limit {verdict.IntegrityLimitMg / 1000} g",
        { HasDeclared: true } verdict => $"declared {Kilograms(verdict.DeclaredMg)}, bills {Kilograms(verdict.BillsMg)}",
        { BillsMg: > 0 } verdict => $"nothing declared, bills {Kilograms(verdict.BillsMg)}",
        _ => "",
    };

    private static string Clause(Judged? judged) => judged?.Verdict is { Clause.Length: > 0 } verdict ? $"{judged.Account}, {verdict.Clause} of {verdict.Contract} v{verdict.ContractVersion}" : judged?.Account ?? "";

    private static IEnumerable<IRenderable> Tally(DemoBoard board, int width, int rows)
    {
        yield return Line(Markup.Escape(Fit($"{board.Parcels} parcels judged · {board.Handovers} handovers · cable pulled {board.CablesPulled} times{(board.Missed > 0 ? $" · {board.Missed} without an answer" : "")}", width)));
        var ordered = board.Headlines.GroupBy(static one => DemoWords.Of(one.Key), StringComparer.Ordinal).Select(static same => (Word: same.Key, Tone: DemoWords.ToneOf(same.First().Key), Count: same.Sum(static one => one.Value)))
            .OrderByDescending(static one => one.Count).ThenBy(static one => one.Word, StringComparer.Ordinal).ToList();
        var most = ordered.Count > 0 ? ordered[0].Count : 1;
        for (var i = 0; i < rows; i++)
        {
            if (i >= ordered.Count)
            {
                yield return Line(" ");
                continue;
            }
            var (word, tone, count) = ordered[i];
            var bar = new string('█', Math.Max(1, count * BarWidth / most));
            yield return Line($"{Markup.Escape(Fit(word, 22))} [{tone}]{bar}[/] {count}");
        }
    }

    private static IEnumerable<IRenderable> SignIns(IReadOnlyList<DemoPerson> people, int width, int rows)
    {
        const int cell = 49;
        var beside = width >= (2 * cell) ? 2 : 1;
        var shown = people.OrderBy(one => Array.IndexOf(Foremost, one.Role) is var at && at < 0 ? Foremost.Length : at).Take(Math.Max(1, rows - 1) * beside).ToList();
        yield return Line($"[grey]{Markup.Escape(Fit(shown.Count < people.Count ? $"sign in as (role, name, password, PIN); all {people.Count} are offered on the pages" : "sign in as (role, name, password, PIN); the pages offer them with one click", width))}[/]");
        foreach (var row in shown.Chunk(beside))
            yield return Line(Markup.Escape(string.Concat(row.Select(static one => $"{one.Role,-18}{one.Name,-10}{one.Password,-15}{one.Pin ?? "",-7}"))));
    }

    private static Markup Line(string markup) => new(markup.Length == 0 ? " " : markup);

    /// <summary>Exactly this many columns: cut, or filled with blanks. A Chinese character takes two.</summary>
    private static string Fit(string text, int columns)
    {
        var used = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var wide = text[i] >= '\u2E80' ? 2 : 1;
            if (used + wide > columns) return text[..i] + new string(' ', columns - used);
            used += wide;
        }
        return text + new string(' ', columns - used);
    }

    private static string Kilograms(long mg) => (mg / 1_000_000m).ToString("0.000", CultureInfo.InvariantCulture);
}
