using System.Text;
using KeyAccountLogistics.Simulators.Pty;

namespace KeyAccountLogistics.Simulators.Scanners;

/// <summary>Symbologies the simulated scanner reads.</summary>
public enum SimulatedSymbology
{
    /// <summary>]C0</summary>
    Code128,

    /// <summary>]C1, text with GS between elements.</summary>
    Gs1128,

    /// <summary>]d1</summary>
    DataMatrix,

    /// <summary>]d2</summary>
    Gs1DataMatrix,

    /// <summary>]Q1</summary>
    Qr,

    /// <summary>]E0</summary>
    Ean13,

    /// <summary>]A0</summary>
    Code39,
}

/// <summary>A scanner on a pseudo-terminal that puts the AIM identifier before what it reads and a suffix behind it. Thread-safe; dispose unplugs.</summary>
public sealed class AimScannerSimulator : IDisposable
{
    private readonly TimeProvider _time;
    private readonly string _prefix;
    private readonly string _suffix;

    /// <summary>A scanner at <paramref name="linkPath"/>.</summary>
    public AimScannerSimulator(string linkPath, TimeProvider time, string prefix = "", string suffix = "\r\n")
    {
        _time = time;
        _prefix = prefix;
        _suffix = suffix;
        Pty = PtyDevice.Create(linkPath);
    }

    /// <summary>The pseudo-terminal.</summary>
    public PtyDevice Pty { get; }

    /// <summary>When not zero, a scan is sent byte by byte with this pause.</summary>
    public TimeSpan DripPause { get; set; }

    /// <summary>Sends one scan; completes when its last byte is written.</summary>
    public Task ScanAsync(string text, SimulatedSymbology symbology = SimulatedSymbology.Code128, CancellationToken stop = default) =>
        SendAsync(_prefix + Identifier(symbology) + text + _suffix, stop);

    /// <summary>Sends what the scanner says when it decoded nothing.</summary>
    public Task NoReadAsync(string text = "NR", CancellationToken stop = default) => SendAsync(_prefix + text + _suffix, stop);

    /// <summary>Pulls the cable.</summary>
    public void Unplug() => Pty.Unplug();

    /// <summary>Plugs the cable in again.</summary>
    public void Replug() => Pty.Replug();

    private async Task SendAsync(string text, CancellationToken stop)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (DripPause == TimeSpan.Zero)
        {
            Pty.Write(bytes);
            return;
        }
        foreach (var b in bytes)
        {
            Pty.Write([b]);
            await Task.Delay(DripPause, _time, stop);
        }
    }

    private static string Identifier(SimulatedSymbology symbology) => symbology switch
    {
        SimulatedSymbology.Gs1128 => "]C1",
        SimulatedSymbology.DataMatrix => "]d1",
        SimulatedSymbology.Gs1DataMatrix => "]d2",
        SimulatedSymbology.Qr => "]Q1",
        SimulatedSymbology.Ean13 => "]E0",
        SimulatedSymbology.Code39 => "]A0",
        _ => "]C0",
    };

    /// <inheritdoc/>
    public void Dispose() => Pty.Dispose();
}
