using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>What a session concludes from what happens and from the time that passes; no thread, no line, no waiting.</summary>
public sealed class SessionMachineTests
{
    private static readonly LineOpening Missing = new(OpenResult.Missing, "no such device");
    private static readonly LineOpening Busy = new(OpenResult.Refused, "in use by another program");

    private static SessionMachine Streaming => new(Wire.Dialect("yaohua-=2"), 15, SessionTiming.Default);

    private static SessionMachine Started => new(Wire.Dialect("mt-sics", "mode=stream"), 64, SessionTiming.Default);

    private static SessionMachine Polled => new(Wire.Dialect("mt-sics", "interval-ms=200"), 64, SessionTiming.Default);

    private static SessionMachine Scanner => new(Wire.Dialect("scanner-aim"), 4352, SessionTiming.Default);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    [Fact]
    public void Nothing_there_is_absent_and_something_busy_is_opening()
    {
        var machine = Streaming;
        machine.OpenFailed(Missing);
        machine.State.ShouldBe(DeviceState.Absent);
        machine.OpenFailed(Busy);
        machine.State.ShouldBe(DeviceState.Opening);
        machine.Reason.ShouldBe("in use by another program");
    }

    [Fact]
    public void Once_it_was_open_a_missing_device_is_lost_and_not_absent()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        machine.LineLost("hung up");
        machine.State.ShouldBe(DeviceState.Lost);
        machine.OpenFailed(Missing);
        machine.State.ShouldBe(DeviceState.Lost);
    }

    [Fact]
    public void A_stream_is_silent_until_its_first_frame_and_waits_for_it_without_end()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        machine.Next(Ms(0)).ShouldBe(new SessionStep(default, null));
        machine.State.ShouldBe(DeviceState.Silent);
        machine.Next(Ms(60_000)).Wait.ShouldBeNull();
        machine.Received(Ms(60_010), 9);
        machine.Accepted(Ms(60_010));
        machine.State.ShouldBe(DeviceState.Live);
    }

    [Fact]
    public void A_live_stream_that_stops_is_silent_after_a_second_and_wakes_nobody_then()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        machine.Received(Ms(100), 9);
        machine.Accepted(Ms(100));
        machine.Next(Ms(100)).Wait.ShouldBe(Ms(1000));
        machine.Next(Ms(1099)).Wait.ShouldBe(Ms(1));
        machine.State.ShouldBe(DeviceState.Live);
        machine.Next(Ms(1100)).Wait.ShouldBeNull();
        machine.State.ShouldBe(DeviceState.Silent);
        machine.Reason.ShouldBe("nothing received any more");
    }

    [Fact]
    public void Three_refusals_before_any_frame_are_garbage()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        for (var i = 0; i < 3; i++)
        {
            machine.State.ShouldBe(DeviceState.Silent);
            machine.Received(Ms(i), 9);
            machine.Rejected();
            machine.Next(Ms(i));
        }
        machine.State.ShouldBe(DeviceState.Garbled);
    }

    [Fact]
    public void Bytes_without_any_frame_start_are_garbage_too()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        machine.Received(Ms(1), 128);
        machine.Next(Ms(1));
        machine.State.ShouldBe(DeviceState.Silent);
        machine.Received(Ms(2), 1);
        machine.Next(Ms(2));
        machine.State.ShouldBe(DeviceState.Garbled);
    }

    [Fact]
    public void A_few_bad_frames_among_good_ones_leave_a_stream_live_and_a_second_of_them_does_not()
    {
        var machine = Streaming;
        machine.Opened(Ms(0));
        machine.Accepted(Ms(0));
        for (var at = 100; at < 1000; at += 100)
        {
            machine.Received(Ms(at), 9);
            machine.Rejected();
            machine.Next(Ms(at));
            machine.State.ShouldBe(DeviceState.Live);
        }
        machine.Received(Ms(1000), 9);
        machine.Next(Ms(1000));
        machine.State.ShouldBe(DeviceState.Garbled);
        machine.Next(Ms(2000));
        machine.State.ShouldBe(DeviceState.Silent);
    }

    [Fact]
    public void A_started_stream_is_started_again_while_silent_at_longer_and_longer_intervals()
    {
        var machine = Started;
        machine.Opened(Ms(0));
        var sent = new List<int>();
        for (var at = 0; at < 120_000;)
        {
            var step = machine.Next(Ms(at));
            if (!step.Send.IsEmpty) sent.Add(at);
            at += Math.Max(1, (int)step.Wait!.Value.TotalMilliseconds);
        }
        sent.ShouldBe([0, 1000, 3000, 7000, 15_000, 31_000, 61_000, 91_000]);
    }

    [Fact]
    public void A_live_started_stream_is_not_started_again()
    {
        var machine = Started;
        machine.Opened(Ms(0));
        machine.Next(Ms(0)).Send.Length.ShouldBe(5);
        machine.Accepted(Ms(10));
        machine.Next(Ms(10)).ShouldBe(new SessionStep(default, Ms(1000)));
    }

    [Fact]
    public void A_poll_waits_for_its_answer_and_the_next_one_for_the_interval()
    {
        var machine = Polled;
        machine.Opened(Ms(0));
        machine.Next(Ms(0)).Send.ToArray().ShouldBe("SI\r\n"u8.ToArray());
        machine.AwaitsAnswer.ShouldBeTrue();
        machine.Next(Ms(30)).ShouldBe(new SessionStep(default, Ms(970)));
        machine.Received(Ms(40), 19);
        machine.Accepted(Ms(40));
        machine.AwaitsAnswer.ShouldBeFalse();
        machine.Next(Ms(40)).ShouldBe(new SessionStep(default, Ms(160)));
        machine.Next(Ms(200)).Send.Length.ShouldBe(4);
    }

    [Fact]
    public void Three_unanswered_polls_are_silence_and_polling_goes_on_once_a_second()
    {
        var machine = Polled;
        machine.Opened(Ms(0));
        machine.Accepted(Ms(0));
        var polls = new List<int>();
        for (var at = 200; at < 8000;)
        {
            var step = machine.Next(Ms(at));
            if (!step.Send.IsEmpty) polls.Add(at);
            if (at < 3200) machine.State.ShouldBe(DeviceState.Live);
            at += Math.Max(1, (int)step.Wait!.Value.TotalMilliseconds);
        }
        machine.State.ShouldBe(DeviceState.Silent);
        machine.Unanswered.ShouldBe(7);
        polls.ShouldBe([200, 1200, 2200, 3200, 4200, 5200, 6200, 7200]);
    }

    [Fact]
    public void Answers_that_are_never_whole_are_garbage_and_not_silence()
    {
        var machine = Polled;
        machine.Opened(Ms(0));
        for (var at = 0; at <= 3000; at += 1000)
        {
            machine.Next(Ms(at));
            machine.Received(Ms(at + 20), 12);
            machine.Rejected();
        }
        machine.State.ShouldBe(DeviceState.Garbled);
    }

    [Fact]
    public void A_scanner_is_live_when_open_whatever_time_passes()
    {
        var machine = Scanner;
        machine.Opened(Ms(0));
        machine.State.ShouldBe(DeviceState.Live);
        machine.Next(TimeSpan.FromDays(1)).ShouldBe(default);
        machine.State.ShouldBe(DeviceState.Live);
    }

    [Fact]
    public void A_scanner_of_which_nothing_is_readable_is_garbled_until_a_scan_comes()
    {
        var machine = Scanner;
        machine.Opened(Ms(0));
        for (var i = 0; i < 3; i++) machine.Rejected();
        machine.Next(Ms(1));
        machine.State.ShouldBe(DeviceState.Garbled);
        machine.Accepted(Ms(2));
        machine.Next(Ms(2));
        machine.State.ShouldBe(DeviceState.Live);
    }

    [Fact]
    public void Labels_that_are_misprinted_say_nothing_against_the_line()
    {
        var machine = Scanner;
        machine.Opened(Ms(0));
        for (var i = 1; i <= 20; i++)
        {
            machine.Received(Ms(i * 100), 1_000);
            machine.Rejected(RejectReason.Content);
            machine.Next(Ms(i * 100));
            machine.State.ShouldBe(DeviceState.Live);
        }
        for (var i = 0; i < 3; i++) machine.Rejected(RejectReason.Format);
        machine.Next(Ms(3_000));
        machine.State.ShouldBe(DeviceState.Garbled);
    }
}
