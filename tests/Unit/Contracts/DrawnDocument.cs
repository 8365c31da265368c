using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>A contract version drawn at random, valid by construction: every kind of clause in every shape the document knows.</summary>
internal sealed class DrawnDocument
{
    private static readonly DateTimeZone Shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly string[] Services = ["standard", "express", "economy", "same_day", "冷链"];
    private static readonly string[] ZoneNames = ["a", "b", "c", "no", "null", "010", "华东", "z-9", "~", "true"];

    private readonly Random _random;
    private readonly string _currency;
    private int _clauses;

    private DrawnDocument(int seed)
    {
        _random = new Random(seed);
        _currency = One("CNY", "CNY", "JPY", "BHD", "USD");
    }

    internal static Gen<ContractVersion> Any { get; } = Gen.Choose(0, int.MaxValue).Select(Of);

    internal static ContractVersion Of(int seed) => new DrawnDocument(seed).Version();

    private ContractVersion Version()
    {
        var from = Maybe(() => Instant.FromUnixTimeSeconds(_random.Next(1_700_000_000, 1_900_000_000)) + Duration.FromMilliseconds(One(0, 250)));
        var tariffs = Tariffs();
        var rows = tariffs.Select(t => t.Zones).OfType<ZoneRule.ByLane>().SelectMany(z => z.Rows).Select(r => r.Lane).Distinct().ToList();
        return new ContractVersion
        {
            Contract = One("KA-2026-0001", "合同-7", "K:1#2"),
            Version = (uint)_random.Next(1, 1_000),
            Account = One("HDDS-A", "华东电商甲"),
            NameZh = One("华东电商甲", "“引号”, 逗号: 冒号 #", "一 二"),
            NameEn = One("East China", "it's \"quoted\" \\ back", "- dash: colon", "tab-free 😀 end", "null"),
            Currency = _currency,
            EffectiveFrom = from,
            EffectiveUntil = from is { } f && Yes() ? f + Duration.FromDays(_random.Next(1, 900)) : null,
            Renewal = Maybe(() => new RenewalClause(Id(), Yes(), _random.Next(1, 37), _random.Next(0, 120))),
            Tariffs = tariffs,
            Returns = Many(2, i => Return((ReturnKind)(i + 1), tariffs)),
            Surcharges = Many(5, _ => Surcharge()),
            Discounts = Many(3, _ => new DiscountClause(Id(), Percent(100, least: 0.01m), SomeServices(), Maybe(() => "pre_sorted"), new LocalDate(2026, 1, 1), Maybe(() => new LocalDate(2026, 6, 30)), Shanghai)),
            Insurance = Many(1, _ => Insurance()),
            Cod = Maybe(() => new CodClause(Id(), Percent(100), Amount(10), Maybe(() => Amount(10) + 1_000), Maybe(() => Amount(1_000) + 1), Yes() ? new RemitCycle.WorkingDays(_random.Next(0, 61)) : new RemitCycle.Weekly((IsoDayOfWeek)_random.Next(1, 8)), Time(), Rounding())),
            FreightCollect = Maybe(() => new FreightCollectClause(Id(), Amount(5), (RefusedFreight)_random.Next(1, 3), Rounding())),
            Rebates = Many(3, _ => Rebate()),
            Commitments = Many(2, _ => Commitment()),
            PriceLock = Maybe(() => new PriceLockClause(Id(), new LocalDate(2026, _random.Next(1, 13), _random.Next(1, 29)))),
            Guard = Maybe(() => new GuardClause(Id(), Percent(100), Maybe(() => Percent(100)))),
            Credit = Maybe(() => new CreditClause(Id(), _random.Next(1, 29), _random.Next(0, 366), Maybe(() => Amount(1_000_000) + 1), _random.Next(0, 366))),
            Weight = new WeightTerms(Id(), Mass.FromMilligrams(_random.Next(0, 100_000_000)), Percent(100))
            {
                Dispute = Maybe(() => new DisputeTerms((DisputeParty)_random.Next(1, 3), Duration.FromHours(_random.Next(1, 2_161)), (OnSilence)_random.Next(1, 3))),
            },
            Handover = new HandoverTerms(Id(), Maybe(() => (long)_random.Next(1, 10_000_000)), (InsuredChecks)_random.Next(0, 8), (TouchCheck)_random.Next(1, 4), Proofs()),
            Promise = Maybe(() => Promise(rows)),
            Dispatch = Maybe(() => new DispatchTerms(Id(), (DispatchPriority)_random.Next(1, 3), (DeliveryConstraints)_random.Next(0, 8))),
            Service = Maybe(Service),
            Obligations = Many(3, _ => new ObligationClause(Id(), (ObligationParty)_random.Next(1, 3), "月度报告", "monthly: report", (TermPeriod)_random.Next(1, 4), _random.Next(1, 91))),
        };
    }

    private ImmutableArray<TariffClause> Tariffs()
    {
        var named = Services.OrderBy(_ => _random.Next()).Take(_random.Next(0, 4)).ToList();
        var tariffs = named.Select(s => Tariff([s])).ToList();
        if (tariffs.Count == 0 || Yes()) tariffs.Add(Tariff([]));
        return [.. tariffs];
    }

    private TariffClause Tariff(ImmutableArray<string> services)
    {
        var (zones, names) = Zones();
        var rates = Rates(zones, names);
        var firsts = rates.Select(r => r.Price).OfType<PriceRule.FirstFurther>().ToList();
        var least = firsts.Count > 0 ? firsts.Min(f => f.To) : One(Mass.Zero, Mass.FromGrams(500));
        var volumetric = Maybe(() => new VolumetricTerms(_random.Next(1, 100_001), (SideRounding)_random.Next(1, 4), Maybe(WeightRule), [.. Lanes(_random.Next(0, 4)).Select(l => new LaneDivisor(l, _random.Next(1, 100_001)))]));
        return new TariffClause(new ChargeableWeightTerms(Id(), services, least, WeightRule(), (RoundingReadOn)_random.Next(1, 3), volumetric), zones, rates, (PieceRule)_random.Next(1, 3), Maybe(() => Amount(20)), Rounding());
    }

    private (ZoneRule? Rule, string[] Names) Zones()
    {
        var names = ZoneNames.OrderBy(_ => _random.Next()).Take(_random.Next(1, 5)).ToArray();
        string Zone(int i) => names[i % names.Length];
        switch (_random.Next(5))
        {
            case 0: return (null, []);
            case 1: return (new ZoneRule.Given(), names);
            case 2: return (new ZoneRule.ByLane([.. Lanes(names.Length + _random.Next(4)).Select((l, i) => new LaneZone(l, Zone(i)))]), names);
            case 3:
                var rows = Enumerable.Range(0, names.Length + 2).Select(i => new PostcodeZone(Maybe(() => new PostcodeRange("100000", "999999")), new PostcodeRange($"{200_000 + (i * 100)}", $"{200_000 + (i * 100) + _random.Next(0, 100)}"), Zone(i)));
                return (new ZoneRule.ByPostcode([.. rows]), names);
            default:
                return (new ZoneRule.ByRegion(
                    [new("31*", "east"), new("32*", "east"), new("44*", "south"), new("*", "rest")],
                    [.. new[] { ("east", "east"), ("east", "*"), ("south", "east"), ("*", "*") }.Select((p, i) => new RegionZone(p.Item1, p.Item2, Zone(i)))]),
                    [.. names.Take(4)]);
        }
    }

    private ImmutableArray<ZoneRate> Rates(ZoneRule? zones, string[] names)
    {
        if (zones is null) return [new ZoneRate([], Price())];
        var withOwn = zones is ZoneRule.Given ? names : [.. names.Take(_random.Next(0, names.Length + 1))];
        var rates = withOwn.Select(z => new ZoneRate([z], Price())).ToList();
        if (withOwn.Length < names.Length || (zones is ZoneRule.Given && Yes())) rates.Add(new ZoneRate([], Price()));
        return [.. rates.OrderBy(r => r.Zones.IsEmpty ? 1 : 0).ThenBy(r => r.Zones.FirstOrDefault(), StringComparer.Ordinal)];
    }

    private PriceRule Price()
    {
        switch (_random.Next(3))
        {
            case 0: return new PriceRule.PerParcel(Figure());
            case 1:
                var to = Mass.FromGrams(500 * _random.Next(1, 4));
                var readOn = (TierReadOn)_random.Next(1, 4);
                var ends = Ends(readOn == TierReadOn.Excess ? Mass.Zero : to, _random.Next(1, 5));
                return new PriceRule.FirstFurther(Figure(), to, Maybe(() => new FurtherRule(One(Mass.FromGrams(500), Mass.FromKilograms(1), Mass.FromMilligrams(123_456)), readOn, [.. ends.Select(e => new FurtherTier(e, Figure()))])));
            default:
                return new PriceRule.Brackets([.. Ends(Mass.Zero, _random.Next(1, 6)).Select(e => Yes()
                    ? new Bracket(e, Figure(), Figure(), (RoundingReadOn)_random.Next(1, 3), null, 0)
                    : new Bracket(e, Figure(), 0, RoundingReadOn.Total, Mass.FromGrams(500), Figure()))]);
        }
    }

    private List<Mass?> Ends(Mass start, int count)
    {
        var ends = new List<Mass?>();
        for (var i = 0; i < count; i++) ends.Add(start += Mass.FromMilligrams(_random.Next(1, 5_000_000)));
        if (Yes()) ends[^1] = null;
        return ends;
    }

    private ReturnClause Return(ReturnKind kind, ImmutableArray<TariffClause> tariffs)
    {
        // A rate for each zone that some tariff gives; where a tariff has none, the any-zone price is reached too.
        var priced = tariffs.All(t => t.Zones is null) || tariffs.Any(t => t.Zones is ZoneRule.Given);
        return Yes() || !priced
            ? new ReturnClause(Id(), kind, [], [], Percent(1_000), Rounding())
            : new ReturnClause(Id(), kind, [], [new ZoneRate([], Price())], null, Rounding());
    }

    private SurchargeClause Surcharge()
    {
        SurchargeWhen when = _random.Next(4) switch
        {
            0 => new SurchargeWhen.Always(),
            1 => new SurchargeWhen.Remote(["54*", "65*", "710000"], (LaneEnds)_random.Next(1, 4)),
            2 => new SurchargeWhen.Oversize(Maybe(() => _random.Next(1, 10_000)), Maybe(() => _random.Next(1, 20_000)), Mass.FromKilograms(_random.Next(1, 100))),
            _ => new SurchargeWhen.Marked(One("fragile", "sunday", "冷链")),
        };
        var day = new LocalDate(2026, 1, 1);
        SurchargePrice price = _random.Next(5) switch
        {
            0 => new SurchargePrice.PerShipment(Figure()),
            1 => new SurchargePrice.PerPiece(Figure()),
            2 => new SurchargePrice.PerKg(Figure()),
            3 => new SurchargePrice.Percent(Percent(1_000)),
            _ => new SurchargePrice.PercentByDate([.. Enumerable.Range(1, _random.Next(1, 6)).Select(i => new DatedPercent(day.PlusDays(10 * i), Percent(1_000)))]),
        };
        return new SurchargeClause(Id(), when, price, SomeServices(), Maybe(() => day), Maybe(() => day.PlusDays(300)), One(Shanghai, DateTimeZoneProviders.Tzdb["America/Sao_Paulo"]), Rounding());
    }

    private InsuranceClause Insurance()
    {
        ImmutableArray<InsuranceRow> Rows() => [new(500, Figure(), 0, 0), new(1_000 + _random.Next(500), Figure(), Percent(1_000), Amount(5)), new(null, 0, Percent(1_000), Amount(5))];
        return new InsuranceClause(Id(), SomeServices(), Rows(), Yes() ? Rows() : [], Maybe(() => 20_000m), Rounding());
    }

    private RebateClause Rebate()
    {
        var basis = (VolumeBasis)_random.Next(1, 3);
        var tiers = Enumerable.Range(0, _random.Next(1, 5)).Select(i => new RebateTier((1_000 * i) + (i > 0 && basis == VolumeBasis.Freight ? _random.Next(0, 900) * Unit : 0), Percent(100)));
        return new RebateClause(Id(), (TermPeriod)_random.Next(1, 4), basis, (RebateMode)_random.Next(1, 3), SomeServices(), Maybe(() => "off_peak"), [.. tiers], Rounding());
    }

    private CommitmentClause Commitment() => Yes()
        ? new CommitmentClause(Id(), TermPeriod.Month, VolumeBasis.Parcels, _random.Next(1, 100_000), Figure(), Rounding())
        : new CommitmentClause(Id(), TermPeriod.Year, VolumeBasis.Freight, Amount(100_000) + 1, Percent(100), Rounding());

    private PromiseTerms Promise(List<Lane> lanes)
    {
        var transit = lanes.Count > 0 && Yes() ? lanes : [.. Lanes(2).Where(l => l != Lane.Any), Lane.Any];
        var gates = Enumerable.Range(1, 4).Where(_ => Yes()).Select(k => new PromiseGate((GateKind)k, (GateCount)_random.Next(1, 3), _random.Next(0, 61), Time()));
        return new PromiseTerms(Id(), Time(), One("Asia/Shanghai", "America/Sao_Paulo"), "CN", [.. transit.Select(l => new LaneTransit(l, _random.Next(0, 61)))], Maybe(() => Time()), (DecidedBy)_random.Next(1, 3)) { Gates = [.. gates] };
    }

    private ServiceClause Service()
    {
        var t = _random.Next(0, 101);
        var weights = ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal).Add("T", t).Add("Q", 100 - t);
        var indicators = new[] { "T1", "Q2", "X9" }.Where(_ => Yes()).Select(c => Yes()
            ? new IndicatorTarget(c, 98.5m, 95, -1, Maybe(() => Percent(100)), Maybe(() => _random.Next(0, 500)))
            : new IndicatorTarget(c, 1, 2.25m, 9, null, null));
        return new ServiceClause(Id(), weights, One("A", "B", "own"), [.. indicators.OrderBy(i => i.Code, StringComparer.Ordinal)]);
    }

    private ImmutableSortedDictionary<RiskClass, DeliveryProofs> Proofs()
    {
        var proofs = ImmutableSortedDictionary<RiskClass, DeliveryProofs>.Empty;
        if (Yes()) proofs = proofs.Add(RiskClass.Ordinary, (DeliveryProofs)_random.Next(0, 8));
        return Yes() ? proofs.Add(RiskClass.High, (DeliveryProofs)_random.Next(0, 8)) : proofs;
    }

    private List<Lane> Lanes(int count)
    {
        string[] places = ["31*", "32*", "3100", "44*", "*", "华*", "5"];
        return [.. places.SelectMany(f => places.Select(t => new Lane(f, t))).OrderBy(_ => _random.Next()).Take(count)];
    }

    private WeightRounding WeightRule() => _random.Next(3) switch
    {
        0 => new WeightRounding.CeilStep(Mass.FromMilligrams(_random.Next(1, 2_000_000))),
        1 => new WeightRounding.TruncDecimals(_random.Next(0, 7)),
        _ => new WeightRounding.HalfUpDecimals(_random.Next(0, 7)),
    };

    private int Decimals => Money.Zero(_currency).Decimals;

    private decimal Unit => Decimals switch { 0 => 1m, 3 => 0.001m, _ => 0.01m };

    private AmountRounding Rounding() => new(Unit * One(1, 10, 50), (AmountRoundingMode)_random.Next(1, 4));

    // A whole number of minor units, or, as prices may be, a ten-thousandth of one.
    private decimal Figure() => _random.Next(0, 100_000) * Unit / One(1, 1, 10_000);

    private decimal Amount(int most) => _random.Next(0, most * 100) * Unit;

    private decimal Percent(int most, decimal least = 0) => Math.Min(most, least + (_random.Next(0, most * 10_000) / 10_000m));

    private LocalTime Time() => new(_random.Next(24), _random.Next(60));

    private ImmutableArray<string> SomeServices() => Yes() ? [] : ["express", "standard"];

    private ClauseId Id() => ClauseId.Parse($"K-{++_clauses}");

    private bool Yes() => _random.Next(2) == 0;

    private T One<T>(params T[] of) => of[_random.Next(of.Length)];

    private T? Maybe<T>(Func<T> of)
        where T : class => Yes() ? of() : null;

    private T? Maybe<T>(Func<T> of, int _ = 0)
        where T : struct => Yes() ? of() : null;

    private ImmutableArray<T> Many<T>(int most, Func<int, T> of) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(of)];
}
