using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Rating;

/// <summary>Contracts and shipments drawn from a seed: every kind of clause, numbers that do and do not divide evenly, shipments that do and do not fit.</summary>
internal sealed class DrawnContract(int seed)
{
    private static readonly string[] Places = ["3100", "3101", "3205", "4401", "4403", "510000", "518000", "东莞市", "X"];
    private static readonly string[] Patterns = ["3100", "3101", "31*", "3*", "4401", "44*", "4*", "5*", "51*", "东莞市", "*"];
    private static readonly string[] Services = ["standard", "express", "economy"];
    private static readonly string[] Marks = ["sunday", "pre_sorted", "fragile", "freight_collect"];
    private readonly Random _random = new(seed);

    /// <summary>True when no price of the drawn contract falls as weight rises.</summary>
    internal bool Rising { get; init; }

    internal static DateTimeZone China { get; } = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>A version with nothing but what every version needs; tests put clauses in.</summary>
    internal static ContractVersion Plain(params TariffClause[] tariffs) => new()
    {
        Contract = "KA-2026-0001",
        Version = 1,
        Account = "HDDS-A",
        NameZh = "华东电商甲",
        NameEn = "East China E-Commerce A",
        Currency = "CNY",
        Tariffs = [.. tariffs],
        Weight = new WeightTerms(ClauseId.Parse("W-2"), Mass.Zero, 0),
        Handover = HandoverTerms.Strictest with { Clause = ClauseId.Parse("H-1") },
    };

    internal ContractVersion Version()
    {
        var tariffs = ImmutableArray.CreateBuilder<TariffClause>();
        if (!Maybe(5)) tariffs.Add(Tariff("T-1", Maybe() ? ["standard"] : ["standard", "economy"]));
        tariffs.Add(Tariff("T-2", Maybe() ? [] : ["express"]));
        return Plain() with
        {
            Currency = Maybe(8) ? "JPY" : Maybe(8) ? "BHD" : "CNY",
            EffectiveFrom = Maybe() ? Instant.FromUtc(2026, 1, 1, 0, 0) : null,
            EffectiveUntil = Maybe(4) ? Instant.FromUtc(2026, 12, 1, 0, 0) : null,
            Tariffs = tariffs.ToImmutable(),
            Returns = [.. Some(2, i => Return($"R-{i}", i == 0 ? ReturnKind.Return : ReturnKind.Redirect))],
            Surcharges = [.. Some(4, i => Surcharge($"F-{i}"))],
            Discounts = [.. Some(2, i => new DiscountClause(ClauseId.Parse($"D-{i}"), Percent(60), ServicesOrAny(), Maybe() ? Pick(Marks) : null, Date(), Until(), China))],
            Insurance = Maybe(4) ? [] : [Insurance()],
            Cod = Maybe(4) ? null : new CodClause(ClauseId.Parse("C-1"), Percent(10), Maybe() ? Price(5) : 0, Maybe() ? 5 + Price(50) : null, Maybe() ? 2_000 : null, new RemitCycle.WorkingDays(3), new LocalTime(18, 0), Rounding()),
            FreightCollect = Maybe(3) ? null : new FreightCollectClause(ClauseId.Parse("FC-1"), Maybe() ? 0 : Price(5), Maybe() ? RefusedFreight.BothWays : RefusedFreight.WayOut, Rounding()),
        };
    }

    internal ShipmentToRate Shipment(int? weightMg = null)
    {
        var pieces = Maybe(3) ? 1 + _random.Next(4) : 1;
        return new ShipmentToRate
        {
            Waybill = $"KAL{_random.Next(1_000_000):000000}",
            Service = Pick(Services),
            Origin = Pick(Places),
            Destination = Pick(Places),
            Zone = Maybe(8) ? null : Pick(["a", "b", "c", "q"]),
            Accepted = Maybe(8) ? null : Instant.FromUtc(2025, 12, 1, 0, 0) + Duration.FromMinutes(_random.Next(60 * 24 * 420)),
            Pieces = [.. Enumerable.Range(0, pieces).Select(_ => new PieceToRate(Mass.FromMilligrams(weightMg ?? Weight()), Maybe() ? null : Sides()))],
            DeclaredValueMinor = Maybe(3) ? _random.Next(-1, 3_000_000) : null,
            CodMinor = Maybe(3) ? _random.Next(-1, 300_000) : null,
            FreightCollect = Maybe(5),
            Fragile = Maybe(5),
            Returned = Maybe(6),
            Redirected = Maybe(10),
            Marks = Maybe(3) ? [Pick(Marks)] : [],
        };
    }

    private TariffClause Tariff(string clause, ImmutableArray<string> services)
    {
        ZoneRule? zones = _random.Next(5) switch
        {
            0 => null,
            1 => new ZoneRule.Given(),
            2 => new ZoneRule.ByLane([.. Enumerable.Range(0, 1 + _random.Next(12)).Select(_ => new LaneZone(new Lane(Pick(Patterns), Pick(Patterns)), Pick(["a", "b", "c"])))]),
            3 => new ZoneRule.ByPostcode(Postcodes()),
            _ => Regions(),
        };
        ImmutableArray<ZoneRate> rates = zones is null
            ? [new ZoneRate([], PriceRule())]
            : [new ZoneRate(["a"], PriceRule()), new ZoneRate(["b", "c"], PriceRule()), .. Maybe() ? [new ZoneRate([], PriceRule())] : Array.Empty<ZoneRate>()];
        var chargeable = new ChargeableWeightTerms(
            ClauseId.Parse(clause), services, Pick([Mass.Zero, Kg(1), Mass.FromGrams(1_200)]), WeightRounding(), Maybe() ? RoundingReadOn.Excess : RoundingReadOn.Total,
            Maybe(3) ? null : new VolumetricTerms(
                Pick([6_000, 12_000, 5_000, 99_999]), Pick([SideRounding.None, SideRounding.NearestCm, SideRounding.UpCm]), Maybe(3) ? WeightRounding() : null,
                [.. Some(3, _ => new LaneDivisor(new Lane(Pick(Patterns), Pick(Patterns)), Pick([8_000, 3_000, 7_001])))]));
        return new TariffClause(chargeable, zones, rates, Maybe(3) ? PieceRule.Each : PieceRule.Together, Maybe(3) ? Price(20) : null, Rounding());
    }

    private PriceRule PriceRule()
    {
        switch (_random.Next(5))
        {
            case 0:
                return new PriceRule.PerParcel(Price(30));
            case < 3:
                var to = Pick([Kg(1), Mass.FromGrams(500), Kg(10)]);
                var readOn = Rising ? TierReadOn.Graduated : Pick([TierReadOn.Total, TierReadOn.Excess, TierReadOn.Graduated]);
                return new PriceRule.FirstFurther(Price(30), to, Maybe(5) ? null : new FurtherRule(Pick([Kg(1), Mass.FromGrams(500), Mass.FromGrams(300), Mass.FromGrams(7)]), readOn, Tiers(readOn == TierReadOn.Excess ? Mass.Zero : to)));
            default:
                return new PriceRule.Brackets(Brackets());
        }
    }

    private ImmutableArray<FurtherTier> Tiers(Mass from)
    {
        var tiers = ImmutableArray.CreateBuilder<FurtherTier>();
        var end = from;
        for (var i = _random.Next(3); i > 0; i--)
        {
            end += Mass.FromGrams(1_000 + _random.Next(20_000));
            tiers.Add(new FurtherTier(end, Price(3)));
        }
        tiers.Add(new FurtherTier(Maybe(4) ? end + Kg(50) : null, Price(3)));
        return tiers.ToImmutable();
    }

    // Rising: each bracket begins at least where the one before it ends.
    private ImmutableArray<Bracket> Brackets()
    {
        var rows = ImmutableArray.CreateBuilder<Bracket>();
        var (end, reached) = (Mass.Zero, 0m);
        for (var i = _random.Next(12); i >= 0; i--)
        {
            var from = end;
            end += Mass.FromGrams(500 + _random.Next(20_000));
            Mass? to = i == 0 && Maybe() ? null : end;
            var step = Maybe(3) ? Pick([Kg(1), Mass.FromGrams(300)]) : (Mass?)null;
            var row = new Bracket(to, (Rising ? reached : 0) + Price(20), Maybe() ? Price(2) : 0, Maybe() ? RoundingReadOn.Excess : RoundingReadOn.Total, step, step is null ? 0 : Price(2));
            rows.Add(row);
            reached = row.Price + (row.PerKg * (row.PerKgOn == RoundingReadOn.Excess ? (end - from).Kilograms : end.Kilograms)) + (step is { } s ? row.PerStep * (end - from).Kilograms / s.Kilograms : 0);
            reached = Math.Ceiling(reached);
            if (to is null) break;
        }
        return rows.ToImmutable();
    }

    private static ImmutableArray<PostcodeZone> Postcodes() =>
    [
        new PostcodeZone(new PostcodeRange("3000", "3100"), new PostcodeRange("4401", "4402"), "a"),
        new PostcodeZone(new PostcodeRange("3000", "3199"), new PostcodeRange("4403", "4499"), "b"),
        new PostcodeZone(null, new PostcodeRange("510000", "518000"), "c"),
        new PostcodeZone(new PostcodeRange("510000", "510999"), new PostcodeRange("3000", "3999"), "q"),
        new PostcodeZone(new PostcodeRange("3150", "3299"), new PostcodeRange("3100", "3100"), "a"),
        new PostcodeZone(new PostcodeRange("4400", "4402"), null, "b"),
    ];

    private ZoneRule.ByRegion Regions() => new(
        [.. Patterns.Where(_ => !Maybe(4)).Select(p => new PlaceRegion(p, Pick(["east", "south", "west"])))],
        [new RegionZone("east", "south", "a"), new RegionZone("east", "*", "b"), .. Maybe() ? [new RegionZone("*", "west", "c"), new RegionZone("*", "*", "a")] : Array.Empty<RegionZone>()]);

    private ReturnClause Return(string clause, ReturnKind kind) => Maybe()
        ? new ReturnClause(ClauseId.Parse(clause), kind, ServicesOrAny(), [], Percent(120), Rounding())
        : new ReturnClause(ClauseId.Parse(clause), kind, ServicesOrAny(), [new ZoneRate(["a"], PriceRule()), new ZoneRate([], PriceRule())], null, Rounding());

    private SurchargeClause Surcharge(string clause)
    {
        SurchargeWhen when = _random.Next(5) switch
        {
            0 or 1 => new SurchargeWhen.Always(),
            2 => new SurchargeWhen.Remote([Pick(Patterns), Pick(Patterns)], Pick([LaneEnds.Destination, LaneEnds.Origin, LaneEnds.Either])),
            3 => new SurchargeWhen.Oversize(Maybe() ? 800 : null, Maybe() ? 2_000 : null, Maybe() ? Kg(10) : null),
            _ => new SurchargeWhen.Marked(Pick(Marks)),
        };
        SurchargePrice price = _random.Next(5) switch
        {
            0 => new SurchargePrice.PerShipment(Price(10)),
            1 => new SurchargePrice.PerPiece(Price(10)),
            2 => new SurchargePrice.PerKg(Price(2)),
            3 => new SurchargePrice.Percent(Percent(30)),
            _ => new SurchargePrice.PercentByDate([new DatedPercent(new LocalDate(2026, 1, 1), Percent(20)), new DatedPercent(new LocalDate(2026, 3, 1), 0), new DatedPercent(new LocalDate(2026, 9, 1), Percent(20))]),
        };
        return new SurchargeClause(ClauseId.Parse(clause), when, price, ServicesOrAny(), Date(), Until(), China, Rounding());
    }

    private InsuranceClause Insurance() => new(
        ClauseId.Parse("I-1"), [],
        [new InsuranceRow(500, 1, 0, 0), new InsuranceRow(1_000, 2, 0, 0), new InsuranceRow(Maybe() ? null : 20_000, Maybe() ? 0 : 1, 5 + _random.Next(10), Maybe() ? 0 : 8)],
        Maybe() ? [] : [new InsuranceRow(500, 2, 0, 0), new InsuranceRow(null, 0, 8, 5)], Maybe() ? 20_000 : null, new AmountRounding(1, AmountRoundingMode.HalfUp));

    private AmountRounding Rounding() => new(Pick([0.01m, 0.01m, 0.1m, 0.5m, 1m]) is var unit && Maybe(10) ? 5 : unit, Pick([AmountRoundingMode.HalfUp, AmountRoundingMode.HalfUp, AmountRoundingMode.Up, AmountRoundingMode.Down]));

    private WeightRounding WeightRounding() => _random.Next(4) switch
    {
        0 => new WeightRounding.CeilStep(Mass.FromGrams(500)),
        1 => new WeightRounding.CeilStep(Mass.FromGrams(100)),
        2 => new WeightRounding.TruncDecimals(_random.Next(7)),
        _ => new WeightRounding.HalfUpDecimals(_random.Next(7)),
    };

    private int Weight() => _random.Next(6) switch
    {
        0 => 1 + _random.Next(1_000_000),
        1 => 500_000 * (1 + _random.Next(20)),
        2 => _random.Next(-1, 3),
        _ => 1 + _random.Next(60_000_000),
    };

    private Dimensions? Sides() => Dimensions.TryFromMillimetres(1 + _random.Next(900), 1 + _random.Next(700), 1 + _random.Next(500));

    private ImmutableArray<string> ServicesOrAny() => Maybe() ? [] : [Pick(Services)];

    private LocalDate? Date() => Maybe(3) ? new LocalDate(2026, 1 + _random.Next(6), 1) : null;

    private LocalDate? Until() => Maybe(3) ? new LocalDate(2026, 7 + _random.Next(6), 15) : null;

    private decimal Price(int most) => _random.Next(4) == 0 ? (1 + _random.Next(most * 1_000)) / 1_000m : (1 + _random.Next(most * 100)) / 100m;

    private decimal Percent(int most) => (1 + _random.Next(most * 100)) / 100m;

    private bool Maybe(int oneIn = 2) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private IEnumerable<T> Some<T>(int most, Func<int, T> make) => Enumerable.Range(0, _random.Next(most + 1)).Select(make);

    private static Mass Kg(int kilograms) => Mass.FromKilograms(kilograms);
}
