using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>One thing that a courier tells his phone at a door.</summary>
/// <param name="Key">Which step, within the door.</param>
/// <param name="Make">The fact; what it is given is the consent recorded at this door, empty without one.</param>
internal sealed record Step(string Key, Func<ByteString, ParcelEvent> Make);

/// <summary>What a courier tells his phone of a parcel's door, by what happens there. A door is told in full with each visit: what is on record already is left out by the teller.</summary>
internal static class DoorScript
{
    internal const string Consent = "consent";
    private static readonly ByteString Picture = ByteString.CopyFrom(new byte[32]);

    internal static List<Step> Of(SimParcel p)
    {
        var wrong = !p.Corrected;
        return p.Ending switch
        {
            Ending.Delivered => Delivery(p, wrong),
            Ending.ToAgent => [.. ConsentTo(p, "agent", wrong), new Step("delivered", consent => Delivered(p, HandedTo.Agent, consent, signed: true, offered: true))],
            Ending.Locker => [.. ConsentTo(p, "locker", wrong), new Step("locker", consent => InLocker(p, consent))],
            Ending.AbsentThenDelivered => [Attempt(p, wrong, "try_again"), .. p.Visits > 1 ? Delivery(p, wrong: false) : []],
            Ending.Absent => [Attempt(p, wrong, "hold")],
            Ending.Refused => [RefusedBy(p)],
            Ending.PaidThenRefused => [Money(p, p.Cod), RefusedBy(p)],
            Ending.FreightRefused => [new Step("freight_refused", _ => FreightRefused(p)), RefusedBy(p)],
            Ending.CodesLocked => [.. Enumerable.Range(1, 5).Select(i => WrongCode(p, i)), wrong ? Delivery(p, wrong: false)[^1] : Failed(p, "attempt", "code_locked", "hold")],
            _ => [],
        };
    }

    internal static ParcelEvent PickedUp(SimOrder order) => new()
    {
        Kind = EventKind.PickupDone, Reference = order.Id, Door = new DoorVisit { Parcels = order.Parcels, Identity = "agreement", InspectionMark = true },
    };

    private static List<Step> Delivery(SimParcel p, bool wrong)
    {
        var steps = new List<Step>();
        if (p.Insured) steps.Add(new Step("weighed", _ => Weighed(p)));
        if (p.HasMoney) steps.Add(Money(p, wrong && p.Slip is Slip.WrongAmount ? p.Cod + 100 : p.Cod));
        steps.Add(new Step(
            "delivered", _ => Delivered(p, HandedTo.Consignee, ByteString.Empty, signed: !(wrong && p.Slip is Slip.NoSignature), offered: !(wrong && p.Slip is Slip.NoInspection), wrongCode: wrong && p.Slip is Slip.WrongCodeFirst)));
        return steps;
    }

    // Insured parcels are weighed again at the door (SEED-03-INSURED).
    private static ParcelEvent Weighed(SimParcel p) => new()
    {
        Kind = EventKind.Weighed, Parcel = p.Code, Weight = new Weight { MassMg = 1_000_000, Purpose = WeightPurpose.Delivery, Typed = true, TypedReason = "portable_scale_read" },
    };

    private static IEnumerable<Step> ConsentTo(SimParcel p, string whom, bool wrong)
    {
        if (wrong && p.Slip is Slip.NoConsent) yield break;
        yield return new Step(Consent, _ => new ParcelEvent { Kind = EventKind.ConsentRecorded, Parcel = p.Code, Reason = whom });
    }

    internal static ParcelEvent Delivered(SimParcel p, HandedTo to, ByteString consent, bool signed, bool offered, bool wrongCode = false) => new()
    {
        Kind = EventKind.Delivered, Parcel = p.Code,
        Proof = new DeliveryProof { To = to, Consent = consent, InspectionOffered = offered, Code = wrongCode ? "none" : p.DeliveryCode, SignatureSha256 = signed ? Picture : ByteString.Empty },
    };

    private static ParcelEvent InLocker(SimParcel p, ByteString consent) => new()
    {
        Kind = EventKind.AtPickupPoint, Parcel = p.Code, Proof = new DeliveryProof { To = HandedTo.Locker, Consent = consent, PhotoSha256 = Picture },
    };

    private static Step Money(SimParcel p, long cod) => new("money", _ =>
    {
        var fact = new ParcelEvent
        {
            Kind = EventKind.MoneyCollected, Parcel = p.Code, Money = new MoneyMove { Depot = BackendFixture.Depot, Currency = "CNY", Means = p.Means },
        };
        if (cod > 0) fact.Money.Items.Add(new MoneyItem { Parcel = p.Code, Purpose = MoneyPurpose.Cod, Minor = cod, Account = p.Account });
        if (p.Freight > 0) fact.Money.Items.Add(new MoneyItem { Parcel = p.Code, Purpose = MoneyPurpose.Freight, Minor = p.Freight });
        return fact;
    });

    private static ParcelEvent FreightRefused(SimParcel p) => new()
    {
        Kind = EventKind.CollectionRefused, Parcel = p.Code,
        Money = new MoneyMove { Depot = BackendFixture.Depot, Currency = "CNY", Items = { new MoneyItem { Parcel = p.Code, Purpose = MoneyPurpose.Freight, Minor = p.Freight, Account = p.Account } } },
    };

    private static Step RefusedBy(SimParcel p) => new("refused", _ => new ParcelEvent { Kind = EventKind.Refused, Parcel = p.Code, Reason = "refused_by_consignee", Action = "return" });

    private static Step WrongCode(SimParcel p, int n) => new(FormattableString.Invariant($"code{n}"), _ => new ParcelEvent { Kind = EventKind.CodeWrong, Parcel = p.Code });

    private static Step Attempt(SimParcel p, bool wrong, string action) => Failed(
        p, "attempt", wrong && p.Slip is Slip.NoReason ? "" : "nobody_there", !wrong ? action : p.Slip switch { Slip.NoAction => "", Slip.ReturnTooEarly => "return", _ => action });

    private static Step Failed(SimParcel p, string key, string reason, string action) =>
        new(key, _ => new ParcelEvent { Kind = EventKind.AttemptFailed, Parcel = p.Code, Reason = reason, Action = action });
}
