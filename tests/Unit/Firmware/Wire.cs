using System.Globalization;
using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>Keeps what a decoder gives, in order, as JSON lines and as values.</summary>
internal sealed class CollectingSink : IReadingSink
{
    internal List<string> Lines { get; } = [];

    internal List<WeightReading> Weights { get; } = [];

    internal List<ScanReading> Scans { get; } = [];

    internal List<RejectedFrame> Rejected { get; } = [];

    /// <summary>What the host was obliged to send, in hexadecimal.</summary>
    internal List<string> Replies { get; } = [];

    public void OnWeight(in WeightReading reading)
    {
        Weights.Add(reading);
        Lines.Add(ReadingJson.Write(reading));
    }

    public void OnScan(ScanReading reading)
    {
        Scans.Add(reading);
        Lines.Add(ReadingJson.Write(reading));
    }

    public void OnRejected(in RejectedFrame rejected)
    {
        Rejected.Add(rejected);
        Lines.Add(ReadingJson.Write(rejected));
    }

    public void OnReply(ReadOnlySpan<byte> bytes) => Replies.Add(Convert.ToHexString(bytes));
}

/// <summary>Counts, and keeps nothing.</summary>
internal sealed class CountingSink : IReadingSink
{
    internal long Weights { get; private set; }

    internal long Rejected { get; private set; }

    internal long Milligrams { get; private set; }

    public void OnWeight(in WeightReading reading)
    {
        Weights++;
        Milligrams += reading.Mass?.Milligrams ?? 0;
    }

    public void OnScan(ScanReading reading)
    {
    }

    public void OnRejected(in RejectedFrame rejected) => Rejected++;

    public void OnReply(ReadOnlySpan<byte> bytes)
    {
    }
}

/// <summary>Short ways to a decoder and to bytes.</summary>
internal static class Wire
{
    internal static IDecoder Decoder(string protocol, string options = "") => Dialect(protocol, options).NewDecoder();

    internal static Dialect Dialect(string protocol, string options = "")
    {
        var pairs = options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var unit = pairs.GetValueOrDefault("unit");
        pairs.Remove("unit");
        int? decimals = pairs.Remove("decimals", out var places) ? int.Parse(places, CultureInfo.InvariantCulture) : null;
        return ProtocolList.Find(protocol)!.Configure(new ProtocolSettings { Unit = unit, Decimals = decimals, Options = pairs });
    }

    /// <summary>Everything pushed at once, then silence.</summary>
    internal static CollectingSink Decode(string protocol, ReadOnlySpan<byte> bytes, string options = "")
    {
        var sink = new CollectingSink();
        var decoder = Decoder(protocol, options);
        decoder.Push(bytes, sink);
        decoder.FlushIdle(sink);
        return sink;
    }

    /// <summary>Options that commissioning would pin down for the scale that sent this frame.</summary>
    internal static string Commissioned(string protocol, byte[] frame)
    {
        if (protocol is "mt-sics" or "kern-kcp") return "field-width=10 expect-unit=kg";
        if (protocol is "nci-scp01" or "scp-12") return "status=required length=10 expect-unit=kg";
        if (protocol is "mt-8213") return "length=8 expect-unit=kg";
        if (protocol is "mt-8217") return "length=6";
        if (protocol is "digi") return $"length={frame.Length - 2} expect-unit=kg";
        if (protocol is "rinstrum") return "format=2 expect-unit=kg";
        var options = ProtocolList.Find(protocol)!.Options;
        var length = options.ContainsKey("length") && ScaleWire.All.ContainsKey(protocol) ? $"length={frame.AsSpan().TrimEnd("\r\n"u8).Length} " : "";
        return options.ContainsKey("expect-unit") ? length + "expect-unit=kg" : length;
    }

    /// <summary>Text with hex bytes in angle brackets: <c>S +&lt;0D0A&gt;</c>.</summary>
    internal static byte[] Bytes(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            var end = text[i] == '<' ? text.IndexOf('>', i) : -1;
            if (end < 0)
            {
                bytes.Add((byte)text[i]);
                continue;
            }
            bytes.AddRange(Convert.FromHexString(text[(i + 1)..end]));
            i = end;
        }
        return [.. bytes];
    }

    /// <summary>One frame of any simulated scale, at rest, gross, three decimals of a kilogram.</summary>
    internal static byte[] Frame(string protocol, Mass gross) => protocol switch
    {
        "mt-sics" or "kern-kcp" => Ascii(SicsScaleSimulator.Weight('S', gross, "kg", 3)),
        "toledo-continuous" => ToledoContinuousSimulator.Frame(new Indication(gross, Moving: false, Over: false, Under: false), Mass.Zero, zeroNotCaptured: false, new ToledoSetup()),
        "yaohua-=1" or "yaohua-=2" => YaohuaStreamSimulator.Frame(gross, 3, protocol.EndsWith('1')),
        _ => ScaleWire.All[protocol].Frame(new ScaleDisplay(new Indication(gross, Moving: false, Over: false, Under: false), Mass.Zero))!,
    };

    internal static byte[] Hex(string hex) => [.. hex.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => byte.Parse(pair, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    internal static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
