namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>
/// Decoders of scales that print lines. Two rules keep a tolerant shape honest: no end of a line may pass for a line (a stream is entered in its
/// middle), and no beginning of one (a cable is pulled).
/// </summary>
internal abstract class WeightLineDecoder(FrameGuard guard) : CrLfDecoder(frameBytesMax: 64, sevenBits: true)
{
    /// <summary>What commissioning pinned down.</summary>
    protected FrameGuard Guard { get; } = guard;

    /// <summary>Whether no longer line begins with this one. True where the length is fixed or the unit stands last.</summary>
    protected virtual bool IsWholeWithoutEnd(ReadOnlySpan<byte> line) => false;

    protected sealed override bool TakesCrAlone => true;

    protected sealed override bool IsWhole(ReadOnlySpan<byte> line, bool crSeen) => crSeen || IsWholeWithoutEnd(line);

    /// <summary>An answer without a weight.</summary>
    protected static void Answer(ReadOnlySpan<byte> frame, Condition condition, string note, IReadingSink sink) =>
        new ShownWeight { Frame = frame }.SendAs(condition, note, sink);
}
