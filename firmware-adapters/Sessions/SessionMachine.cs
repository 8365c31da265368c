using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Sessions;

/// <summary>What the session should send now, if anything, and how long it may then wait.</summary>
internal readonly record struct SessionStep(ReadOnlyMemory<byte> Send, TimeSpan? Wait);

/// <summary>
/// The decisions of a session without its thread, its line and its clock: what happened comes in with a monotonic time, the state and the next step
/// come out. Waits are as long as they can be, so that a quiet device costs no wake-up.
/// </summary>
internal sealed class SessionMachine(Dialect dialect, int frameBytesMax, SessionTiming timing)
{
    private static readonly TimeSpan RestartMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SilentPollInterval = TimeSpan.FromSeconds(1);

    private readonly int _garbageBytesMax = Math.Max(128, 2 * frameBytesMax);
    private bool _wasOpen;
    private TimeSpan _lastAccepted;
    private TimeSpan _lastByte;
    private long _bytesSinceAccepted;
    private int _rejectedInRow;
    private int _unansweredInRow;
    private bool _asked;
    private TimeSpan _askedAt;
    private TimeSpan _startAt;
    private TimeSpan _startAgain;

    internal DeviceState State { get; private set; } = DeviceState.Absent;

    internal string Reason { get; private set; } = "not looked for yet";

    /// <summary>Polls without answer since the session began.</summary>
    internal long Unanswered { get; private set; }

    /// <summary>True while an answer is awaited: no other command may be sent.</summary>
    internal bool AwaitsAnswer => _asked;

    internal void OpenFailed(in LineOpening opening)
    {
        if (opening.Result == OpenResult.Refused) Become(DeviceState.Opening, opening.Reason);
        else Become(_wasOpen ? DeviceState.Lost : DeviceState.Absent, opening.Reason);
    }

    internal void Opened(TimeSpan now)
    {
        _wasOpen = true;
        _asked = false;
        _lastAccepted = _lastByte = now;
        _bytesSinceAccepted = 0;
        _rejectedInRow = _unansweredInRow = 0;
        _startAt = now;
        _startAgain = TimeSpan.FromSeconds(1);
        if (dialect.Talk == Talk.OnEvent) Become(DeviceState.Live, "open, waiting for the device to speak");
        else Become(DeviceState.Silent, "open, nothing received yet");
    }

    internal void LineLost(string reason) => Become(DeviceState.Lost, reason);

    internal void Received(TimeSpan now, int bytes)
    {
        _lastByte = now;
        _bytesSinceAccepted += bytes;
    }

    internal void Accepted(TimeSpan now)
    {
        _lastAccepted = now;
        _bytesSinceAccepted = 0;
        _rejectedInRow = _unansweredInRow = 0;
        _asked = false;
        Become(DeviceState.Live, "whole frames come");
    }

    /// <summary>A whole frame whose content is wrong (a misprinted label, a misread) says that line and protocol are right.</summary>
    internal void Rejected(RejectReason reason = RejectReason.Format)
    {
        if (reason is RejectReason.Content) (_rejectedInRow, _bytesSinceAccepted) = (0, 0);
        else _rejectedInRow++;
    }

    /// <summary>Looks at what time and garbage have done, and says what to do next.</summary>
    internal SessionStep Next(TimeSpan now)
    {
        switch (dialect.Talk)
        {
            case Talk.Stream: JudgeStream(now); break;
            case Talk.Poll: JudgeAnswer(now); break;
            default: JudgeGarbage(); break;
        }
        return dialect.Talk switch
        {
            Talk.Stream => NextOfStream(now),
            Talk.Poll => NextPoll(now),
            _ => default,
        };
    }

    private bool IsGarbage => _rejectedInRow >= timing.RejectedMax || _bytesSinceAccepted > _garbageBytesMax;

    private void JudgeGarbage()
    {
        if (IsGarbage) Become(DeviceState.Garbled, "bytes come, but no whole frame: check baud rate, protocol and cable");
    }

    private void JudgeStream(TimeSpan now)
    {
        var quiet = now - _lastByte >= timing.StaleAfter;
        var stale = State != DeviceState.Live || now - _lastAccepted >= timing.StaleAfter;
        if (!stale) return;
        if (quiet) Become(DeviceState.Silent, State == DeviceState.Silent ? Reason : "nothing received any more");
        else if (State == DeviceState.Live || IsGarbage) Become(DeviceState.Garbled, "bytes come, but no whole frame: check baud rate, protocol and cable");
    }

    private void JudgeAnswer(TimeSpan now)
    {
        if (!_asked || now - _askedAt < dialect.Poll!.AnswerWithin) return;
        _asked = false;
        Unanswered++;
        if (++_unansweredInRow < timing.UnansweredMax) return;
        var heard = _bytesSinceAccepted > 0 && now - _lastByte < dialect.Poll.AnswerWithin * timing.UnansweredMax;
        if (heard) Become(DeviceState.Garbled, "answers come, but no whole frame: check baud rate, protocol and cable");
        else Become(DeviceState.Silent, State == DeviceState.Silent ? Reason : "no answer to three polls");
    }

    private SessionStep NextOfStream(TimeSpan now)
    {
        ReadOnlyMemory<byte> send = default;
        TimeSpan? wait = State switch
        {
            DeviceState.Live => Until(now, _lastAccepted + timing.StaleAfter),
            DeviceState.Garbled => Until(now, _lastByte + timing.StaleAfter),
            _ => null,
        };
        if (State == DeviceState.Silent && dialect.Commands.Start is { } start)
        {
            if (now >= _startAt)
            {
                send = start;
                _startAt = now + _startAgain;
                _startAgain = _startAgain * 2 < RestartMax ? _startAgain * 2 : RestartMax;
            }
            wait = Until(now, _startAt);
        }
        return new SessionStep(send, wait);
    }

    private SessionStep NextPoll(TimeSpan now)
    {
        var poll = dialect.Poll!;
        if (_asked) return new SessionStep(default, Until(now, _askedAt + poll.AnswerWithin));
        var interval = State == DeviceState.Live || poll.Interval > SilentPollInterval ? poll.Interval : SilentPollInterval;
        var due = _unansweredInRow == 0 && State != DeviceState.Live ? now : _askedAt + interval;
        if (now < due) return new SessionStep(default, Until(now, due));
        _asked = true;
        _askedAt = now;
        return new SessionStep(poll.Command, poll.AnswerWithin);
    }

    private static TimeSpan Until(TimeSpan now, TimeSpan due) => due > now ? due - now : TimeSpan.Zero;

    private void Become(DeviceState state, string reason) => (State, Reason) = (state, reason);
}
