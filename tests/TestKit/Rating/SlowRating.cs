using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.TestKit.Rating;

/// <summary>What the slow reference found: lines of kind, clause and amount in major units, or a reason.</summary>
internal sealed record SlowCharge(string? Reason, string? Clause, decimal Total, decimal ChargeableKg, IReadOnlyList<(string Kind, string Clause, decimal Amount)> Lines);

/// <summary>
/// The reference that rating is held to: the document's own words, one after the other, in decimals, with nothing compiled, nothing looked up ahead, and no code of the product but its model.
/// Deliberately slow and plain.
/// </summary>
internal sealed class SlowRating(ContractVersion version)
{
    private sealed class RefusedException(string reason, string? clause) : Exception(reason)
    {
        internal string Reason { get; } = reason;

        internal string? Clause { get; } = clause;
    }

    internal SlowCharge Rate(ShipmentToRate s)
    {
        try
        {
            return Charge(s);
        }
        catch (RefusedException no)
        {
            return new SlowCharge(no.Reason, no.Clause, 0, 0, []);
        }
    }

    private int Decimals => Money.Zero(version.Currency).Decimals;

    private SlowCharge Charge(ShipmentToRate s)
    {
        var lines = new List<(string Kind, string Clause, decimal Amount)>();
        var tariff = version.TariffFor(s.Service) ?? throw new RefusedException("NO_SERVICE", null);
        if (s.Accepted is { } accepted && !version.Covers(accepted)) throw new RefusedException("NOT_IN_FORCE", null);
        if (s.Pieces.IsDefaultOrEmpty) throw new RefusedException("OUT_OF_RANGE", null);
        var zone = Zone(tariff, s);
        var price = PriceOf(tariff.Rates, zone) ?? throw new RefusedException("NO_RATE", tariff.Clause.Value);
        if (s.Pieces.Any(p => p.Weight <= Mass.Zero)) throw new RefusedException("OUT_OF_RANGE", tariff.Clause.Value);

        // The weights that bill, and what each costs.
        var groups = tariff.Pieces == PieceRule.Each ? s.Pieces.Select(p => ImmutableArray.Create(p)).ToList() : [s.Pieces];
        var weights = groups.Select(g => Chargeable(g, tariff.Chargeable, s)).ToList();
        var total = weights.Sum();
        var freight = Priced(price, tariff.Clause.Value, tariff.Rounding);
        if (tariff.Minimum is { } minimum) freight = Math.Max(freight, Round(minimum, tariff.Rounding));
        lines.Add(("freight", tariff.Clause.Value, freight));

        decimal Priced(PriceRule rule, string clause, AmountRounding rounding)
        {
            if (rule is PriceRule.PerParcel parcel) return Round(parcel.Price * s.Pieces.Length, rounding);
            return weights.Sum(w => Round(Exact(rule, w) ?? throw new RefusedException("TOO_HEAVY", clause), rounding));
        }

        void Onward(ReturnKind kind, string line, string none)
        {
            var clause = ForService(version.Returns.Where(r => r.Kind == kind), r => r.Services, s.Service) ?? throw new RefusedException(none, null);
            decimal amount;
            if (clause.PercentOfForward is { } percent) amount = Round(freight * percent / 100, clause.Rounding);
            else amount = Priced(PriceOf(clause.Rates, zone) ?? throw new RefusedException("NO_RATE", clause.Clause.Value), clause.Clause.Value, clause.Rounding);
            lines.Add((line, clause.Clause.Value, amount));
        }

        var wayBackIsFree = s.FreightCollect && version.FreightCollect is { Refused: RefusedFreight.WayOut };
        if (s.Returned && !wayBackIsFree) Onward(ReturnKind.Return, "return", "NO_RETURN");
        if (s.Redirected) Onward(ReturnKind.Redirect, "redirect", "NO_REDIRECT");

        var net = freight;
        foreach (var discount in version.Discounts.Where(d => d.Services.IsEmpty || d.Services.Contains(s.Service, StringComparer.Ordinal)))
        {
            if (discount.Mark is { } mark && !Marked(s, mark)) continue;
            if (!Dated(discount.From, discount.Until, discount.Zone, s, discount.Clause)) continue;
            var off = Math.Min(Round(freight * discount.Percent / 100, AmountRounding.Cent), net);
            lines.Add(("discount", discount.Clause.Value, -off));
            net -= off;
        }
        foreach (var surcharge in version.Surcharges.Where(x => x.Services.IsEmpty || x.Services.Contains(s.Service, StringComparer.Ordinal)))
        {
            if (Pieces(surcharge.When, s) is var pieces && pieces == 0) continue;
            if (surcharge.Price is SurchargePrice.PercentByDate && s.Accepted is null) throw new RefusedException("NO_ACCEPTANCE", surcharge.Clause.Value);
            if (!Dated(surcharge.From, surcharge.Until, surcharge.Zone, s, surcharge.Clause)) continue;
            var amount = surcharge.Price switch
            {
                SurchargePrice.PerShipment p => p.Amount,
                SurchargePrice.PerPiece p => p.Amount * pieces,
                SurchargePrice.PerKg p => p.Amount * total,
                SurchargePrice.Percent p => net * p.Value / 100,
                SurchargePrice.PercentByDate p => net * FuelPercent(p, surcharge, s.Accepted!.Value) / 100,
                _ => throw new InvalidOperationException(),
            };
            lines.Add(("surcharge", surcharge.Clause.Value, Round(amount, surcharge.Rounding)));
        }
        if (s.DeclaredValueMinor is { } declared) lines.Add(Insured(s, Major(declared)));
        if (s.CodMinor is { } cash)
        {
            var cod = version.Cod ?? throw new RefusedException("NO_COD", null);
            if (cash <= 0) throw new RefusedException("OUT_OF_RANGE", cod.Clause.Value);
            if (Major(cash) > cod.HighestAmount) throw new RefusedException("COD_TOO_HIGH", cod.Clause.Value);
            var fee = Math.Max(Major(cash) * cod.Percent / 100, cod.Minimum);
            lines.Add(("cod", cod.Clause.Value, Round(cod.Maximum is { } most ? Math.Min(fee, most) : fee, cod.Rounding)));
        }
        if (s.FreightCollect)
        {
            var collect = version.FreightCollect ?? throw new RefusedException("NO_FREIGHT_COLLECT", null);
            if (collect.Fee != 0) lines.Add(("freight_collect", collect.Clause.Value, Round(collect.Fee, collect.Rounding)));
        }
        return new SlowCharge(null, null, lines.Sum(l => l.Amount), total, lines);
    }

    private (string Kind, string Clause, decimal Amount) Insured(ShipmentToRate s, decimal declared)
    {
        var insurance = ForService(version.Insurance, i => i.Services, s.Service) ?? throw new RefusedException("NOT_INSURABLE", null);
        if (declared <= 0) throw new RefusedException("OUT_OF_RANGE", insurance.Clause.Value);
        var rows = s.Fragile && !insurance.Fragile.IsEmpty ? insurance.Fragile : insurance.Ordinary;
        var row = rows.FirstOrDefault(r => r.To is not { } to || declared <= to);
        if (declared > insurance.Maximum || row is null) throw new RefusedException("INSURED_TOO_HIGH", insurance.Clause.Value);
        return ("insurance", insurance.Clause.Value, Round(Math.Max(row.Price + (declared * row.PerMille / 1000), row.Minimum), insurance.Rounding));
    }

    private static decimal FuelPercent(SurchargePrice.PercentByDate price, SurchargeClause clause, Instant accepted)
    {
        var date = accepted.InZone(clause.Zone).Date;
        return (price.Rows.Where(r => r.From <= date).MaxBy(r => r.From) ?? throw new RefusedException("NO_FUEL_ROW", clause.Clause.Value)).Percent;
    }

    private static bool Dated(LocalDate? from, LocalDate? until, DateTimeZone zone, ShipmentToRate s, ClauseId clause)
    {
        if (from is null && until is null) return true;
        if (s.Accepted is not { } accepted) throw new RefusedException("NO_ACCEPTANCE", clause.Value);
        var date = accepted.InZone(zone).Date;
        return (from is null || date >= from) && (until is null || date <= until);
    }

    private static bool Marked(ShipmentToRate s, string mark) =>
        (mark == "fragile" && s.Fragile) || (mark == "freight_collect" && s.FreightCollect) || (!s.Marks.IsDefault && s.Marks.Contains(mark, StringComparer.Ordinal));

    private static int Pieces(SurchargeWhen when, ShipmentToRate s) => when switch
    {
        SurchargeWhen.Always => s.Pieces.Length,
        SurchargeWhen.Marked m => Marked(s, m.Mark) ? s.Pieces.Length : 0,
        SurchargeWhen.Remote r => (r.Ends != LaneEnds.Origin && r.Places.Any(p => Names(p, s.Destination) >= 0)) || (r.Ends != LaneEnds.Destination && r.Places.Any(p => Names(p, s.Origin) >= 0))
            ? s.Pieces.Length
            : 0,
        SurchargeWhen.Oversize o => s.Pieces.Count(p => p.Weight > o.Weight || (p.Sides is { } d && IsOver(d, o))),
        _ => throw new InvalidOperationException(),
    };

    private static bool IsOver(Dimensions d, SurchargeWhen.Oversize o)
    {
        var sides = new[] { d.LengthMm, d.WidthMm, d.HeightMm }.OrderDescending().ToArray();
        return sides[0] > o.LongestMm || sides[0] + (2 * (sides[1] + sides[2])) > o.GirthMm;
    }

    private static string? Zone(TariffClause tariff, ShipmentToRate s)
    {
        var zone = tariff.Zones switch
        {
            null => "",
            ZoneRule.Given => string.IsNullOrEmpty(s.Zone) ? null : s.Zone,
            ZoneRule.ByLane lanes => lanes.Rows.Select((r, i) => (r.Zone, i, From: Names(r.Lane.From, s.Origin), To: Names(r.Lane.To, s.Destination))).Where(r => r is { From: >= 0, To: >= 0 })
                .OrderByDescending(r => r.From + r.To).ThenBy(r => r.i).Select(r => r.Zone).FirstOrDefault(),
            ZoneRule.ByPostcode codes => codes.Rows.FirstOrDefault(r => Within(r.From, s.Origin) && Within(r.To, s.Destination))?.Zone,
            ZoneRule.ByRegion regions => ByRegion(regions, s),
            _ => throw new InvalidOperationException(),
        };
        return zone ?? throw new RefusedException("NO_ZONE", tariff.Clause.Value);
    }

    private static string? ByRegion(ZoneRule.ByRegion rule, ShipmentToRate s)
    {
        string? Region(string place) => rule.Places.Select(p => (p.Region, Rank: Names(p.Pattern, place))).Where(p => p.Rank >= 0).OrderByDescending(p => p.Rank).Select(p => p.Region).FirstOrDefault();
        var (from, to) = (Region(s.Origin), Region(s.Destination));
        if (from is null || to is null) return null;
        return rule.Pairs.Where(p => (p.From == from || p.From == "*") && (p.To == to || p.To == "*")).OrderBy(p => (p.From == "*" ? 1 : 0) + (p.To == "*" ? 1 : 0)).FirstOrDefault()?.Zone;
    }

    // How many letters of the place the pattern names, a whole code counting more than any prefix of its length; below zero when it does not name it.
    private static int Names(string pattern, string place)
    {
        if (pattern[^1] == '*') return place.StartsWith(pattern[..^1], StringComparison.Ordinal) ? 2 * (pattern.Length - 1) : -1;
        return pattern == place ? (2 * place.Length) + 1 : -1;
    }

    private static bool Within(PostcodeRange? range, string place) =>
        range is null || (place.Length == range.First.Length && place.All(char.IsAsciiDigit) && string.CompareOrdinal(range.First, place) <= 0 && string.CompareOrdinal(place, range.Last) <= 0);

    private static T? ForService<T>(IEnumerable<T> clauses, Func<T, ImmutableArray<string>> services, string service)
        where T : class
    {
        var all = clauses.ToList();
        return all.Find(c => services(c).Contains(service, StringComparer.Ordinal)) ?? all.Find(c => services(c).IsEmpty);
    }

    private static PriceRule? PriceOf(ImmutableArray<ZoneRate> rates, string? zone) =>
        (rates.FirstOrDefault(r => r.Zones.Contains(zone!, StringComparer.Ordinal)) ?? rates.FirstOrDefault(r => r.Zones.IsEmpty))?.Price;

    // The price of a weight in major units, before rounding; null when nothing that heavy is carried.
    private static decimal? Exact(PriceRule rule, decimal kg)
    {
        switch (rule)
        {
            case PriceRule.FirstFurther p:
                var to = p.To.Kilograms;
                if (kg <= to) return p.First;
                if (p.Further is not { } further) return null;
                var excess = kg - to;
                if (further.ReadOn == TierReadOn.Graduated)
                {
                    var (sum, from) = (p.First, to);
                    foreach (var tier in further.Tiers)
                    {
                        var end = Math.Min(kg, tier.To?.Kilograms ?? kg);
                        if (end > from) (sum, from) = (sum + (tier.Price * (end - from) / further.Step.Kilograms), end);
                    }
                    return from < kg ? null : sum;
                }
                var read = further.ReadOn == TierReadOn.Excess ? excess : kg;
                var picked = further.Tiers.FirstOrDefault(t => t.To is not { } end || read <= end.Kilograms);
                return picked is null ? null : p.First + (picked.Price * excess / further.Step.Kilograms);
            case PriceRule.Brackets p:
                var lower = 0m;
                foreach (var row in p.Rows)
                {
                    if (row.To is not { } end || kg <= end.Kilograms)
                    {
                        var counted = row.PerKgOn == RoundingReadOn.Excess ? kg - lower : kg;
                        return row.Price + (row.PerKg * counted) + (row.Step is { } step ? row.PerStep * (kg - lower) / step.Kilograms : 0);
                    }
                    lower = end.Kilograms;
                }
                return null;
            default:
                throw new InvalidOperationException();
        }
    }

    private static decimal Chargeable(ImmutableArray<PieceToRate> pieces, ChargeableWeightTerms terms, ShipmentToRate s)
    {
        var kg = RoundWeight(pieces.Sum(p => p.Weight.Kilograms), terms);
        if (terms.Volumetric is { } rule)
        {
            var divisor = rule.Lanes.Select((l, i) => (l.Divisor, i, From: Names(l.Lane.From, s.Origin), To: Names(l.Lane.To, s.Destination))).Where(l => l is { From: >= 0, To: >= 0 })
                .OrderByDescending(l => l.From + l.To).ThenBy(l => l.i).Select(l => l.Divisor).FirstOrDefault(rule.Divisor);
            var cubicCm = pieces.Sum(p => p.Sides is { } d ? Cm(d.LengthMm, rule.Side) * Cm(d.WidthMm, rule.Side) * Cm(d.HeightMm, rule.Side) : 0);
            var volume = cubicCm / divisor;
            if (rule.Rounding is { } own) volume = Round(volume, own);
            if (cubicCm > 0) kg = Math.Max(kg, RoundWeight(volume, terms));
        }
        return Math.Max(kg, terms.First.Kilograms);
    }

    private static decimal Cm(int mm, SideRounding rounding) => rounding switch
    {
        SideRounding.None => mm / 10m,
        SideRounding.NearestCm => Math.Max(1, Math.Floor((mm / 10m) + 0.5m)),
        _ => Math.Ceiling(mm / 10m),
    };

    private static decimal RoundWeight(decimal kg, ChargeableWeightTerms terms)
    {
        if (terms.ReadOn == RoundingReadOn.Total) return Round(kg, terms.Rounding);
        var first = terms.First.Kilograms;
        return kg <= first ? first : first + Round(kg - first, terms.Rounding);
    }

    private static decimal Round(decimal kg, WeightRounding rounding) => rounding switch
    {
        WeightRounding.CeilStep ceil => Math.Ceiling(kg / ceil.Step.Kilograms) * ceil.Step.Kilograms,
        WeightRounding.TruncDecimals trunc => Math.Round(kg, trunc.Decimals, MidpointRounding.ToZero),
        WeightRounding.HalfUpDecimals half => Math.Round(kg, half.Decimals, MidpointRounding.AwayFromZero),
        _ => throw new InvalidOperationException(),
    };

    private decimal Round(decimal major, AmountRounding rounding)
    {
        var smallest = 1m;
        for (var i = 0; i < Decimals; i++) smallest /= 10;
        var unit = Math.Max(rounding.Unit, smallest);
        var units = major / unit;
        return unit * rounding.Mode switch
        {
            AmountRoundingMode.HalfUp => Math.Round(units, MidpointRounding.AwayFromZero),
            AmountRoundingMode.Up => Math.Ceiling(units),
            _ => Math.Floor(units),
        };
    }

    private decimal Major(long minor) => new Money(minor, version.Currency).Amount;
}
