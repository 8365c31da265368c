using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Cash;

/// <summary>A line at what is owed to a shipper: the event it stands under, the event whose fact it comes of, owed below 0, paid above.</summary>
internal readonly record struct PayableLine(Guid Event, Guid Origin, long Minor, long AtUs);

/// <summary>
/// A parcel's goods money between collection and remittance, folded from its lines at the shipper's place: what was put right is in it as it is now. The journal is told of it, since
/// scores follow from the journal alone (C3). Pure.
/// </summary>
/// <param name="CollectedUs">The first collection that stands; where none stands any more, the first there was.</param>
/// <param name="Minor">What was collected for the shipper; 0 once all of it was taken back.</param>
/// <param name="PaidUs">When all of it had been paid; 0 = not yet.</param>
/// <param name="WasPaid">It was, or was said to be: the journal has been told of a payment.</param>
/// <param name="Entries">How many events have brought lines: a line is never taken away, so that it rises with whatever changes.</param>
internal sealed record Remittance(long CollectedUs, long Minor, long PaidUs, bool WasPaid, int Entries)
{
    /// <summary>Of one account, parcel and currency; null when nothing was ever collected.</summary>
    internal static Remittance? Of(IReadOnlyCollection<PayableLine> lines)
    {
        var facts = lines.GroupBy(static l => l.Origin).Select(static g => (Origin: g.Key, Own: g.FirstOrDefault(l => l.Event == g.Key), Net: g.Sum(static l => l.Minor))).OrderBy(static f => f.Own.AtUs).ThenBy(static f => f.Origin).ToList();
        var collected = facts.FindAll(static f => f.Own.Minor < 0);
        if (collected.Count == 0) return null;
        var standing = collected.FindAll(static f => f.Net != 0);
        var owed = -standing.Sum(static f => f.Net);
        var (paid, paidUs) = (0L, 0L);
        foreach (var payment in facts.Where(static f => f.Own.Minor > 0 && f.Net != 0))
        {
            paid += payment.Net;
            if (owed == 0 || paid < owed) continue;
            paidUs = payment.Own.AtUs;
            break;
        }
        return new Remittance((standing.Count > 0 ? standing : collected)[0].Own.AtUs, owed, paidUs, facts.Exists(static f => f.Own.Minor > 0), lines.Select(static l => l.Event).Distinct().Count());
    }

    /// <summary>The fact as of now: once it is paid, or its time has passed, or what was told of a payment changes; null before.</summary>
    internal ParcelEvent? Fact(string account, string parcel, string currency, RemittanceDue due, Instant now)
    {
        if (PaidUs == 0 && !WasPaid && now <= due.Due) return null;
        return new ParcelEvent
        {
            Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("remittance due", string.Create(CultureInfo.InvariantCulture, $"{account}|{parcel}|{currency}|{Entries}")))),
            Kind = EventKind.RemittanceDue, Reference = $"{parcel}/{currency}",
            Service = new ServiceFact
            {
                Account = account, Revision = (uint)Entries, Parcel = parcel, Contract = due.Contract, ContractVersion = due.Version, BeganUs = CollectedUs, DueUs = due.Due.ToUnixMicros(), DoneUs = PaidUs,
                AmountMinor = Minor, Currency = currency,
            },
        };
    }
}
