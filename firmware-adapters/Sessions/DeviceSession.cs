using System.Collections.Concurrent;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>
/// One device on one line with one thread: opens, reads, decodes, polls, notices loss, waits for the return, for ever. Delivers to its sink on that
/// thread. <see cref="Start"/> once; <see cref="Dispose"/> ends the thread, which closes the line. <see cref="Status"/> and <see cref="TrySend"/> are
/// thread-safe.
/// </summary>
public sealed class DeviceSession : IDisposable
{
    private const int CommandsMax = 8;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly ILine _line;
    private readonly Dialect _dialect;
    private readonly IDecoder _decoder;
    private readonly SessionMachine _machine;
    private readonly SessionTiming _timing;
    private readonly IDeviceSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Deliveries _deliveries;
    private readonly ConcurrentQueue<ReadOnlyMemory<byte>> _commands = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly long _began;
    private DeviceState? _reported;
    private volatile DeviceStatus _status;
    private volatile bool _stopping;
    private string? _remarked;
    private long _bytes, _accepted, _rejected, _damaged, _opened, _lost, _sequence;

    /// <summary>
    /// A session by its settings. The caller disposes it. Throws <see cref="ProtocolSettingsException"/> or <see cref="FormatException"/> when the
    /// settings cannot be used.
    /// </summary>
    public static DeviceSession Create(DeviceSettings settings, IDeviceSink sink, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var protocol = ProtocolList.Find(settings.Protocol)
            ?? throw new ProtocolSettingsException("protocol", $"'{settings.Protocol}' is not a protocol; known are: {string.Join(", ", ProtocolList.All.Select(p => p.Id))}.");
        var dialect = protocol.Configure(settings.ProtocolSettings);
        var line = LineFactory.Create(settings.Line, settings.LineSettings ?? protocol.Line, settings.ExpectedUsb);
        return new DeviceSession(settings.Id, line, dialect, settings.Timing, sink, time, logger);
    }

    /// <summary>A session over a line of one's own; the session disposes the line.</summary>
    public DeviceSession(string id, ILine line, Dialect dialect, SessionTiming timing, IDeviceSink sink, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(time);
        Id = id;
        _line = line;
        _dialect = dialect;
        _timing = timing;
        _sink = sink;
        _time = time;
        _logger = logger;
        _decoder = dialect.NewDecoder();
        _machine = new SessionMachine(dialect, _decoder.FrameBytesMax, timing);
        _deliveries = new Deliveries(this);
        _began = time.GetTimestamp();
        _status = new DeviceStatus(_machine.State, _machine.Reason, time.Now(), default, "");
        _thread = new Thread(Run) { IsBackground = true, Name = id };
    }

    /// <summary>The device's id.</summary>
    public string Id { get; }

    /// <summary>The line's name.</summary>
    public string Line => _line.Name;

    /// <summary>The commands this device takes; send them with <see cref="TrySend"/>.</summary>
    public CommandSet Commands => _dialect.Commands;

    /// <summary>The session as it stands.</summary>
    public DeviceStatus Status => _status with { Counters = Counters };

    private DeviceCounters Counters => new(
        Volatile.Read(ref _bytes),
        Volatile.Read(ref _accepted),
        Volatile.Read(ref _rejected),
        Volatile.Read(ref _damaged),
        Volatile.Read(ref _opened),
        Volatile.Read(ref _lost),
        _machine.Unanswered);

    /// <summary>Starts the thread; once.</summary>
    public void Start() => _thread.Start();

    /// <summary>Queues a command, sent as soon as no answer is awaited. False when the line is not open or eight are waiting already.</summary>
    public bool TrySend(ReadOnlyMemory<byte> command)
    {
        if (_status.State is DeviceState.Absent or DeviceState.Opening or DeviceState.Lost || _commands.Count >= CommandsMax) return false;
        _commands.Enqueue(command);
        _line.Wake();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stopping) return;
        _stopping = true;
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _line.Dispose();
            return;
        }
        _line.Wake();
        if (Thread.CurrentThread != _thread) _thread.Join(StopWithin);
    }

    private void Run()
    {
        using var line = _line;
        var retry = _timing.RetryMin;
        var before = OpenResult.Opened;
        while (!_stopping)
        {
            var opening = _line.Open();
            if (opening.Result == OpenResult.Opened)
            {
                before = OpenResult.Opened;
                Serve(opening);
                continue;
            }
            _machine.OpenFailed(opening);
            Report();
            // A device that has come back and is not ready yet is tried again soon, however long it was away.
            retry = opening.Result == before ? Longer(retry) : _timing.RetryMin;
            before = opening.Result;
            _line.WaitForReturn(retry);
        }
    }

    private TimeSpan Longer(TimeSpan retry) => retry * 2 < _timing.RetryMax ? retry * 2 : _timing.RetryMax;

    /// <summary>Reads until the line is lost or the session ends.</summary>
    private void Serve(in LineOpening opening)
    {
        Volatile.Write(ref _opened, _opened + 1);
        _commands.Clear();
        _machine.Opened(Elapsed);
        Remark(opening.NotSupported);
        Report();
        var lastByte = Elapsed;
        while (!_stopping)
        {
            if (!Send(out var wait))
            {
                Lose("cannot be written to: the device is gone");
                return;
            }
            if (_decoder.Pending) wait = Shorter(wait, lastByte + _decoder.IdleGap - Elapsed);
            var read = _line.Read(_buffer, wait);
            if (read.Event == LineEvent.Lost)
            {
                Lose(read.Reason ?? "lost");
                return;
            }
            // Looked at once for all that came with this wake-up: it is when its bytes were read.
            var at = _time.GetTimestamp();
            if (read.Event is LineEvent.Bytes or LineEvent.Damaged) lastByte = ElapsedAt(at);
            Take(read, at, lastByte);
        }
    }

    private void Take(in LineRead read, long at, TimeSpan lastByte)
    {
        if (read.Event == LineEvent.Bytes)
        {
            Volatile.Write(ref _bytes, _bytes + read.Count);
            _machine.Received(lastByte, read.Count);
            _deliveries.Stamp(at, lastByte);
            _decoder.Push(_buffer.AsSpan(0, read.Count), _deliveries);
        }
        else if (read.Event == LineEvent.Damaged)
        {
            Volatile.Write(ref _damaged, _damaged + 1);
            _machine.Received(lastByte, 1);
            _deliveries.Stamp(at, lastByte);
            _decoder.Break(RejectReason.Parity, _deliveries);
        }
        else if (_decoder.Pending && ElapsedAt(at) - lastByte >= _decoder.IdleGap)
        {
            _decoder.FlushIdle(_deliveries);
        }
    }

    /// <summary>Sends what is due; false when the line does not take it.</summary>
    private bool Send(out TimeSpan? wait)
    {
        var step = _machine.Next(Elapsed);
        Report();
        wait = step.Wait;
        if (!step.Send.IsEmpty) return _line.Write(step.Send.Span);
        while (!_machine.AwaitsAnswer && _commands.TryDequeue(out var command))
        {
            if (!_line.Write(command.Span)) return false;
        }
        return true;
    }

    private void Lose(string reason)
    {
        _line.Close();
        _decoder.Reset();
        Volatile.Write(ref _lost, _lost + 1);
        _machine.LineLost(reason);
        Report();
    }

    /// <summary>One line and one call per change, never per reading. Another reason for the same state only shows in the status.</summary>
    private void Report()
    {
        if (_machine.State == _reported)
        {
            if (!string.Equals(_machine.Reason, _status.Reason, StringComparison.Ordinal)) _status = _status with { Reason = _machine.Reason };
            return;
        }
        var change = new DeviceChange(Id, _reported ?? DeviceState.Absent, _machine.State, _machine.Reason, _time.Now());
        _reported = _machine.State;
        _status = new DeviceStatus(change.To, change.Reason, change.At, default, _line.Identity.Usb);
        DeviceLog.StateChanged(_logger, Id, _line.Name, change.From, change.To, change.Reason);
        _sink.OnChange(change);
    }

    /// <summary>What the line cannot do is said once, not at each return.</summary>
    private void Remark(string? notSupported)
    {
        if (notSupported is null || string.Equals(notSupported, _remarked, StringComparison.Ordinal)) return;
        _remarked = notSupported;
        DeviceLog.NotSupported(_logger, Id, _line.Name, notSupported);
    }

    private TimeSpan Elapsed => ElapsedAt(_time.GetTimestamp());

    private TimeSpan ElapsedAt(long timestamp) => _time.GetElapsedTime(_began, timestamp);

    private static TimeSpan? Shorter(TimeSpan? wait, TimeSpan other)
    {
        if (other < TimeSpan.Zero) other = TimeSpan.Zero;
        return wait is { } known && known < other ? known : other;
    }

    /// <summary>Between the decoder and the sink: counts, stamps, tells the machine.</summary>
    private sealed class Deliveries(DeviceSession session) : IReadingSink
    {
        private Instant _at;
        private long _timestamp;
        private TimeSpan _elapsed;

        internal void Stamp(long timestamp, TimeSpan elapsed) => (_at, _timestamp, _elapsed) = (session._time.Now(), timestamp, elapsed);

        public void OnWeight(in WeightReading reading)
        {
            Count();
            session._sink.OnWeight(session.Id, in reading, new Receipt(_at, _timestamp, ++session._sequence));
        }

        public void OnScan(ScanReading reading)
        {
            Count();
            session._sink.OnScan(session.Id, reading, new Receipt(_at, _timestamp, ++session._sequence));
        }

        public void OnRejected(in RejectedFrame rejected)
        {
            Volatile.Write(ref session._rejected, session._rejected + 1);
            session._machine.Rejected(rejected.Reason);
            session._sink.OnRejected(session.Id, in rejected, new Receipt(_at, _timestamp, session._sequence));
        }

        public void OnReply(ReadOnlySpan<byte> bytes) => session._line.Write(bytes);

        private void Count()
        {
            Volatile.Write(ref session._accepted, session._accepted + 1);
            session._machine.Accepted(_elapsed);
        }
    }
}
