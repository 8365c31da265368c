using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary>Writes what a decoder gives, a line each, as JSON or for people. Every input gives at least one line.</summary>
internal sealed class DecodedLines(TextWriter output, bool json) : IReadingSink
{
    private const int PageCharacters = 32 * 1024;

    private readonly StringBuilder _page = new();
    private readonly byte[] _first = new byte[RawFrame.Capacity];
    private long _bytes;
    private long _lines;

    /// <summary>Lines that are readings.</summary>
    internal long Accepted { get; private set; }

    /// <summary>Keeps the first bytes of the input, for the line that says that nothing is in it.</summary>
    internal void Saw(ReadOnlySpan<byte> bytes)
    {
        if (_bytes < _first.Length) bytes[..(int)Math.Min(bytes.Length, _first.Length - _bytes)].CopyTo(_first.AsSpan((int)_bytes));
        _bytes += bytes.Length;
    }

    internal void End()
    {
        if (_lines == 0)
        {
            var nothing = _bytes == 0
                ? new RejectedFrame(RejectReason.Length, "no bytes", default)
                : new RejectedFrame(RejectReason.Format, "no frame in these bytes", new RawFrame(_first.AsSpan(0, (int)Math.Min(_bytes, _first.Length))));
            OnRejected(in nothing);
        }
        Flush();
    }

    public void OnWeight(in WeightReading reading)
    {
        Accepted++;
        Line(json ? ReadingJson.Write(reading) : Tell(reading));
    }

    public void OnScan(ScanReading reading)
    {
        var good = reading.TryReadGs1(out var message, out var flaw);
        if (good) Accepted++;
        if (json) Line(ReadingJson.Write(reading));
        else if (!good) Line($"rejected   content   {flaw!.Message}   {reading.Raw}");
        else Line(Tell(reading) + (message is null ? "" : "   " + message));
    }

    public void OnRejected(in RejectedFrame rejected) =>
        Line(json ? ReadingJson.Write(rejected) : $"rejected   {rejected.Code,-8}   {rejected.Note}   {rejected.Raw}{(rejected.Raw.Length > RawFrame.Capacity ? $" … ({rejected.Raw.Length} bytes)" : "")}");

    public void OnReply(ReadOnlySpan<byte> bytes)
    {
        // The machine-read form has lines for what the device says only.
        if (!json) Line($"host answers   {new RawFrame(bytes)}");
    }

    internal static string Tell(in WeightReading reading)
    {
        var shown = reading.Number is { } number ? $"{number} {reading.Unit ?? "?"}" : "-";
        var condition = reading.Condition.ToString().ToLowerInvariant();
        var stability = reading.Stability switch { StabilityFlag.Stable => "stable", StabilityFlag.Moving => "moving", _ => "stability not told" };
        var tare = reading.Tare is { } t ? $"   tare {t}" : "";
        var basis = reading.Basis is Basis.Unknown ? "" : "   " + reading.Basis.ToString().ToLowerInvariant();
        return $"{(reading.Mass is { } mass ? mass.ToString() : "no mass"),12}   {shown,-12}   {stability,-18}   {condition}{basis}{tare}{(reading.Note is { } note ? $"   {note}" : "")}   {reading.Raw}";
    }

    internal static string Tell(ScanReading reading) => reading switch
    {
        { NoRead: true } => $"no read   {reading.Raw}",
        { Answer: { } answer } => $"answer   {answer}   {Visible(reading.Text)}",
        _ => $"{reading.Symbology,-18}   {Visible(reading.Text)}",
    };

    /// <summary>Control characters as the pictures Unicode has for them.</summary>
    private static string Visible(string text) => string.Concat(text.Select(c => c < 0x20 ? (char)(0x2400 + c) : c));

    private void Line(string line)
    {
        _lines++;
        _page.Append(line).Append('\n');
        if (_page.Length >= PageCharacters) Flush();
    }

    private void Flush()
    {
        output.Write(_page);
        output.Flush();
        _page.Clear();
    }
}
