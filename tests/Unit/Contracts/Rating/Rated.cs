using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts.Rating;

/// <summary>Small contracts and shipments for examples, and what a rating says in one line.</summary>
internal static class Rated
{
    internal static Mass Kg(string kilograms) => Mass.FromKilograms(decimal.Parse(kilograms, CultureInfo.InvariantCulture));

    internal static ChargeableWeightTerms Weigh(WeightRounding rounding, RoundingReadOn readOn = RoundingReadOn.Excess, int? divisor = null, string first = "1", string clause = "T-3") =>
        new(ClauseId.Parse(clause), [], Kg(first), rounding, readOn, divisor is { } d ? new VolumetricTerms(d, SideRounding.NearestCm, null, []) : null);

    internal static PriceRule.FirstFurther FirstFurther(decimal first, decimal further, string step = "1", string to = "1") =>
        new(first, Kg(to), new FurtherRule(Kg(step), TierReadOn.Total, [new FurtherTier(null, further)]));

    internal static TariffClause Tariff(PriceRule price, ChargeableWeightTerms? weigh = null) =>
        new(weigh ?? Weigh(new WeightRounding.CeilStep(Kg("0.5"))), null, [new ZoneRate([], price)], PieceRule.Together, null, AmountRounding.Cent);

    /// <summary>Eight yuan for the first kilogram, one for each further half.</summary>
    internal static ContractVersion Contract(Func<ContractVersion, ContractVersion>? with = null)
    {
        var version = DrawnContract.Plain(Tariff(FirstFurther(8.00m, 1.00m, "0.5")));
        return with is null ? version : with(version);
    }

    internal static ShipmentToRate Shipment(string kilograms = "2.345") => new()
    {
        Waybill = "KAL2610120000017",
        Service = "standard",
        Origin = "3100",
        Destination = "4401",
        Accepted = Instant.FromUtc(2026, 10, 12, 0, 0),
        Pieces = [new PieceToRate(Kg(kilograms), null)],
    };

    internal static RateOutcome Rate(ContractVersion version, ShipmentToRate shipment) => RateOutcomes.Of(RateProgram.Compile(version), shipment, trace: true);

    /// <summary><c>10.80: T-3 10.80</c>, or the reason and the clause.</summary>
    internal static string Says(ContractVersion version, ShipmentToRate shipment) => Rate(version, shipment) switch
    {
        RateOutcome.Charged charged => $"{charged.Total.Amount:0.00}: {string.Join(", ", charged.Lines.Select(l => $"{l.Clause} {l.Amount.Amount:0.00}"))}",
        RateOutcome.Refused refused => $"{refused.Reason} {refused.Clause}".TrimEnd(),
        _ => throw new InvalidOperationException(),
    };
}
