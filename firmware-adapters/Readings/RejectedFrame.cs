namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Why bytes did not become a reading.</summary>
public enum RejectReason : byte
{
    /// <summary>Not this protocol's shape; also noise between frames.</summary>
    Format,

    /// <summary>Too short, too long, or cut off by silence.</summary>
    Length,

    /// <summary>The check character does not match.</summary>
    Checksum,

    /// <summary>The line marked a byte as received with a parity or framing error.</summary>
    Parity,

    /// <summary>A unit that is no unit of mass known here.</summary>
    Unit,

    /// <summary>The device says itself that its digits are not the weight (expanded display).</summary>
    Display,

    /// <summary>The symbol's own check digit does not match, or its content breaks its symbology's rules.</summary>
    Content,
}

/// <summary>Bytes that were refused, with the reason; never a number (law 3). Noise between two frames is reported once, as one of these.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Note">The reason in words, a constant.</param>
/// <param name="Raw">The first bytes; <see cref="RawFrame.Length"/> is how many were refused.</param>
public readonly record struct RejectedFrame(RejectReason Reason, string Note, RawFrame Raw)
{
    /// <summary>The reason as programs write it: <c>checksum</c>, <c>length</c>, …</summary>
    public string Code => Reason switch
    {
        RejectReason.Length => "length",
        RejectReason.Checksum => "checksum",
        RejectReason.Parity => "parity",
        RejectReason.Unit => "unit",
        RejectReason.Display => "display",
        RejectReason.Content => "content",
        _ => "format",
    };
}
