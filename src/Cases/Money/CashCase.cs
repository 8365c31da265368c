using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Weight;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Cash;

/// <summary>What the product does to a cash case of itself: opens it for a count that differs, closes it when the count is put right. Pure; the same facts again do nothing.</summary>
internal static class CashCase
{
    internal const string Short = "short";
    internal const string Over = "over";
    private const string Withdrawal = "withdrawn";
    private const string Corrected = "corrected";

    /// <summary>One a count: what is counted together is explained together.</summary>
    internal static string IdOf(Guid count) => CaseKinds.Cash.Prefix + "-" + count.ToString("N");

    /// <summary>The difference that a count tells; null when there is none, or the fact is no count.</summary>
    internal static CashVariance? VarianceOf(Guid id, ParcelEvent fact)
    {
        if (fact is not { Kind: EventKind.CashCounted or EventKind.DepositConfirmed, Money: { HasCounted: true } money } || !fact.Corrects.IsEmpty) return null;
        var expected = money.Items.Sum(static i => i.Minor);
        return expected == money.CountedMinor ? null : new CashVariance
        {
            EventId = ByteString.CopyFrom(Uuid.Bytes(id)), Courier = money.Courier, Slip = money.Slip, Depot = money.Depot, Currency = money.Currency, ExpectedMinor = expected, CountedMinor = money.CountedMinor,
        };
    }

    internal static CaseOpened Opening(CashVariance v) => new()
    {
        Kind = CaseKinds.Cash.Name, Subject = v.Slip.Length > 0 ? v.Slip : v.Courier, Depot = v.Depot,
    };

    internal static void Open(CaseDraft draft, CashVariance v)
    {
        if (draft.Now is not null) return;
        var missing = v.ExpectedMinor - v.CountedMinor;
        var figures = new CashFigures
        {
            EventId = Uuid.From(v.EventId.Span).ToString("D"), Courier = v.Courier, Slip = v.Slip, Depot = v.Depot, Currency = v.Currency, ExpectedMinor = v.ExpectedMinor, CountedMinor = v.CountedMinor,
            OnHold = new Amount { Known = true, Minor = missing, Currency = v.Currency },
        };
        CaseLife.Open(draft, Actor.Product, ByteString.Empty, Opening(v), missing > 0 ? Short : Over, null, weights: null, figures);
    }

    /// <summary>The count was put right: what it was opened for is no more.</summary>
    internal static void Withdraw(CaseDraft draft)
    {
        if (draft.Now is not { Closed: false } state) return;
        var entry = new CaseEntry { Kind = EntryKind.Withdrawn, Reason = Corrected, Closes = true, Outcome = CaseDecide.Taken(draft.Kind.Outcome(Withdrawal)!, state, null) };
        draft.Enter(entry, draft.Kind.ClosedStage, draft.NowUs, closed: true);
        draft.Add(Actor.Product, entry);
    }
}
