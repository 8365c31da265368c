using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Commissioning;

/// <summary>A protocol that the line's own bytes speak for.</summary>
/// <param name="Protocol">Its id.</param>
/// <param name="Line">The line settings it was heard with.</param>
/// <param name="Frames">Whole frames heard, or answers to the question asked.</param>
/// <param name="Asked">True when it answered a question; false when it was overheard.</param>
/// <param name="Sample">One frame.</param>
public sealed record ProbeFinding(string Protocol, LineSettings Line, int Frames, bool Asked, string Sample);

/// <summary>What a probe found. No findings and <see cref="Bytes"/> above zero: something speaks that is not known here, or at another baud rate.</summary>
/// <param name="Findings">Every protocol that the bytes fit, most frames first; several are told apart by a test weight and a shake, never by a guess.</param>
/// <param name="Bytes">Bytes heard.</param>
/// <param name="Reason">Why the line could not be probed; null when it was.</param>
public sealed record ProbeAnswer(IReadOnlyList<ProbeFinding> Findings, long Bytes, string? Reason);

/// <summary>
/// Finds out what a scale speaks, by positive identification only: whole frames with nothing refused between them, or the same kind of answer twice to that protocol's own
/// question. "Something answered" is no identification: an open driver that took it for one matched every device there is (devices.md 7).
/// </summary>
public static class LineProbe
{
    private const int BytesMax = 64 * 1024;
    private const int FramesMin = 3;
    private const int AnswersMin = 2;
    private static readonly TimeSpan ListenFor = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(0.4);

    /// <summary>
    /// Listens with each usual line setting in turn, and with <paramref name="ask"/> puts each protocol's question where nothing is heard. Asking writes to the device: only
    /// questions that change nothing are put, but a device that speaks something else may take them as it likes.
    /// </summary>
    public static ProbeAnswer Run(Func<LineSettings, ILine> open, bool ask, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(time);
        var heard = 0L;
        var candidates = ProtocolList.All.Where(static p => p.Kind == DeviceKind.Scale).Select(static p => (Protocol: p, Dialect: DialectOf(p))).Where(static c => c.Dialect is not null)
            .GroupBy(static c => c.Protocol.Line).OrderByDescending(static g => g.Count());
        foreach (var group in candidates)
        {
            ct.ThrowIfCancellationRequested();
            using var line = open(group.Key);
            var opening = line.Open();
            if (opening.Result != OpenResult.Opened) return new ProbeAnswer([], heard, opening.Reason);
            var bytes = Listen(line, ListenFor, time, ct);
            heard += bytes.Length;
            var findings = new List<ProbeFinding>();
            // A line that cannot do parity or rates (a pseudo-terminal, a device server) says the same under every setting: all protocols are tried on what was heard.
            if (bytes.Length > 0) findings.AddRange(ProtocolList.All.Where(static p => p.Kind == DeviceKind.Scale).Select(p => Overhear(p, DialectOf(p), group.Key, bytes)).OfType<ProbeFinding>());
            else if (ask) findings.AddRange(group.Select(c => Ask(line, c.Protocol, c.Dialect!, time, ct)).OfType<ProbeFinding>());
            if (findings.Count > 0) return new ProbeAnswer([.. findings.OrderByDescending(static f => f.Frames).ThenBy(static f => f.Protocol, StringComparer.Ordinal)], heard, null);
        }
        return new ProbeAnswer([], heard, null);
    }

    // Some wires carry no unit or point: for hearing whether frames come, any will do.
    private static Dialect? DialectOf(Protocol protocol)
    {
        foreach (var settings in (ProtocolSettings[])[ProtocolSettings.Default, new ProtocolSettings { Unit = "kg" }, new ProtocolSettings { Unit = "kg", Decimals = 3 }])
        {
            try
            {
                return protocol.Configure(settings);
            }
            catch (ProtocolSettingsException)
            {
                // The next is tried.
            }
        }
        return null;
    }

    private static ProbeFinding? Overhear(Protocol protocol, Dialect? dialect, LineSettings settings, byte[] bytes)
    {
        if (dialect is null) return null;
        var found = new Tally();
        var decoder = dialect.NewDecoder();
        decoder.Push(bytes, found);
        // What is cut off by the end of listening is not refused for that.
        return found.Readings >= FramesMin && found.RejectedAfterFirst == 0 ? new ProbeFinding(protocol.Id, settings, found.Readings, Asked: false, found.Sample) : null;
    }

    private static ProbeFinding? Ask(ILine line, Protocol protocol, Dialect dialect, TimeProvider time, CancellationToken ct)
    {
        if (dialect.Poll is not { } poll) return null;
        var found = new Tally { Line = line };
        var decoder = dialect.NewDecoder();
        for (var question = 0; question < AnswersMin; question++)
        {
            ct.ThrowIfCancellationRequested();
            if (!line.Write(poll.Command.Span)) return null;
            Hear(line, decoder, found, found.Readings + 1, poll.AnswerWithin < AnswerMax ? poll.AnswerWithin : AnswerMax, time, ct);
            if (found.Readings <= question || found.Rejected > 0) return null;
            // Not sooner than the protocol allows; what comes meanwhile belongs to the answer.
            Hear(line, decoder, found, int.MaxValue, poll.Interval, time, ct);
        }
        return new ProbeFinding(protocol.Id, protocol.Line, found.Readings, Asked: true, found.Sample);
    }

    /// <summary>Reads until so many readings have come, or the time has passed in which an answer is due.</summary>
    private static void Hear(ILine line, IDecoder decoder, Tally found, int readings, TimeSpan span, TimeProvider time, CancellationToken ct)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var began = time.GetTimestamp();
        while (found.Readings < readings && !ct.IsCancellationRequested)
        {
            var left = span - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) break;
            var read = line.Read(buffer, decoder.Pending && decoder.IdleGap < left ? decoder.IdleGap : left);
            if (read.Event == LineEvent.Bytes) decoder.Push(buffer[..read.Count], found);
            else if (read.Event == LineEvent.Lost) return;
            else if (decoder.Pending) decoder.FlushIdle(found);
        }
    }

    private static byte[] Listen(ILine line, TimeSpan span, TimeProvider time, CancellationToken ct)
    {
        var heard = new MemoryStream();
        Span<byte> buffer = stackalloc byte[1024];
        var began = time.GetTimestamp();
        while (heard.Length < BytesMax && !ct.IsCancellationRequested)
        {
            var left = span - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) break;
            var read = line.Read(buffer, left);
            if (read.Event == LineEvent.Bytes) heard.Write(buffer[..read.Count]);
            else if (read.Event == LineEvent.Lost) break;
        }
        return heard.ToArray();
    }

    /// <summary>Counts what comes; the first refusal before any reading is the frame that listening began in.</summary>
    private sealed class Tally : IReadingSink
    {
        internal ILine? Line { get; init; }

        internal int Readings { get; private set; }

        internal int Rejected { get; private set; }

        internal int RejectedAfterFirst { get; private set; }

        internal string Sample { get; private set; } = "";

        public void OnWeight(in WeightReading reading)
        {
            // An error or "not executable" is an answer of many protocols; only a weight, or that there is none, speaks for this one.
            if (reading.Condition is Condition.Fault or Condition.Other or Condition.NotExecutable) return;
            Readings++;
            if (Sample.Length == 0) Sample = Printable(reading.Raw.Span);
        }

        public void OnScan(ScanReading reading)
        {
            // Scales only.
        }

        public void OnRejected(in RejectedFrame rejected)
        {
            Rejected++;
            if (Readings > 0) RejectedAfterFirst++;
        }

        public void OnReply(ReadOnlySpan<byte> bytes) => Line?.Write(bytes);
    }

    /// <summary>Bytes as a person reads them: what is not printable as &lt;02&gt;.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and < 0x7F) text.Append((char)b);
            else text.Append('<').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)).Append('>');
        }
        return text.ToString();
    }
}
