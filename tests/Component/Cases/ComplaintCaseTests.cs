using Grpc.Core;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Component.Journal;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Actor = KeyAccountLogistics.Cases.Life.Actor;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;
using CasesClient = KeyAccountLogistics.Api.Cases.V1.Cases.CasesClient;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>Complaints over the wire, on both engines: from the client's words to what the journal is told for service levels.</summary>
public sealed class ComplaintCaseTests
{
    private static readonly string[] AfterTheAnswer = ["hear", "set_expectation", "confirm_needs", "offer_options"];

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_client_complains_is_answered_in_time_and_takes_it_up_again(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        var client = await bed.AsAsync(Roles.ClientUser);
        var open = new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Subject = CasesBed.Own, Reason = "damage", Note = "The box of Li Lei is crushed." };
        var opened = await client.OpenAsync(open);
        (opened.Refused, opened.Case.Stage, opened.Case.DueClock, opened.Case.About, opened.Case.Serious, opened.Case.Account, opened.Case.Subject).ShouldBe(
            (null, "received", "first_answer", "damage", true, BackendFixture.Account, CasesBed.Own));
        // Long after the command log has forgotten it: still one complaint; another about the same parcel is another one.
        await bed.Backend.Database.ExecuteAsync("DELETE FROM journal_command");
        (await client.OpenAsync(open)).Case.CaseId.ShouldBe(opened.Case.CaseId);
        open.CommandId = BackendFixture.NewCommandId();
        string.Equals((await client.OpenAsync(open)).Case.CaseId, opened.Case.CaseId, StringComparison.Ordinal).ShouldBeFalse();

        var id = opened.Case.CaseId;
        bed.Backend.Advance(TimeSpan.FromHours(11));
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Note = "He calls every week.", });
        (await RefusedAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "acknowledge", Note = "Internal." })).ShouldBe(("note.not_shared", "note"));
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "acknowledge", Note = "We are sorry, and look into it.", ShareNote = true });
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "promise", Reason = "call_back", DueAtUs = (bed.Backend.Time.Now() + Duration.FromHours(4)).ToUnixMicros(), Note = "Call back by 15:00.", ShareNote = true });
        foreach (var step in AfterTheAnswer) await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = step });
        var service = await (await bed.AsAsync(Roles.CustomerService)).ReadAsync(new ReadCaseRequest { CaseId = id });
        (service.Outcomes.Contains("apology", StringComparer.Ordinal), service.Causes.Count, service.PromiseKinds.Contains("call_back", StringComparer.Ordinal), service.Limit.Minor).ShouldBe((true, 8, true, 5_000));

        // 150.00 is over customer service's 50.00, and within a key account manager's 200.00.
        var pay = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Outcome = "compensation", AmountMinor = 15_000, Currency = "CNY", Reason = "upheld" };
        (await (await bed.AsAsync(Roles.CustomerService)).DecideAsync(pay)).Case.State.ShouldBe("proposed");
        pay.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.KeyAccountManager)).DecideAsync(pay)).Case.Stage.ShouldBe("acting");
        (await RefusedAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "verify" })).ShouldBe(("close.no_cause", "step"));
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "root_cause", Reason = "work_done_wrong" });
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "corrective_action", Note = "The belt's edge is padded." });
        (await RefusedAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "verify" })).Code.ShouldBe("close.promise_waits");
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "promise_done", Clock = "promise-1" });
        (await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "verify" })).Outcome.ShouldBe("compensation");

        // The client reads what was said to it and not what was said of it.
        client = await bed.AsAsync(Roles.ClientUser);
        var seen = await client.ReadAsync(new ReadCaseRequest { CaseId = id });
        seen.History.Select(h => h.Note).Where(n => n.Length > 0).ShouldBe(["The box of Li Lei is crushed.", "We are sorry, and look into it.", "Call back by 15:00."]);
        seen.History.Count(h => h.NoteAbsent == "internal").ShouldBe(2);
        (seen.Answers.Single(), seen.Steps.Count, seen.Outcomes.Count, seen.Outcome.Credit.Minor, seen.Outcome.Limit).ShouldBe(("reopen", 0, 0, 15_000, null));
        seen.Promises.ShouldHaveSingleItem().State.ShouldBe(PromiseState.Kept);
        var again = await client.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Answer = "reopen", Reason = "happened_again", Note = "Crushed again." });
        (again.Refused, again.Case.Stage, again.Case.Reopened, again.Case.Outcome).ShouldBe((null, "acknowledged", 1, ""));

        // The journal has been told of it each time it stood otherwise: received, answered, decided, closed, taken up again; of the other one that it came.
        var told = await ToldAsync(bed, id);
        told.Select(f => (f.AnsweredUs > 0, f.Found, f.ClosedUs > 0, f.ReopenedUs > 0)).ShouldBe([(false, "", false, false), (true, "", false, false), (true, "upheld", false, false), (true, "upheld", true, false), (true, "", true, true)]);
        (told[^1].About, told[^1].AnswerDueUs - told[^1].OpenedUs, told[^1].StatuteDueUs - told[^1].OpenedUs).ShouldBe(("damage", 12 * 3_600_000_000L, 168 * 3_600_000_000L));
        var all = await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood);
        (all.Count, all.Select(f => f.Event.Id).Distinct().Count()).ShouldBe((6, 6));
        all.ShouldAllBe(f => f.Fact.Account == BackendFixture.Account && f.Fact.Parcel == CasesBed.Own && f.Event.Parcel == "");
        all[^1].Fact.Revision.ShouldBe((uint)again.Case.Entries);
        // Neither the command sent again nor a rebuild tells anything.
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
        await bed.RebuildAsync(dryRun: false);
        (await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood)).Count.ShouldBe(6);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_objection_to_a_scorecard_line_taken_by_telephone_is_answered_late_and_its_promise_broken(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        var ask = new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = "scorecard", Account = BackendFixture.Account, Reference = "T2 2026-10", Region = "elsewhere" };
        var service = await bed.AsAsync(Roles.CustomerService);
        (await service.OpenAsync(ask)).Refused.Field.ShouldBe("channel");
        (ask.CommandId, ask.Channel) = (BackendFixture.NewCommandId(), "phone");
        var opened = await service.OpenAsync(ask);
        (opened.Case.Subject, opened.Case.Account, opened.Case.Serious).ShouldBe(("T2 2026-10", BackendFixture.Account, false));
        var id = opened.Case.CaseId;
        var view = await service.ReadAsync(new ReadCaseRequest { CaseId = id });
        (view.Opened.Channel, view.Clocks.Single(c => c.Clock.Clock == "first_answer").Clock.DueUs - view.Summary.OpenedAtUs).ShouldBe(("phone", 24 * 3_600_000_000L));
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "promise", Reason = "send_proof", DueAtUs = (bed.Backend.Time.Now() + Duration.FromHours(2)).ToUnixMicros() });
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Owner = bed.Backend.People[Roles.CustomerService] });

        bed.Backend.Advance(TimeSpan.FromHours(25));
        await bed.RunJobAsync();
        view = await (await bed.AsAsync(Roles.CustomerService)).ReadAsync(new ReadCaseRequest { CaseId = id });
        view.Promises.ShouldHaveSingleItem().State.ShouldBe(PromiseState.Broken);
        view.History.Count(h => h.Entry.Kind == EntryKind.PromiseBroken).ShouldBe(1);
        bed.Backend.Log.Lines.Count(l => l.EventId == 4001).ShouldBe(2, "the promise and the first answer");
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "acknowledge", Note = "Late, and sorry.", ShareNote = true });
        bed.Backend.Advance(TimeSpan.FromDays(7));
        await bed.RunJobAsync();
        view = await (await bed.AsAsync(Roles.ClientUser)).ReadAsync(new ReadCaseRequest { CaseId = id });
        view.History.Count(h => h.Entry.Kind == EntryKind.Escalated && h.Entry.Escalation is { Clock: "statute", Percent: 100 }).ShouldBe(1);
        view.Answers.ShouldBe(["appealed", "withdraw"]);

        var client = await bed.AsAsync(Roles.ClientUser);
        (await client.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Answer = "appealed" })).Refused.ShouldBeNull();
        (await client.ReadAsync(new ReadCaseRequest { CaseId = id })).Clocks.Single(c => c.Clock.Clock == "appeal").Clock.State.ShouldBe(ClockState.Running);

        // Received; its first answer missed, told by the job; answered late; the law's week missed, told by the job again.
        var told = (await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood)).FindAll(f => f.Event.Reference == id);
        told.Select(f => (f.Fact.Complaint.AnsweredUs > 0, f.Fact.Complaint.ClosedUs, f.Event.Actor == Caller.System.Id)).ShouldBe([(false, 0, false), (false, 0, true), (true, 0, false), (true, 0, true)]);
        (told[1].At.ToUnixMicros() > told[1].Fact.Complaint.AnswerDueUs, told[3].At.ToUnixMicros() > told[3].Fact.Complaint.StatuteDueUs, told[2].Fact.Complaint.AnsweredUs > told[2].Fact.Complaint.AnswerDueUs).ShouldBe((true, true, true));
        told.Select(f => f.Fact.Parcel).Distinct(StringComparer.Ordinal).ShouldBe([""]);
        await bed.RunJobAsync();
        (await ToldAsync(bed, id)).Count.ShouldBe(4, "a run of the job that finds nothing tells nothing");
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task One_that_nobody_answers_and_the_client_withdraws_is_told_as_answered_by_nobody(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        var id = (await (await bed.AsAsync(Roles.ClientUser)).OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Subject = CasesBed.Own, Reason = "delay" })).Case.CaseId;
        bed.Backend.Advance(TimeSpan.FromHours(11));
        (await (await bed.AsAsync(Roles.ClientUser)).AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Answer = "withdraw" })).Case.State.ShouldBe("closed");
        (await ToldAsync(bed, id)).Select(static c => (c.AnsweredUs, c.ClosedUs > 0, c.Withdrawn)).ShouldBe([(0L, false, false), (0L, true, true)]);
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_accounts_complaint_and_claim_are_nobodys_to_see(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        var manager = await bed.AsAsync(Roles.SalesManager);
        var theirs = (await manager.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = "staff", Account = BackendFixture.OtherAccount, Reference = "driver 7", Channel = "mail" })).Case.CaseId;
        var client = await bed.AsAsync(Roles.ClientUser);
        (await client.ListAsync(new ListCasesRequest())).Cases.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await client.ReadAsync(new ReadCaseRequest { CaseId = theirs }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await client.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = theirs, Answer = "withdraw" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        foreach (var ask in new[]
        {
            new OpenCaseCommand { Kind = "complaint", Reason = "other", Account = BackendFixture.OtherAccount, Reference = "x" },
            new OpenCaseCommand { Kind = "complaint", Reason = "other", Account = "KA-NOWHERE", Reference = "x" },
            new OpenCaseCommand { Kind = "complaint", Reason = "other", Subject = CasesBed.Others },
            new OpenCaseCommand { Kind = "claim", Reason = "total", Subject = CasesBed.Others, Claim = new ClaimFigures { WorthMinor = 1, Currency = "CNY", Proof = "x" } },
        })
        {
            ask.CommandId = BackendFixture.NewCommandId();
            (await Should.ThrowAsync<RpcException>(async () => await client.OpenAsync(ask))).StatusCode.ShouldBe(StatusCode.NotFound);
        }
        // Its own account needs no name, and a system with a key complains too (SEED-03-COMPCH).
        var own = await client.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = "billing", Reference = "INV-7" });
        own.Case.Account.ShouldBe(BackendFixture.Account);
        var key = await new Api.Identity.V1.ApiKeys.ApiKeysClient(await bed.ChannelAsync(Roles.Administrator)).CreateAsync(new Api.Identity.V1.CreateApiKeyRequest
        {
            CommandId = BackendFixture.NewCommandId(), Name = "the client's system", Accounts = { BackendFixture.Account }, Permissions = { Permission.CaseRead, Permission.CaseOpen },
        });
        var system = new CasesClient(bed.Backend.With(key.Secret));
        var bySystem = await system.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = "delay", Reference = "order 5", Channel = "phone" });
        (await system.ReadAsync(new ReadCaseRequest { CaseId = bySystem.Case.CaseId })).Opened.Channel.ShouldBe("api");
        (await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood)).Select(f => f.Fact.Account).ShouldBe([BackendFixture.OtherAccount, BackendFixture.Account, BackendFixture.Account]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_can_only_be_said_of_a_parcel_names_one_and_what_is_rolled_back_is_not_told(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        var client = await bed.AsAsync(Roles.ClientUser);
        foreach (var about in new[] { "false_sign_off", "unauthorised_drop" })
        {
            (await client.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = about, Reference = "the parcel of Monday" })).Refused.Field.ShouldBe("subject");
            (await client.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "complaint", Reason = about, Subject = CasesBed.Own })).Case.About.ShouldBe(about);
        }
        var before = await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood);
        before.Select(f => (f.Fact.Complaint.About, f.Fact.Parcel)).ShouldBe([("false_sign_off", CasesBed.Own), ("unauthorised_drop", CasesBed.Own)]);

        // The transaction ends in a fault after the case was kept and the journal told: neither has happened, and the next one goes on from there.
        var id = before[0].Event.Reference;
        await using (var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System))
        {
            var (db, store, gate) = (scope.ServiceProvider.GetRequiredService<CasesDb>(), scope.ServiceProvider.GetRequiredService<CaseStore>(), scope.ServiceProvider.GetRequiredService<IWriteGate>());
            var undone = await gate.RunAsync<bool>(async (transaction, ct) =>
            {
                await transaction.EnlistAsync(db, ct);
                var held = (await store.LockAsync(id, ct))!;
                var draft = held.Draft(bed.Backend.Time.Now());
                CaseLife.Run(draft, new CaseCommand.TakeStep(BackendFixture.NewCommandId(), new Actor("x", Side.Client), "withdraw", "answer", "", null)).Refused.ShouldBeNull();
                (await store.KeepAsync(transaction, held, draft.Entries, draft.State, ct)).ShouldBeNull();
                return new Fault.Conflict("test.undone", "Undone.");
            });
            undone.IsOk.ShouldBeFalse();
        }
        (await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood)).Count.ShouldBe(2);
        await ActAsync(bed, Roles.CustomerService, new ActOnCaseCommand { CaseId = id, Step = "acknowledge", Note = "We look into it.", ShareNote = true });
        var after = await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood);
        (after.Count, after[^1].Fact.Complaint.AnsweredUs > 0, after[^1].Fact.Complaint.ClosedUs).ShouldBe((3, true, 0));
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    internal static async Task<CaseSummary> ActAsync(CasesBed bed, string role, ActOnCaseCommand command)
    {
        command.CommandId = BackendFixture.NewCommandId();
        var reply = await (await bed.AsAsync(role)).ActAsync(command);
        reply.Refused.ShouldBeNull();
        return reply.Case;
    }

    private static async Task<(string Code, string Field)> RefusedAsync(CasesBed bed, string role, ActOnCaseCommand command)
    {
        command.CommandId = BackendFixture.NewCommandId();
        var reply = await (await bed.AsAsync(role)).ActAsync(command);
        return (reply.Refused.Code, reply.Refused.Field);
    }

    private static async Task<List<Complaint>> ToldAsync(CasesBed bed, string id) =>
        (await ServiceFacts.OfAsync(bed.Backend, EventKind.ComplaintStood)).FindAll(f => f.Event.Reference == id).ConvertAll(f => f.Fact.Complaint);
}
