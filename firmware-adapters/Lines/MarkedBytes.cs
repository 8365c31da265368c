namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>
/// Undoes PARMRK: <c>FF 00 x</c> is a byte that arrived damaged, <c>FF FF</c> a real FF, <c>FF 00 00</c> also a break. Damaged bytes are never handed
/// on as values, only as <see cref="LineEvent.Damaged"/> at their place.
/// </summary>
internal sealed class MarkedBytes
{
    private readonly byte[] _held = new byte[8192];
    private int _start;
    private int _end;

    /// <summary>True when something can be handed on without reading more.</summary>
    internal bool HasMore => _end > _start && !(IsMark(0) && _end - _start < NeededAt0);

    private int NeededAt0 => _end - _start >= 2 && _held[_start + 1] == 0xFF ? 2 : 3;

    internal void Clear() => _start = _end = 0;

    /// <summary>Adds bytes just read; an escape may be split between two reads.</summary>
    internal void Take(ReadOnlySpan<byte> bytes)
    {
        _held.AsSpan(_start, _end - _start).CopyTo(_held);
        _end -= _start;
        _start = 0;
        bytes.CopyTo(_held.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next run of good bytes, or the next damaged place.</summary>
    internal LineRead Next(Span<byte> buffer)
    {
        if (IsMark(0) && _held[_start + 1] == 0)
        {
            _start += 3;
            return new LineRead(LineEvent.Damaged);
        }
        var count = 0;
        while (_start < _end && count < buffer.Length)
        {
            if (IsMark(0))
            {
                if (_end - _start < 2 || _held[_start + 1] != 0xFF) break;
                _start++;
            }
            buffer[count++] = _held[_start++];
        }
        return count > 0 ? new LineRead(LineEvent.Bytes, count) : new LineRead(LineEvent.Woken);
    }

    private bool IsMark(int at) => _held[_start + at] == 0xFF;
}
