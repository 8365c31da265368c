using System.Buffers.Binary;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Wedge;

/// <summary>
/// The key events of a scanner that types, as the kernel's event device gives them: 24 bytes each on 64-bit Linux (time in seconds and microseconds, type, code, value;
/// linux/input.h). A scan is what is typed up to Enter. What the layout does not have, what repeats by itself and what the kernel lost spoils its scan.
/// </summary>
internal sealed class WedgeDecoder(WedgeSettings settings) : IDecoder
{
    private const int RecordBytes = 24;
    private const int BytesPerCharacterMax = 12 * RecordBytes;   // shift and key down and up, each with scan code and report
    private const ulong SecondsMax = 1UL << 34;   // by any of the kernel's clocks
    private const ushort TypeSync = 0;
    private const ushort TypeKey = 1;
    private const ushort TypeMax = 0x1F;
    private const ushort CodeMax = 0x2FF;
    private const ushort SyncDropped = 3;
    private const int Released = 0;
    private const int Pressed = 1;

    private readonly byte[] _record = new byte[RecordBytes];
    private readonly byte[] _text = new byte[ScanText.BytesMax];
    private readonly byte[] _raw = new byte[RawFrame.Capacity];
    private int _recordLength;
    private int _textLength;
    private int _rawLength;
    private int _bytes;
    private RejectReason _faultReason;
    private string? _fault;
    private bool _shift;
    private bool _control;
    private bool _alt;
    private bool _capsLock;

    public int FrameBytesMax => ScanText.BytesMax * BytesPerCharacterMax;

    public bool Pending => _recordLength > 0 || _textLength > 0 || _fault is not null;

    /// <summary>A scanner types far faster than this, a pulled one not at all.</summary>
    public TimeSpan IdleGap => TimeSpan.FromMilliseconds(500);

    public void Push(ReadOnlySpan<byte> bytes, IReadingSink sink)
    {
        foreach (var b in bytes)
        {
            _record[_recordLength++] = b;
            if (_recordLength < RecordBytes) continue;
            if (IsEvent(_record))
            {
                Take(_record, sink);
                _recordLength = 0;
            }
            else
            {
                // Events are found again by their shape: the kernel gives whole ones, a copy of a stream may not.
                Spoil(RejectReason.Format, "not an input event");
                Keep(_record.AsSpan(0, 1));
                _record.AsSpan(1).CopyTo(_record);
                _recordLength--;
            }
        }
    }

    public void FlushIdle(IReadingSink sink)
    {
        if (Pending) Spoil(RejectReason.Length, "cut off by silence");
        EndHere(sink);
    }

    public void Break(RejectReason reason, IReadingSink sink)
    {
        Spoil(reason, "damaged byte");
        EndHere(sink);
    }

    public void Reset()
    {
        _recordLength = 0;
        (_shift, _control, _alt, _capsLock) = (false, false, false, false);
        Forget();
    }

    private static bool IsEvent(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt64LittleEndian(record) < SecondsMax
        && BinaryPrimitives.ReadUInt64LittleEndian(record[8..]) < 1_000_000
        && BinaryPrimitives.ReadUInt16LittleEndian(record[16..]) <= TypeMax
        && BinaryPrimitives.ReadUInt16LittleEndian(record[18..]) <= CodeMax;

    private void Take(ReadOnlySpan<byte> record, IReadingSink sink)
    {
        var type = BinaryPrimitives.ReadUInt16LittleEndian(record[16..]);
        var code = BinaryPrimitives.ReadUInt16LittleEndian(record[18..]);
        var value = BinaryPrimitives.ReadInt32LittleEndian(record[20..]);
        if (_bytes > 0 || (type == TypeKey && value == Pressed)) Keep(record);
        if (type == TypeSync && code == SyncDropped)
        {
            Spoil(RejectReason.Length, "the kernel lost events");
            (_shift, _control, _alt) = (false, false, false);
        }
        if (type != TypeKey) return;
        if (IsModifier(code, value != Released, value == Pressed)) return;
        if (value == Released) return;
        if (value != Pressed) Spoil(RejectReason.Format, "a key that repeats by itself");
        else if (code == settings.EndKey || (code == UsKeyboard.KeypadEnter && settings.EndKey == UsKeyboard.Enter)) End(sink);
        else Type(code);
    }

    private bool IsModifier(ushort key, bool down, bool pressed)
    {
        switch (key)
        {
            case UsKeyboard.LeftShift or UsKeyboard.RightShift: _shift = down; return true;
            case UsKeyboard.LeftControl or UsKeyboard.RightControl: _control = down; return true;
            case UsKeyboard.LeftAlt or UsKeyboard.RightAlt: _alt = down; return true;
            case UsKeyboard.CapsLock: _capsLock ^= pressed; return true;
            case UsKeyboard.NumLock: return true;
            default: return false;
        }
    }

    private void Type(ushort key)
    {
        var typed = key switch
        {
            UsKeyboard.Tab => (byte)'\t',
            UsKeyboard.Enter => (byte)'\r',
            _ => _control ? UsKeyboard.Control(key) : UsKeyboard.Character(key, _shift, _capsLock),
        };
        if (_alt) Spoil(RejectReason.Format, "typed with Alt");
        else if (typed == 0) Spoil(RejectReason.Format, "a key the US layout has not");
        else if (_textLength == _text.Length) Spoil(RejectReason.Length, "scan too long");
        else _text[_textLength++] = typed;
    }

    /// <summary>Ends what is under way, the event that was cut off with it.</summary>
    private void EndHere(IReadingSink sink)
    {
        Keep(_record.AsSpan(0, _recordLength));
        _recordLength = 0;
        End(sink);
    }

    private void End(IReadingSink sink)
    {
        ReadOnlySpan<byte> text = _text.AsSpan(0, _textLength);
        ReadOnlySpan<byte> raw = _raw.AsSpan(0, _rawLength);
        if (_fault is not null) Reject(_faultReason, _fault, sink);
        else if (text.IsEmpty) { }   // Enter by itself
        else if (text.SequenceEqual(settings.NoRead)) ScanText.GiveNoRead(raw, sink);
        else if (!settings.Gs1Proved && IsGs1(text)) Reject(RejectReason.Content, "GS1 data is not believed over a keyboard: its separators get lost; set gs1=proved where a test label came through", sink);
        else if (text[0] == (byte)']') ScanText.GiveIdentified(raw, text, Encoding.ASCII, sink);
        else if (settings.AimRequired) Reject(RejectReason.Format, "no symbology identifier", sink);
        else ScanText.GiveUnidentified(raw, text, Encoding.ASCII, sink);
        Forget();
    }

    /// <summary>By its identifier, or by a separator that did get through.</summary>
    private static bool IsGs1(ReadOnlySpan<byte> text) =>
        text.Contains((byte)0x1D) || (text is [(byte)']', var code, var modifier, ..] && AimSymbology.Find(code, modifier) is { IsGs1: true });

    private void Spoil(RejectReason reason, string note)
    {
        if (_fault is null) (_faultReason, _fault) = (reason, note);
    }

    private void Reject(RejectReason reason, string note, IReadingSink sink)
    {
        var rejected = new RejectedFrame(reason, note, new RawFrame(_raw.AsSpan(0, _rawLength), _bytes));
        sink.OnRejected(in rejected);
    }

    /// <summary>From the first byte of a scan on every byte is kept or counted, so that what is kept stands in the stream as it is.</summary>
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var kept = bytes[..Math.Min(bytes.Length, _raw.Length - _rawLength)];
        kept.CopyTo(_raw.AsSpan(_rawLength));
        _rawLength += kept.Length;
        _bytes += bytes.Length;
    }

    private void Forget() => (_textLength, _rawLength, _bytes, _fault) = (0, 0, 0, null);
}
