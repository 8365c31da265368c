using System.Text;
using KeyAccountLogistics.Simulators.Pty;

namespace KeyAccountLogistics.Simulators.Scanners;

/// <summary>
/// A scanner on a pseudo-terminal that speaks SSI as the manuals say: decode data in packets, each waiting for its acknowledgement and sent at most twice more; commands answered.
/// Thread-safe; one scan at a time; dispose unplugs.
/// </summary>
public sealed class SsiScannerSimulator : IDisposable
{
    /// <summary>Code type of Code 128.</summary>
    public const byte Code128 = 0x03;

    /// <summary>Code type of GS1-128.</summary>
    public const byte Gs1128 = 0x0F;

    /// <summary>Code type of QR Code.</summary>
    public const byte Qr = 0x1C;

    private const int Retries = 2;
    private const int DataBytesMax = 250;
    private const byte Host = 4;
    private const byte CmdAck = 0xD0;
    private const byte CmdNak = 0xD1;
    private const byte BadContext = 2;

    private readonly TimeProvider _time;
    private readonly TimeSpan _answerWithin;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<byte> _fromHost = [];
    private volatile TaskCompletionSource<bool>? _answer;

    /// <summary>A scanner at <paramref name="linkPath"/> that waits <paramref name="answerWithin"/> for each acknowledgement (2 s in the manuals).</summary>
    public SsiScannerSimulator(string linkPath, TimeProvider time, TimeSpan answerWithin)
    {
        (_time, _answerWithin) = (time, answerWithin);
        Pty = PtyDevice.Create(linkPath);
        Pty.FromHost = Hear;
    }

    /// <summary>The pseudo-terminal.</summary>
    public PtyDevice Pty { get; }

    /// <summary>The label in front of the scanner, read when the host starts a session; null for none.</summary>
    public string? Label { get; set; }

    /// <summary>So many of the next packets arrive with one bit flipped.</summary>
    public int DamageNext { get; set; }

    /// <summary>So many of the host's next acknowledgements are lost.</summary>
    public int LoseAcks { get; set; }

    /// <summary>Packets sent, resent ones among them.</summary>
    public int Sent { get; private set; }

    /// <summary>Sends one scan. True when every packet was acknowledged; false when one was given up after its second resend.</summary>
    public async Task<bool> ScanAsync(string text, byte codeType = Code128, CancellationToken stop = default)
    {
        await _turn.WaitAsync(stop);
        try
        {
            var data = Encoding.UTF8.GetBytes(text);
            for (var at = 0; at == 0 || at < data.Length; at += DataBytesMax)
            {
                var part = data.AsMemory(at, Math.Min(DataBytesMax, data.Length - at));
                if (!await SendAsync(codeType, part, more: at + part.Length < data.Length, stop)) return false;
            }
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A packet as the manuals draw it: length, opcode, source, status, data, check.</summary>
    public static byte[] Packet(byte opcode, byte source, byte status, ReadOnlySpan<byte> data)
    {
        var packet = new List<byte> { (byte)(4 + data.Length), opcode, source, status };
        foreach (var b in data) packet.Add(b);
        var check = 0x1_0000 - packet.Sum(b => b);
        packet.Add((byte)((check >> 8) & 0xFF));
        packet.Add((byte)(check & 0xFF));
        return [.. packet];
    }

    private async Task<bool> SendAsync(byte codeType, ReadOnlyMemory<byte> data, bool more, CancellationToken stop)
    {
        for (var attempt = 0; attempt <= Retries; attempt++)
        {
            var status = (byte)((attempt > 0 ? 1 : 0) | (more ? 2 : 0));
            var packet = Packet(0xF3, 0, status, [codeType, .. data.Span]);
            if (DamageNext > 0)
            {
                DamageNext--;
                packet[^3] ^= 0x20;
            }
            var answer = _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Sent++;
            Pty.Write(packet);
            await Task.WhenAny(answer.Task, Task.Delay(_answerWithin, _time, stop));
            if (answer.Task is { IsCompletedSuccessfully: true, Result: true }) return true;
        }
        return false;
    }

    private void Hear(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) _fromHost.Add(b);
        while (_fromHost.Count > 0 && _fromHost.Count >= _fromHost[0] + 2)
        {
            var length = _fromHost[0] + 2;
            var packet = _fromHost.GetRange(0, length);
            _fromHost.RemoveRange(0, length);
            var right = packet.Take(length - 2).Sum(b => b) + (packet[^2] << 8) + packet[^1];
            if ((right & 0xFFFF) != 0 || packet[2] != Host) Pty.Write(Packet(CmdNak, 0, 0, [1]));
            else Obey(packet[1]);
        }
    }

    private void Obey(byte opcode)
    {
        switch (opcode)
        {
            case CmdAck when LoseAcks > 0: LoseAcks--; break;
            case CmdAck: _answer?.TrySetResult(true); break;
            case CmdNak: _answer?.TrySetResult(false); break;
            case 0xA3: Pty.Write(Packet(0xA4, 0, 0, "SIMULATED 1.0 SSI"u8)); break;
            case 0xE4:
                Pty.Write(Packet(CmdAck, 0, 0, []));
                if (Label is { } label) _ = ScanAsync(label);
                break;
            case 0xE5: Pty.Write(Packet(CmdAck, 0, 0, [])); break;
            default: Pty.Write(Packet(CmdNak, 0, 0, [BadContext])); break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pty.Dispose();
        _turn.Dispose();
    }
}
