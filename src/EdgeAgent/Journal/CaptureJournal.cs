using System.Buffers;
using System.Globalization;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>
/// The agent's append-before-send journal: what it accepted is on the disk, with a full sync, before anybody is told (law 6). Groups of several
/// stations share one sync; a group is there wholly or not at all. As opposed to the backend's journal, it is a buffer: what is acknowledged is
/// deleted, but for a tail kept for support. Thread-safe.
/// </summary>
/// <remarks>
/// Group commit without a thread of its own: whoever finds no commit under way leads one, for itself and for all that wait; so a lone station
/// pays no switch between threads, which is what the time from wire to durable verdict is made of besides the sync itself.
/// </remarks>
internal sealed partial class CaptureJournal : IDisposable
{
    private const int WaitingGroupsMax = 1_024;

    private readonly JournalOptions _options;
    private readonly IDurableFiles _files;
    private readonly IIds _ids;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Lock _stateGate = new();
    private readonly List<Boot> _boots = [];          // oldest first; the last one takes what is appended
    private readonly List<JournalGap> _gaps = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(64 << 10);
    private Queue<Request> _waiting = new();
    private Queue<Request> _leading = new();
    private IDurableFile? _active;
    private bool _committing;
    private bool _bootWanted;
    private bool _closed;
    private JournalRefusal? _refusing;
    private (int Ordinal, ulong Sequence) _pinned = (int.MaxValue, 0);

    private CaptureJournal(JournalOptions options, IDurableFiles files, IIds ids, ILogger log)
    {
        _options = options;
        _files = files;
        _ids = ids;
        _log = log;
    }

    /// <summary>What opening found.</summary>
    public JournalRecovery Recovery { get; private set; } = new([], [], 0, 0, StateLost: false, 0);

    /// <summary>Called after each commit, on the committing thread: must return at once.</summary>
    public Action? Committed { get; set; }

    /// <summary>The boot that takes what is appended now.</summary>
    public Guid CurrentBoot
    {
        get { lock (_gate) return _boots[^1].Id; }
    }

    /// <summary>Why the last append was refused; null while the journal accepts.</summary>
    public JournalRefusal? Refusing
    {
        get { lock (_gate) return _refusing; }
    }

    /// <summary>Bytes the disk still takes; 0 when even that cannot be read.</summary>
    public long FreeBytes
    {
        get
        {
            try
            {
                return _files.FreeBytes(_options.Directory);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    private string StatePath => Path.Combine(_options.Directory, "journal.state");

    /// <summary>
    /// Opens the journal: examines what is there, cuts off what was torn by the stop, copies damaged bytes aside, and begins a new boot.
    /// Throws <see cref="IOException"/> when the disk cannot be used at all.
    /// </summary>
    public static CaptureJournal Open(JournalOptions options, IDurableFiles files, IIds ids, ILogger log)
    {
        var journal = new CaptureJournal(options, files, ids, log);
        files.CreateDirectory(options.Directory);
        journal.Recover();
        journal.BeginBoot();
        journal.SaveState();
        return journal;
    }

    /// <summary>Appends one event.</summary>
    public ValueTask<AppendAnswer> AppendAsync(ReadOnlyMemory<byte> body) => AppendAsync([body]);

    /// <summary>
    /// Appends a group atomically: after any crash all of it is there or none. Completes when it is durable, or with the refusal. The caller's thread
    /// may do the writing; there is nothing to cancel, since an event that reached the disk has been accepted.
    /// </summary>
    public ValueTask<AppendAnswer> AppendAsync(IReadOnlyList<ReadOnlyMemory<byte>> group)
    {
        if (TooLarge(group) is { } tooLarge) return new ValueTask<AppendAnswer>(new AppendAnswer(default, 0, tooLarge));
        var request = new Request(group);
        lock (_gate)
        {
            if (_closed) return Refused(JournalRefusal.Closed, "The agent is stopping; nothing is accepted any more.");
            if (_waiting.Count >= WaitingGroupsMax) return Refused(JournalRefusal.DiskFault, "The disk does not keep up: too many events wait for it. Try again.");
            _waiting.Enqueue(request);
            if (_committing) return new ValueTask<AppendAnswer>(request.Answer.Task);
            _committing = true;
        }
        Lead();
        return new ValueTask<AppendAnswer>(request.Answer.Task);

        static ValueTask<AppendAnswer> Refused(string code, string message) => new(new AppendAnswer(default, 0, new JournalRefusal(code, message)));
    }

    /// <summary>
    /// Cuts the present boot off, so that what is appended from now on can be sent without queueing behind it. Both halves keep the same monotonic
    /// counter and clock evidence.
    /// </summary>
    public void CutBoot()
    {
        lock (_gate)
        {
            if (_closed || _boots[^1].LastDurable == 0) return;
            if (_committing)
            {
                _bootWanted = true;
                return;
            }
            BeginBoot();
        }
        SaveState();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        SaveState();
        lock (_gate)
        {
            if (!_committing) CloseActive();
        }
    }

    private static JournalRefusal? TooLarge(IReadOnlyList<ReadOnlyMemory<byte>> group)
    {
        Invariant.Holds(group.Count > 0, "a group has at least one event");
        long bytes = 0;
        foreach (var body in group)
        {
            if (body.Length > SegmentFormat.BodyBytesMax) return Refusal("An event is over 1 MiB.");
            bytes += body.Length + SegmentFormat.RecordHeaderBytes;
        }
        if (group.Count > JournalOptions.GroupRecordsMax) return Refusal("A group has more than 16,000 events.");
        return bytes > JournalOptions.GroupBytesMax ? Refusal("A group is over 8 MiB.") : null;

        static JournalRefusal Refusal(string why) => new(JournalRefusal.TooLarge, why);
    }

    /// <summary>One commit for all that wait; then, if more came meanwhile, another on the pool, so that no caller commits for others for ever.</summary>
    private void Lead()
    {
        lock (_gate)
        {
            (_waiting, _leading) = (_leading, _waiting);
            if (_bootWanted) BeginBoot();
        }
        try
        {
            CommitLeading();
        }
        finally
        {
            // Only a programming error leaves requests here; their callers must not wait for ever.
            while (_leading.TryDequeue(out var left)) left.Answer.TrySetException(new InvalidOperationException("The commit failed; the event was not accepted."));
            bool more;
            lock (_gate)
            {
                more = _waiting.Count > 0;
                _committing = more;
                if (_closed && !more) CloseActive();
            }
            if (more) ThreadPool.UnsafeQueueUserWorkItem(static journal => journal.Lead(), this, preferLocal: false);
        }
    }

    private void CommitLeading()
    {
        var written = new List<(Request Request, AppendAnswer Answer)>(_leading.Count);
        JournalRefusal? refused = null;
        Boot boot;
        lock (_gate) boot = _boots[^1];
        try
        {
            refused = LowOnDisk();
            if (refused is null) WriteLeading(boot, written);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            refused = IsFull(fault) ? Full() : new JournalRefusal(JournalRefusal.DiskFault, $"The disk refused the event: {fault.Message}");
            JournalLog.CommitFailed(_log, fault, boot.Id);
            Abandon();
        }
        Answer(written, refused);
    }

    private void Answer(List<(Request Request, AppendAnswer Answer)> written, JournalRefusal? refused)
    {
        lock (_gate)
        {
            if (refused is not null && _refusing is null) JournalLog.AcceptanceStopped(_log, refused.Code, refused.Message);
            if (refused is null && _refusing is not null) JournalLog.AcceptanceResumed(_log);
            _refusing = refused;
        }
        if (refused is null)
        {
            _leading.Clear();
            foreach (var (request, answer) in written) request.Answer.SetResult(answer);
            Committed?.Invoke();
        }
        else
        {
            while (_leading.TryDequeue(out var request)) request.Answer.SetResult(new AppendAnswer(default, 0, refused));
        }
    }

    private void WriteLeading(Boot boot, List<(Request Request, AppendAnswer Answer)> written)
    {
        var bytes = 0;
        foreach (var request in _leading) bytes += request.Bytes;
        var segment = SegmentFor(boot, bytes);
        _buffer.ResetWrittenCount();
        var sequence = segment.LastSequence;
        foreach (var request in _leading)
        {
            written.Add((request, new AppendAnswer(boot.Id, sequence + 1, null)));
            for (var i = 0; i < request.Group.Count; i++)
            {
                var body = request.Group[i].Span;
                var size = SegmentFormat.RecordHeaderBytes + body.Length;
                SegmentFormat.WriteRecord(_buffer.GetSpan(size), ++sequence, (ushort)(request.Group.Count - 1 - i), body);
                _buffer.Advance(size);
            }
        }
        _active!.Write(segment.Length, _buffer.WrittenSpan);
        _active.Sync();
        lock (_gate)
        {
            segment.Length += _buffer.WrittenCount;
            segment.LastSequence = sequence;
        }
    }

    /// <summary>The segment that takes the next bytes; a new one when there is none or it is full.</summary>
    private Segment SegmentFor(Boot boot, int bytes)
    {
        if (_active is not null && boot.Segments.Count > 0)
        {
            var current = boot.Segments[^1];
            if (current.Length + bytes <= _options.SegmentBytes || current.Length == SegmentFormat.HeaderBytes) return current;
            CloseActive();
        }
        var first = boot.LastDurable + 1;
        var segment = new Segment(Path.Combine(_options.Directory, Segment.Name(boot.Ordinal, boot.Id, first)), boot.Id, boot.Ordinal, first);
        var file = _files.Create(segment.Path);
        try
        {
            Span<byte> header = stackalloc byte[SegmentFormat.HeaderBytes];
            SegmentFormat.WriteHeader(header, segment);
            file.Write(0, header);
        }
        catch (IOException)
        {
            file.Dispose();
            TryDelete(segment.Path);
            throw;
        }
        segment.Length = SegmentFormat.HeaderBytes;
        _active = file;
        lock (_gate) boot.Segments.Add(segment);
        return segment;
    }

    /// <summary>
    /// After a failed write or sync nothing is known of what reached the disk: the bytes are cut off, and whatever is appended next goes into a new
    /// boot, so that no sequence can ever stand for two events.
    /// </summary>
    private void Abandon()
    {
        lock (_gate)
        {
            var boot = _boots[^1];
            if (_active is null || boot.Segments.Count == 0) return;
            var segment = boot.Segments[^1];
            try
            {
                _active.Truncate(segment.Length);
                return;
            }
            catch (IOException fault)
            {
                JournalLog.TruncateFailed(_log, fault, segment.Path);
            }
            BeginBoot();
        }
    }

    private JournalRefusal? LowOnDisk() => _files.FreeBytes(_options.Directory) < _options.ReserveBytes ? Full() : null;

    private JournalRefusal Full() => new(JournalRefusal.DiskFull, string.Create(CultureInfo.InvariantCulture,
        $"The agent's disk is full: {FreeBytes >> 20} MiB left under {_options.Directory}, of which {_options.ReserveBytes >> 20} MiB must stay free. ")
        + "Nothing more is accepted; what was accepted is safe. Free some space.");

    private static bool IsFull(Exception fault) => fault.HResult is 28 or 122 or unchecked((int)0x80070070);   // ENOSPC, EDQUOT, and .NET's own disk-full code

    private void BeginBoot()
    {
        CloseActive();
        _bootWanted = false;
        var clock = _boots is [.., { OfThisProcess: true } present] ? present.Clock : ClockOfFormerBoots();
        _boots.Add(new Boot(_ids.New(), checked(++_lastOrdinal), ofThisProcess: true) { Clock = clock });
    }

    private void CloseActive()
    {
        _active?.Dispose();
        _active = null;
    }

    private void TryDelete(string path)
    {
        try
        {
            _files.Delete(path);
        }
        catch (IOException fault)
        {
            JournalLog.DeleteFailed(_log, fault, path);
        }
    }

    private sealed class Request(IReadOnlyList<ReadOnlyMemory<byte>> group)
    {
        public IReadOnlyList<ReadOnlyMemory<byte>> Group { get; } = group;

        public int Bytes { get; } = group.Sum(static body => body.Length + SegmentFormat.RecordHeaderBytes);

        // Continuations run elsewhere: the leader goes on committing, it does not run the stations' work.
        public TaskCompletionSource<AppendAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
