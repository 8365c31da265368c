namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>How an attempt to open a line ended.</summary>
public enum OpenResult : byte
{
    /// <summary>Open and set.</summary>
    Opened,

    /// <summary>Nothing is there: no such path, nobody listens.</summary>
    Missing,

    /// <summary>Something is there and refuses: in use, no permission, another device than expected.</summary>
    Refused,
}

/// <summary>The answer of <see cref="ILine.Open"/>.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Reason">In words for people; for an opened line what was opened.</param>
/// <param name="NotSupported">What of the settings this line cannot do, or null: a remark, not a failure.</param>
public readonly record struct LineOpening(OpenResult Result, string Reason, string? NotSupported = null);

/// <summary>What woke a read.</summary>
public enum LineEvent : byte
{
    /// <summary>Bytes were read.</summary>
    Bytes,

    /// <summary>The waiting time passed in silence.</summary>
    TimedOut,

    /// <summary><see cref="ILine.Wake"/> was called.</summary>
    Woken,

    /// <summary>A byte arrived with a parity or framing error at this place of the stream.</summary>
    Damaged,

    /// <summary>The line is gone; close it.</summary>
    Lost,
}

/// <summary>The answer of <see cref="ILine.Read"/>.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Count">Bytes read into the caller's buffer.</param>
/// <param name="Reason">Why the line is lost, else null.</param>
public readonly record struct LineRead(LineEvent Event, int Count = 0, string? Reason = null);

/// <summary>
/// A byte line to one device: a tty, a TCP device server, later a HID report pipe. One thread opens, reads, writes and closes; <see cref="Wake"/>
/// alone may be called from any thread. The owner disposes.
/// </summary>
public interface ILine : IDisposable
{
    /// <summary>What the line is, for people: its path or host and port.</summary>
    string Name { get; }

    /// <summary>Who is at the other end, as far as the line can tell once it is open.</summary>
    LineIdentity Identity { get; }

    /// <summary>Opens and sets the line, discarding what was received before. Never throws for what may happen outside.</summary>
    LineOpening Open();

    /// <summary>Waits for bytes and reads what is there. A null <paramref name="wait"/> waits for ever.</summary>
    LineRead Read(Span<byte> buffer, TimeSpan? wait);

    /// <summary>Writes all of <paramref name="bytes"/> within a second. False when the line is lost or stuck.</summary>
    bool Write(ReadOnlySpan<byte> bytes);

    /// <summary>Closes at once, so that the kernel can give the returning device the same name. Idempotent.</summary>
    void Close();

    /// <summary>While closed: waits until the device may be back, somebody calls <see cref="Wake"/>, or the time passed.</summary>
    void WaitForReturn(TimeSpan atMost);

    /// <summary>Wakes a waiting read or wait, from any thread.</summary>
    void Wake();
}

/// <summary>What tells one adapter from another. Empty members are not known (TCP, pseudo-terminals, on-board ports).</summary>
/// <param name="RealPath">Where the path leads now (<c>/dev/ttyUSB0</c>).</param>
/// <param name="VendorId">USB vendor id, four hex digits.</param>
/// <param name="ProductId">USB product id, four hex digits.</param>
/// <param name="Serial">USB serial number.</param>
public sealed record LineIdentity(string RealPath = "", string VendorId = "", string ProductId = "", string Serial = "")
{
    /// <summary>Nothing known.</summary>
    public static LineIdentity Unknown { get; } = new();

    /// <summary><c>0403:6001:A50285BI</c>, or empty.</summary>
    public string Usb => VendorId.Length == 0 ? "" : $"{VendorId}:{ProductId}:{Serial}";
}
