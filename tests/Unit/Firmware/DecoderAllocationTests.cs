using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>In steady state a frame costs no allocation, good or bad.</summary>
public sealed class DecoderAllocationTests
{
    public static TheoryData<string, byte[]> Frames
    {
        get
        {
            var data = FirstFrames;
            foreach (var (protocol, wire) in ScaleWire.All)
            {
                if (protocol != "massa-k") data.Add(protocol, wire.Frame(new ScaleDisplay(new Indication(Mass.FromGrams(2340), false, false, false), Mass.Zero))!);   // silence ends its answers: MassaKTests
            }
            return data;
        }
    }

    private static TheoryData<string, byte[]> FirstFrames => new()
    {
        { "mt-sics", Wire.Ascii(SicsScaleSimulator.Weight('S', Mass.FromGrams(2340), "kg", 3)) },
        { "kern-kcp", Wire.Ascii(SicsScaleSimulator.Weight('D', Mass.FromGrams(2340), "g", 2)) },
        { "toledo-continuous", ToledoContinuousSimulator.Frame(new Indication(Mass.FromGrams(2340), false, false, false), Mass.Zero, false, new ToledoSetup()) },
        { "yaohua-=1", YaohuaStreamSimulator.Frame(Mass.FromGrams(2340), 3, reversed: true) },
        { "yaohua-=2", YaohuaStreamSimulator.Frame(Mass.FromGrams(-2340), 3, reversed: false) },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_frame_allocates_nothing(string protocol, byte[] frame)
    {
        var sink = new CountingSink();
        var decoder = Wire.Decoder(protocol);
        byte[] damaged = [.. frame[..3], .. frame];
        Push(decoder, frame, damaged, sink, rounds: 2_000);
        // What the runtime allocates once on this thread while it compiles a hot loop anew is not the decoder's: a frame that allocates does so in every round.
        var allocated = long.MaxValue;
        for (var again = 0; again < 5 && allocated != 0; again++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Push(decoder, frame, damaged, sink, rounds: 10_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        allocated.ShouldBe(0);
        sink.Weights.ShouldBeGreaterThan(20_000);
        sink.Rejected.ShouldBeGreaterThan(10_000);
        sink.Milligrams.ShouldNotBe(0);
    }

    private static void Push(IDecoder decoder, byte[] frame, byte[] damaged, CountingSink sink, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            decoder.Push(frame, sink);
            decoder.Push(frame.AsSpan(0, 5), sink);
            decoder.Push(frame.AsSpan(5), sink);
            decoder.Push(damaged, sink);
        }
    }
}
