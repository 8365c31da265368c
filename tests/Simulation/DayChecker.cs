using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Simulation;

/// <summary>
/// What must hold at the close of a day, written from what the day is for and read from the tables by SQL: it shares no rule with the product. Gives what does not hold, in words.
/// </summary>
internal static class DayChecker
{
    // What a phone's network may hold a message for: the product's word for how sure a contact is.
    private static readonly Duration Sure = Duration.FromSeconds(5);

    internal static async Task<List<string>> ViolationsAsync(SimulatedDay day)
    {
        var found = new List<string>();
        await ParcelsAsync(day, found);
        await MoneyAsync(day, found);
        await FactsAsync(day, found);
        return found;
    }

    private static async Task ParcelsAsync(SimulatedDay day, List<string> found)
    {
        foreach (var parcel in day.Parcels)
        {
            var delivered = await day.Database.ScalarAsync($"SELECT COUNT(*) FROM dispatch_fact WHERE subject = 'door:{parcel.Code}' AND body IS NOT NULL AND event_id IN (SELECT event_id FROM journal_event WHERE kind = {(int)EventKind.Delivered})");
            var expected = parcel.Fate is Fate.Delivered ? 1 : 0;
            if (delivered != expected) found.Add($"{parcel.Code}: {delivered} deliveries are recorded, {expected} happened");
            if (parcel.Fate is Fate.Out or Fate.InDepot) found.Add($"{parcel.Code}: nobody went to its door");
            var closed = await day.Database.ScalarAsync($"SELECT COUNT(*) FROM custody_parcel WHERE code = '{parcel.Code}' AND closed");
            if (closed != expected) found.Add($"{parcel.Code}: its life is {(closed == 1 ? "over" : "not over")}, and the world says {parcel.Fate}");
            var withDepot = await day.Database.ScalarAsync($"SELECT COUNT(*) FROM custody_parcel WHERE code = '{parcel.Code}' AND custodian_kind = {(int)PartyKind.Depot}");
            if (parcel.Fate is Fate.Failed or Fate.Refused && withDepot != 1) found.Add($"{parcel.Code}: {parcel.Fate}, and the depot does not answer for it");
        }
    }

    private static async Task MoneyAsync(SimulatedDay day, List<string> found)
    {
        async Task SameAsync(string what, string sql, long expected)
        {
            var is1 = await day.Database.ScalarAsync(sql);
            if (is1 != expected) found.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {is1}, expected {expected}"));
        }
        await SameAsync("events whose lines do not balance", "SELECT COUNT(*) FROM (SELECT event_id FROM dispatch_posting GROUP BY event_id, currency HAVING SUM(minor) <> 0) AS t", 0);
        await SameAsync("parcels whose lines do not balance", "SELECT COUNT(*) FROM (SELECT parcel FROM dispatch_posting WHERE parcel <> '' GROUP BY parcel, currency HAVING SUM(minor) <> 0) AS t", 0);
        await SameAsync("balances that are not the sum of their lines", "SELECT COUNT(*) FROM dispatch_balance b WHERE b.minor <> (SELECT COALESCE(SUM(p.minor), 0) FROM dispatch_posting p WHERE p.ledger = b.ledger AND p.owner = b.owner AND p.depot = b.depot AND p.currency = b.currency)", 0);
        var notes = day.Parcels.Sum(p => p.Notes);
        var kept = day.Kept.Values.Sum();
        await SameAsync("cash with couriers", $"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE ledger = {(int)LedgerAccount.CourierCash}", 0);
        await SameAsync("cash in the depot", $"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE ledger = {(int)LedgerAccount.DepotCash}", notes - kept);
        await SameAsync("variances", $"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE ledger = {(int)LedgerAccount.CashVariance}", kept);
        await SameAsync("owed to shippers", $"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE ledger = {(int)LedgerAccount.ShipperPayable}", -notes);
        foreach (var parcel in day.Parcels.Where(p => p.Notes > 0))
            await SameAsync($"{parcel.Code} owed to its shipper", $"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE parcel = '{parcel.Code}' AND ledger = {(int)LedgerAccount.ShipperPayable}", -parcel.Notes);
    }

    // Every fact of a phone has one answer, and is in the journal or among the refused, once; in the phone's own chain; and at a time that holds the truth.
    private static async Task FactsAsync(SimulatedDay day, List<string> found)
    {
        var journal = day.Services.GetRequiredService<IJournalReader>();
        foreach (var phone in day.Phones)
        {
            var taken = 0;
            foreach (var entry in phone.Entries)
            {
                var id = SimulatedPhone.TextOf(entry.Event);
                if (!phone.Answers.TryGetValue(id, out var answer))
                {
                    found.Add($"{phone.Courier}: fact {entry.Sequence} has no answer");
                    continue;
                }
                var stored = await journal.FindAsync(Guid.Parse(id));
                var key = day.Database.Engine is Engine.Sqlite ? $"x'{Convert.ToHexString(Uuid.Bytes(Guid.Parse(id)))}'" : $"'{id}'::uuid";
                var refused = await day.Database.ScalarAsync($"SELECT COUNT(*) FROM dispatch_refused_fact WHERE event_id = {key}");
                if ((stored is null ? 0 : 1) + refused != 1) found.Add($"{phone.Courier}: fact {entry.Sequence} ({answer.Result}) is {(stored is null ? "not " : "")}in the journal and {refused} times among the refused");
                if ((answer.Result == "refused") != (refused == 1)) found.Add($"{phone.Courier}: fact {entry.Sequence} was answered {answer.Result}");
                if (stored is null) continue;
                taken++;
                if (stored.Time.Earliest > entry.Truth + Sure || stored.Time.Latest < entry.Truth - Sure) found.Add($"{phone.Courier}: fact {entry.Sequence} of {entry.Truth} is told as between {stored.Time.Earliest} and {stored.Time.Latest}");
            }
            var inChain = await day.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event e JOIN journal_source s ON s.id = e.source_id WHERE s.name = 'device:{phone.Courier}/{phone.Device}'");
            if (inChain != taken) found.Add($"{phone.Courier}: {inChain} events in the phone's chain, {taken} told by it");
        }
    }
}
