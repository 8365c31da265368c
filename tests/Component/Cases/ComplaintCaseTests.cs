using Grpc.Core;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using CasesClient = KeyAccountLogistics.Api.Cases.V1.Cases.CasesClient;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>Complaints over the wire, on both engines: from the client's words to the figures that service levels read.</summary>
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

        var figures = await FiguresAsync(bed, BackendFixture.Account);
        figures.SelectMany(d => d.FirstAnswered.Hits).ShouldBe([id], "the other one is still waiting, and late only when its time is over");
        figures.SelectMany(d => d.Reopened.Of).ShouldBe([id]);
        figures.SelectMany(d => d.Reopened.Hits).ShouldBe([id]);
        figures.SelectMany(d => d.ClosedInTime.Hits).ShouldBe([id]);
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
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

        var figures = await FiguresAsync(bed, BackendFixture.Account);
        var (answers, closings) = (figures.SelectMany(d => d.FirstAnswered.Of), figures.SelectMany(d => d.ClosedInTime.Of));
        (answers.Single(), closings.Single(), figures.Sum(d => d.FirstAnswered.Hits.Length + d.ClosedInTime.Hits.Length + d.Reopened.Of.Length)).ShouldBe((id, id, 0));
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
        (await FiguresAsync(bed, BackendFixture.OtherAccount, days: 30)).ShouldBeEmpty("nothing is due yet");
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

    private static async Task<IReadOnlyList<ComplaintDay>> FiguresAsync(CasesBed bed, string account, int days = 30)
    {
        await using var scope = bed.Backend.Host.Services.CreateScopeAs(Caller.System);
        var today = bed.Backend.Time.Now().InUtc().Date;
        return (await scope.ServiceProvider.GetRequiredService<ComplaintFigures>().OfAsync(account, today.PlusDays(-days), today.PlusDays(days))).Value;
    }
}
