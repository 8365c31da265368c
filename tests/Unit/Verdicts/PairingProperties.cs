using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Pairing;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

// Any interleaving of what a station can send, checked against the bare list of inputs, which knows nothing of the state machine.
public sealed class PairingProperties
{
    private static readonly PairingOptions Options = PairingOptions.For(Mass.FromGrams(10));

    private static readonly Gen<Func<Duration, PairingInput>> Input = Gen.Frequency(
        (5, Gen.Constant<Func<Duration, PairingInput>>(at => new PairingInput.Sample(at, SampleKind.Stable, Mass.Zero))),
        (5, Gen.Choose(1, 400).Select(m => (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, SampleKind.Stable, Mass.FromGrams(m * 10))))),
        (4, Gen.Choose(-20, 3_000).Select(m => (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, SampleKind.Moving, Mass.FromGrams(m))))),
        (1, Gen.Elements(SampleKind.Over, SampleKind.Lost, SampleKind.Negative, SampleKind.Moving, SampleKind.Stable).Select(k => (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, k, null)))),
        (6, Gen.Elements("A", "B", "C").Select(c => (Func<Duration, PairingInput>)(at => new PairingInput.Scan(at, c)))),
        (1, Gen.Elements("A", "B", "C").Select(c => (Func<Duration, PairingInput>)(at => new PairingInput.Choose(at, c)))),
        (1, Gen.Elements("A", "B", "C").Select(c => (Func<Duration, PairingInput>)(at => new PairingInput.Done(at, c)))),
        (1, Gen.Constant<Func<Duration, PairingInput>>(at => new PairingInput.Discard(at))),
        (1, Gen.Constant<Func<Duration, PairingInput>>(at => new PairingInput.Tick(at))));

    // What a station mostly sees: a scan and a load in either order, with the pieces in between that a real scale sends.
    private static readonly Gen<Func<Duration, PairingInput>[]> Parcel =
        from code in Gen.Elements("A", "B", "C")
        from grams in Gen.Choose(5, 400)
        from scanFirst in Gen.Elements(true, false)
        let zero = (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, SampleKind.Stable, Mass.Zero))
        let moving = (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, SampleKind.Moving, Mass.FromGrams(grams * 5)))
        let stable = (Func<Duration, PairingInput>)(at => new PairingInput.Sample(at, SampleKind.Stable, Mass.FromGrams(grams * 10)))
        let scan = (Func<Duration, PairingInput>)(at => new PairingInput.Scan(at, code))
        from label in Gen.Elements("", "", "A", "B")
        from chosen in Gen.Elements("A", "B")
        let other = label.Length == 0
            ? Array.Empty<Func<Duration, PairingInput>>()
            : [at => new PairingInput.Scan(at, label), at => new PairingInput.Choose(at, chosen)]
        select scanFirst ? new[] { zero, scan, moving, stable }.Concat(other).Append(zero).ToArray() : [zero, moving, stable, scan, .. other, zero];

    private static readonly Gen<PairingInput[]> Streams =
        from pieces in Gen.Frequency((3, Parcel), (2, Input.Select(i => new[] { i }))).ArrayOf(30)
        from pauses in Gen.Frequency((12, Gen.Choose(10, 900)), (1, Gen.Choose(900, 20_000))).ArrayOf(210)
        select Timed(pieces, pauses);

    private static PairingInput[] Timed(Func<Duration, PairingInput>[][] pieces, int[] pauses)
    {
        var at = Duration.FromSeconds(100);
        return [.. pieces.SelectMany(p => p).Select((make, i) => make(at += Duration.FromMilliseconds(pauses[i])))];
    }

    [Fact]
    public void A_weight_is_paired_once_unless_a_person_replaces_it() => Seeded.Holds(Streams, stream =>
    {
        var paired = Play(stream).SelectMany(s => s.Outputs.OfType<PairingOutput.Paired>().Select(p => (p, s.Input))).ToList();
        return paired.Where(p => p.p.Replaces is null).DistinctBy(p => p.p.Weighing).Count() == paired.Count(p => p.p.Replaces is null)
            && paired.Where(p => p.p.Replaces is not null).All(p => p.Input is PairingInput.Choose);
    });

    [Fact]
    public void Whatever_garbage_lies_between_a_pair_has_a_scan_in_its_window_a_rest_at_that_mass_and_a_zero_before_it() => Seeded.Holds(Streams, stream =>
        Play(stream).SelectMany(s => s.Outputs.OfType<PairingOutput.Paired>()).All(p =>
            stream.OfType<PairingInput.Scan>().Any(s => s.At == p.ScannedAt && s.Code == p.Code)
            && (p.Replaces is not null || (p.ScannedAt >= p.LeftZeroAt - Options.ScanBefore && p.ScannedAt <= p.StableAt + Options.ScanAfter))
            && stream.OfType<PairingInput.Sample>().Any(s => s.At == p.StableAt && s.Kind == SampleKind.Stable && s.Mass == p.Mass)
            && stream.OfType<PairingInput.Sample>().LastOrDefault(s => s.At < p.LeftZeroAt && IsZeroOrLoadOrTrouble(s)) is { } before && IsZero(before)));

    [Fact]
    public void Without_a_person_a_pair_means_that_no_other_code_was_scanned_in_the_window() => Seeded.Holds(Streams, stream =>
    {
        var played = Play([.. stream.Where(i => i is not (PairingInput.Choose or PairingInput.Done or PairingInput.Discard))]);
        for (var end = 0; end < played.Count; end++)
        {
            foreach (var pair in played[end].Outputs.OfType<PairingOutput.Paired>())
            {
                var begin = end;
                while (played[begin].Input.At > pair.LeftZeroAt) begin--;
                while (begin > 0 && IsQuiet(played[begin - 1].Input)) begin--;
                while (begin < end && !(played[begin].Input is PairingInput.Sample sample && IsZero(sample))) begin++;   // before the zero scans were refused
                var taken = played[begin..(end + 1)]
                    .Where(s => s.Input is PairingInput.Scan && s.Input.At >= pair.LeftZeroAt - Options.ScanBefore && !s.Outputs.OfType<PairingOutput.Repeated>().Any());
                if (taken.Any(s => ((PairingInput.Scan)s.Input).Code != pair.Code)) return false;
            }
        }
        return true;
    });

    [Fact]
    public void No_scan_no_pair_and_no_weight_no_pair() => Seeded.Holds(Streams, stream =>
        Play([.. stream.Where(i => i is not PairingInput.Scan)]).All(s => !s.Outputs.OfType<PairingOutput.Paired>().Any())
        && Play([.. stream.Where(i => i is not PairingInput.Sample { Kind: SampleKind.Stable, Mass: { } m } || m <= Options.StepMin)])
            .All(s => !s.Outputs.OfType<PairingOutput.Paired>().Any()));

    [Fact]
    public void Every_scan_and_every_weight_comes_to_exactly_one_end() => Seeded.Holds(Streams, stream =>
    {
        PairingInput[] ended = [.. stream, new PairingInput.Discard(Duration.FromDays(1)), new PairingInput.Sample(Duration.FromDays(1), SampleKind.Lost, null)];
        var played = Play(ended);
        var outputs = played.SelectMany(s => s.Outputs).ToList();
        var paired = outputs.OfType<PairingOutput.Paired>().ToList();
        return stream.OfType<PairingInput.Scan>().Count()
                == paired.Count + outputs.OfType<PairingOutput.Repeated>().Count() + outputs.OfType<PairingOutput.ScanUnused>().Count()
            && played[^1].State.Weighings == paired.Count(p => p.Replaces is null) + outputs.OfType<PairingOutput.WeightUnused>().Count();
    });

    [Fact]
    public void Pairs_contests_and_choices_do_come_out_of_such_streams()
    {
        var pairs = 0;
        var replaced = 0;
        Seeded.Holds(Streams, stream =>
        {
            foreach (var pair in Play(stream).SelectMany(s => s.Outputs.OfType<PairingOutput.Paired>()))
            {
                pairs++;
                if (pair.Replaces is not null) replaced++;
            }
            return true;
        });
        pairs.ShouldBeGreaterThan(3_000);
        replaced.ShouldBeGreaterThan(10);
    }

    private static bool IsZero(PairingInput.Sample s) => s is { Kind: SampleKind.Stable, Mass: { } m } && m.Abs() <= Options.ZeroBand;

    private static bool IsZeroOrLoadOrTrouble(PairingInput.Sample s) => s switch
    {
        { Kind: SampleKind.Stable, Mass: null } => false,
        { Kind: SampleKind.Moving, Mass: { } m } => m > Options.StepMin,
        _ => true,
    };

    private static bool IsQuiet(PairingInput input) => input switch
    {
        PairingInput.Sample { Kind: SampleKind.Stable, Mass: null } => true,
        PairingInput.Sample { Kind: SampleKind.Moving, Mass: { } m } => m <= Options.StepMin,
        PairingInput.Sample s => IsZero(s),
        _ => true,
    };

    private static List<(PairingInput Input, PairingState State, IReadOnlyList<PairingOutput> Outputs)> Play(PairingInput[] stream)
    {
        var played = new List<(PairingInput, PairingState, IReadOnlyList<PairingOutput>)>();
        var state = PairingState.Start;
        foreach (var input in stream)
        {
            (state, var outputs) = ScanWeightPairing.Next(state, input, Options);
            played.Add((input, state, outputs));
        }
        return played;
    }
}
