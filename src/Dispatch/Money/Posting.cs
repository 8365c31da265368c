using System.Collections.Immutable;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>Whose sub-account of the ledger: the account with its owner, and whose rows it is by scope (law 11); empty where it is of no depot or client.</summary>
internal readonly record struct LedgerPlace(LedgerAccount Account, string Owner, string Depot, string Client);

/// <summary>One side of an entry: debit above 0, credit below.</summary>
/// <param name="Place">Where.</param>
/// <param name="Minor">Signed, in minor units of the entry's currency; never 0.</param>
/// <param name="Parcel">Whose money; empty for a variance alone, which is of a whole count.</param>
/// <param name="Purpose">What it was paid for.</param>
internal readonly record struct PostingLine(LedgerPlace Place, long Minor, string Parcel, MoneyPurpose Purpose)
{
    internal PostingLine Reversed() => this with { Minor = checked(-Minor) };
}

/// <summary>
/// Lines that stand under one event. They come of the event's own fact (<paramref name="Origin"/> is the event), or reverse what another event's fact had brought.
/// </summary>
internal sealed record Posting(Guid Event, Guid Origin, string Currency, ImmutableArray<PostingLine> Lines)
{
    internal Posting ReversedBy(Guid correction) => new(correction, Origin, Currency, [.. Lines.Select(l => l.Reversed())]);
}

/// <summary>Why a money fact brings no lines; the fact stays in the journal, and its entry says so (law 3: not a zero).</summary>
internal enum MoneyFlaw
{
    NoAmounts = 1,
    TooManyItems = 2,
    CurrencyUnclear = 3,
    AmountOutOfRange = 4,
    ParcelMissing = 5,
    PurposeUnclear = 6,
    CourierMissing = 7,
    DepotMissing = 8,
    AccountMissing = 9,
    SlipMissing = 10,
    MeansMissing = 11,
    NotCounted = 12,
    ItemTwice = 13,
}

/// <summary>What a money fact brings to the ledger.</summary>
internal abstract record PostingAnswer
{
    private PostingAnswer()
    {
    }

    /// <summary>Lines that balance, for each parcel and in all.</summary>
    internal sealed record Lines(ImmutableArray<PostingLine> All) : PostingAnswer;

    /// <summary>Nothing, and why.</summary>
    internal sealed record Flawed(MoneyFlaw Why) : PostingAnswer;
}
