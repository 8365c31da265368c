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
public sealed record ScanReading(string Symbology, string? AimId, string Text, bool IsGs1, bool NoRead, RawFrame Raw);
