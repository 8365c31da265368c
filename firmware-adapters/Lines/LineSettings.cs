using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>Parity of a serial line.</summary>
public enum Parity : byte
{
    /// <summary>No parity bit.</summary>
    None,

    /// <summary>Even.</summary>
    Even,

    /// <summary>Odd.</summary>
    Odd,
}

/// <summary>How a serial line is set. A line that cannot do part of it says so when opened and works with the rest (pseudo-terminals know no parity).</summary>
/// <param name="Baud">Any rate from 50 to 4,000,000.</param>
/// <param name="DataBits">7 or 8.</param>
/// <param name="Parity">Parity.</param>
/// <param name="StopBits">1 or 2.</param>
/// <param name="Dtr">Wanted level of DTR after opening; null leaves what the driver does (some adapters raise it, some indicators then fall silent).</param>
/// <param name="Rts">Wanted level of RTS after opening; null leaves it.</param>
public sealed record LineSettings(int Baud = 9600, int DataBits = 8, Parity Parity = Parity.None, int StopBits = 1, bool? Dtr = null, bool? Rts = null)
{
    /// <summary>9600 8N1, modem lines as they are.</summary>
    public static LineSettings Default { get; } = new();

    /// <summary>Reads <c>9600 8N1</c>, <c>9600 7E1</c>, <c>4800 8E1 dtr=0 rts=1</c>. False with the reason when it is not that.</summary>
    public static bool TryParse(string text, out LineSettings settings, out string reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        settings = Default;
        reason = $"'{text}' is not a line setting like '9600 8N1' or '9600 7E1 dtr=0 rts=0'";
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is < 2 or > 4) return false;
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var baud) || baud is < 50 or > 4_000_000) return false;
        if (parts[1].Length != 3 || parts[1][0] is not ('7' or '8') || parts[1][2] is not ('1' or '2')) return false;
        Parity? parity = char.ToUpperInvariant(parts[1][1]) switch { 'N' => Parity.None, 'E' => Parity.Even, 'O' => Parity.Odd, _ => null };
        if (parity is not { } known) return false;
        var parsed = new LineSettings(baud, parts[1][0] - '0', known, parts[1][2] - '0');
        foreach (var modem in parts.AsSpan(2))
        {
            switch (modem.ToLowerInvariant())
            {
                case "dtr=0": parsed = parsed with { Dtr = false }; break;
                case "dtr=1": parsed = parsed with { Dtr = true }; break;
                case "rts=0": parsed = parsed with { Rts = false }; break;
                case "rts=1": parsed = parsed with { Rts = true }; break;
                default: return false;
            }
        }
        settings = parsed;
        reason = "";
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Baud} {DataBits}{Parity.ToString()[0]}{StopBits}");
}
