using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The five bytes of Massa-K's command J, which only silence delimits: the decoder properties as they read for such a wire.</summary>
public sealed class MassaKTests
{
    private static readonly Gen<ScaleDisplay> Displays =
        from grams in Seeded.Ints(-99_999, 99_999)
        from moving in Gen.Elements(true, false)
        select new ScaleDisplay(new Indication(Mass.FromGrams(grams), moving, Over: false, Under: false), Mass.Zero);

    private static byte[] Frame(ScaleDisplay display) => ScaleWire.All["massa-k"].Frame(display)!;

    [Fact]
    public void Answers_between_silences_are_read_one_by_one_however_they_were_cut()
    {
        var cases =
            from displays in Gen.ListOf(Displays, 5)
            from cut in Seeded.Ints(1, 4)
            select (Displays: displays, Cut: cut);
        Seeded.Holds(cases, c =>
        {
            var sink = new CollectingSink();
            var decoder = Wire.Decoder("massa-k");
            foreach (var frame in c.Displays.Select(Frame))
            {
                decoder.Push(frame.AsSpan(0, c.Cut), sink);
                decoder.Push(frame.AsSpan(c.Cut), sink);
                decoder.FlushIdle(sink);
            }
            return sink.Weights.Select(w => w.Mass).SequenceEqual(c.Displays.Select(d => (Mass?)d.Indication.Gross)) && sink.Rejected.Count == 0;
        });
    }

    [Fact]
    public void What_is_shorter_or_longer_than_an_answer_is_never_a_weight_and_the_next_answer_is()
    {
        var cases =
            from noise in Gen.ArrayOf(Gen.Choose(0, 255))
            from display in Displays
            where noise.Length != 5
            select (Noise: noise.Select(b => (byte)b).ToArray(), Display: display);
        Seeded.Holds(cases, c =>
        {
            var sink = new CollectingSink();
            var decoder = Wire.Decoder("massa-k");
            decoder.Push(c.Noise, sink);
            decoder.FlushIdle(sink);
            decoder.Push(Frame(c.Display), sink);
            decoder.FlushIdle(sink);
            return sink.Weights.Single().Mass == c.Display.Indication.Gross && !decoder.Pending;
        });
    }

    [Fact]
    public void An_answer_that_runs_into_another_one_is_refused_with_it() =>
        Seeded.Holds(from one in Displays from two in Displays select (one, two), c =>
        {
            var sink = Wire.Decode("massa-k", [.. Frame(c.one), .. Frame(c.two)]);
            return sink.Weights.Count == 0 && sink.Rejected.Single().Reason == RejectReason.Length;
        });

    [Fact]
    public void After_too_many_bytes_nothing_counts_before_there_was_silence()
    {
        var sink = new CollectingSink();
        var decoder = Wire.Decoder("massa-k");
        var frame = Frame(new ScaleDisplay(new Indication(Mass.FromGrams(2340), false, false, false), Mass.Zero));
        decoder.Push([.. frame, 0x80], sink);
        decoder.Push(frame, sink);
        decoder.FlushIdle(sink);
        sink.Weights.ShouldBeEmpty();
        decoder.Push(frame, sink);
        decoder.FlushIdle(sink);
        sink.Weights.ShouldHaveSingleItem();
    }

    [Fact]
    public void No_part_of_an_answer_passes_for_one() =>
        Seeded.Holds(from display in Displays from from_ in Seeded.Ints(0, 4) from to in Seeded.Ints(0, 4) select (Frame: Frame(display), From: from_, To: to), c =>
            c.To - c.From is 5 || Wire.Decode("massa-k", c.Frame.AsSpan(Math.Min(c.From, c.To), Math.Abs(c.To - c.From))).Weights.Count == 0);

    [Fact]
    public void An_answer_allocates_nothing()
    {
        var frame = Frame(new ScaleDisplay(new Indication(Mass.FromGrams(2340), false, false, false), Mass.Zero));
        var sink = new CountingSink();
        var decoder = Wire.Decoder("massa-k");
        Push(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Push(10_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sink.Weights.ShouldBe(11_000);
        sink.Rejected.ShouldBe(11_000);

        void Push(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                decoder.Push(frame, sink);
                decoder.FlushIdle(sink);
                decoder.Push(frame.AsSpan(0, 3), sink);
                decoder.FlushIdle(sink);
            }
        }
    }
}
