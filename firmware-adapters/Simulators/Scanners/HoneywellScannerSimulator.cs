using System.Text;
using KeyAccountLogistics.Simulators.Pty;

namespace KeyAccountLogistics.Simulators.Scanners;

/// <summary>
/// A scanner on a pseudo-terminal that sends text with a CR and obeys Honeywell's serial commands: trigger, untrigger, menu commands with their echo. Thread-safe; dispose unplugs.
/// </summary>
public sealed class HoneywellScannerSimulator : IDisposable
{
    private const char Ack = '\u0006';
    private const char Enq = '\u0005';
    private const char Nak = '\u0015';

    private readonly Lock _gate = new();
    private readonly StringBuilder _fromHost = new();

    // Tag and sub-tag, present value, default, range.
    private readonly Dictionary<string, (int Value, int Default, int Min, int Max)> _menu = new(StringComparer.Ordinal)
    {
        ["232BAD"] = (9, 9, 0, 9),
        ["CBRENA"] = (1, 1, 0, 1),
        ["CBRMIN"] = (4, 4, 2, 60),
    };

    /// <summary>A scanner at <paramref name="linkPath"/>.</summary>
    public HoneywellScannerSimulator(string linkPath)
    {
        Pty = PtyDevice.Create(linkPath);
        Pty.FromHost = Hear;
    }

    /// <summary>The pseudo-terminal.</summary>
    public PtyDevice Pty { get; }

    /// <summary>The label in front of the scanner; null for none.</summary>
    public string? Label { get; set; }

    /// <summary>Says NR when it was triggered and read nothing.</summary>
    public bool SaysNoRead { get; set; } = true;

    /// <summary>Sends one scan.</summary>
    public void Scan(string text) => Pty.Write(Encoding.UTF8.GetBytes(text + "\r"));

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _fromHost.Append(Encoding.Latin1.GetString(bytes));
            while (TakeCommand() is { } command) Obey(command);
        }
    }

    /// <summary>SYN, letter, CR, and after M everything up to full stop or exclamation mark; null while none is whole.</summary>
    private string? TakeCommand()
    {
        var text = _fromHost.ToString();
        var start = text.IndexOf('\u0016', StringComparison.Ordinal);
        if (start < 0 || text.Length < start + 3) return null;
        var end = text[start + 1] is 'M' ? text.IndexOfAny(['.', '!'], start + 3) : start + 2;
        if (end < 0) return null;
        _fromHost.Remove(0, end + 1);
        return text[start..(end + 1)];
    }

    private void Obey(string command)
    {
        switch (command[1])
        {
            case 'T' when Label is { } label: Scan(label); break;
            case 'U' when SaysNoRead && Label is null: Scan("NR"); break;
            case 'M': Pty.Write(Encoding.Latin1.GetBytes(Echo(command[3..]))); break;
        }
    }

    /// <summary>The command echoed in capitals, each item with its status before its punctuation mark, a query's mark replaced by what it asks for.</summary>
    private string Echo(string items)
    {
        var echo = new StringBuilder();
        foreach (var item in items.TrimEnd('.', '!').Split(',')) echo.Append(echo.Length > 0 ? "," : "").Append(Answer(item.ToUpperInvariant()));
        return echo.Append(items[^1]).ToString();
    }

    private string Answer(string item)
    {
        if (item.Length < 7 || !_menu.TryGetValue(item[..6], out var entry)) return item + Enq;
        var (tag, data) = (item[..6], item[6..]);
        switch (data)
        {
            case "?": return $"{tag}{entry.Value}{Ack}";
            case "^": return $"{tag}{entry.Default}{Ack}";
            case "*": return $"{tag}{entry.Min}-{entry.Max}{Ack}";
        }
        if (!int.TryParse(data, out var value) || value < entry.Min || value > entry.Max) return item + Nak;
        _menu[tag] = entry with { Value = value };
        return item + Ack;
    }

    /// <inheritdoc/>
    public void Dispose() => Pty.Dispose();
}
