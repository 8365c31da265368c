using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;
using NodaTime.Text;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Writing;

/// <summary>
/// A version as the document it would be read from: everything said, nothing left to a default, tables inline, one order. Both the YAML for people and
/// the JSON that is hashed are printed from it, so they cannot disagree.
/// </summary>
internal static class ContractNodes
{
    // A fixed offset, not a time zone: what is signed must not depend on a table of zones that is updated.
    private static readonly Offset ChinaTime = Offset.FromHours(8);
    private static readonly OffsetDateTimePattern AtPattern = OffsetDateTimePattern.Rfc3339;

    internal static TermsNode.Map Of(ContractVersion v)
    {
        var money = new Figures(Money.Zero(v.Currency).Decimals);
        return Map(
            ("contract", Text(v.Contract)),
            ("version", Number(v.Version)),
            ("account", Text(v.Account)),
            ("name", Map(("zh", Text(v.NameZh)), ("en", Text(v.NameEn)))),
            ("effective", v.EffectiveFrom is null && v.EffectiveUntil is null ? null : Map(("from", At(v.EffectiveFrom)), ("until", At(v.EffectiveUntil)))),
            ("currency", Text(v.Currency)),
            ("renewal", v.Renewal is not { } r ? null : Map(("id", Id(r.Clause)), ("automatic", Text(r.Automatic ? "true" : "false")), ("months", Number(r.Months)), ("notice_days", Number(r.NoticeDays)))),
            ("tariff", List(v.Tariffs.OrderBy(t => t.Clause.Value, StringComparer.Ordinal), t => Tariff(t, money))),
            ("returns", List(v.Returns, r => Map(
                ("id", Id(r.Clause)),
                ("kind", Word(ReturnWords, r.Kind)),
                ("services", Texts(r.Services)),
                ("percent_of_forward", r.PercentOfForward is { } p ? Plain(p) : null),
                ("rates", Rates(r.Rates, money)),
                ("amount_rounding", Rounding(r.Rounding, money))))),
            ("surcharges", List(v.Surcharges, s => Surcharge(s, money))),
            ("discounts", List(v.Discounts, d => Map(
                [("id", Id(d.Clause)), ("percent", Plain(d.Percent)), ("services", Texts(d.Services)), ("mark", d.Mark is { } m ? Text(m) : null), .. Dates(d.From, d.Until, d.Zone, dated: false)]))),
            ("insurance", List(v.Insurance, i => Map(
                ("id", Id(i.Clause)),
                ("services", Texts(i.Services)),
                ("ordinary", InsuranceRows(i.Ordinary, money)),
                ("fragile", InsuranceRows(i.Fragile, money)),
                ("maximum", money.Amount(i.Maximum)),
                ("amount_rounding", Rounding(i.Rounding, money))))),
            ("cod", v.Cod is not { } cod ? null : Map(
                ("id", Id(cod.Clause)),
                ("percent", Plain(cod.Percent)),
                ("minimum", money.Amount(cod.Minimum)),
                ("maximum", money.Amount(cod.Maximum)),
                ("highest_amount", money.Amount(cod.HighestAmount)),
                ("remit", Remit(cod.Remit)),
                ("cut_off", Text(TermsText.Write(cod.CutOff))),
                ("amount_rounding", Rounding(cod.Rounding, money)))),
            ("freight_collect", v.FreightCollect is not { } fc ? null : Map(
                ("id", Id(fc.Clause)), ("fee", money.Amount(fc.Fee)), ("refused", Word(RefusedWords, fc.Refused)), ("amount_rounding", Rounding(fc.Rounding, money)))),
            ("rebates", List(v.Rebates, r => Map(
                ("id", Id(r.Clause)),
                ("period", Word(PeriodWords, r.Period)),
                ("basis", Word(BasisWords, r.Basis)),
                ("mode", Word(RebateWords, r.Mode)),
                ("services", Texts(r.Services)),
                ("mark", r.Mark is { } m ? Text(m) : null),
                ("tiers", List(r.Tiers, t => Map(("from", Basis(t.From, r.Basis, money)), ("percent", Plain(t.Percent))))),
                ("amount_rounding", Rounding(r.Rounding, money))))),
            ("commitments", List(v.Commitments, c => Map(
                ("id", Id(c.Clause)),
                ("period", Word(PeriodWords, c.Period)),
                ("basis", Word(BasisWords, c.Basis)),
                ("at_least", Basis(c.AtLeast, c.Basis, money)),
                ("per_missing", c.Basis == VolumeBasis.Freight ? Plain(c.PerMissing) : money.Amount(c.PerMissing)),
                ("amount_rounding", Rounding(c.Rounding, money))))),
            ("price_lock", v.PriceLock is not { } l ? null : Map(("id", Id(l.Clause)), ("until", Text(Clauses.Write(l.Until))))),
            ("guard", v.Guard is not { } g ? null : Map(("id", Id(g.Clause)), ("discount_most", Plain(g.DiscountMost)), ("margin_least", g.MarginLeast is { } least ? Plain(least) : null))),
            ("credit", v.Credit is not { } k ? null : Map(
                ("id", Id(k.Clause)), ("bill_day", Number(k.BillDay)), ("due_days", Number(k.DueDays)), ("limit", money.Amount(k.Limit)), ("dispute_days", Number(k.DisputeDays)))),
            ("weight", Weight(v.Weight)),
            ("handover", Handover(v.Handover, v.Currency, money)),
            ("promise", v.Promise is { } promise ? Promise(promise) : null),
            ("dispatch", v.Dispatch is not { } d ? null : Map(("id", Id(d.Clause)), ("priority", Word(TermsText.PriorityWords, d.Priority)), ("delivery", Flags(TermsText.ConstraintWords, w => d.Delivery.HasFlag(w))))),
            ("service", v.Service is { } service ? Service(service) : null),
            ("obligations", List(v.Obligations, o => Map(
                ("id", Id(o.Clause)),
                ("by", Word(PartyWords, o.By)),
                ("what", Map(("zh", Text(o.Zh)), ("en", Text(o.En)))),
                ("every", Word(PeriodWords, o.Every)),
                ("due_day", Number(o.DueDay))))));
    }

    private static TermsNode.Map Tariff(TariffClause t, Figures money) => Map(
        ("id", Id(t.Clause)),
        ("services", Texts(t.Chargeable.Services)),
        ("zones", t.Zones is { } zones ? Zones(zones) : null),
        ("least", Mass(t.Chargeable.First)),
        ("rounding", WeightRule(t.Chargeable.Rounding, t.Chargeable.ReadOn)),
        ("volumetric", t.Chargeable.Volumetric is not { } v ? null : Map(
            ("divisor", Number(v.Divisor)),
            ("side", Word(TermsText.SideWords, v.Side)),
            ("weight", v.Rounding is { } own ? WeightRule(own, null) : null),
            ("lanes", List(v.Lanes, l => Map(("from", Text(l.Lane.From)), ("to", Text(l.Lane.To)), ("divisor", Number(l.Divisor))))))),
        ("rates", Rates(t.Rates, money)),
        ("pieces", Word(PieceWords, t.Pieces)),
        ("minimum", money.Amount(t.Minimum)),
        ("amount_rounding", Rounding(t.Rounding, money)));

    private static TermsNode.Map WeightRule(WeightRounding rounding, RoundingReadOn? readOn)
    {
        var part = readOn is { } on ? Word(TermsText.ReadOnWords, on) : null;
        return rounding switch
        {
            WeightRounding.CeilStep ceil => Map(("mode", Text("CeilStep")), ("step", Mass(ceil.Step)), ("read_on", part)),
            WeightRounding.TruncDecimals trunc => Map(("mode", Text("TruncDecimals")), ("decimals", Number(trunc.Decimals)), ("read_on", part)),
            WeightRounding.HalfUpDecimals halfUp => Map(("mode", Text("HalfUpDecimals")), ("decimals", Number(halfUp.Decimals)), ("read_on", part)),
            _ => throw new InvariantBrokenException("A weight is rounded in one of three ways.", rounding.GetType().Name),
        };
    }

    private static TermsNode.Map Zones(ZoneRule rule) => rule switch
    {
        ZoneRule.Given => Map(("by", Text("given"))),
        ZoneRule.ByLane lanes => Map(("by", Text("lane")), ("rows", List(lanes.Rows, r => Map(("from", Text(r.Lane.From)), ("to", Text(r.Lane.To)), ("zone", Text(r.Zone)))))),
        ZoneRule.ByPostcode codes => Map(("by", Text("postcode")), ("rows", List(codes.Rows, r => Map(
            ("from", r.From is { } from ? Text(Write(from)) : null), ("to", r.To is { } to ? Text(Write(to)) : null), ("zone", Text(r.Zone)))))),
        ZoneRule.ByRegion regions => Map(
            ("by", Text("region")),
            ("regions", List(regions.Places, p => Map(("place", Text(p.Pattern)), ("region", Text(p.Region))))),
            ("pairs", List(regions.Pairs, p => Map(("from", Text(p.From)), ("to", Text(p.To)), ("zone", Text(p.Zone)))))),
        _ => throw new InvariantBrokenException("A zone is found in one of four ways.", rule.GetType().Name),
    };

    private static TermsNode.List? Rates(ImmutableArray<ZoneRate> rates, Figures money) => List(
        rates.OrderBy(r => r.Zones.IsEmpty ? 1 : 0).ThenBy(r => r.Zones.IsEmpty ? "" : r.Zones.Min(StringComparer.Ordinal), StringComparer.Ordinal),
        r => Map([("zones", Texts(r.Zones)), .. Price(r.Price, money)]));

    private static IEnumerable<(string, TermsNode?)> Price(PriceRule price, Figures money) => price switch
    {
        PriceRule.FirstFurther f =>
        [
            ("first", Map(("to", Mass(f.To)), ("price", money.Amount(f.First)))),
            ("further", f.Further is not { } further ? null : Map(
                ("step", Mass(further.Step)),
                ("tier_read_on", Word(TierWords, further.ReadOn)),
                ("price", further.Tiers is [{ To: null } only] ? money.Amount(only.Price) : null),
                ("tiers", further.Tiers is [{ To: null }] ? null : List(further.Tiers, t => Map(("to", Mass(t.To)), ("price", money.Amount(t.Price))))))),
        ],
        PriceRule.Brackets b => [("brackets", List(b.Rows, r => Map(
            ("to", Mass(r.To)),
            ("price", money.Amount(r.Price)),
            ("per_kg", money.Amount(r.PerKg)),
            ("per_kg_on", Word(TermsText.ReadOnWords, r.PerKgOn)),
            ("step", Mass(r.Step)),
            ("per_step", r.Step is null ? null : money.Amount(r.PerStep)))))],
        PriceRule.PerParcel p => [("per_parcel", money.Amount(p.Price))],
        _ => throw new InvariantBrokenException("A price is of one of three kinds.", price.GetType().Name),
    };

    private static TermsNode.Map Surcharge(SurchargeClause s, Figures money)
    {
        (string, TermsNode?) when = s.When switch
        {
            SurchargeWhen.Always => ("remote", null),
            SurchargeWhen.Remote r => ("remote", Map(("places", Texts(r.Places)), ("ends", Word(EndWords, r.Ends)))),
            SurchargeWhen.Oversize o => ("oversize", Map(("longest", LengthOf(o.LongestMm)), ("girth", LengthOf(o.GirthMm)), ("weight", Mass(o.Weight)))),
            SurchargeWhen.Marked m => ("marked", Text(m.Mark)),
            _ => throw new InvariantBrokenException("A surcharge applies on one of four occasions.", s.When.GetType().Name),
        };
        (string, TermsNode?) price = s.Price switch
        {
            SurchargePrice.PerShipment p => ("per_shipment", money.Amount(p.Amount)),
            SurchargePrice.PerPiece p => ("per_piece", money.Amount(p.Amount)),
            SurchargePrice.PerKg p => ("per_kg", money.Amount(p.Amount)),
            SurchargePrice.Percent p => ("percent", Plain(p.Value)),
            SurchargePrice.PercentByDate p => ("fuel", Map(("at", Text("acceptance")), ("rows", List(p.Rows, r => Map(("from", Text(Clauses.Write(r.From))), ("percent", Plain(r.Percent))))))),
            _ => throw new InvariantBrokenException("A surcharge is priced in one of five ways.", s.Price.GetType().Name),
        };
        return Map([("id", Id(s.Clause)), when, price, ("services", Texts(s.Services)), .. Dates(s.From, s.Until, s.Zone, s.Price is SurchargePrice.PercentByDate), ("amount_rounding", Rounding(s.Rounding, money))]);
    }

    // Without any date the zone says nothing, and two versions do not differ by it.
    private static IEnumerable<(string, TermsNode?)> Dates(LocalDate? from, LocalDate? until, DateTimeZone zone, bool dated) =>
        [("from", from is { } f ? Text(Clauses.Write(f)) : null), ("until", until is { } u ? Text(Clauses.Write(u)) : null), ("time_zone", dated || from is not null || until is not null ? Text(zone.Id) : null)];

    private static TermsNode.List? InsuranceRows(ImmutableArray<InsuranceRow> rows, Figures money) => List(rows, r => Map(
        ("to", money.Amount(r.To)), ("price", money.Amount(r.Price)), ("per_mille", Plain(r.PerMille)), ("minimum", money.Amount(r.Minimum))));

    private static TermsNode.Map Remit(RemitCycle remit) => remit switch
    {
        RemitCycle.WorkingDays days => Map(("working_days", Number(days.Days))),
        RemitCycle.Weekly weekly => Map(("weekly", Word(DayWords, weekly.On))),
        _ => throw new InvariantBrokenException("Money is remitted in one of two ways.", remit.GetType().Name),
    };

    private static TermsNode.Map Weight(WeightTerms w) => Map(
        ("id", Id(w.Clause)),
        ("absolute", Mass(w.Absolute)),
        ("percent", Plain(w.Percent)),
        ("dispute_by", w.Dispute is { } by ? Word(TermsText.DisputeWords, by.By) : null),
        ("within", w.Dispute is { } within ? Text(TermsText.Write(within.Within)) : null),
        ("else", w.Dispute is { } silence ? Word(TermsText.SilenceWords, silence.OnSilence) : null));

    private static TermsNode.Map Handover(HandoverTerms h, string currency, Figures money) => Map(
        ("id", Id(h.Clause)),
        ("insured_from", h.InsuredFrom is { } from ? money.Amount(new Money(from, currency).Amount) : null),
        ("insured", Flags(TermsText.InsuredWords, w => h.Insured.HasFlag(w), evenEmpty: true)),
        ("touch", Word(TermsText.TouchWords, h.Touch)),
        ("delivery", h.DeliveryProofs.IsEmpty ? null : Map([.. h.DeliveryProofs.Select(p => (TermsText.WordOf(TermsText.RiskWords, p.Key), (TermsNode?)Flags(TermsText.ProofWords, w => p.Value.HasFlag(w), evenEmpty: true)))])));

    private static TermsNode.Map Promise(PromiseTerms p) => Map(
        ("id", Id(p.Clause)),
        ("cut_off", Text(TermsText.Write(p.CutOff))),
        ("calendar", Text(p.CalendarRegion)),
        ("zone", Text(p.Zone)),
        ("transit", List(p.Transit, t => Map(("from", Text(t.Lane.From)), ("to", Text(t.Lane.To)), ("days", Number(t.WorkingDays))))),
        ("by", p.By is { } by ? Text(TermsText.Write(by)) : null),
        ("decided_by", Word(TermsText.DecidedByWords, p.DecidedBy)),
        ("gates", List(p.Gates, g => Map(
            ("gate", Word(TermsText.GateWords, g.Kind)), (g.From == GateCount.AfterAcceptance ? "after" : "before", Number(g.Days)), ("by", Text(TermsText.Write(g.By)))))));

    private static TermsNode.Map Service(ServiceClause s) => Map(
        ("id", Id(s.Clause)),
        ("weights", Map([.. s.Weights.OrderBy(w => "TQCSO".IndexOf(w.Key, StringComparison.Ordinal)).Select(w => (w.Key, (TermsNode?)Plain(w.Value)))])),
        ("sqi_profile", Text(s.SqiProfile)),
        ("indicators", List(s.Indicators.OrderBy(i => i.Code, StringComparer.Ordinal), i => Map(
            ("code", Text(i.Code)),
            ("target", Plain(i.Target)),
            ("threshold", Plain(i.Threshold)),
            ("floor", Plain(i.Floor)),
            ("weight", i.Weight is { } weight ? Plain(weight) : null),
            ("minimum_sample", i.MinimumSample is { } sample ? Number(sample) : null)))));

    private static TermsNode.Map Rounding(AmountRounding r, Figures money) => Map(("unit", money.Amount(r.Unit)), ("mode", Word(RoundingWords, r.Mode)));

    private static TermsNode.Text? Basis(decimal number, VolumeBasis basis, Figures money) => basis == VolumeBasis.Freight ? money.Amount(number) : Plain(number);

    private static TermsNode.Text? Mass(Mass? mass) => mass is { } m ? Text(PricesReader.WriteMass(m)) : null;

    private static TermsNode.Text? LengthOf(int? mm) => mm is { } length ? Text(WriteLength(length)) : null;

    private static TermsNode.Text? At(Instant? instant) => instant is { } at ? Text(AtPattern.Format(at.WithOffset(ChinaTime))) : null;

    private static TermsNode.Text Id(ClauseId clause) => Text(clause.Value);

    private static TermsNode.Text Number(long number) => Text(number.ToString(CultureInfo.InvariantCulture));

    private static TermsNode.Text Plain(decimal number) => Text(TermsText.Write(number));

    private static TermsNode.Text Word<T>(IReadOnlyDictionary<string, T> words, T value)
        where T : struct, Enum => Text(TermsText.WordOf(words, value));

    private static TermsNode.List? Flags<T>(IReadOnlyDictionary<string, T> words, Func<T, bool> holds, bool evenEmpty = false)
    {
        var items = words.Where(w => holds(w.Value)).Select(TermsNode (w) => Text(w.Key)).ToImmutableArray();
        return items.IsEmpty && !evenEmpty ? null : new TermsNode.List(items, null);
    }

    private static TermsNode.List? Texts(ImmutableArray<string> texts) => texts.IsEmpty ? null : new TermsNode.List([.. texts.Order(StringComparer.Ordinal).Select(Text)], null);

    private static TermsNode.List? List<T>(IEnumerable<T> items, Func<T, TermsNode> node)
    {
        var nodes = items.Select(node).ToImmutableArray();
        return nodes.IsEmpty ? null : new TermsNode.List(nodes, null);
    }

    private static TermsNode.Text Text(string text) => new(text, null);

    private static TermsNode.Map Map(params IEnumerable<(string Key, TermsNode? Value)> entries) =>
        new([.. entries.Where(e => e.Value is not null).Select(e => new TermsEntry(e.Key, null, e.Value!))], null);

    /// <summary>Amounts with the decimals of their currency, or more where they have more.</summary>
    private readonly struct Figures(int decimals)
    {
        private readonly string _format = decimals == 0 ? "0.############" : "0." + new string('0', decimals) + "############";

        internal TermsNode.Text Amount(decimal amount) => Text(amount.ToString(_format, CultureInfo.InvariantCulture));

        internal TermsNode.Text? Amount(decimal? amount) => amount is { } known ? Amount(known) : null;
    }
}
