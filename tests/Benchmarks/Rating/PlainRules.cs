using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Benchmarks.Rating;

/// <summary>
/// The baseline: what a competent developer writes first. A list of rule objects that each add their line to a context, decimals throughout, dictionaries for lanes and zones made once, no trace, no
/// sentences, refusals as a reason. It covers the clauses that the bench's contract has, and gives the same cents.
/// </summary>
internal sealed class PlainRules
{
    private readonly List<IChargeRule> _rules = [];

    internal PlainRules(ContractVersion version)
    {
        _rules.Add(new FreightRule(version.Tariffs.Single()));
        foreach (var discount in version.Discounts) _rules.Add(new DiscountRule(discount));
        foreach (var surcharge in version.Surcharges) _rules.Add(new SurchargeRule(surcharge));
        foreach (var insurance in version.Insurance) _rules.Add(new InsuranceRule(insurance));
        if (version.Cod is { } cod) _rules.Add(new CodRule(cod));
    }

    internal PlainCharge Rate(ShipmentToRate shipment)
    {
        var charge = new PlainCharge(shipment);
        foreach (var rule in _rules)
        {
            rule.Apply(charge);
            if (charge.Refused is not null) return charge;
        }
        foreach (var line in charge.Lines) charge.Total += line.Amount;
        return charge;
    }

    private interface IChargeRule
    {
        void Apply(PlainCharge charge);
    }

    internal sealed class PlainCharge(ShipmentToRate shipment)
    {
        internal ShipmentToRate Shipment { get; } = shipment;

        internal List<(string Clause, decimal Amount)> Lines { get; } = [];

        internal decimal Freight { get; set; }

        internal decimal NetFreight { get; set; }

        internal decimal ChargeableKg { get; set; }

        internal decimal Total { get; set; }

        internal string? Refused { get; set; }

        internal void Add(string clause, decimal amount) => Lines.Add((clause, amount));
    }

    private sealed class FreightRule : IChargeRule
    {
        private readonly TariffClause _tariff;
        private readonly Dictionary<(string, string), string> _lanes = [];
        private readonly Dictionary<string, PriceRule> _prices = new(StringComparer.Ordinal);
        private readonly HashSet<int> _lengths = [];

        internal FreightRule(TariffClause tariff)
        {
            _tariff = tariff;
            foreach (var row in ((ZoneRule.ByLane)tariff.Zones!).Rows)
            {
                _lanes.TryAdd((row.Lane.From, row.Lane.To), row.Zone);
                foreach (var pattern in new[] { row.Lane.From, row.Lane.To })
                {
                    if (pattern.EndsWith('*')) _lengths.Add(pattern.Length - 1);
                }
            }
            foreach (var rate in tariff.Rates)
            {
                foreach (var zone in rate.Zones) _prices.Add(zone, rate.Price);
            }
        }

        public void Apply(PlainCharge charge)
        {
            var shipment = charge.Shipment;
            if (ZoneOf(shipment.Origin, shipment.Destination) is not { } zone)
            {
                charge.Refused = "NO_ZONE";
                return;
            }
            if (!_prices.TryGetValue(zone, out var price))
            {
                charge.Refused = "NO_RATE";
                return;
            }
            charge.ChargeableKg = Chargeable(shipment);
            if (Price(price, charge.ChargeableKg) is not { } freight)
            {
                charge.Refused = "TOO_HEAVY";
                return;
            }
            charge.Freight = charge.NetFreight = Math.Round(freight, 2, MidpointRounding.AwayFromZero);
            charge.Add(_tariff.Clause.Value, charge.Freight);
        }

        // Whole codes before prefixes, long prefixes before short ones; the most specific pair wins.
        private string? ZoneOf(string origin, string destination)
        {
            string? best = null;
            var bestRank = -1;
            foreach (var (from, fromRank) in Patterns(origin))
            {
                foreach (var (to, toRank) in Patterns(destination))
                {
                    if (fromRank + toRank > bestRank && _lanes.TryGetValue((from, to), out var zone)) (best, bestRank) = (zone, fromRank + toRank);
                }
            }
            return best;
        }

        private List<(string Pattern, int Rank)> Patterns(string place)
        {
            var patterns = new List<(string, int)> { (place, (2 * place.Length) + 1) };
            foreach (var length in _lengths)
            {
                if (length <= place.Length) patterns.Add((string.Concat(place.AsSpan(0, length), "*"), 2 * length));
            }
            return patterns;
        }

        private decimal Chargeable(ShipmentToRate shipment)
        {
            var terms = _tariff.Chargeable;
            var (kg, volume) = (0m, 0m);
            foreach (var piece in shipment.Pieces)
            {
                kg += piece.Weight.Kilograms;
                if (piece.Sides is { } s) volume += Math.Round(s.LengthMm / 10m, MidpointRounding.AwayFromZero) * Math.Round(s.WidthMm / 10m, MidpointRounding.AwayFromZero) * Math.Round(s.HeightMm / 10m, MidpointRounding.AwayFromZero);
            }
            var weight = Math.Max(kg, volume / terms.Volumetric!.Divisor);
            var first = terms.First.Kilograms;
            if (weight <= first) return first;
            var step = ((WeightRounding.CeilStep)terms.Rounding).Step.Kilograms;
            return first + (Math.Ceiling((weight - first) / step) * step);
        }

        private static decimal? Price(PriceRule price, decimal kg)
        {
            if (price is PriceRule.FirstFurther first)
            {
                var to = first.To.Kilograms;
                return kg <= to ? first.First : first.First + ((kg - to) / first.Further!.Step.Kilograms * first.Further.Tiers[0].Price);
            }
            foreach (var row in ((PriceRule.Brackets)price).Rows)
            {
                if (row.To is not { } end || kg <= end.Kilograms) return row.Price + (row.PerKg * kg);
            }
            return null;
        }
    }

    private sealed class DiscountRule(DiscountClause clause) : IChargeRule
    {
        public void Apply(PlainCharge charge)
        {
            if (clause.Mark is { } mark && !charge.Shipment.Marks.Contains(mark, StringComparer.Ordinal)) return;
            var off = Math.Round(charge.Freight * clause.Percent / 100, 2, MidpointRounding.AwayFromZero);
            charge.NetFreight -= off;
            charge.Add(clause.Clause.Value, -off);
        }
    }

    private sealed class SurchargeRule(SurchargeClause clause) : IChargeRule
    {
        private readonly HashSet<string> _prefixes = clause.When is SurchargeWhen.Remote remote ? [.. remote.Places.Select(p => p.TrimEnd('*'))] : [];

        public void Apply(PlainCharge charge)
        {
            if (clause.From is not null || clause.Until is not null || clause.Price is SurchargePrice.PercentByDate)
            {
                var date = charge.Shipment.Accepted!.Value.InZone(clause.Zone).Date;
                if (date < clause.From || date > clause.Until) return;
            }
            if (!Applies(charge.Shipment)) return;
            decimal amount;
            switch (clause.Price)
            {
                case SurchargePrice.PerShipment p:
                    amount = p.Amount;
                    break;
                case SurchargePrice.PerKg p:
                    amount = p.Amount * charge.ChargeableKg;
                    break;
                case SurchargePrice.Percent p:
                    amount = charge.NetFreight * p.Value / 100;
                    break;
                case SurchargePrice.PercentByDate p:
                    var date = charge.Shipment.Accepted!.Value.InZone(clause.Zone).Date;
                    if (p.Rows.LastOrDefault(r => r.From <= date) is not { } row)
                    {
                        charge.Refused = "NO_FUEL_ROW";
                        return;
                    }
                    amount = charge.NetFreight * row.Percent / 100;
                    break;
                default:
                    throw new NotSupportedException();
            }
            charge.Add(clause.Clause.Value, Math.Round(amount, 2, MidpointRounding.AwayFromZero));
        }

        private bool Applies(ShipmentToRate shipment)
        {
            switch (clause.When)
            {
                case SurchargeWhen.Always:
                    return true;
                case SurchargeWhen.Remote:
                    return _prefixes.Contains(shipment.Destination[..2]);
                case SurchargeWhen.Marked marked:
                    return shipment.Marks.Contains(marked.Mark, StringComparer.Ordinal);
                case SurchargeWhen.Oversize over:
                    foreach (var piece in shipment.Pieces)
                    {
                        if (piece.Weight > over.Weight) return true;
                        if (piece.Sides is { } s && Math.Max(s.LengthMm, Math.Max(s.WidthMm, s.HeightMm)) > over.LongestMm) return true;
                    }
                    return false;
                default:
                    return false;
            }
        }
    }

    private sealed class InsuranceRule(InsuranceClause clause) : IChargeRule
    {
        public void Apply(PlainCharge charge)
        {
            if (charge.Shipment.DeclaredValueMinor is not { } minor) return;
            var declared = minor / 100m;
            foreach (var row in clause.Ordinary)
            {
                if (row.To is { } to && declared > to) continue;
                charge.Add(clause.Clause.Value, Math.Round(Math.Max(row.Price + (declared * row.PerMille / 1_000), row.Minimum), 0, MidpointRounding.AwayFromZero));
                return;
            }
            charge.Refused = "INSURED_TOO_HIGH";
        }
    }

    private sealed class CodRule(CodClause clause) : IChargeRule
    {
        public void Apply(PlainCharge charge)
        {
            if (charge.Shipment.CodMinor is not { } minor) return;
            charge.Add(clause.Clause.Value, Math.Round(Math.Max(minor / 100m * clause.Percent / 100, clause.Minimum), 2, MidpointRounding.AwayFromZero));
        }
    }
}
