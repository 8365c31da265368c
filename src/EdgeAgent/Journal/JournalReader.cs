using System.Buffers;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>One event read back.</summary>
internal readonly record struct ReplayedEvent(ulong Sequence, byte[] Body);

/// <summary>
/// Streams the events of one boot from the disk in order, a bounded buffer at a time, however long the backlog is. Damage met on the way is skipped and
/// noted as a gap. Not thread-safe; runs beside appending.
/// </summary>
internal sealed class JournalReader(CaptureJournal journal, Guid boot, ulong next) : IDisposable
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(SegmentFormat.BodyBytesMax + SegmentFormat.RecordHeaderBytes + (64 << 10));
    private IDurableFile? _file;
    private Segment? _segment;
    private long _offset;      // file offset of _buffer[0]
    private int _count;
    private int _at;

    public Guid Boot { get; } = boot;

    /// <summary>The sequence that comes next, if it is there.</summary>
    public ulong Next { get; private set; } = next;

    /// <summary>
    /// The next contiguous events, at most so many and at most so many bytes (but at least one); empty when everything durable has been read.
    /// A batch ends before a hole.
    /// </summary>
    public List<ReplayedEvent> Read(int eventsMax, int bytesMax)
    {
        var batch = new List<ReplayedEvent>(Math.Min(eventsMax, 512));
        var bytes = 0;
        while (batch.Count < eventsMax && bytes < bytesMax && TryPeek(out var sequence))
        {
            if (batch.Count > 0 && sequence != batch[^1].Sequence + 1) break;
            if (SegmentFormat.TryRead(_buffer.AsSpan(_at, _count - _at), out var record) != RecordRead.Whole) break;
            batch.Add(new ReplayedEvent(sequence, record.Body.ToArray()));
            bytes += record.Body.Length;
            Next = sequence + 1;
            _at += record.Bytes;
        }
        return batch;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>Brings the next record at or behind <see cref="Next"/> to the head of the buffer.</summary>
    private bool TryPeek(out ulong sequence)
    {
        sequence = 0;
        while (true)
        {
            var located = journal.Locate(Boot, Next, out var length, out _);
            if (located is null) return false;
            if (!ReferenceEquals(located, _segment)) Open(located);
            if (TryHead(length, out sequence)) return true;
            if (_offset + _at < length) SkipDamage(length);
            else return false;
        }
    }

    private bool TryHead(long length, out ulong sequence)
    {
        sequence = 0;
        while (_offset + _at < length)
        {
            var read = SegmentFormat.TryRead(_buffer.AsSpan(_at, _count - _at), out var record);
            if (read == RecordRead.Whole)
            {
                sequence = record.Sequence;
                if (sequence >= Next) return true;
                _at += record.Bytes;
                continue;
            }
            if (read == RecordRead.Damaged || !Fill(length)) return false;
        }
        return false;
    }

    private bool Fill(long length)
    {
        _buffer.AsSpan(_at, _count - _at).CopyTo(_buffer);
        _offset += _at;
        _count -= _at;
        _at = 0;
        var wanted = (int)Math.Min(_buffer.Length - _count, length - _offset - _count);
        if (wanted <= 0) return false;
        var got = _file!.Read(_offset + _count, _buffer.AsSpan(_count, wanted));
        _count += got;
        return got > 0;
    }

    private void Open(Segment segment)
    {
        _file?.Dispose();
        _file = journal.OpenForReading(segment);
        _segment = segment;
        (_offset, _count, _at) = (SegmentFormat.HeaderBytes, 0, 0);
    }

    /// <summary>Looks for the next whole record of the segment; when there is none, everything up to its end is a gap.</summary>
    private void SkipDamage(long length)
    {
        var rest = new byte[length - _offset - _at];
        var got = _file!.Read(_offset + _at, rest);
        var found = SegmentFormat.FindRecord(rest.AsSpan(0, got), 1, Next - 1);
        var lost = Next;
        if (found < 0)
        {
            Next = journal.Locate(Boot, Next, out _, out var last) is null ? Next : last + 1;
            _offset = length;
        }
        else
        {
            _ = SegmentFormat.TryRead(rest.AsSpan(found), out var record);
            Next = record.Sequence;
            _offset += _at + found;
        }
        (_count, _at) = (0, 0);
        if (Next > lost) journal.NoteGap(new JournalGap(Boot, lost, Next - 1, "damaged"));
    }
}
