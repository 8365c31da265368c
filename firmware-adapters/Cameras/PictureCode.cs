namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>A code read from a picture. A help, never a proof: a parcel's identity comes from a scanner or a person.</summary>
/// <param name="Format">Name of the symbology, with the words of the scanners: Code 128, GS1-128, EAN-13, ITF, QR Code, Data Matrix.</param>
/// <param name="Text">Its text; in GS1 data a separator is U+001D, the leading FNC1 is not there.</param>
/// <param name="ScanLines">How many scan lines, over all versions of the picture, gave it; 1 for two-dimensional codes.</param>
public sealed record PictureCode(string Format, string Text, int ScanLines);
