using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

/// <summary>What holds for any contract and any shipment.</summary>
public sealed class RateProgramProperties
{
    private const int ShipmentsEach = 20;

    [Fact]
    public void Compiled_is_the_slow_decimal_reference_to_the_cent() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var drawn = new DrawnContract(seed);
        var version = drawn.Version();
        var (program, slow) = (RateProgram.Compile(version), new SlowRating(version));
        var lines = new RatedLine[program.LinesMax];
        for (var i = 0; i < ShipmentsEach; i++)
        {
            var shipment = drawn.Shipment();
            var result = program.Rate(shipment, lines);
            var reference = slow.Rate(shipment);
            Said(program, result, lines).ShouldBe(Said(reference), $"seed {seed}, shipment {i}");
        }
        return true;
    });

    [Fact]
    public void Lines_add_up_and_the_trace_replays_to_the_same_cent_without_the_contract() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var drawn = new DrawnContract(seed);
        var door = new RateInForce([RateProgram.Compile(drawn.Version(), anyMoment: true)]);
        for (var i = 0; i < ShipmentsEach; i++)
        {
            if (door.Rate("HDDS-A", drawn.Shipment(), trace: true) is not RateOutcome.Charged charged) continue;
            charged.Lines.Sum(l => l.Amount.Minor).ShouldBe(charged.Total.Minor);
            var trace = RateTrace.Read(charged.Trace).ShouldNotBeNull();
            trace.Write().ShouldBe(charged.Trace);
            var replayed = RateReplay.Of(trace);
            replayed.Differs.ShouldBeNull($"seed {seed}: {charged.Trace}");
            replayed.TotalMinor.ShouldBe(charged.Total.Minor);
            replayed.Lines.Select(l => (l.Clause, l.Minor)).ShouldBe(charged.Lines.Select(l => (l.Clause, l.Amount.Minor)));
        }
        return true;
    }, tests: 500);

    [Fact]
    public void With_trace_and_without_give_the_same_lines_and_the_same_shipment_rated_again_changes_nothing() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var drawn = new DrawnContract(seed);
        var door = new RateInForce([RateProgram.Compile(drawn.Version(), anyMoment: true)]);
        var shipment = drawn.Shipment();
        var plain = door.Rate("HDDS-A", shipment);
        var traced = door.Rate("HDDS-A", shipment, trace: true);
        if (plain is not RateOutcome.Charged first) return traced is RateOutcome.Refused;
        traced.ShouldBeOfType<RateOutcome.Charged>().Lines.ShouldBe(first.Lines);
        var correction = door.Rerate(first, "charge-1", shipment).ShouldNotBeNull();
        return correction.Lines.IsEmpty && correction.Difference.Minor == 0;
    }, tests: 500);

    [Fact]
    public void Within_a_tariff_without_downward_steps_the_price_never_falls_as_weight_rises() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var drawn = new DrawnContract(seed) { Rising = true };
        var program = RateProgram.Compile(drawn.Version() with { Surcharges = [], Discounts = [] }, anyMoment: true);
        var lines = new RatedLine[program.LinesMax];
        var shipment = drawn.Shipment() with { DeclaredValueMinor = null, CodMinor = null, FreightCollect = false, Returned = false, Redirected = false };
        var last = -1L;
        for (var grams = 1; grams < 120_000; grams = (grams * 9 / 8) + 1)
        {
            var heavier = shipment with { Pieces = [.. shipment.Pieces.Select(p => p with { Weight = Mass.FromGrams(grams) })] };
            var result = program.Rate(heavier, lines);
            if (!result.IsCharged) return result.Refusal is not RateRefusal.OutOfRange;   // from some weight on too heavy, or never carried
            result.TotalMinor.ShouldBeGreaterThanOrEqualTo(last, $"seed {seed}, {grams} g");
            last = result.TotalMinor;
        }
        return true;
    }, tests: 500);

    [Fact]
    public void The_compiled_chargeable_weight_is_the_rule_of_the_verdicts() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var drawn = new DrawnContract(seed);
        var terms = drawn.Version().Tariffs[0].Chargeable;
        var rule = new WeighRule(terms);
        for (var i = 0; i < ShipmentsEach; i++)
        {
            var shipment = drawn.Shipment();
            var piece = shipment.Pieces[0];
            var (actual, volume) = (0L, 0L);
            if (!rule.TryAdd(piece, ref actual, ref volume)) continue;
            var bills = rule.Bills(actual, volume, rule.DivisorFor(shipment.Origin, shipment.Destination), out var basis);
            var answer = ChargeableWeight.Of(piece.Weight, piece.Sides, terms, shipment.Origin, shipment.Destination);
            (bills, basis).ShouldBe((answer.Bills.Milligrams, answer.Basis), $"seed {seed}: {shipment} {terms}");
        }
        return true;
    });

    [Fact]
    public void The_most_specific_lane_found_by_look_up_is_the_one_found_by_looking_at_every_row() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var random = new Random(seed);
        string Place(int letters) => string.Concat(Enumerable.Range(0, letters).Select(_ => (char)('1' + random.Next(2))));
        string Pattern() => random.Next(3) == 0 ? Place(3) : Place(random.Next(4)) + "*";
        Lane[] lanes = [.. Enumerable.Range(0, random.Next(20)).Select(_ => new Lane(Pattern(), Pattern()))];
        var table = new LaneTable(lanes);
        var (origin, destination) = (Place(3), Place(3));
        var row = table.Find(origin, destination);
        return ReferenceEquals(row < 0 ? null : lanes[row], Lane.MostSpecific(lanes, l => l, origin, destination));
    });

    private static string Said(RateProgram program, RateResult result, RatedLine[] lines)
    {
        if (!result.IsCharged) return $"{RefusalTexts.Code(result.Refusal)} {result.Clause}";
        var money = (long minor) => new Money(minor, program.Version.Currency).Amount;
        var each = lines.Take(result.Lines).Select(l => $"{TraceWords.Of(l.Kind)} {l.Clause} {money(l.Minor):0.000}");
        return $"{money(result.TotalMinor):0.000} {Mass.FromMilligrams(result.BillsMg).Kilograms:0.000000} kg: {string.Join("; ", each)}";
    }

    private static string Said(SlowCharge charge)
    {
        if (charge.Reason is { } reason) return $"{reason} {charge.Clause}";
        return $"{charge.Total:0.000} {charge.ChargeableKg:0.000000} kg: {string.Join("; ", charge.Lines.Select(l => $"{l.Kind} {l.Clause} {l.Amount:0.000}"))}";
    }
}
