using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>Scanners that converse (SSI, Honeywell) and scanners that type, each over a line with a session at the other end.</summary>
public sealed partial class ScannersTests : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(400);
    private readonly DeviceBench _bench = new();

    private (SsiScannerSimulator Scanner, DeviceSession Session) Ssi()
    {
        var scanner = _bench.Own(new SsiScannerSimulator(_bench.Link(), TimeProvider.System, AnswerWithin));
        var session = _bench.Session("scanner-ssi");
        _bench.Sink.WaitFor(DeviceState.Live);
        return (scanner, session);
    }

    [Fact]
    public async Task An_SSI_scan_is_acknowledged_and_read_once()
    {
        var (scanner, _) = Ssi();
        (await scanner.ScanAsync("KAL2610120000017")).ShouldBeTrue();
        (await scanner.ScanAsync("00106141411234567897", SsiScannerSimulator.Gs1128)).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Count == 2, "two scans");
        _bench.Sink.Scans.Select(scan => (scan.AimId, scan.Text)).ShouldBe([("]C0", "KAL2610120000017"), ("]C1", "00106141411234567897")]);
        scanner.Sent.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, 0, 2)]   // a damaged packet is asked for
    [InlineData(2, 0, 3)]   // twice
    [InlineData(0, 1, 2)]   // an acknowledgement lost: sent again, taken once
    [InlineData(0, 2, 3)]
    [InlineData(1, 1, 3)]
    public async Task What_the_line_spoils_is_sent_again_and_read_once(int damaged, int lostAcks, int sent)
    {
        var (scanner, _) = Ssi();
        (await scanner.ScanAsync("A1")).ShouldBeTrue();
        (scanner.DamageNext, scanner.LoseAcks) = (damaged, lostAcks);
        (await scanner.ScanAsync("A1")).ShouldBeTrue("the same label once more");
        (await scanner.ScanAsync("B2")).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan.Text == "B2"), "the last scan");
        _bench.Sink.Scans.Select(scan => scan.Text).ShouldBe(["A1", "A1", "B2"]);
        scanner.Sent.ShouldBe(2 + sent);
    }

    [Fact]
    public async Task A_scanner_gives_up_after_its_second_resend_and_the_next_scan_is_read()
    {
        var (scanner, _) = Ssi();
        scanner.DamageNext = 3;
        (await scanner.ScanAsync("A1")).ShouldBeFalse();
        (await scanner.ScanAsync("B2")).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Count == 1, "the scan");
        _bench.Sink.Scans[0].Text.ShouldBe("B2");
    }

    [Fact]
    public async Task A_long_symbol_comes_in_packets_and_is_one_scan()
    {
        var (scanner, _) = Ssi();
        var text = string.Concat(Enumerable.Range(0, 150).Select(i => $"{i:000}快"));
        scanner.LoseAcks = 1;
        (await scanner.ScanAsync(text, SsiScannerSimulator.Qr)).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Count == 1, "the scan");
        _bench.Sink.Scans[0].ShouldSatisfyAllConditions(s => s.Text.ShouldBe(text), s => s.Symbology.ShouldBe("QR Code"));
        _bench.Sink.Changes.ShouldNotContain(change => change.To == DeviceState.Garbled);
    }

    [Fact]
    public void A_session_triggers_an_SSI_scanner_and_asks_who_it_is()
    {
        var (scanner, session) = Ssi();
        scanner.Label = "KAL2610120000017";
        session.TrySend(session.Commands.Identify!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan.Answer == ScannerAnswer.Done && scan.Text.StartsWith("SIMULATED", StringComparison.Ordinal)), "the revision");
        session.TrySend(session.Commands.Trigger!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan.Answer is null && scan.Text == scanner.Label), "the label");
    }

    [Fact]
    public void A_Honeywell_scanner_is_triggered_says_what_it_read_or_did_not_and_answers_its_menu()
    {
        var scanner = _bench.Own(new HoneywellScannerSimulator(_bench.Link()));
        var session = _bench.Session("scanner-honeywell");
        _bench.Sink.WaitFor(DeviceState.Live);
        scanner.Label = "]C0KAL2610120000017";
        session.TrySend(session.Commands.Trigger!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan.Text == "KAL2610120000017"), "the label");
        scanner.Label = null;
        session.TrySend(session.Commands.Trigger!.Value).ShouldBeTrue();
        session.TrySend(session.Commands.Untrigger!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan.NoRead), "the no-read");
        session.TrySend(session.Commands.Identify!.Value).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan is { Answer: ScannerAnswer.Done, Text: "232BAD9" }), "the answer");
        session.TrySend("\u0016M\rCBRMIN99,QQQQQQ1."u8.ToArray()).ShouldBeTrue();
        _bench.Sink.WaitUntil(s => s.Scans.Any(scan => scan is { Answer: ScannerAnswer.Refused, Text: "CBRMIN99,QQQQQQ1" }), "the refusal");
        _bench.Sink.Rejected.ShouldBeEmpty();
    }

    /// <summary>No input device can be made here, so a FIFO carries the kernel's events; what a FIFO cannot do, the grab, is a remark.</summary>
    [Fact]
    public void A_scanner_that_types_is_read_from_its_event_file_and_is_back_when_it_returns()
    {
        var path = _bench.Link("event-kbd");
        MakeFifo(path);
        _bench.Session("scanner-wedge", "evdev:" + path);
        using (var kernel = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            _bench.Sink.WaitFor(DeviceState.Live);
            Type(kernel, 37, 30, 2, 3, 28);
            _bench.Sink.WaitUntil(s => s.Scans.Count == 1, "the scan");
            Type(kernel, 37, 30);   // pulled in the middle of a scan
            File.Delete(path);
        }
        _bench.Sink.WaitFor(DeviceState.Lost);
        _bench.Log.Lines.ShouldContain(line => line.Contains("cannot be kept from other programs", StringComparison.Ordinal));
        MakeFifo(path);
        using (var kernel = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            _bench.Sink.WaitFor(DeviceState.Live);
            Type(kernel, 4, 5, 28);
            _bench.Sink.WaitUntil(s => s.Scans.Count == 2, "the scan after the return");
        }
        _bench.Sink.Scans.Select(scan => scan.Text).ShouldBe(["ka12", "34"]);
    }

    private static void MakeFifo(string path) => MakeFifo(path, Convert.ToUInt32("600", 8)).ShouldBe(0);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);

    private static void Type(FileStream kernel, params ReadOnlySpan<ushort> keys)
    {
        foreach (var key in keys)
        {
            foreach (var value in (ReadOnlySpan<int>)[1, 0])
            {
                var events = new byte[48];
                Write(events, 1, key, value);
                Write(events.AsSpan(24), 0, 0, 0);
                kernel.Write(events);
            }
        }
        kernel.Flush();
    }

    private static void Write(Span<byte> record, ushort type, ushort code, int value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(record, 1_764_000_000);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], 250_125);
        BinaryPrimitives.WriteUInt16LittleEndian(record[16..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(record[18..], code);
        BinaryPrimitives.WriteInt32LittleEndian(record[20..], value);
    }

    public void Dispose() => _bench.Dispose();
}
