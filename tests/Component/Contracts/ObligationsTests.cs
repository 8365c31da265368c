using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Component.Journal;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Obligations;
using KeyAccountLogistics.Contracts.Watching;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.Contracts.ContractsBed;

namespace KeyAccountLogistics.Component.Contracts;

/// <summary>Contract obligations (SEED-03-FULFIL100) from the signed document to what the journal is told for S4, on both engines.</summary>
public sealed class ObligationsTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_due_is_listed_met_once_alerted_when_overdue_and_counted(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.InForceAsync(Document(bed.Now + Duration.FromMinutes(1), more: "obligations: [{id: O-1, by: carrier, what: {zh: 月报, en: monthly report}, every: month, due_day: 5}, {id: O-2, by: client, what: {zh: 预测, en: forecast}, every: month, due_day: 6}]"));
        bed.Backend.Advance(TimeSpan.FromDays(75));
        await bed.PutAgreementAsync(bed.Today.PlusDays(300));
        var manager = await bed.ContractsAsync(Roles.KeyAccountManager);
        var listed = await manager.ListObligationsAsync(new ListObligationsRequest { FirstDue = Day(bed.Today.PlusDays(-90)), LastDue = Day(bed.Today), PageSize = 200 });
        var mine = listed.Obligations.Where(o => o.By == "carrier").ToList();
        mine.Count.ShouldBeGreaterThanOrEqualTo(2);
        mine.ShouldAllBe(o => o.State == "overdue" || (o.State == "open" && o.Due == Day(bed.Today)));
        (await manager.ListObligationsAsync(new ListObligationsRequest { FirstDue = Day(bed.Today.PlusDays(-90)), LastDue = Day(bed.Today), PageSize = 1 })).NextPageToken.ShouldBe("1");

        // In time by its reference, the other late.
        await MeetAsync(mine[0], mine[0].Due, "report 1");
        var late = await MeetAsync(mine[1], "", "report 2");
        (late.Refused, late.Obligation.State, late.Obligation.Reference).ShouldBe((null, mine[1].Due == Day(bed.Today) ? "met" : "late", "report 2"));
        (await MeetAsync(mine[0], "", "again")).Refused.Code.ShouldBe("obligation.met");
        (await MeetAsync(mine[0], Day(bed.Today.PlusDays(1)), "tomorrow")).Refused.Field.ShouldBe("met_on");
        (await Should.ThrowAsync<RpcException>(async () => await MeetAsync(new ObligationView { Contract = Contract, Clause = "O-9", Due = mine[0].Due }, "", "x"))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await manager.ListObligationsAsync(new ListObligationsRequest { State = "met", FirstDue = Day(bed.Today.PlusDays(-90)), LastDue = Day(bed.Today) })).Obligations.ShouldContain(o => o.Due == mine[0].Due);

        await using var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System);
        await scope.ServiceProvider.GetRequiredService<WatchTerms>().RunAsync(CancellationToken.None);
        (await manager.ListAlertsAsync(new ListAlertsRequest())).Alerts.ShouldContain(a => a.Kind == "obligation_overdue");

        // Another account's people see nothing of it, and change nothing.
        var people = new Api.Identity.V1.People.PeopleClient(await bed.Backend.AsAdministratorAsync());
        await people.CreateAsync(new Api.Identity.V1.CreatePersonRequest
        {
            CommandId = Id(), Name = "their.manager", DisplayName = "theirs", Password = BackendFixture.Password, Pin = BackendFixture.Pin, Roles = { Roles.KeyAccountManager }, Accounts = { BackendFixture.OtherAccount }, Depots = { "*" }, Language = "en",
        });
        var theirs = new Api.Contracts.V1.Contracts.ContractsClient(bed.Backend.With((await bed.Backend.SignInAsync("their.manager")).AccessToken));
        (await theirs.ListObligationsAsync(new ListObligationsRequest())).Obligations.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await theirs.MeetObligationAsync(new MeetObligationCommand { CommandId = Id(), Contract = Contract, Clause = "O-2", Due = listed.Obligations.First(o => o.By == "client").Due, Reference = "x" })))
            .StatusCode.ShouldBe(StatusCode.NotFound);

        async Task<MeetObligationReply> MeetAsync(ObligationView owed, string metOn, string reference) =>
            await manager.MeetObligationAsync(new MeetObligationCommand { CommandId = Id(), Contract = owed.Contract, Clause = owed.Clause, Due = owed.Due, MetOn = metOn, Reference = reference });
    }

    /// <summary>S4: scores follow from the journal alone, so each obligation is told to it: met, or unmet when its day is over.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task The_journal_is_told_what_was_met_and_every_night_what_was_not_once_each(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.InForceAsync(Document(bed.Now + Duration.FromMinutes(1), more: "obligations: [{id: O-1, by: carrier, what: {zh: 月报, en: monthly report}, every: month, due_day: 5}, {id: O-2, by: client, what: {zh: 预测, en: forecast}, every: month, due_day: 6}]"));
        (await NightAsync()).ShouldBe(0);
        // Three months on, to the day after a due day: the nights between were missed, and are caught up with.
        bed.Backend.Advance(TimeSpan.FromDays(Period.DaysBetween(bed.Today, bed.Today.With(DateAdjusters.StartOfMonth).PlusMonths(3).PlusDays(5))));
        await bed.PutAgreementAsync(bed.Today.PlusDays(300));
        var manager = await bed.ContractsAsync(Roles.KeyAccountManager);
        var due = (await manager.ListObligationsAsync(new ListObligationsRequest { FirstDue = Day(bed.Today.PlusDays(-100)), LastDue = Day(bed.Today), PageSize = 200 })).Obligations.Where(o => o.By == "carrier").ToList();
        due.Count.ShouldBe(3);
        await MeetAsync(due[0].Due, due[0].Due);
        var told = await ServiceFacts.OfAsync(bed.Backend, EventKind.ObligationStood);
        var first = told.ShouldHaveSingleItem();
        (first.Event.Reference, first.Fact.Account, first.Fact.Contract, first.Fact.ContractVersion, first.Fact.Revision, first.Fact.Title).ShouldBe(($"{Contract}/O-1/{due[0].Due}", Account, Contract, 1u, 2u, "monthly report"));
        (first.Fact.DoneUs < first.Fact.DueUs, Clock.FromUnixMicros(first.Fact.DueUs).InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date).ShouldBe((true, Check.Day(due[0].Due)!.Value));
        first.Event.ToString().ShouldNotContain("report 7", Case.Sensitive, "what a person wrote stays out of the journal");

        (await NightAsync()).ShouldBe(2, "the two that are unmet; the client's own are no service of the carrier");
        (await NightAsync()).ShouldBe(0);
        told = await ServiceFacts.OfAsync(bed.Backend, EventKind.ObligationStood);
        told.Skip(1).Select(f => (f.Event.Reference, f.Fact.Revision, f.Fact.DoneUs, f.At.ToUnixMicros() > f.Fact.DueUs)).ShouldBe([($"{Contract}/O-1/{due[1].Due}", 1u, 0L, true), ($"{Contract}/O-1/{due[2].Due}", 1u, 0L, true)]);

        // Met late: a higher revision stands in place of it, and the next night has nothing to add.
        await MeetAsync(due[1].Due, "");
        bed.Backend.Advance(TimeSpan.FromDays(1));
        (await NightAsync()).ShouldBe(0);
        told = await ServiceFacts.OfAsync(bed.Backend, EventKind.ObligationStood);
        (told.Count, told[^1].Event.Reference, told[^1].Fact.Revision, told[^1].Fact.DoneUs > told[^1].Fact.DueUs, told[^1].Fact.DoneUs <= told[^1].At.ToUnixMicros()).ShouldBe((4, $"{Contract}/O-1/{due[1].Due}", 2u, true, true));

        async Task MeetAsync(string day, string metOn) => (await (await bed.ContractsAsync(Roles.KeyAccountManager)).MeetObligationAsync(
            new MeetObligationCommand { CommandId = Id(), Contract = Contract, Clause = "O-1", Due = day, MetOn = metOn, Reference = "report 7" })).Refused.ShouldBeNull();

        async Task<int> NightAsync()
        {
            await using var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System);
            return (await scope.ServiceProvider.GetRequiredService<TellObligations>().RunAsync(CancellationToken.None)).Value;
        }
    }
}
