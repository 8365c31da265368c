namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// What commissioning pinned down of a device whose frames carry no check: with it a lost digit or a lost <c>k</c> is refused instead of read.
/// Immutable.
/// </summary>
/// <param name="Length">Characters of a weight line without CR and LF; 0 for any the protocol allows.</param>
/// <param name="Unit">The only unit believed; null for any unit of mass.</param>
internal sealed record FrameGuard(int Length = 0, string? Unit = null)
{
    /// <summary>Nothing was pinned down, or the decoder looks itself.</summary>
    internal static FrameGuard None { get; } = new();

    internal const string LengthOption = "length";
    internal const string UnitOption = "expect-unit";

    internal const string LengthMeaning = "characters of a weight line without CR LF, any other length is refused; any the manual allows when absent";
    internal const string UnitMeaning = "the unit this scale was commissioned with, any other is refused (a lost k turns kg into g); any when absent";
}
