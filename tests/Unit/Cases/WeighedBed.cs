using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using Scale = KeyAccountLogistics.Api.Custody.V1.Scale;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>A parcel with its weights, and a case that the pure rules drive; time is minutes after the morning.</summary>
internal static class WeighedBed
{
    internal static readonly Instant Morning = Instant.FromUtc(2026, 10, 12, 0, 0);
    internal static readonly Actor Client = new("client-1", Side.Client);
    internal static readonly Actor Manager = new("kam-1", Side.Carrier);
    internal static readonly Actor Head = new("head-1", Side.Carrier);
    internal static readonly DisputeTerms Say = new(DisputeParty.Client, Duration.FromDays(7), OnSilence.AutoAccept);

    internal static Instant At(double minutes) => Morning + Duration.FromMinutes(minutes);

    internal static ByteString Id(int n) => ByteString.CopyFrom(NamedId.From("test", n.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToByteArray(bigEndian: true));

    internal static string EventId(int n) => NamedId.From("weighing", n.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToString();

    /// <summary>2 kg declared, weighed at that minute, judged against the declared weight.</summary>
    internal static WeightLink Weighed(int n, double minute, long grams, BillingAnswer billing, IntegrityAnswer integrity = IntegrityAnswer.NoReference, string depot = "SHA01", string device = "scale-1") => new()
    {
        EventId = EventId(n), Purpose = WeightPurpose.Depot, MassMg = grams * 1000, AtUs = At(minute).ToUnixMicros(), Node = depot, Actor = "clerk-1", Frames = 3, ErrorMg = 10_000,
        Scale = new Scale { Device = device, Serial = "B-1", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 21_000 },
        Verdict = new WeighVerdict
        {
            Billing = billing, Integrity = integrity, HasDeclared = true, DeclaredMg = 2_000_000, DeclaredBillsMg = 2_000_000, BillsMg = billing is BillingAnswer.Over or BillingAnswer.Under ? grams * 1000 : 2_000_000,
            BillingLimitMg = 20_000, Clause = "W-2", Contract = "KA-2026-0001", ContractVersion = 1,
        },
    };

    internal static WeighedParcel Parcel(params IEnumerable<WeightLink> weights) => new(
        7, "KAL0000000017", "KA-1", "KAL0000000017",
        new ShipmentView { Waybill = "KAL0000000017", Registered = true, Account = "KA-1", Product = "standard", Origin = "SHA01", Destination = "PEK02", AcceptedAtUs = Morning.ToUnixMicros(), DeclaredMg = 2_000_000, Pieces = 1 },
        [new WeightLink { Purpose = WeightPurpose.Declared, MassMg = 2_000_000, Typed = true, AtUs = Morning.ToUnixMicros() }, .. weights.OrderBy(w => w.AtUs).ThenBy(w => w.EventId, StringComparer.Ordinal)], []);

    /// <summary>2.00 a kilogram, to the gram.</summary>
    internal static RateOutcome TwoAKilogram(string account, ShipmentToRate shipment)
    {
        var total = new Money(shipment.Pieces[0].Weight.Milligrams / 5_000, "CNY");
        return new RateOutcome.Charged("KA-2026-0001", 1, total, shipment.Pieces[0].Weight, [new KeyAccountLogistics.Contracts.Published.ChargeLine("T-3", "freight", total, "运费", "freight")], "");
    }

    internal static AccountTerms Terms(DisputeTerms? say) => new()
    {
        Account = "KA-1", NameZh = "甲", NameEn = "A", Contract = "KA-2026-0001", Version = 1, EffectiveFrom = Morning - Duration.FromDays(1), Currency = "CNY",
        Chargeable = [], Weight = new WeightTerms(ClauseId.Parse("W-2"), Mass.Zero, 0) { Dispute = say },
        Handover = HandoverTerms.Strictest,
    };

    internal static CaseDraft Draft(CaseState? state, double minute) => new(CaseKinds.Weight, ObserveParcel.IdOf("KAL0000000017"), state, At(minute));

    /// <summary>The case after the product has looked at the weights.</summary>
    internal static CaseState? Observe(CaseState? state, double minute, WeighedParcel parcel, DisputeTerms? say, PriceShipment? price = null, IReadOnlyCollection<ScaleChange>? scales = null) =>
        ObserveEntries(state, minute, parcel, say, price, scales).Now;

    internal static CaseDraft ObserveEntries(CaseState? state, double minute, WeighedParcel parcel, DisputeTerms? say, PriceShipment? price = null, IReadOnlyCollection<ScaleChange>? scales = null)
    {
        var draft = Draft(state, minute);
        var figures = WeightDispute.Of(parcel, price ?? TwoAKilogram, state is { Opened.ByHand: true });
        WeightCase.Observe(draft, f => WeightCase.Opening(parcel, Terms(say), f, byHand: false), figures, ScaleDoubts.Of(parcel.Weights, scales ?? []));
        return draft;
    }

    /// <summary>A case of one weight 500 g over the declared 2 kg: 1.00 on hold.</summary>
    internal static CaseState Opened(DisputeTerms? say = null, bool noSay = false) => Observe(null, 60, Parcel(Weighed(1, 30, 2500, BillingAnswer.Over)), noSay ? null : say ?? Say)!;

    internal static CaseDecision Run(CaseState state, double minute, CaseCommand command) => CaseLife.Run(Draft(state, minute), command);

    internal static CaseState Done(CaseState state, double minute, CaseCommand command)
    {
        var decision = Run(state, minute, command);
        decision.Refused.ShouldBeNull();
        return decision.State!;
    }

    internal static CaseCommand Step(int id, Actor actor, string step, string reason = "") => new CaseCommand.TakeStep(Id(id), actor, step, "step", reason, null);

    internal static CaseCommand Decide(int id, Actor actor, string outcome, AuthorityLimit limit, Money? amount = null, long billsMg = 0, Charge? charge = null) =>
        new CaseCommand.Decide(Id(id), actor, outcome, new Stated(amount, billsMg, charge), _ => limit, "evidence_holds", null);

    internal static Money Yuan(decimal amount) => Money.TryFromAmount(amount, "CNY")!.Value;
}
