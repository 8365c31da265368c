using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// One whole scan. <paramref name="Text"/> is what the symbol holds, without AIM identifier, prefix and suffix; in GS1 symbologies the separators
/// between elements stand in it as GS (0x1D) and the leading FNC1 is told by <see cref="IsGs1"/>. Immutable; allocated once per scan, because a
/// scan is kept and people are slow.
/// </summary>
/// <param name="Symbology">Name of the symbology (<c>Code 128</c>, <c>GS1-128</c>); <c>unknown</c> where no identifier was sent and none is required.</param>
/// <param name="AimId">The three characters of ISO/IEC 15424, e.g. <c>]C1</c>; null when not sent.</param>
/// <param name="Text">The content; empty for a no-read.</param>
/// <param name="IsGs1">True when the symbol starts with FNC1, so that <paramref name="Text"/> is a GS1 element string.</param>
/// <param name="NoRead">True when the scanner says that it was triggered and decoded nothing.</param>
/// <param name="Raw">The frame as it came (first 64 bytes).</param>
public sealed record ScanReading(string Symbology, string? AimId, string Text, bool IsGs1, bool NoRead, RawFrame Raw)
{
    /// <summary>The symbology where nothing says which it was.</summary>
    public const string UnknownSymbology = "unknown";

    /// <summary>The symbology of what is no symbol: a no-read, an answer.</summary>
    public const string NoSymbology = "none";

    /// <summary>What the scanner says of a command, which <see cref="Text"/> then echoes or explains; null for a scan. An answer is never a parcel's code.</summary>
    public ScannerAnswer? Answer { get; init; }

    /// <summary>
    /// The GS1 data of the symbol (element strings, a Digital Link, a composite component), null where it holds none. False with the flaw when it holds some that breaks the GS1
    /// dictionary: a scan all the same, which a station shows with its reason.
    /// </summary>
    public bool TryReadGs1(out Gs1Message? message, out Gs1Flaw? flaw)
    {
        (message, flaw) = (null, null);
        if (AimId is null) return true;
        if (Gs1Scan.TryRead(AimId + Text, out var read, out flaw))
        {
            message = read!.Message;
            return true;
        }
        if (flaw!.Code is not Gs1FlawCode.UnknownSymbology) return false;
        flaw = null;
        return !IsGs1 || (Gs1Message.TryParse(Text, out message, out flaw) && (flaw = message!.Contradiction) is null);
    }
}

/// <summary>A scanner's answer to a command.</summary>
public enum ScannerAnswer : byte
{
    /// <summary>Done, or the value asked for.</summary>
    Done,

    /// <summary>It knows no such command.</summary>
    UnknownCommand,

    /// <summary>It knows the command and refuses it, or its value.</summary>
    Refused,
}
