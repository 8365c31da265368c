using System.Globalization;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Simulators;

/// <summary>
/// What a simulated station does, one act a line: <c>place 2.340</c> (kilograms, waits until settled), <c>clear</c>, <c>wait 1.5</c> (seconds),
/// <c>scan TEXT</c>, <c>scan ]C1 TEXT</c>, <c>noread</c>, <c>fault silence|garbage|drip|cut|parity|withheld|repeated|none</c>, <c>unplug scale|scanner</c>,
/// <c>replug scale|scanner</c>; <c>#</c> begins a comment. Immutable, may be run many times.
/// </summary>
public sealed class SimulatorScript
{
    private readonly IReadOnlyList<Func<SimulatedStation, CancellationToken, Task>> _acts;

    private SimulatorScript(IReadOnlyList<Func<SimulatedStation, CancellationToken, Task>> acts) => _acts = acts;

    /// <summary>Reads a script; throws <see cref="FormatException"/> naming line and word.</summary>
    public static SimulatorScript Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var acts = new List<Func<SimulatedStation, CancellationToken, Task>>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0) acts.Add(Act(words) ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {number}: '{line.Trim()}' is no act of a simulator script")));
        }
        return new SimulatorScript(acts);
    }

    /// <summary>Runs all acts in order.</summary>
    public async Task RunAsync(SimulatedStation station, CancellationToken stop = default)
    {
        foreach (var act in _acts) await act(station, stop);
    }

    private static Func<SimulatedStation, CancellationToken, Task>? Act(string[] words) => words switch
    {
        ["place", var kilograms] when Number(kilograms) is { } load => (station, stop) => station.Scale.PlaceAsync(Mass.FromKilograms(load), stop),
        ["clear"] => (station, stop) => station.Scale.ClearAsync(stop),
        ["wait", var seconds] when Number(seconds) is { } span and >= 0 => (station, stop) => Task.Delay(TimeSpan.FromSeconds((double)span), station.Time, stop),
        ["scan", var text] => (station, stop) => station.Scanner.ScanAsync(text, stop: stop),
        ["scan", var id, var text] when Symbology(id) is { } symbology => (station, stop) => station.Scanner.ScanAsync(text, symbology, stop),
        ["noread"] => (station, stop) => station.Scanner.NoReadAsync(stop: stop),
        ["fault", var word] when Fault(word) is { } fault => Now(station => station.Scale.Fault = fault),
        ["unplug", "scale"] => Now(station => station.Scale.Unplug()),
        ["unplug", "scanner"] => Now(station => station.Scanner.Unplug()),
        ["replug", "scale"] => Now(station => station.Scale.Replug()),
        ["replug", "scanner"] => Now(station => station.Scanner.Replug()),
        _ => null,
    };

    private static Func<SimulatedStation, CancellationToken, Task> Now(Action<SimulatedStation> act) => (station, _) =>
    {
        act(station);
        return Task.CompletedTask;
    };

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static LineFault? Fault(string word) => word switch
    {
        "none" => LineFault.None,
        "silence" => LineFault.Silence,
        "garbage" => LineFault.Garbage,
        "drip" => LineFault.SlowDrip,
        "cut" => LineFault.CutOff,
        "parity" => LineFault.Parity,
        "withheld" => LineFault.Withheld,
        "repeated" => LineFault.Repeated,
        _ => null,
    };

    private static SimulatedSymbology? Symbology(string id) => id switch
    {
        "]C0" => SimulatedSymbology.Code128,
        "]C1" => SimulatedSymbology.Gs1128,
        "]d1" => SimulatedSymbology.DataMatrix,
        "]d2" => SimulatedSymbology.Gs1DataMatrix,
        "]Q1" => SimulatedSymbology.Qr,
        "]E0" => SimulatedSymbology.Ean13,
        "]A0" => SimulatedSymbology.Code39,
        _ => null,
    };
}

/// <summary>The devices of one simulated station.</summary>
/// <param name="Scale">Its scale.</param>
/// <param name="Scanner">Its scanner.</param>
/// <param name="Time">The clock its script waits by.</param>
public sealed record SimulatedStation(ScaleSimulator Scale, AimScannerSimulator Scanner, TimeProvider Time);
