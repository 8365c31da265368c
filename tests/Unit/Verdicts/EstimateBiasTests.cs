using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using static KeyAccountLogistics.Unit.Verdicts.Sample;

namespace KeyAccountLogistics.Unit.Verdicts;

/// <summary>Drift: simulated depots with known errors, drawn from named seeds; what the estimate must find and must not invent.</summary>
public sealed class EstimateBiasTests
{
    private static readonly ScaleFacts[] Five = [.. Enumerable.Range(0, 5).Select(static i => Scale(device: "scale-" + i))];

    [Fact]
    public void The_scale_whose_span_has_drifted_is_named_with_an_interval_that_holds_the_truth()
    {
        // 4 g/kg: 40 g at 10 kg, where 20 g are allowed.
        var found = EstimateBias.Of(Five, Weighings(Five, 400, seed: 1, (3, 0, 4)));
        found.Select(static f => f.Answer).ShouldBe([BiasAnswer.Within, BiasAnswer.Within, BiasAnswer.Within, BiasAnswer.Beyond, BiasAnswer.Within]);
        var truth = Mass.FromMilligrams(found[3].At.Milligrams * 4 / 1000);
        (found[3].Low <= truth && truth <= found[3].High).ShouldBeTrue($"{found[3]}");
        (found[3].High - found[3].Low).ShouldBeLessThan(Mass.FromGrams(10));
        found[3].Limit.ShouldBe(Five[3].InServiceError(found[3].At));
    }

    [Fact]
    public void An_offset_is_found_as_well_as_a_span() =>
        EstimateBias.Of(Five, Weighings(Five, 400, seed: 2, (1, -35, 0)))[1].ShouldSatisfyAllConditions(
            static f => f.Answer.ShouldBe(BiasAnswer.Beyond),
            static f => f.Error.ShouldBeInRange(Mass.FromGrams(-40), Mass.FromGrams(-30)));

    [Fact]
    public void A_scale_within_its_limit_is_never_blamed()
    {
        // Half of what is allowed in service, on every second scale: legal scales differ by so much.
        var blamed = 0;
        for (var seed = 100; seed < 150; seed++)
        {
            var found = EstimateBias.Of(Five, Weighings(Five, 300, seed, (0, 0, 0.5), (2, 3, -0.5), (4, -3, 0.4)));
            blamed += found.Count(static f => f.Answer is BiasAnswer.Beyond or BiasAnswer.Disagrees);
        }
        blamed.ShouldBe(0);
    }

    [Fact]
    public void Parcels_that_were_opened_in_between_do_not_move_the_estimate()
    {
        var weighings = Weighings(Five, 400, seed: 3);
        for (var i = 0; i < weighings.Count; i += 12) weighings[i] = weighings[i] with { SecondMass = Mass.Max(Mass.FromGrams(10), weighings[i].SecondMass - Kg("0.7")) };
        EstimateBias.Of(Five, weighings).ShouldAllBe(static f => f.Answer == BiasAnswer.Within && f.Error.Abs() < Mass.FromGrams(6));
    }

    [Fact]
    public void Of_two_scales_that_disagree_neither_is_blamed_and_both_are_asked()
    {
        var two = Five[..2];
        EstimateBias.Of(two, Weighings(two, 200, seed: 4, (1, 80, 0))).ShouldAllBe(static f => f.Answer == BiasAnswer.Disagrees);
        EstimateBias.Of(two, Weighings(two, 200, seed: 5, (1, 5, 0))).ShouldAllBe(static f => f.Answer == BiasAnswer.Within);
    }

    [Fact]
    public void A_majority_that_does_not_exist_blames_nobody()
    {
        // Three scales, three opinions.
        var three = Five[..3];
        EstimateBias.Of(three, Weighings(three, 300, seed: 6, (1, 90, 0), (2, 180, 0))).ShouldNotContain(static f => f.Answer == BiasAnswer.Beyond);
    }

    [Fact]
    public void A_few_parcels_say_nothing()
    {
        var found = EstimateBias.Of(Five, Weighings(Five, 400, seed: 7).Where(static (w, i) => (w.First != 4 && w.Second != 4) || i < 20).ToList());
        (found[4].Answer, found[4].Parcels < EstimateBias.ParcelsMin).ShouldBe((BiasAnswer.TooFew, true));
        EstimateBias.Of(Five, []).ShouldAllBe(static f => f.Answer == BiasAnswer.TooFew && f.Parcels == 0);
    }

    [Fact]
    public void Separate_networks_are_judged_apart_and_each_by_its_own_majority()
    {
        ScaleFacts[] ten = [.. Five, .. Five];
        var second = Weighings(Five, 300, seed: 9).Select(static w => w with { First = w.First + 5, Second = w.Second + 5 });
        var found = EstimateBias.Of(ten, [.. Weighings(Five, 300, seed: 8, (0, 0, 5)), .. second]);
        found[0].Answer.ShouldBe(BiasAnswer.Beyond);
        found.Skip(1).ShouldAllBe(static f => f.Answer == BiasAnswer.Within);
    }

    [Fact]
    public void A_hub_that_every_depot_meets_is_found_by_all_of_them()
    {
        // Each depot's parcels are weighed there and at the hub only: the hub differs from everybody.
        ScaleFacts[] network = [Scale(60, 20, "hub"), .. Enumerable.Range(0, 12).Select(static i => Scale(device: "depot-" + i))];
        var draw = new Random(10);
        var weighings = Enumerable.Range(0, 1_200).Select(i => Weigh(network, draw, 1 + (i % 12), 0, [(0, 60, 2)])).ToList();
        var found = EstimateBias.Of(network, weighings);
        found[0].Answer.ShouldBe(BiasAnswer.Beyond);
        found.Skip(1).ShouldAllBe(static f => f.Answer == BiasAnswer.Within);
    }

    [Fact]
    public void The_answer_does_not_depend_on_the_order_of_the_parcels()
    {
        var weighings = Weighings(Five, 200, seed: 11, (2, 30, 1));
        var turned = EstimateBias.Of(Five, [.. weighings.AsEnumerable().Reverse()]);
        var straight = EstimateBias.Of(Five, weighings);
        turned.Select(static f => (f.Answer, f.Parcels, f.At)).ShouldBe(straight.Select(static f => (f.Answer, f.Parcels, f.At)));
        for (var i = 0; i < Five.Length; i++) (turned[i].Error - straight[i].Error).Abs().ShouldBeLessThan(Mass.FromGrams(0.1m));
    }

    [Fact]
    public void A_network_larger_than_a_group_is_taken_apart_and_still_answered()
    {
        ScaleFacts[] many = [.. Enumerable.Range(0, 100).Select(static i => Scale(device: "s" + i))];
        var draw = new Random(12);
        // Neighbours in a ring, so that it hangs together and can be cut anywhere.
        var weighings = Enumerable.Range(0, many.Length * 30).Select(i => Weigh(many, draw, i % many.Length, (i + 1 + draw.Next(3)) % many.Length, [(7, 0, 6)])).ToList();
        var found = EstimateBias.Of(many, weighings, groupMax: 60);
        found[7].Answer.ShouldBe(BiasAnswer.Beyond);
        found.Count(static f => f.Answer == BiasAnswer.Beyond).ShouldBe(1);
    }

    /// <summary>Parcels of 0.3 to 20 kg, each on two scales drawn at random, shown in whole intervals, with a gram or two of noise.</summary>
    private static List<WeighedTwice> Weighings(ScaleFacts[] scales, int count, int seed, params (int Scale, double Grams, double PerKilogram)[] errors)
    {
        var draw = new Random(seed);
        var made = new List<WeighedTwice>(count);
        for (var i = 0; i < count; i++)
        {
            var first = draw.Next(scales.Length);
            made.Add(Weigh(scales, draw, first, (first + 1 + draw.Next(scales.Length - 1)) % scales.Length, errors));
        }
        return made;
    }

    private static WeighedTwice Weigh(ScaleFacts[] scales, Random draw, int first, int second, (int Scale, double Grams, double PerKilogram)[] errors)
    {
        var kilograms = 0.3 + (19.7 * Math.Pow(draw.NextDouble(), 2));
        return new WeighedTwice(first, Shown(first), second, Shown(second));

        Mass Shown(int scale)
        {
            var grams = (kilograms * 1000) + ((draw.NextDouble() - 0.5) * 4);
            foreach (var (of, offset, span) in errors)
            {
                if (of == scale) grams += offset + (span * kilograms);
            }
            var interval = scales[scale].Interval.Milligrams / 1000.0;
            return Mass.FromMilligrams((long)(Math.Round(grams / interval) * interval * 1000));
        }
    }
}
