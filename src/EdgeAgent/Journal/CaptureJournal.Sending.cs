using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>The sending side: what is unsent, what has been acknowledged, what may be deleted.</summary>
internal sealed partial class CaptureJournal
{
    private const int GapsMax = 1_000;

    /// <summary>Boots with unacknowledged events, oldest first; the last one may be the present boot.</summary>
    public IReadOnlyList<UnsentRange> Unsent()
    {
        lock (_gate)
        {
            return [.. _boots.Where(static b => b.HasUnsent).Select(static b => new UnsentRange(b.Id, b.FirstUnsent, b.LastDurable, b.Clock, b.OfThisProcess))];
        }
    }

    /// <summary>Unacknowledged events, known gaps not counted.</summary>
    public long UnsentCount
    {
        get
        {
            lock (_gate)
            {
                var count = _boots.Sum(static b => b.Unsent);
                foreach (var gap in _gaps)
                {
                    var boot = _boots.Find(b => b.Id == gap.Boot);
                    if (boot is not null && gap.First >= boot.FirstUnsent && gap.Last <= boot.LastDurable) count -= checked((long)(gap.Last - gap.First + 1));
                }
                return count;
            }
        }
    }

    /// <summary>Gaps known so far, also those of earlier starts.</summary>
    public IReadOnlyList<JournalGap> Gaps
    {
        get { lock (_gate) return [.. _gaps]; }
    }

    /// <summary>
    /// The backend has committed everything of the boot up to the sequence. Never moves back on its own: <see cref="BackendHolds"/> does, when the
    /// backend itself says that it has less.
    /// </summary>
    public void Acknowledge(Guid boot, ulong upTo)
    {
        List<Segment> finished;
        lock (_gate)
        {
            var found = _boots.Find(b => b.Id == boot);
            if (found is null || upTo <= found.Acknowledged) return;
            found.Acknowledged = Math.Min(upTo, found.LastDurable);
            finished = Deletable();
            _stateDirty = true;
        }
        if (finished.Count > 0) DeleteSegments(finished);
    }

    /// <summary>
    /// What the backend says at a new connection that it holds of a boot. Less than it once acknowledged means that it was set back to an older copy:
    /// the events still kept are sent again.
    /// </summary>
    public void BackendHolds(Guid boot, ulong upTo)
    {
        lock (_gate)
        {
            var found = _boots.Find(b => b.Id == boot);
            if (found is null) return;
            // It may hold everything but what is lost here too: then it is not behind.
            if (upTo < found.Acknowledged && _gaps.Exists(gap => gap.Boot == boot && gap.First == upTo + 1)) return;
            if (upTo < found.Acknowledged) JournalLog.BackendSetBack(_log, boot, found.Acknowledged, upTo);
            found.Acknowledged = Math.Min(upTo, found.LastDurable);
            _stateDirty = true;
        }
        SaveState();
    }

    /// <summary>Notes what this start has learned of its clock; every boot begun since then shares it.</summary>
    public void NoteClock(BootClock clock)
    {
        lock (_gate)
        {
            foreach (var boot in _boots)
            {
                if (boot.OfThisProcess) boot.Clock = clock;
            }
            _stateDirty = true;
        }
    }

    /// <summary>What is known of the clock of the present boot.</summary>
    public BootClock? CurrentClock
    {
        get { lock (_gate) return _boots[^1].Clock; }
    }

    /// <summary>Nothing from the oldest of these events on is deleted, whatever is acknowledged: open handovers are still folded from them.</summary>
    public void Pin(IReadOnlyCollection<(Guid Boot, ulong Sequence)> needed)
    {
        lock (_gate)
        {
            _pinned = (int.MaxValue, 0);
            foreach (var (boot, sequence) in needed)
            {
                if (_boots.Find(b => b.Id == boot) is { } found && (found.Ordinal, sequence).CompareTo(_pinned) < 0) _pinned = (found.Ordinal, sequence);
            }
        }
    }

    /// <summary>A reader found damage behind what was intact when the journal was opened.</summary>
    public void NoteGap(JournalGap gap)
    {
        lock (_gate)
        {
            if (_gaps.Count >= GapsMax || IsKnownGap(gap.Boot, gap.First, gap.Last)) return;
            _gaps.Add(gap);
            _stateDirty = true;
        }
        JournalLog.Gap(_log, gap.Boot, gap.First, gap.Last, gap.Reason, AsideDirectory);
        GapFound?.Invoke(gap);
    }

    /// <summary>Called when damage is found while reading.</summary>
    public Action<JournalGap>? GapFound { get; set; }

    private bool _stateDirty;

    /// <summary>Writes positions and clock evidence when they changed; called now and then by the uplink, since losing them costs a resend only.</summary>
    public void SaveStateIfChanged()
    {
        lock (_gate)
        {
            if (!_stateDirty) return;
        }
        SaveState();
    }

    private void SaveState()
    {
        lock (_stateGate)
        {
            JournalState state;
            lock (_gate)
            {
                _stateDirty = false;
                state = new JournalState { Boots = [.. _boots.Select(static b => b.ToState())], Gaps = [.. _gaps], LastOrdinal = _lastOrdinal };
            }
            try
            {
                _files.Replace(StatePath, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, JournalJson.Default.JournalState));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                JournalLog.StateNotSaved(_log, fault, StatePath);
                lock (_gate) _stateDirty = true;
            }
        }
    }

    /// <summary>Wholly acknowledged segments beyond the tail kept for support, oldest first, none that is pinned or written to.</summary>
    private List<Segment> Deletable()
    {
        var done = new List<(Boot Boot, Segment Segment)>();
        long bytes = 0;
        foreach (var boot in _boots)
        {
            foreach (var segment in boot.Segments)
            {
                var writing = ReferenceEquals(boot, _boots[^1]) && ReferenceEquals(segment, boot.Segments[^1]);
                if (writing || segment.LastSequence > boot.Acknowledged) continue;
                done.Add((boot, segment));
                bytes += segment.Length;
            }
        }
        var deletable = new List<Segment>();
        foreach (var (_, segment) in done)
        {
            if (bytes <= _options.KeepBytes) break;
            if ((segment.Ordinal, segment.LastSequence).CompareTo(_pinned) >= 0) break;
            bytes -= segment.Length;
            deletable.Add(segment);
        }
        return deletable;
    }

    private void DeleteSegments(List<Segment> finished)
    {
        // Positions first: a start between the two must find segments that are done, never a hole that nobody acknowledged.
        SaveState();
        foreach (var segment in finished) TryDelete(segment.Path);
        lock (_gate)
        {
            foreach (var boot in _boots) boot.Segments.RemoveAll(finished.Contains);
            _boots.RemoveAll(b => b.Segments.Count == 0 && !ReferenceEquals(b, _boots[^1]) && !b.HasUnsent);
            _gaps.RemoveAll(gap => !_boots.Exists(b => b.Id == gap.Boot));
            Invariant.Holds(_boots.Count > 0, "a journal has a present boot");
        }
    }

    /// <summary>The segment that holds the sequence or the first one behind it, with its present durable length; null at the end.</summary>
    internal Segment? Locate(Guid boot, ulong sequence, out long length, out ulong last)
    {
        lock (_gate)
        {
            var segment = _boots.Find(b => b.Id == boot)?.Segments.Find(s => s.LastSequence >= sequence && s.LastSequence >= s.FirstSequence);
            (length, last) = segment is null ? (0, 0) : (segment.Length, segment.LastSequence);
            return segment;
        }
    }

    internal Files.IDurableFile OpenForReading(Segment segment) => _files.Open(segment.Path);

    /// <summary>Boots with events on the disk, acknowledged or not, oldest first.</summary>
    public IReadOnlyList<(Guid Boot, ulong First, ulong Last)> Kept()
    {
        lock (_gate) return [.. _boots.Where(static b => b.Segments.Count > 0 && b.LastDurable > 0).Select(static b => (b.Id, b.Segments[0].FirstSequence, b.LastDurable))];
    }

    /// <summary>Boots still on the disk, oldest first, with the first sequence that may be there: for folding what the stations must remember.</summary>
    public IReadOnlyList<(Guid Boot, ulong First, BootClock? Clock)> Retained()
    {
        lock (_gate) return [.. _boots.Where(static b => b.Segments.Count > 0).Select(static b => (b.Id, b.Segments[0].FirstSequence, b.Clock))];
    }
}
