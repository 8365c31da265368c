using System.Collections.Concurrent;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The session's thread over a line whose every answer is written down beforehand.</summary>
public sealed class DeviceSessionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public void Opening_is_tried_at_longer_and_longer_intervals_and_soon_again_once_something_is_there()
    {
        var line = new ScriptedLine();
        line.Openings(OpenResult.Missing, 7);
        line.Openings(OpenResult.Refused, 2);
        line.Openings(OpenResult.Opened, 1);
        using var session = Session(line, new ChangeSink());
        session.Start();
        line.Reading.Wait(Limit).ShouldBeTrue();
        line.Waits.Select(w => w.TotalSeconds).ShouldBe([0.25, 0.5, 1, 2, 4, 5, 5, 0.25, 0.5]);
    }

    [Fact]
    public void A_lost_line_is_closed_before_it_is_looked_for_again()
    {
        var line = new ScriptedLine();
        line.Openings(OpenResult.Opened, 1);
        line.Reads.Enqueue(new LineRead(LineEvent.Lost, Reason: "hung up"));
        line.Openings(OpenResult.Opened, 1);
        var sink = new ChangeSink();
        using var session = Session(line, sink);
        session.Start();
        line.Reading.Wait(Limit).ShouldBeTrue();
        line.Calls.Take(4).ShouldBe(["open", "read", "close", "open"]);
        sink.Changes.Select(c => c.To).ShouldBe([DeviceState.Silent, DeviceState.Lost, DeviceState.Silent]);
        session.Status.Counters.ShouldSatisfyAllConditions(c => c.Opened.ShouldBe(2), c => c.Lost.ShouldBe(1));
    }

    [Fact]
    public void Damaged_bytes_are_counted_and_reject_their_frame()
    {
        var line = new ScriptedLine();
        line.Openings(OpenResult.Opened, 1);
        line.Bytes("=0002.");
        line.Reads.Enqueue(new LineRead(LineEvent.Damaged));
        line.Bytes("40=0003.000=");
        var sink = new ChangeSink();
        using var session = Session(line, sink);
        session.Start();
        line.Reading.Wait(Limit).ShouldBeTrue();
        sink.Weights.Select(w => w.Number).ShouldBe([3.000m]);
        session.Status.Counters.Damaged.ShouldBe(1);
    }

    [Fact]
    public void Only_eight_commands_wait_and_none_for_a_line_that_is_not_open()
    {
        var line = new ScriptedLine();
        line.Openings(OpenResult.Opened, 1);
        using var session = Session(line, new ChangeSink());
        session.TrySend("Z"u8.ToArray()).ShouldBeFalse();
        line.HoldWrites.Reset();
        session.Start();
        line.Reading.Wait(Limit).ShouldBeTrue();
        session.TrySend("first"u8.ToArray()).ShouldBeTrue();
        line.Writing.Wait(Limit).ShouldBeTrue();
        for (var i = 0; i < 8; i++) session.TrySend("Z"u8.ToArray()).ShouldBeTrue();
        session.TrySend("Z"u8.ToArray()).ShouldBeFalse();
        line.HoldWrites.Set();
    }

    [Fact]
    public void A_session_that_never_started_closes_its_line_all_the_same()
    {
        var line = new ScriptedLine();
        Session(line, new ChangeSink()).Dispose();
        line.Calls.ToArray().ShouldBe(["dispose"]);
    }

    [Fact]
    public void An_unknown_protocol_is_refused_with_the_names_there_are()
    {
        var settings = new DeviceSettings { Id = "x", Protocol = "telepathy", Line = "/dev/null" };
        Should.Throw<ProtocolSettingsException>(() => DeviceSession.Create(settings, new ChangeSink(), TimeProvider.System, NullLogger.Instance)).Message.ShouldContain("mt-sics");
    }

    private static DeviceSession Session(ILine line, IDeviceSink sink) =>
        new("scripted", line, Wire.Dialect("yaohua-=2"), SessionTiming.Default, sink, TimeProvider.System, NullLogger.Instance);

    private sealed class ChangeSink : IDeviceSink
    {
        internal ConcurrentQueue<DeviceChange> Changes { get; } = new();

        internal ConcurrentQueue<WeightReading> Weights { get; } = new();

        public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt) => Weights.Enqueue(reading);

        public void OnScan(string deviceId, ScanReading reading, in Receipt receipt)
        {
        }

        public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt)
        {
        }

        public void OnChange(DeviceChange change) => Changes.Enqueue(change);
    }

    /// <summary>Answers as written; when nothing more is written it blocks in its read until woken.</summary>
    private sealed class ScriptedLine : ILine
    {
        private readonly Queue<OpenResult> _openings = new();
        private readonly Queue<byte[]> _bytes = new();
        private readonly AutoResetEvent _woken = new(initialState: false);

        internal Queue<LineRead> Reads { get; } = new();

        internal ConcurrentQueue<TimeSpan> Waits { get; } = new();

        internal ConcurrentQueue<string> Calls { get; } = new();

        /// <summary>Set when the script is played and the session waits.</summary>
        internal ManualResetEventSlim Reading { get; } = new();

        internal ManualResetEventSlim Writing { get; } = new();

        internal ManualResetEventSlim HoldWrites { get; } = new(initialState: true);

        public string Name => "scripted";

        public LineIdentity Identity => LineIdentity.Unknown;

        internal void Openings(OpenResult result, int times)
        {
            for (var i = 0; i < times; i++) _openings.Enqueue(result);
        }

        internal void Bytes(string text)
        {
            _bytes.Enqueue(Wire.Ascii(text));
            Reads.Enqueue(new LineRead(LineEvent.Bytes, text.Length));
        }

        public LineOpening Open()
        {
            Calls.Enqueue("open");
            return new LineOpening(_openings.TryDequeue(out var result) ? result : OpenResult.Missing, "scripted");
        }

        public LineRead Read(Span<byte> buffer, TimeSpan? wait)
        {
            Calls.Enqueue("read");
            if (Reads.TryDequeue(out var read))
            {
                if (read.Event == LineEvent.Bytes) _bytes.Dequeue().CopyTo(buffer);
                return read;
            }
            Reading.Set();
            return new LineRead(_woken.WaitOne(wait ?? Timeout.InfiniteTimeSpan) ? LineEvent.Woken : LineEvent.TimedOut);
        }

        public bool Write(ReadOnlySpan<byte> bytes)
        {
            Writing.Set();
            return HoldWrites.Wait(Limit);
        }

        public void Close() => Calls.Enqueue("close");

        public void WaitForReturn(TimeSpan atMost) => Waits.Enqueue(atMost);

        public void Wake() => _woken.Set();

        public void Dispose() => Calls.Enqueue("dispose");
    }
}
