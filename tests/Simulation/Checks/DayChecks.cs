using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulation.World;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;

namespace KeyAccountLogistics.Simulation.Checks;

/// <summary>What must hold at the close of a day, whatever went wrong in it. Written from what is promised, with the truth of the day on one side and the tables on the other.</summary>
internal sealed class DayChecks
{
    // How far the estimate may lie from the truth where the counter was known: 5 s of network, and the crystal's drift over a day.
    private static readonly Duration AnchoredWithin = Duration.FromSeconds(20);

    private readonly Day _day;
    private readonly Rows _rows;
    private readonly List<string> _broken = [];

    private DayChecks(Day day, Rows rows) => (_day, _rows) = (day, rows);

    /// <summary>Everything that does not hold, in words; empty for a good day.</summary>
    internal static async Task<IReadOnlyList<string>> AtCloseAsync(Day day)
    {
        var checks = new DayChecks(day, await Rows.ReadAsync(day.Backend.Database));
        checks._broken.AddRange(day.Oddities);
        checks.Phones();
        checks.Agent();
        checks.Times();
        checks.Parcels();
        checks.Orders();
        checks.Sheets();
        LedgerChecks.Check(day, checks._rows, checks._broken);
        return checks._broken;
    }

    /// <summary>Before the count: what each courier's place in the ledger says is what he has in his pouch.</summary>
    internal static async Task<IReadOnlyList<string>> BeforeCountAsync(Day day)
    {
        var rows = await Rows.ReadAsync(day.Backend.Database);
        return [.. day.Couriers.Select(c => (c, Held: rows.Balances.Where(b => b.Ledger == LedgerChecks.CourierCash && b.Owner == c.Id).Sum(b => b.Minor))).Where(x => x.Held != x.c.Pouch)
            .Select(x => $"{x.c.Name} holds {x.c.Pouch} and the ledger says {x.Held}")];
    }

    // No confirmation lost or doubled, and no two journals mixed.
    private void Phones()
    {
        var journal = _rows.Journal.Where(r => r.Source.StartsWith("device:", StringComparison.Ordinal)).GroupBy(r => r.Id).ToDictionary(g => g.Key, g => g.ToList());
        var refused = _rows.Refused.GroupBy(r => r.Id).ToDictionary(g => g.Key, g => g.ToList());
        var met = new HashSet<Guid>();
        foreach (var phone in _day.Couriers.SelectMany(c => c.Phones))
        {
            foreach (var fact in phone.Facts)
            {
                met.Add(fact.Id);
                var (taken, kept) = (journal.GetValueOrDefault(fact.Id, []), refused.GetValueOrDefault(fact.Id, []));
                var places = taken.Count + kept.Count;
                Expect(
                    fact.State switch
                    {
                        FactState.Accepted => (taken.Count, kept.Count) == (1, 0), FactState.Refused => (taken.Count, kept.Count) == (0, 1), FactState.Destroyed => places <= (fact.Sent ? 1 : 0), _ => false,
                    },
                    $"{fact.Kind} of {fact.Subject} on {phone.Device} is {fact.State} there, {taken.Count} times in the journal and {kept.Count} times among the refused");
                Expect(taken.Select(t => t.Body).Concat(kept.Select(k => k.Body)).All(b => fact.Body.Span.SequenceEqual(b)), $"{fact.Kind} of {fact.Subject} is kept otherwise than it was recorded");
                Expect(
                    taken.All(t => t.Source == $"device:{phone.Courier}/{phone.Device}") && kept.All(k => (k.Courier, k.Device) == (phone.Courier, phone.Device)),
                    $"{fact.Kind} of {fact.Subject} stands in another phone's journal than {phone.Device}'s");
            }
            foreach (var lost in phone.LostFacts) Expect(!journal.ContainsKey(lost.Id) && !refused.ContainsKey(lost.Id), $"{lost.Kind} of {lost.Subject} was lost with {phone.Device} and is on record");
            _broken.AddRange(phone.ChangedAnswers);
            InOrder(phone);
            if (phone.Destroyed) continue;
            Expect(phone.GapsTold == 0, $"{phone.Device} has {phone.GapsTold} gaps");
            var seen = _rows.Phones.SingleOrDefault(p => p.Device == phone.Device)?.Seen;
            Expect(phone.Facts.Count == 0 || seen == FormattableString.Invariant($"1-{phone.Facts.Count}"), $"{phone.Device} recorded {phone.Facts.Count} facts and {seen} were seen");
        }
        foreach (var stranger in _rows.Journal.Where(r => r.Source.StartsWith("device:", StringComparison.Ordinal) && !met.Contains(r.Id)))
            _broken.Add($"{(EventKind)stranger.Kind} from {SourceOf(stranger)} is in the journal and on no phone");
        foreach (var stranger in _rows.Refused.Where(r => !met.Contains(r.Id))) _broken.Add($"a refused fact of {stranger.Device} is on no phone");
    }

    private void InOrder(Phone phone)
    {
        var sequences = phone.Facts.ToDictionary(f => f.Id, f => f.Sequence);
        var journalled = _rows.Journal.Where(r => sequences.ContainsKey(r.Id)).Select(r => sequences[r.Id]).ToList();
        Expect(journalled.Zip(journalled.Skip(1)).All(p => p.First < p.Second), $"the facts of {phone.Device} stand in another order than on the phone");
    }

    private void Agent()
    {
        var agents = _rows.Journal.Where(r => r.Source.StartsWith("agent:", StringComparison.Ordinal)).ToList();
        var facts = _day.Agent.Facts.Select(f => f.Id).ToHashSet();
        Expect(agents.Count == facts.Count && agents.All(r => facts.Contains(r.Id)), $"the agent recorded {facts.Count} facts, and {agents.Count} are in the journal");
    }

    // Law 2: the truth lies in the interval; nobody is judged earlier than he was, whatever his clock said.
    private void Times()
    {
        var facts = _day.Couriers.SelectMany(c => c.Phones).SelectMany(p => p.Facts).ToDictionary(f => f.Id);
        foreach (var row in _rows.Journal)
        {
            if (!facts.TryGetValue(row.Id, out var fact)) continue;
            var (earliest, best, latest) = (Clock.FromUnixMicros(row.EarliestUs), Clock.FromUnixMicros(row.BestUs), Clock.FromUnixMicros(row.LatestUs));
            Expect(fact.TrueAt <= latest, $"{fact.Kind} of {fact.Subject} gained: it was at {fact.TrueAt} and is judged to have been by {latest}");
            Expect(earliest <= fact.TrueAt, $"{fact.Kind} of {fact.Subject} was at {fact.TrueAt} and is judged not to have been before {earliest}");
            Expect(!fact.Anchored || Apart(best, fact.TrueAt) <= AnchoredWithin, $"{fact.Kind} of {fact.Subject} was at {fact.TrueAt}, the counter was known, and {best} is the estimate");
        }
    }

    private void Parcels()
    {
        var doors = _rows.Journal.Where(r => r.Source.StartsWith("device:", StringComparison.Ordinal)).Select(r => ParcelEvent.Parser.ParseFrom(r.Body))
            .ToLookup(e => (e.Parcel, e.Kind));
        var states = _rows.Parcels.ToDictionary(p => p.Code, StringComparer.Ordinal);
        Expect(states.Count == _day.Parcels.Count, $"{_day.Parcels.Count} parcels were there, and {states.Count} are known");
        foreach (var parcel in _day.Parcels)
        {
            var state = states[parcel.Code];
            var (stage, kind, custodian) = parcel.Place switch
            {
                Place.Consignee => (10, PartyKind.Consignee, null),
                Place.Locker => (8, PartyKind.Unspecified, null),
                Place.Depot => (5, PartyKind.Depot, BackendFixture.Depot),
                Place.Gone => (12, PartyKind.Unspecified, null),
                _ => (-1, PartyKind.Unspecified, (string?)null),
            };
            Expect(state.Stage == stage, $"{parcel.Code} ({parcel.Ending}) is at the {parcel.Place}, and its stage is {state.Stage}");
            Expect(
                kind is PartyKind.Unspecified || (state.CustodianKind == (int)kind && (custodian is null || state.Custodian == custodian)),
                $"{parcel.Code} ({parcel.Ending}) is at the {parcel.Place}, and its custodian is {(PartyKind)state.CustodianKind} {state.Custodian}");
            var (delivered, kept) = (doors[(parcel.Code, EventKind.Delivered)].Count(), doors[(parcel.Code, EventKind.AtPickupPoint)].Count());
            Expect(
                delivered == (parcel.Place is Place.Consignee ? 1 : 0) && kept == (parcel.Place is Place.Locker ? 1 : 0),
                $"{parcel.Code} is at the {parcel.Place}, and has been delivered {delivered} times and put into a locker {kept} times");
            var attempts = parcel.Visits > 0 && parcel.Ending is Ending.Absent or Ending.AbsentThenDelivered or Ending.CodesLocked ? 1 : 0;
            Expect(doors[(parcel.Code, EventKind.AttemptFailed)].Count() == attempts, $"{parcel.Code} ({parcel.Ending}) has {doors[(parcel.Code, EventKind.AttemptFailed)].Count()} failed attempts on record");
        }
    }

    private void Orders()
    {
        var states = _rows.Orders.ToDictionary(o => o.Id, StringComparer.Ordinal);
        foreach (var order in _day.Orders)
        {
            var state = states[order.Id];
            Expect((state.Phase == 2, state.Taken) == (order.Done, order.Done ? order.Parcels : 0), $"order {order.Id}: {order.Parcels} parcels taken, done: {order.Done}; on record {state.Taken}, phase {state.Phase}");
        }
    }

    // Closed, but where a parcel is gone: that sheet stays open until somebody answers for it.
    private void Sheets()
    {
        Expect(_rows.Sheets.Count == _day.Couriers.Count, $"{_day.Couriers.Count} couriers went out with {_rows.Sheets.Count} sheets");
        foreach (var courier in _day.Couriers)
        {
            var parcels = _day.Parcels.Where(p => p.Courier == courier.Index).ToList();
            var state = parcels.Exists(p => p.Place is Place.Gone) ? 2 : 3;
            foreach (var sheet in _rows.Sheets.Where(s => s.Courier == courier.Id))
                Expect((sheet.State, sheet.Lines, sheet.WentOut) == (state, parcels.Count, parcels.Count), $"the sheet of {courier.Name} has {sheet.WentOut} of {sheet.Lines} parcels out, {parcels.Count} went, and its state is {sheet.State}");
        }
    }

    private string SourceOf(JournalRow row) => _day.Backend.Names.Aggregate(row.Source, (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));

    private void Expect(bool holds, string otherwise)
    {
        if (!holds) _broken.Add(otherwise);
    }

    private static Duration Apart(Instant a, Instant b) => a > b ? a - b : b - a;
}
