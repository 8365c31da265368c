using System.Collections.Immutable;
using Grpc.Core;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.Cases.ComplaintCaseTests;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>A key account that slips, over the wire and by the door that warnings use, on both engines.</summary>
public sealed class RegressCaseTests
{
    private const string Account = BackendFixture.Account;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_account_manager_opens_one_and_leads_it_through_all_stages_out_of_the_clients_sight(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var open = new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "regress", Account = Account, Reason = "rival_offers", Reference = "visit of Monday", Note = "They showed us an offer." };
        (await RefusedAsync(bed, open, c => c.Account = "")).Field.ShouldBe("account");
        (await RefusedAsync(bed, open, c => c.Subject = CasesBed.Own)).Field.ShouldBe("subject");
        (await RefusedAsync(bed, open, c => c.Reason = "because")).Code.ShouldBe("reason.unknown");
        (await Should.ThrowAsync<RpcException>(() => RefusedAsync(bed, open, c => c.Account = "KA-NOWHERE"))).StatusCode.ShouldBe(StatusCode.NotFound);
        var opened = (await manager.OpenAsync(open)).Case;
        (opened.CaseId, opened.Stage, opened.Owner, opened.Account, opened.Subject).ShouldBe(($"R-{Account}-1", "watch", "KeyAccountManager", Account, Account));
        (await RefusedAsync(bed, open, _ => { })).Code.ShouldBe("case.exists");
        await bed.Backend.Database.ExecuteAsync("DELETE FROM journal_command");
        (await manager.OpenAsync(open)).Case.CaseId.ShouldBe(opened.CaseId, "the same command is the same case");

        // To the client there is no such case and no such kind.
        var client = await bed.AsAsync(Roles.ClientUser);
        (await client.ListAsync(new ListCasesRequest())).Cases.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await client.ReadAsync(new ReadCaseRequest { CaseId = opened.CaseId }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await client.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = opened.CaseId, Answer = "withdraw" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        var asked = (await client.OpenAsync(new OpenCaseCommand(open) { CommandId = BackendFixture.NewCommandId() })).Refused;
        (asked.Code, asked.Message.Contains("regress.", StringComparison.Ordinal)).ShouldBe(("kind.unknown", false));

        var id = opened.CaseId;
        (await WhyNotAsync(bed, new ActOnCaseCommand { CaseId = id, Step = "client_notified", Note = "x" })).ShouldBe("step.not_now");
        (await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = "open_room" })).Owner.ShouldBe(bed.Backend.People[Roles.KeyAccountManager]);
        (await WhyNotAsync(bed, new ActOnCaseCommand { CaseId = id, Step = "state_facts" })).ShouldBe("note.missing");
        foreach (var (step, stage) in new[] { ("state_facts", "facts_stated"), ("client_notified", "measures"), ("measure", "measures"), ("plan_recovery", "recovery") })
            (await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = step, Note = "As it is." })).Stage.ShouldBe(stage);
        await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = "promise", Reason = "follow_up", DueAtUs = (bed.Backend.Time.Now() + Duration.FromDays(10)).ToUnixMicros() });

        // Who opened it decides nothing that costs; over the limit another person confirms.
        var pay = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Outcome = "compensation", AmountMinor = 15_000, Currency = "CNY", Reason = "our_doing" };
        (await manager.DecideAsync(pay)).Refused.Code.ShouldBe("decide.own_case");
        pay.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.CustomerService)).DecideAsync(pay)).Case.State.ShouldBe("proposed");
        pay.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.SalesManager)).DecideAsync(pay)).Case.Stage.ShouldBe("following_up");
        (await WhyNotAsync(bed, new ActOnCaseCommand { CaseId = id, Step = "retained" })).ShouldBe("close.no_cause");
        await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = "root_cause", Reason = "rival_better" });
        (await WhyNotAsync(bed, new ActOnCaseCommand { CaseId = id, Step = "retained" })).ShouldBe("close.promise_waits");
        await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = "promise_done", Clock = "promise-1" });
        var closed = await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = id, Step = "retained" });
        (closed.State, closed.Outcome, closed.Uncontrollable).ShouldBe(("closed", "compensation", false));
        var view = await (await bed.AsAsync(Roles.SalesManager)).ReadAsync(new ReadCaseRequest { CaseId = id });
        (view.Cause, view.Signs.Single().Code, view.Signs.Single().Reference, view.History[0].Note).ShouldBe(("rival_better", "rival_offers", "visit of Monday", "They showed us an offer."));
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);

        // The next time is another case; that the account is gone for a reason of its own counts against nobody.
        open.CommandId = BackendFixture.NewCommandId();
        var second = (await (await bed.AsAsync(Roles.KeyAccountManager)).OpenAsync(open)).Case.CaseId;
        second.ShouldBe($"R-{Account}-2");
        await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = second, Step = "root_cause", Reason = "closed_down" });
        var lost = await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = second, Step = "lost", Note = "Insolvent." });
        (lost.State, lost.Outcome, lost.Uncontrollable).ShouldBe(("closed", "lost", true));
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Warnings_open_one_and_join_it_and_the_same_again_changes_nothing(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        var first = await BringAsync(bed, Account, Sign("volume_changed", "w-1", "62"));
        first.Value.ShouldBe(new RegressStands($"R-{Account}-1", Opened: true));
        (await BringAsync(bed, Account, Sign("volume_changed", "w-1", "58"))).Value.ShouldBe(first.Value with { Opened = false });
        (await BringAsync(bed, Account, Sign("volume_changed", "w-1", "58"), Sign("overdue", "w-2", "31"))).Value.Opened.ShouldBeFalse();
        var view = await (await bed.AsAsync(Roles.SalesManager)).ReadAsync(new ReadCaseRequest { CaseId = first.Value.CaseId });
        (view.Summary.Entries, view.History[0].Entry.Side, view.History[0].Entry.Reason).ShouldBe((2, Side.Product, "volume_changed"));
        view.Signs.Select(s => (s.Code, s.Reference, s.Figures["is"])).ShouldBe([("volume_changed", "w-1", "62"), ("overdue", "w-2", "31")]);
        // One that a person opens is the one that stands.
        (await RefusedAsync(bed, new OpenCaseCommand { Kind = "regress", Account = Account, Reason = "other" }, _ => { })).Code.ShouldBe("case.exists");

        // Ten at once of another account make one.
        var many = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => BringAsync(bed, BackendFixture.OtherAccount, Sign("overdue", "w-" + n, "31"))));
        (many.Select(m => m.Value.CaseId).Distinct(StringComparer.Ordinal).Single(), many.Count(m => m.Value.Opened)).ShouldBe(($"R-{BackendFixture.OtherAccount}-1", 1));
        (await (await bed.AsAsync(Roles.SalesManager)).ReadAsync(new ReadCaseRequest { CaseId = many[0].Value.CaseId })).Signs.Count.ShouldBe(10);

        // Closed by a person: what it was opened for opens no other by going on, something new does. Neither is half done when the transaction fails.
        await ActAsync(bed, Roles.KeyAccountManager, new ActOnCaseCommand { CaseId = first.Value.CaseId, Step = "unfounded", Note = "A holiday." });
        (await BringAsync(bed, Account, Sign("volume_changed", "w-1", "55"))).Value.ShouldBe(new RegressStands(first.Value.CaseId, Opened: false));
        await using (var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System))
        {
            var (door, gate) = (scope.ServiceProvider.GetRequiredService<OpenRegress>(), scope.ServiceProvider.GetRequiredService<IWriteGate>());
            (await gate.RunAsync<bool>(async (transaction, ct) =>
            {
                (await door.RunAsync(transaction, Account, [Sign("volume_changed", "w-3", "50")], ct)).Value.Opened.ShouldBeTrue();
                return new Fault.Conflict("test.undone", "Undone.");
            })).IsOk.ShouldBeFalse();
        }
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM cases_case WHERE kind = 'regress'")).ShouldBe(2);
        (await BringAsync(bed, Account, Sign("volume_changed", "w-3", "50"))).Value.ShouldBe(new RegressStands($"R-{Account}-2", Opened: true));

        (await BringAsync(bed, "KA-NOWHERE", Sign("overdue", "w-1", "1"))).Fault.Code.ShouldBe("account.unknown");
        (await BringAsync(bed, Account)).Fault.Code.ShouldBe("signs.count");
        (await BringAsync(bed, Account, Sign("Not a code", "w-1", "1"))).Fault.Code.ShouldBe("sign.malformed");
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    private static SlippingSign Sign(string code, string reference, string value) =>
        new(code, reference, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("is", value)]), []);

    private static async Task<Outcome<RegressStands>> BringAsync(CasesBed bed, string account, params SlippingSign[] signs)
    {
        await using var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System);
        return await scope.ServiceProvider.GetRequiredService<OpenRegress>().RunAsync(account, signs);
    }

    private static async Task<string> WhyNotAsync(CasesBed bed, ActOnCaseCommand command)
    {
        command.CommandId = BackendFixture.NewCommandId();
        return (await (await bed.AsAsync(Roles.KeyAccountManager)).ActAsync(command)).Refused.Code;
    }

    private static async Task<CaseRefusal> RefusedAsync(CasesBed bed, OpenCaseCommand command, Action<OpenCaseCommand> but)
    {
        var other = new OpenCaseCommand(command) { CommandId = BackendFixture.NewCommandId() };
        but(other);
        return (await (await bed.AsAsync(Roles.KeyAccountManager)).OpenAsync(other)).Refused;
    }
}
