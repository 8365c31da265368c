using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Simulation.Checks;
using KeyAccountLogistics.Simulation.World;

namespace KeyAccountLogistics.Simulation;

/// <summary>The checks themselves: a fault that is planted must be found, and each table that is tampered with.</summary>
public sealed class PlantedFaultTests
{
    [Fact]
    public async Task A_lost_acknowledgement_applied_twice_is_found()
    {
        await using var day = await Day.StartAsync(Engine.Sqlite, 11, DaySize.Small, planted: true);
        IReadOnlyList<string> before = [];
        day.BeforeCount = async () => before = await DayChecks.BeforeCountAsync(day);
        await day.RunAsync();
        day.AppliedTwice.ShouldBeGreaterThan(0, "the fault must have been met");
        var broken = await DayChecks.AtCloseAsync(day);
        broken.Count(b => b.Contains("is in the journal and on no phone", StringComparison.Ordinal)).ShouldBe(day.AppliedTwice);
        broken.ShouldContain(b => b.Contains("has been delivered 2 times", StringComparison.Ordinal));
        broken.ShouldContain(b => b.Contains("were collected for its shipper", StringComparison.Ordinal));
        broken.ShouldContain(b => b.Contains("cash unexplained", StringComparison.Ordinal));
        before.ShouldNotBeEmpty("the ledger says more than is in the pouch");
    }

    [Fact]
    public async Task Whatever_is_taken_from_the_books_or_put_into_them_is_found()
    {
        await using var day = await Day.StartAsync(Engine.Sqlite, 12, DaySize.Small);
        await day.RunAsync();
        (await DayChecks.AtCloseAsync(day)).ShouldBeEmpty();
        foreach (var (tampering, finding) in new[]
        {
            ("UPDATE journal_event SET latest_us = earliest_us WHERE position = (SELECT MAX(e.position) FROM journal_event e JOIN journal_source s ON s.id = e.source_id WHERE s.name LIKE 'device:%')", "gained"),
            ("UPDATE custody_parcel SET stage = 6 WHERE id = (SELECT MAX(id) FROM custody_parcel WHERE stage = 10)", "its stage is 6"),
            ("UPDATE custody_parcel SET custodian = 'nobody' WHERE id = (SELECT MAX(id) FROM custody_parcel WHERE stage = 5)", "its custodian is Depot nobody"),
            ("UPDATE dispatch_order SET taken = taken * 2 WHERE id = (SELECT MAX(id) FROM dispatch_order WHERE phase = 2)", "parcels taken"),
            ("UPDATE dispatch_sheet SET state = 1 WHERE number = (SELECT MAX(number) FROM dispatch_sheet)", "its state is 1"),
            ("DELETE FROM dispatch_refused_fact WHERE event_id = (SELECT MAX(event_id) FROM dispatch_refused_fact)", "0 times among the refused"),
            ("UPDATE dispatch_balance SET minor = minor + 1 WHERE ledger = 4", "is not the sum of its lines"),
            ("UPDATE dispatch_open_money SET minor = minor + 1 WHERE rowid = (SELECT MAX(rowid) FROM dispatch_open_money)", "open money"),
            ("DELETE FROM dispatch_posting WHERE ledger = 1 AND line = 0 AND event_id = (SELECT MAX(event_id) FROM dispatch_posting WHERE ledger = 1 AND line = 0)", "does not balance in all"),
            ("UPDATE dispatch_phone SET seen = '1-2' WHERE device = (SELECT MAX(device) FROM dispatch_phone)", "were seen"),
            ("DELETE FROM journal_event WHERE position = (SELECT MAX(e.position) FROM journal_event e JOIN journal_source s ON s.id = e.source_id WHERE s.name LIKE 'device:%')", "0 times in the journal"),
        })
        {
            var before = (await DayChecks.AtCloseAsync(day)).ToHashSet(StringComparer.Ordinal);
            (await day.Backend.Database.ExecuteAsync(tampering)).ShouldBePositive(tampering);
            (await DayChecks.AtCloseAsync(day)).Where(b => !before.Contains(b)).ShouldContain(b => b.Contains(finding, StringComparison.Ordinal), tampering);
        }
    }
}
