using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Unit.Verdicts;

/// <summary>The terms and scales that issue 2 gives its examples in.</summary>
internal static class Sample
{
    internal static readonly LocalDate Today = new(2026, 3, 2);

    internal static ScaleFacts Scale(int kilograms = 30, int intervalGrams = 10, string device = "scale-1") => new(
        device,
        "B" + device,
        AccuracyClass.III,
        Mass.FromGrams(intervalGrams),
        Mass.FromKilograms(kilograms),
        Mass.FromGrams(20 * intervalGrams),
        Today.PlusYears(1));

    internal static ChargeableWeightTerms FirstKiloThenHalf { get; } = new(
        ClauseId.Parse("T-3"),
        [],
        Mass.FromKilograms(1),
        new WeightRounding.CeilStep(Mass.FromGrams(500)),
        RoundingReadOn.Excess,
        Volumetric: null);

    internal static AccountTerms Terms(decimal absoluteGrams = 0, decimal percent = 0, string account = "HDDS-A", uint version = 3) => new()
    {
        Account = account,
        NameZh = "华东电商甲",
        NameEn = "East China E-Commerce A",
        Contract = "KA-2026-0001",
        Version = version,
        EffectiveFrom = Instant.FromUtc(2026, 1, 1, 0, 0),
        Currency = "CNY",
        Chargeable = [FirstKiloThenHalf],
        Weight = new WeightTerms(ClauseId.Parse("W-2"), Mass.FromGrams(absoluteGrams), percent),
        Handover = HandoverTerms.Strictest with { Clause = ClauseId.Parse("H-1"), InsuredFrom = 100_000 },
        Promise = new PromiseTerms(
            ClauseId.Parse("P-1"),
            new LocalTime(18, 0),
            "Asia/Shanghai",
            "CN",
            [new LaneTransit(Lane.Any, 2)],
            By: null,
            DecidedBy.Date),
    };

    internal static Mass Kg(string kilograms) => Mass.FromKilograms(decimal.Parse(kilograms, System.Globalization.CultureInfo.InvariantCulture));

    internal static KnownWeight Typed(string kilograms) => new(Kg(kilograms), null);

    internal static KnownWeight On(ScaleFacts scale, string kilograms) => new(Kg(kilograms), scale);

    internal static WeightChain Chain(KnownWeight? declared = null, KnownWeight? handedOn = null, Dimensions? sides = null) =>
        new("standard", "3100", "4401", declared, handedOn, sides);

    internal static WeighReading Reads(string kilograms, ScaleFacts? scale = null) =>
        WeighReading.FromScale(scale ?? Scale(), Kg(kilograms), stable: true, returnedToZero: true);
}
