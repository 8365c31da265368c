namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The three outer sides of a parcel in whole millimetres, each 1 to 10,000 (ten metres: beyond that it is freight, not a parcel).
/// Kept, and compared, in the order they were given; a rule that needs the longest side looks for it. Immutable. A default value is no measurement: its sides are 0.
/// </summary>
public readonly record struct Dimensions
{
    /// <summary>The longest side accepted, in millimetres.</summary>
    public const int SideMaxMm = 10_000;

    private Dimensions(int length, int width, int height) => (LengthMm, WidthMm, HeightMm) = (length, width, height);

    /// <summary>Length in millimetres.</summary>
    public int LengthMm { get; }

    /// <summary>Width in millimetres.</summary>
    public int WidthMm { get; }

    /// <summary>Height in millimetres.</summary>
    public int HeightMm { get; }

    /// <summary>Volume in cubic millimetres, exact.</summary>
    public long CubicMillimetres => (long)LengthMm * WidthMm * HeightMm;

    /// <summary>From three sides in millimetres; null when one is outside 1 to <see cref="SideMaxMm"/>.</summary>
    public static Dimensions? TryFromMillimetres(int length, int width, int height) =>
        InRange(length) && InRange(width) && InRange(height) ? new Dimensions(length, width, height) : null;

    private static bool InRange(int side) => side is >= 1 and <= SideMaxMm;

    /// <summary><c>400×300×200 mm</c></summary>
    public override string ToString() => $"{LengthMm}×{WidthMm}×{HeightMm} mm";
}
