using System.Globalization;
using System.Text;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// UTF-8 in which canonical JSON is put together: no blanks, keys in the order they are written, only quotation mark, backslash and control characters escaped. Kept by its owner and used again, so
/// that a trace costs no garbage. Not thread-safe.
/// </summary>
internal sealed class TraceBuffer
{
    private const string Hex = "0123456789abcdef";
    private byte[] _bytes = new byte[1_024];

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal TraceBuffer DropLast()
    {
        Length--;
        return this;
    }

    internal TraceBuffer Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        Length += utf8.Length;
        return this;
    }

    internal TraceBuffer Text(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Room(3 * text.Length));
        return this;
    }

    internal TraceBuffer Number(long number)
    {
        _ = number.TryFormat(Room(20), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    internal TraceBuffer Quoted(string text)
    {
        var room = Room((6 * text.Length) + 2);
        room[0] = (byte)'"';
        var length = 1;
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && text.AsSpan().IndexOfAny('"', '\\') < 0)
        {
            length += Encoding.UTF8.GetBytes(text, room[1..]);
        }
        else
        {
            foreach (var rune in text.EnumerateRunes())
            {
                if (rune.Value is '"' or '\\')
                {
                    (room[length], room[length + 1]) = ((byte)'\\', (byte)rune.Value);
                    length += 2;
                }
                else if (rune.Value < 0x20)
                {
                    "\\u00"u8.CopyTo(room[length..]);
                    (room[length + 4], room[length + 5]) = ((byte)Hex[rune.Value >> 4], (byte)Hex[rune.Value & 0xF]);
                    length += 6;
                }
                else
                {
                    length += rune.EncodeToUtf8(room[length..]);
                }
            }
        }
        room[length] = (byte)'"';
        Length += length + 1;
        return this;
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    private Span<byte> Room(int more)
    {
        if (_bytes.Length - Length < more) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + more));
        return _bytes.AsSpan(Length);
    }
}
