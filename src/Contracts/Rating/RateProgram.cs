using System.Collections.Frozen;
using System.Numerics;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>One line of a charge as numbers; texts are made from it when somebody reads it.</summary>
/// <param name="Kind">The kind of line.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Minor">The amount, minor units; negative for a discount.</param>
/// <param name="X">What the rule was asked for.</param>
/// <param name="Rule">The rule that gave the amount; null for the sum of pieces.</param>
internal readonly record struct RatedLine(ChargeKind Kind, string Clause, long Minor, long X, AmountRule? Rule);

/// <summary>What rating found, as numbers: a price with so many lines, or a refusal with what was known by then.</summary>
/// <param name="Refusal">Why there is no price; <see cref="RateRefusal.None"/> when there is one.</param>
/// <param name="Clause">The clause that refuses; null for none.</param>
/// <param name="TotalMinor">The sum of the lines.</param>
/// <param name="BillsMg">The chargeable weight.</param>
/// <param name="Basis">What made it so.</param>
/// <param name="Zone">The zone; null without.</param>
/// <param name="Lines">How many lines were written.</param>
internal readonly record struct RateResult(RateRefusal Refusal, string? Clause, long TotalMinor, long BillsMg, ChargeBasis Basis, string? Zone, int Lines)
{
    internal bool IsCharged => Refusal == RateRefusal.None;
}

/// <summary>
/// A contract version compiled into what rates a parcel: integers and look-ups, nothing to interpret. Immutable, safe to share between threads. Rating allocates nothing and never throws, whatever the
/// shipment says.
/// </summary>
internal sealed class RateProgram
{
    private readonly FrozenDictionary<string, ServiceProgram> _services;
    private readonly ServiceProgram _otherService;
    private readonly CodRule? _cod;
    private readonly FreightCollectRule? _freightCollect;
    private readonly Instant? _from;
    private readonly Instant? _until;

    private RateProgram(ContractVersion version, bool anyMoment)
    {
        Version = version;
        Decimals = Money.Zero(version.Currency).Decimals;
        _services = ServiceProgram.Named(version).ToFrozenDictionary(s => s, s => new ServiceProgram(version, s, Decimals), StringComparer.Ordinal);
        _otherService = new ServiceProgram(version, null, Decimals);
        _cod = version.Cod is { } cod ? new CodRule(cod, Decimals) : null;
        _freightCollect = version.FreightCollect is { } collect ? new FreightCollectRule(collect, Decimals) : null;
        if (!anyMoment) (_from, _until) = (version.EffectiveFrom, version.EffectiveUntil);
        LinesMax = _services.Values.Append(_otherService).Max(s => s.LinesMax);
        TraceHead = TraceJson.Head(version);
    }

    internal ContractVersion Version { get; }

    /// <summary>Decimals of the currency.</summary>
    internal int Decimals { get; }

    /// <summary>Room for the lines of any charge.</summary>
    internal int LinesMax { get; }

    internal byte[] TraceHead { get; }

    /// <summary>
    /// Compiles a version that its reader found good. With <paramref name="anyMoment"/> its dates of force are not looked at: a draft beside a past period. Clauses dated in themselves are.
    /// </summary>
    internal static RateProgram Compile(ContractVersion version, bool anyMoment = false) => new(version, anyMoment);

    /// <summary>
    /// Rates a shipment: writes the lines and gives the sum, or the refusal. <paramref name="lines"/> has room for <see cref="LinesMax"/>. With a <paramref name="trace"/>, which begins anew, every
    /// input and step is recorded in it; what it holds after a refusal is of no use.
    /// </summary>
    internal RateResult Rate(ShipmentToRate shipment, Span<RatedLine> lines, RateSteps? trace = null)
    {
        if (!_services.TryGetValue(shipment.Service, out var service)) service = _otherService;
        if (service.Tariff is not { } tariff) return No(RateRefusal.NoService, null);
        var ticks = TickSpan.Unknown;
        if (shipment.Accepted is { } accepted)
        {
            if (accepted < _from || accepted >= _until) return No(RateRefusal.NotInForce, null);
            ticks = accepted.ToUnixTimeTicks();
        }
        if (shipment.Pieces.IsDefaultOrEmpty || shipment.Pieces.Length > WeighRule.PiecesMax) return No(RateRefusal.OutOfRange, null);
        trace?.Begin(TraceHead, shipment);

        if (!tariff.TryPrice(shipment, trace, out var zone, out var price)) return No(RateRefusal.NoZone, tariff.Clause);
        var bill = new Bill(lines, trace, shipment) { Zone = zone };
        if (price is null) return bill.No(RateRefusal.NoRate, tariff.Clause);
        if (Freight(ref bill, tariff, price) is not RateRefusal.None and var heavy) return bill.No(heavy, tariff.Clause);

        if (shipment.Returned && WayBackCosts(shipment) && WayOn(ref bill, tariff, service.WayBack, RateRefusal.NoReturn) is not RateRefusal.None and var back)
            return bill.No(back, service.WayBack?.Clause);
        if (shipment.Redirected && WayOn(ref bill, tariff, service.Redirect, RateRefusal.NoRedirect) is not RateRefusal.None and var on) return bill.No(on, service.Redirect?.Clause);
        foreach (var discount in service.Discounts)
        {
            if (discount.Mark is { } mark && !ExtraTerms.IsMarked(shipment, mark)) continue;
            if (discount.Span.IsDated && ticks == TickSpan.Unknown) return bill.No(RateRefusal.NoAcceptance, discount.Amount.Terms.Clause);
            if (discount.Span.Holds(ticks) && !bill.Discount(discount.Amount)) return bill.No(RateRefusal.OutOfRange, discount.Amount.Terms.Clause);
        }
        var surcharges = service.Surcharges;
        for (var may = service.Choice.At(shipment); may != 0; may &= may - 1)
        {
            var surcharge = surcharges[BitOperations.TrailingZeroCount(may)];
            if (Surcharge(ref bill, surcharge, ticks) is not RateRefusal.None and var why) return bill.No(why, surcharge.Clause);
        }
        for (var i = SurchargeChoice.Most; i < surcharges.Length; i++)
        {
            if (Surcharge(ref bill, surcharges[i], ticks) is not RateRefusal.None and var why) return bill.No(why, surcharges[i].Clause);
        }
        return Extras(ref bill, service);
    }

    private static RateResult No(RateRefusal why, string? clause) => new(why, clause, 0, 0, default, null, 0);

    // A consignee who refuses freight-collect: whether the shipper pays the way back is that clause's business.
    private bool WayBackCosts(ShipmentToRate shipment) => !(shipment.FreightCollect && _freightCollect is { WayBackIsFree: true });

    private static RateRefusal Freight(ref Bill bill, TariffRule tariff, PriceTable price)
    {
        var shipment = bill.Shipment;
        var divisor = tariff.Weigh.DivisorFor(shipment.Origin, shipment.Destination);
        if (!tariff.PieceByPiece)
        {
            bill.BillsMg = Weigh(ref bill, tariff, 0, shipment.Pieces.Length, divisor);
            if (bill.BillsMg < 0) return RateRefusal.OutOfRange;
        }
        else
        {
            for (var i = 0; i < shipment.Pieces.Length; i++)
            {
                var bills = Weigh(ref bill, tariff, i, 1, divisor);
                if (bills < 0) return RateRefusal.OutOfRange;
                bill.BillsMg += bills;
            }
        }
        bill.Divisor = divisor;
        if (!tariff.PieceByPiece || price.ByPieces) return Price(ref bill, price, ref bill.Freight);
        return Pieces(ref bill, tariff, tariff.PiecePrices!.For(bill.Zone)!, tariff.Sum, ChargeKind.Freight, ref bill.Freight);
    }

    private static RateRefusal Price(ref Bill bill, PriceTable price, ref long minor)
    {
        if (price.At(bill.BillsMg) is not { } rule) return RateRefusal.TooHeavy;
        return bill.Add(rule, price.ByPieces ? bill.Shipment.Pieces.Length : bill.BillsMg, out minor) ? RateRefusal.None : RateRefusal.OutOfRange;
    }

    private static RateRefusal Pieces(ref Bill bill, TariffRule tariff, PriceTable price, SumRule sum, ChargeKind kind, ref long minor)
    {
        var total = 0L;
        for (var i = 0; i < bill.Shipment.Pieces.Length; i++)
        {
            var (actual, volume) = (0L, 0L);
            _ = tariff.Weigh.TryAdd(bill.Shipment.Pieces[i], ref actual, ref volume);
            var bills = tariff.Weigh.Bills(actual, volume, bill.Divisor, out _);
            if (price.At(bills) is not { } rule) return RateRefusal.TooHeavy;
            if (!rule.TryAt(bills, out var amount) || total > AmountRule.AmountMax - amount) return RateRefusal.OutOfRange;
            total += amount;
            bill.Trace?.Amount(rule, bills, amount);
        }
        minor = sum.AtLeast(total);
        bill.Trace?.Sum(sum, minor);
        bill.AddSum(kind, sum.Clause, minor);
        return RateRefusal.None;
    }

    // The chargeable weight of some pieces together; below zero when one of them cannot be a piece.
    private static long Weigh(ref Bill bill, TariffRule tariff, int from, int count, int divisor)
    {
        var (actual, volume) = (0L, 0L);
        for (var i = from; i < from + count; i++)
        {
            if (!tariff.Weigh.TryAdd(bill.Shipment.Pieces[i], ref actual, ref volume)) return -1;
        }
        var bills = tariff.Weigh.Bills(actual, volume, divisor, out var basis);
        if (bills > WeighRule.WeightMaxMg) return -1;
        bill.Basis = count == bill.Shipment.Pieces.Length ? basis : ChargeBasis.Actual;
        bill.Trace?.Weigh(tariff.Weigh, from, count, actual, volume, divisor, bills);
        return bills;
    }

    private static RateRefusal WayOn(ref Bill bill, TariffRule tariff, ReturnRule? rule, RateRefusal none)
    {
        if (rule is null) return none;
        var minor = 0L;
        if (rule.Percent is { } percent) return bill.Add(percent, bill.Freight, out minor) ? RateRefusal.None : RateRefusal.OutOfRange;
        if (rule.Prices!.For(bill.Zone) is not { } price) return RateRefusal.NoRate;
        if (!tariff.PieceByPiece || price.ByPieces) return Price(ref bill, price, ref minor);
        return Pieces(ref bill, tariff, rule.PiecePrices!.For(bill.Zone)!, rule.Sum!, rule.Kind, ref minor);
    }

    private static RateRefusal Surcharge(ref Bill bill, SurchargeRule surcharge, long ticks)
    {
        if (ticks != TickSpan.Unknown && !surcharge.Span.Holds(ticks)) return RateRefusal.None;
        if (surcharge.Pieces(bill.Shipment) is var pieces && pieces == 0) return RateRefusal.None;
        if ((surcharge.Span.IsDated || surcharge.IsByDate) && ticks == TickSpan.Unknown) return RateRefusal.NoAcceptance;
        if (surcharge.At(ticks) is not { } rule) return RateRefusal.NoFuelRow;
        var x = rule.Terms.Basis switch
        {
            AmountBasis.NetFreight => bill.NetFreight,
            AmountBasis.Weight => bill.BillsMg,
            AmountBasis.Pieces => pieces,
            _ => 0,
        };
        return bill.Add(rule, x, out _) ? RateRefusal.None : RateRefusal.OutOfRange;
    }

    private RateResult Extras(ref Bill bill, ServiceProgram service)
    {
        var shipment = bill.Shipment;
        if (shipment.DeclaredValueMinor is { } declared)
        {
            if (service.Insurance is not { } insurance) return bill.No(RateRefusal.NotInsurable, null);
            if (declared <= 0) return bill.No(RateRefusal.OutOfRange, insurance.Clause);
            if (insurance.At(declared, shipment.Fragile) is not { } fee) return bill.No(RateRefusal.InsuredTooHigh, insurance.Clause);
            if (!bill.Add(fee, declared, out _)) return bill.No(RateRefusal.OutOfRange, insurance.Clause);
        }
        if (shipment.CodMinor is { } cash)
        {
            if (_cod is not { } cod) return bill.No(RateRefusal.NoCod, null);
            if (cash <= 0) return bill.No(RateRefusal.OutOfRange, cod.Clause);
            if (cash > cod.Highest) return bill.No(RateRefusal.CodTooHigh, cod.Clause);
            if (!bill.Add(cod.Fee, cash, out _)) return bill.No(RateRefusal.OutOfRange, cod.Clause);
        }
        if (shipment.FreightCollect)
        {
            if (_freightCollect is not { } collect) return bill.No(RateRefusal.NoFreightCollect, null);
            if (collect.Fee is { } fee && !bill.Add(fee, 0, out _)) return bill.No(RateRefusal.OutOfRange, collect.Clause);
        }
        bill.Trace?.End(bill.Total);
        return new RateResult(RateRefusal.None, null, bill.Total, bill.BillsMg, bill.Basis, bill.Zone, bill.Count);
    }

    /// <summary>A bill while it is written.</summary>
    private ref struct Bill(Span<RatedLine> lines, RateSteps? trace, ShipmentToRate shipment)
    {
        private readonly Span<RatedLine> _lines = lines;

        internal long Freight;

        internal readonly RateSteps? Trace => trace;

        internal readonly ShipmentToRate Shipment => shipment;

        internal string? Zone { get; init; }

        internal long BillsMg { get; set; }

        internal int Divisor { get; set; }

        internal ChargeBasis Basis { get; set; }

        internal long Discounts { get; private set; }

        internal long Total { get; private set; }

        internal int Count { get; private set; }

        internal readonly long NetFreight => Freight - Discounts;

        internal bool Add(AmountRule rule, long x, out long minor)
        {
            if (!rule.TryAt(x, out minor)) return false;
            trace?.Amount(rule, x, minor);
            Write(new RatedLine(rule.Terms.Line, rule.Terms.Clause, minor, x, rule));
            return true;
        }

        /// <summary>Takes a discount off the freight; several never take more than there is.</summary>
        internal bool Discount(AmountRule rule)
        {
            if (!rule.TryAt(Freight, out var minor)) return false;
            minor = Math.Min(minor, NetFreight);
            Discounts += minor;
            trace?.Amount(rule, Freight, -minor);
            Write(new RatedLine(ChargeKind.Discount, rule.Terms.Clause, -minor, Freight, rule));
            return true;
        }

        internal void AddSum(ChargeKind kind, string clause, long minor) => Write(new RatedLine(kind, clause, minor, shipment.Pieces.Length, null));

        internal readonly RateResult No(RateRefusal why, string? clause) => new(why, clause, 0, BillsMg, Basis, Zone, 0);

        private void Write(RatedLine line)
        {
            _lines[Count++] = line;
            Total += line.Minor;
        }
    }
}
