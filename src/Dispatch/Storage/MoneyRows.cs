using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Storage;

// Rows as EF reads them. Instants are microseconds since 1970 (Us), money minor units.

/// <summary>An event that is, corrects, or was corrected as money: what its postings hang on, and what two that concern each other wait at.</summary>
internal sealed class EntryRow
{
    public Guid EventId { get; set; }

    /// <summary>The correction that counts; null while there is none.</summary>
    public Guid? CorrectedBy { get; set; }

    /// <summary><see cref="Api.Custody.V1.EventKind"/>; 0 while only a correction has named it, or when it is no money fact.</summary>
    public int Kind { get; set; }

    /// <summary><see cref="Cash.MoneyFlaw"/>; 0 = none.</summary>
    public int Flaw { get; set; }

    public long AtUs { get; set; }
}

/// <summary>One line of the ledger. Never changed.</summary>
internal sealed class PostingRow : IAccountScoped, IDepotScoped
{
    public Guid EventId { get; set; }

    /// <summary>The event whose fact the line comes of; another than <see cref="EventId"/> for a reversal.</summary>
    public Guid Origin { get; set; }

    public int Line { get; set; }

    /// <summary><see cref="Cash.LedgerAccount"/>.</summary>
    public int Ledger { get; set; }

    public required string Owner { get; set; }

    /// <summary>Empty where the line is of no depot.</summary>
    public required string Depot { get; set; }

    /// <summary>The key account; empty where the line is of none.</summary>
    public required string Account { get; set; }

    public long Minor { get; set; }

    public required string Currency { get; set; }

    public required string Parcel { get; set; }

    public int Purpose { get; set; }

    public long AtUs { get; set; }
}

/// <summary>The sum of a place's lines.</summary>
internal sealed class BalanceRow : IAccountScoped, IDepotScoped
{
    public int Ledger { get; set; }

    public required string Owner { get; set; }

    public required string Depot { get; set; }

    public required string Currency { get; set; }

    public required string Account { get; set; }

    public long Minor { get; set; }
}

/// <summary>The sum of a place's lines for one parcel: what has come in and not gone on. 0 once it has.</summary>
internal sealed class OpenMoneyRow : IAccountScoped, IDepotScoped
{
    public int Ledger { get; set; }

    public required string Owner { get; set; }

    public required string Depot { get; set; }

    public required string Currency { get; set; }

    public required string Parcel { get; set; }

    public int Purpose { get; set; }

    public required string Account { get; set; }

    public long Minor { get; set; }

    public long SinceUs { get; set; }
}
