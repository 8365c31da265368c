using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>Why money cannot be moved so; a closed set.</summary>
internal enum CashRefusalReason
{
    NothingThere = 1,
    AmountDiffers = 2,
    SamePerson = 3,
    SlipUsed = 4,
    MoreThanVariance = 5,
    NotMoney = 6,
    CorrectedAlready = 7,
}

/// <summary>What of a parcel lies at a place: signed as the balance there.</summary>
internal readonly record struct OpenItem(string Parcel, MoneyPurpose Purpose, long Minor, string Account);

/// <summary>The answer to a movement of money: the facts to journal, or a refusal with the figures.</summary>
internal abstract record CashDecision(long Expected, long Found)
{
    internal sealed record Done(EventKind Kind, ImmutableArray<MoneyMove> Moves, long Expected, long Found) : CashDecision(Expected, Found);

    internal sealed record Refused(CashRefusalReason Why, long Expected, long Found) : CashDecision(Expected, Found);
}

/// <summary>Which movements of money may be made, as opposed to <see cref="PostingRules"/>, which say what one brings to the ledger. Pure.</summary>
internal static class CashRules
{
    /// <summary>A fact's items; the bytes of a fact are limited.</summary>
    private const int ItemsOfAFact = 500;

    /// <summary>What a courier brings in: somebody else counts it, and what is missing or over is told with the count.</summary>
    internal static CashDecision Count(IReadOnlyCollection<OpenItem> atCourier, string courier, string countedBy, string depot, string currency, long counted)
    {
        var expected = atCourier.Sum(i => i.Minor);
        if (string.Equals(courier, countedBy, StringComparison.Ordinal)) return new CashDecision.Refused(CashRefusalReason.SamePerson, expected, counted);
        if (atCourier.Count == 0 && counted == 0) return new CashDecision.Refused(CashRefusalReason.NothingThere, 0, 0);
        return Done(EventKind.CashCounted, atCourier, new MoneyMove { Courier = courier, Depot = depot, Currency = currency }, expected, counted);
    }

    /// <summary>All that lies in a depot's safe goes to the bank; the slip says exactly that much.</summary>
    internal static CashDecision Deposit(IReadOnlyCollection<OpenItem> atDepot, bool slipUsed, string depot, string slip, string currency, long amount)
    {
        var expected = atDepot.Sum(i => i.Minor);
        if (slipUsed) return new CashDecision.Refused(CashRefusalReason.SlipUsed, expected, amount);
        if (atDepot.Count == 0) return new CashDecision.Refused(CashRefusalReason.NothingThere, 0, amount);
        return expected == amount
            ? Done(EventKind.CashDeposited, atDepot, new MoneyMove { Depot = depot, Slip = slip, Currency = currency }, expected, found: null)
            : new CashDecision.Refused(CashRefusalReason.AmountDiffers, expected, amount);
    }

    /// <summary>What the bank says it got of a deposit.</summary>
    internal static CashDecision Confirm(IReadOnlyCollection<OpenItem> inTransit, string depot, string slip, string currency, long amount) => inTransit.Count == 0
        ? new CashDecision.Refused(CashRefusalReason.NothingThere, 0, amount)
        : Done(EventKind.DepositConfirmed, inTransit, new MoneyMove { Depot = depot, Slip = slip, Currency = currency }, inTransit.Sum(i => i.Minor), amount);

    /// <summary>What is owed to a shipper and lies in the bank, whole parcels only. The amount is what the payer was shown: what has come in since waits for the next time.</summary>
    internal static CashDecision Remit(IEnumerable<OpenItem> payable, IEnumerable<OpenItem> inBank, string account, string reference, string currency, long amount)
    {
        var banked = inBank.Where(i => i.Purpose is MoneyPurpose.Cod).ToDictionary(i => i.Parcel, i => i.Minor, StringComparer.Ordinal);
        var due = payable.Where(i => i.Minor < 0 && banked.GetValueOrDefault(i.Parcel) == -i.Minor).Select(i => i with { Minor = -i.Minor, Account = account }).ToList();
        var expected = due.Sum(i => i.Minor);
        if (due.Count == 0) return new CashDecision.Refused(CashRefusalReason.NothingThere, 0, amount);
        return expected == amount
            ? Done(EventKind.MoneyRemitted, due, new MoneyMove { Slip = reference, Currency = currency }, expected, found: null)
            : new CashDecision.Refused(CashRefusalReason.AmountDiffers, expected, amount);
    }

    /// <summary>A variance, or a part of it, made good or borne.</summary>
    internal static CashDecision Settle(long variance, string owner, string depot, string currency, long minor, bool borne) =>
        minor == 0 || Math.Sign(minor) != Math.Sign(variance) || Math.Abs(minor) > Math.Abs(variance)
            ? new CashDecision.Refused(CashRefusalReason.MoreThanVariance, variance, minor)
            : Done(
                EventKind.VarianceSettled, [new OpenItem("", MoneyPurpose.Variance, minor, "")], new MoneyMove { Courier = owner, Depot = depot, Currency = currency, Borne = borne },
                variance, found: null);

    // Counts that need several facts are counted as expected in all but the last, which carries the variance.
    private static CashDecision.Done Done(EventKind kind, IReadOnlyCollection<OpenItem> items, MoneyMove like, long expected, long? found)
    {
        var chunks = items.OrderBy(i => i.Parcel, StringComparer.Ordinal).ThenBy(i => i.Purpose).Chunk(ItemsOfAFact).ToList();
        if (chunks.Count == 0) chunks.Add([]);
        var moves = chunks.ConvertAll(chunk =>
        {
            var move = like.Clone();
            move.Items.AddRange(chunk.Select(i => new MoneyItem { Parcel = i.Parcel, Purpose = i.Purpose, Minor = i.Minor, Account = i.Account }));
            if (found is not null) (move.HasCounted, move.CountedMinor) = (true, chunk.Sum(i => i.Minor));
            return move;
        });
        if (found is { } counted) moves[^1].CountedMinor += counted - expected;
        return new CashDecision.Done(kind, [.. moves], expected, found ?? expected);
    }
}
