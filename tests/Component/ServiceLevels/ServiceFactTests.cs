using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Facts of an account's service: kept in the append's transaction, followed like parcels, taken out by a correction, made anew from the journal.</summary>
public sealed class ServiceFactTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_highest_revision_stands_whatever_came_first_and_a_correction_takes_it_out(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        // The correction before what it corrects, and the second revision before the first.
        await bed.AppendAsync(Correction(90, 3));
        await bed.AppendAsync(Told(2, EventKind.ReceivableStood, "INV-1", At(9, 9), s => (s.Revision, s.AmountMinor) = (2, 500)));
        await bed.AppendAsync(
            Told(1, EventKind.ReceivableStood, "INV-1", At(9, 10), s => (s.Revision, s.AmountMinor) = (1, 900)), Told(3, EventKind.ReceivableStood, "INV-1", At(9, 11), s => (s.Revision, s.AmountMinor) = (3, 100)),
            Told(4, EventKind.ReceivableStood, "INV-2", At(9, 9), s => s.AmountMinor = 7), Told(5, EventKind.ClientContact, "VISIT-1", At(9, 9), s => s.BeganUs = At(9, 8).ToUnixTimeTicks() / 10));
        (await StandingAsync(bed)).ShouldBe(["INV-1 500", "INV-2 7"]);
        // What takes a fact out may be taken out in its turn.
        await bed.AppendAsync(Correction(91, 90));
        (await StandingAsync(bed)).ShouldBe(["INV-1 100", "INV-2 7"]);
        // A phone's word on it is none: it never told anything of an account's service.
        await bed.AppendAsync(JournalSource.Device("phone-facts"), BatchClock.Unproven, At(12, 9), Correction(92, 4));
        (await StandingAsync(bed)).ShouldBe(["INV-1 100", "INV-2 7"]);
        await bed.AppendAsync(Correction(93, 4));
        (await StandingAsync(bed)).ShouldBe(["INV-1 100"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_accounts_facts_are_read_in_pages_and_no_other_accounts_are_among_them(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.AppendAsync(
        [
            .. Enumerable.Range(1, 30).Select(i => Told(i, i % 2 == 0 ? EventKind.ClientQuery : EventKind.ClientMessage, FormattableString.Invariant($"F:{i % 20:00}"), At(9, 9))),
            Told(50, EventKind.ClientQuery, "F:00", At(9, 9), s => s.Account = BackendFixture.OtherAccount), Told(51, EventKind.ClientQuery, "x", At(9, 9), s => s.Account = BackendFixture.Account + ":F"),
        ]);
        var paged = await AskAsync(bed, async (writes, ct) =>
        {
            var subjects = new List<string>();
            for (var after = ""; await ServiceFacts.OfAccountAsync(writes, BackendFixture.Account, after, 7, ct) is { Count: > 0 } page; after = page[^1]) subjects.AddRange(page);
            return subjects;
        });
        paged.Count.ShouldBe(20);
        paged.ShouldBe(paged.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal));
        paged[0].ShouldBe($"f:150:{BackendFixture.Account}:F:00");
        (await AskAsync(bed, async (writes, ct) => await ServiceFacts.ReadAsync(writes, paged, ct))).Sum(h => h.Told.Count).ShouldBe(30);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_rebuild_makes_the_kept_facts_anew_from_the_journal(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.AppendAsync(Correction(90, 2), Told(1, EventKind.ReceivableStood, "INV-1", At(9, 9)), Told(2, EventKind.ReceivableStood, "INV-2", At(9, 9)), Told(3, EventKind.ClientQuery, "Q-1", At(9, 9), s => s.BeganUs = At(9, 8).ToUnixTimeTicks() / 10));
        await bed.FollowedAsync();
        (await RebuildAsync(bed, dryRun: true)).ShouldBe(0);
        var before = await RowsAsync(bed);
        before.Count.ShouldBe(4);
        await bed.Backend.Database.ExecuteAsync("DELETE FROM level_fact WHERE reference = 'INV-1' OR corrects IS NOT NULL");
        await bed.Backend.Database.ExecuteAsync("UPDATE level_fact SET revision = 7 WHERE reference = 'Q-1'");
        (await RebuildAsync(bed, dryRun: true)).ShouldBe(3);
        (await RebuildAsync(bed, dryRun: false)).ShouldBe(3);
        (await RowsAsync(bed)).ShouldBe(before);
        (await RebuildAsync(bed, dryRun: true)).ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_complaint_withdrawn_unanswered_is_left_out_and_listed_and_what_was_overdue_is_missed(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        static long Us(int day, int hour) => At(day, hour).ToUnixTimeTicks() / 10;
        ParcelEvent GivenUp(int id, string name, long closed) => Told(id, EventKind.ComplaintStood, name, At(11, 9), s => s.Complaint = new Complaint
        {
            About = "delay", OpenedUs = Us(9, 9), AnswerDueUs = Us(10, 9), StatuteDueUs = Us(16, 9), ClosedUs = closed, Withdrawn = true,
        });
        await bed.AppendAsync(GivenUp(1, "P-EARLY", Us(9, 20)), GivenUp(2, "P-OVERDUE", Us(10, 20)));
        (await bed.BehindAsync("S1", "excluded")).Select(static b => (b.Subject, b.Reason)).ShouldBe([("P-EARLY", "withdrawn")]);
        (await bed.BehindAsync("S1", "missed")).Select(static b => b.Subject).ShouldBe(["P-OVERDUE"]);
        (await bed.BehindAsync("S2", "excluded")).Select(static b => b.Subject).Order(StringComparer.Ordinal).ShouldBe(["P-EARLY", "P-OVERDUE"]);
        (await bed.BehindAsync("S2", "missed")).ShouldBeEmpty();
        await bed.AgreesAsync();
    }

    internal static ParcelEvent Told(int id, EventKind kind, string name, Instant at, Action<ServiceFact>? more = null)
    {
        var service = new ServiceFact { Account = BackendFixture.Account };
        more?.Invoke(service);
        return new ParcelEvent { Id = IdOf(id), Kind = kind, Reference = name, OccurredAtUs = at.ToUnixTimeTicks() / 10, Service = service };
    }

    internal static ParcelEvent Correction(int id, int corrected) => new() { Id = IdOf(id), Kind = EventKind.Corrected, Corrects = IdOf(corrected), OccurredAtUs = At(12, 8).ToUnixTimeTicks() / 10 + id };

    private static Task<List<string>> StandingAsync(LevelsBed bed) => AskAsync(bed, async (writes, ct) =>
        (await ServiceFacts.OfAsync(writes, [BackendFixture.Account], EventKind.ReceivableStood, ct)).Select(f => FormattableString.Invariant($"{f.Key.Reference} {f.Fact.Event.Service.AmountMinor}")).ToList());

    internal static async Task<T> AskAsync<T>(LevelsBed bed, Func<IJournalWrites, CancellationToken, Task<T>> ask) =>
        (await bed.Backend.Services.GetRequiredService<IWriteGate>().RunAsync<T>(async (transaction, ct) => await ask(transaction.Statements, ct))).Value;

    private static Task<List<string>> RowsAsync(LevelsBed bed) => bed.Backend.Database.RowsAsync(
        "SELECT subject, reference, revision, best_us FROM level_fact ORDER BY subject, best_us", row => string.Join('|', Enumerable.Range(0, 4).Select(row.GetValue)));

    internal static async Task<long> RebuildAsync(LevelsBed bed, bool dryRun)
    {
        RebuildStep? last = null;
        await foreach (var step in bed.Backend.Services.GetServices<IRebuildProjections>().Single(static p => p.Name == "levels").RebuildAsync(dryRun)) last = step;
        return last!.Differences;
    }
}
