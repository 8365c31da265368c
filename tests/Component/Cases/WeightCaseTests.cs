using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Component.Cases;

/// <summary>The weight dispute (users.md) from the weighing in the journal to the decision, over the wire, on both engines.</summary>
public sealed class WeightCaseTests
{
    private static readonly string Case = CasesBed.CaseOf(CasesBed.Own);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_weight_outside_tolerance_is_disputed_over_the_limit_and_decided_by_another_person(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        // Out of order, and each twice: the later weighing first.
        var (first, second) = (bed.Weighed(1, CasesBed.Own, 30, 2500), bed.Weighed(2, CasesBed.Own, 10, 302_000, "scale-2"));
        await bed.AppendAsync(second);
        await bed.AppendAsync(first, second);
        await bed.AppendAsync(first);
        var opened = await bed.UntilAsync(Case, v => v.Weights.Chain.Count == 3);
        (opened.Summary.Stage, opened.Summary.Account, opened.Summary.Depot, opened.Summary.Owner, opened.Summary.DueClock).ShouldBe(
            ("evidence", BackendFixture.Account, BackendFixture.Depot, Roles.KeyAccountManager, "show"));
        opened.Summary.OnHold.ShouldBe(new Amount { Known = true, Minor = 60_000, Currency = "CNY" });
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM cases_case")).ShouldBe(1);

        // The client sees the same numbers, down to the frames, and its window begins.
        var client = await bed.AsAsync(Roles.ClientUser);
        var seen = await client.ReadAsync(new ReadCaseRequest { CaseId = Case });
        seen.Weights.ShouldBe(opened.Weights);
        (seen.Summary.Stage, seen.MayAnswer, seen.Steps.Count, seen.Outcomes.Count).ShouldBe(("answer", true, 0, 0));
        seen.ShownAtUs.ShouldBeGreaterThan(0);
        var raw = await new Parcels.ParcelsClient(await bed.ChannelAsync(Roles.ClientUser)).GetRawEventAsync(new GetRawEventRequest { EventId = seen.Weights.MeasuredEvent });
        raw.Frames.ShouldHaveSingleItem().Text.ShouldContain("302000 g");
        (seen.Weights.Chain[1].Scale.VerifiedUntilDay, seen.Weights.Chain[1].ErrorMg, seen.Weights.Chain[1].Actor).ShouldBe((21_000, 10_000, "clerk-7"));
        (await client.ReadAsync(new ReadCaseRequest { CaseId = Case })).Summary.Entries.ShouldBe(seen.Summary.Entries, "shown once");

        var dispute = new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Answer = "dispute", Reason = "other_parcel", Note = "Our packer Li Lei says it was a book." };
        var answered = await client.AnswerAsync(dispute);
        (answered.Refused, answered.Case.Stage).ShouldBe((null, "deciding"));
        (await client.AnswerAsync(dispute)).ShouldBe(answered);
        // Long after the command log has forgotten it: still one effect.
        await bed.Backend.Database.ExecuteAsync("DELETE FROM journal_command");
        (await client.AnswerAsync(dispute)).Case.Entries.ShouldBe(answered.Case.Entries);
        var late = await client.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Answer = "accept" });
        (late.Refused.Code, late.Refused.Field).ShouldBe(("step.not_now", "answer"));

        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        await manager.ActAsync(new ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Note = "The second scale is new; be generous." });
        await manager.ActAsync(new ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Owner = bed.Backend.People[Roles.KeyAccountManager], Evidence = { new EvidenceItem { EventId = seen.Weights.Chain[1].EventId } } });
        var nobody = await manager.ActAsync(new ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Owner = "somebody" });
        (nobody.Refused.Code, nobody.Refused.Field).ShouldBe(("owner.unknown", "owner"));
        var keep = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Outcome = "keep_first", Reason = "evidence_fails" };
        var proposed = await manager.DecideAsync(keep);
        (proposed.Case.State, proposed.Case.Outcome).ShouldBe(("proposed", ""), "600.00 is over a key account manager's 200.00");
        keep.CommandId = BackendFixture.NewCommandId();
        (await manager.DecideAsync(keep)).Refused.Code.ShouldBe("decide.own_proposal");
        (await manager.ListAsync(new ListCasesRequest { State = "proposed" })).Cases.ShouldHaveSingleItem().CaseId.ShouldBe(Case);
        keep.CommandId = BackendFixture.NewCommandId();
        // SEED-03-AUTH: over an area manager's 500.00 too, until the administrator takes it to 700.00, where contracts have their limits.
        (await (await bed.AsAsync(Roles.AreaManager)).ReadAsync(new ReadCaseRequest { CaseId = Case })).Limit.Minor.ShouldBe(50_000);
        await new Api.Contracts.V1.Contracts.ContractsClient(await bed.ChannelAsync(Roles.Administrator)).SetAuthorityAsync(new Api.Contracts.V1.SetAuthorityCommand
        {
            CommandId = BackendFixture.NewCommandId(), Limit = new Api.Contracts.V1.AuthorityLimit { Role = Roles.AreaManager, Rank = 2, DiscountBp = 2_000, CompensationMinor = 2_000_000, WaiverDays = 3, CaseMinor = 70_000 },
        });
        var decided = await (await bed.AsAsync(Roles.AreaManager)).DecideAsync(keep);
        (decided.Case.State, decided.Case.Outcome).ShouldBe(("closed", "keep_first"));

        var whole = await manager.ReadAsync(new ReadCaseRequest { CaseId = Case });
        (whole.Outcome.BillsMg, whole.Outcome.Gives.Minor, whole.Outcome.ProposedBy, whole.Outcome.Limit.Minor).ShouldBe((2_000_000, 60_000, bed.Backend.People[Roles.KeyAccountManager], 70_000));
        whole.History.Select(h => h.Entry.Kind).Where(k => k is not EntryKind.Weights).ShouldBe(
            [EntryKind.Opened, EntryKind.Step, EntryKind.Step, EntryKind.Note, EntryKind.Owner, EntryKind.Proposed, EntryKind.Decided]);
        whole.History.ShouldAllBe(h => h.Entry.AtUs > 0 && h.Entry.Actor.Length > 0 && h.Entry.Side != Side.Unspecified);
        var texts = whole.History.Where(h => !h.Entry.NotePrint.IsEmpty).Select(h => h.Note).ToList();
        texts.ShouldBe(["Our packer Li Lei says it was a book.", "The second scale is new; be generous."]);
        var theirs = (await client.ReadAsync(new ReadCaseRequest { CaseId = Case })).History.Where(h => !h.Entry.NotePrint.IsEmpty).Select(h => (h.Note, h.NoteAbsent)).ToList();
        theirs.ShouldBe([("Our packer Li Lei says it was a book.", ""), ("", "internal")]);
        await NoPersonalTextAsync(bed, "Li Lei");

        // A client's system is the client, whatever its key was given: what is the carrier's own it does not see.
        var key = await new Api.Identity.V1.ApiKeys.ApiKeysClient(await bed.ChannelAsync(Roles.Administrator)).CreateAsync(new Api.Identity.V1.CreateApiKeyRequest
        {
            CommandId = BackendFixture.NewCommandId(), Name = "the client's system", Accounts = { BackendFixture.Account }, Permissions = { Api.Access.V1.Permission.CaseRead },
        });
        var bySystem = await new Api.Cases.V1.Cases.CasesClient(bed.Backend.With(key.Secret)).ReadAsync(new ReadCaseRequest { CaseId = Case });
        (bySystem.Outcome.BillsMg, bySystem.Outcome.Limit, bySystem.Outcome.ProposedBy).ShouldBe((2_000_000, null, ""));
        bySystem.History.Single(h => h.Entry.Kind == EntryKind.Proposed).Entry.Outcome.ShouldBeNull();
        bySystem.History.ShouldAllBe(h => h.Note != "The second scale is new; be generous.");
        bySystem.Weights.ShouldBe(whole.Weights);
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Silence_takes_the_new_weight_after_a_restart_and_a_drift_found_later_takes_the_case_up_again_once(Engine engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        var time = new ShiftedTime();
        await using (var before = await CasesBed.StartAsync(engine, database, time))
        {
            await before.RegisterAsync();
            await before.AppendAsync(before.Weighed(1, CasesBed.Own, 30, 2500));
            await before.UntilAsync(Case, _ => true);
            (await (await before.AsAsync(Roles.ClientUser)).ReadAsync(new ReadCaseRequest { CaseId = Case })).Summary.Stage.ShouldBe("answer");
        }
        time.Advance(TimeSpan.FromDays(8));
        await using var bed = await CasesBed.StartAsync(engine, database, time);
        await bed.RunJobAsync();
        await bed.RunJobAsync();
        var closed = await bed.UntilAsync(Case, _ => true);
        (closed.Summary.State, closed.Outcome.Outcome, closed.Outcome.Charge.Minor).ShouldBe(("closed", "take_new", 500));
        closed.History.Select(h => h.Entry.Kind).ShouldBe([EntryKind.Opened, EntryKind.Step, EntryKind.Escalated, EntryKind.Escalated, EntryKind.Escalated, EntryKind.Lapsed]);
        // As of the instant it was due, however late the job was.
        closed.History[^1].Entry.Escalation.DueUs.ShouldBe(closed.History[1].Entry.Clocks.Single(c => c.Clock == "answer").DueUs);
        bed.Backend.Log.Lines.Count(l => l.EventId == 4001).ShouldBe(1);

        var at = bed.Backend.Time.Now();
        await bed.QuarantineAsync("scale-2", at, 901);
        await bed.QuarantineAsync("scale-1", at);
        var reopened = await bed.UntilAsync(Case, v => v.Summary.Reopened == 1);
        (reopened.Summary.Stage, reopened.Summary.State, reopened.Outcome).ShouldBe(("deciding", "open", null));
        var doubt = reopened.Doubts.ShouldHaveSingleItem();
        (doubt.Device, doubt.Estimate.ErrorMg, doubt.Weights.Single()).ShouldBe(("scale-1", 480_000, reopened.Weights.MeasuredEvent));
        // Decided again in its knowledge; the same quarantine does not come back.
        var keep = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Outcome = "keep_first", Reason = "scale_in_doubt" };
        (await (await bed.AsAsync(Roles.KeyAccountManager)).DecideAsync(keep)).Case.State.ShouldBe("closed");
        await bed.QuarantineAsync("scale-1", at);
        // A weight of that scale which arrives late opens its case with the doubt in it.
        await bed.AppendAsync(bed.Weighed(3, CasesBed.Others, 60, 2600));
        (await bed.UntilAsync(CasesBed.CaseOf(CasesBed.Others), v => v.Doubts.Count == 1)).Summary.Stage.ShouldBe("evidence");
        (await bed.UntilAsync(Case, _ => true)).Summary.ShouldSatisfyAllConditions(s => s.State.ShouldBe("closed"), s => s.Reopened.ShouldBe(1));
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task By_hand_a_case_is_opened_once_and_not_decided_by_who_opened_it_and_an_unrated_amount_goes_up(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine, rates: false);
        await bed.RegisterAsync();
        await bed.AppendAsync(bed.Weighed(1, CasesBed.Own, 30, 2000));
        var service = await bed.AsAsync(Roles.CustomerService);
        var open = new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "weight", Subject = CasesBed.Own, Reason = "charge_wrong", Note = "Called." };
        var opened = await service.OpenAsync(open);
        (opened.Case.CaseId, opened.Case.Stage, opened.Case.OnHold.Known, opened.Case.OnHold.Unknown).ShouldBe((Case, "evidence", false, "NO_CONTRACT"));
        (await service.OpenAsync(open)).ShouldBe(opened);
        open.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.ClientUser)).OpenAsync(open)).Refused.Code.ShouldBe("case.exists");
        (await service.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "visit", Subject = CasesBed.Own, Reason = "other" })).Refused.Field.ShouldBe("kind");

        await service.ActAsync(new ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Step = "shown" });
        await (await bed.AsAsync(Roles.ClientUser)).AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Answer = "dispute", Reason = "packaging" });
        var decide = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Outcome = "take_new", Reason = "evidence_holds" };
        (await service.DecideAsync(decide)).Refused.Code.ShouldBe("decide.own_case");
        decide = new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Outcome = "keep_first", Reason = "goodwill" };
        (await (await bed.AsAsync(Roles.Finance)).DecideAsync(decide)).Case.State.ShouldBe("proposed", "nobody knows what it costs");
        decide.CommandId = BackendFixture.NewCommandId();
        (await (await bed.AsAsync(Roles.SalesManager)).DecideAsync(decide)).Case.State.ShouldBe("closed");
        // The machine's own administrator has no authority over money.
        var local = new Api.Cases.V1.Cases.CasesClient(bed.Backend.AsLocalAdministrator());
        (await local.ReopenAsync(new ReopenCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = Case, Reason = "new_evidence" })).Case.Reopened.ShouldBe(1);
        decide.CommandId = BackendFixture.NewCommandId();
        (await local.DecideAsync(decide)).Refused.Code.ShouldBe("decide.own_case");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Another_account_and_another_depot_see_no_case_and_change_none(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        await bed.AppendAsync(bed.Weighed(1, CasesBed.Own, 30, 2500), bed.Weighed(2, CasesBed.Others, 30, 2500));
        await bed.UntilAsync(Case, _ => true);
        var others = CasesBed.CaseOf(CasesBed.Others);
        var before = (await bed.UntilAsync(others, _ => true)).Summary.Entries;
        foreach (var role in new[] { Roles.ClientUser, Roles.KeyAccountManager, Roles.AreaSales })
        {
            var cases = await bed.AsAsync(role);
            (await cases.ListAsync(new ListCasesRequest())).Cases.Select(c => c.CaseId).ShouldBe([Case], role);
            (await cases.ListAsync(new ListCasesRequest { Account = BackendFixture.OtherAccount })).Cases.ShouldBeEmpty();
            foreach (var id in new[] { others, "W-NOBODYS" })
            {
                foreach (var call in Calls(cases, id))
                {
                    var answer = await Should.ThrowAsync<RpcException>(call);
                    // Not found, or not this role's to ask: never a word of the case.
                    answer.StatusCode.ShouldBeOneOf(StatusCode.NotFound, StatusCode.PermissionDenied);
                    answer.Status.Detail.Contains(BackendFixture.OtherAccount, StringComparison.Ordinal).ShouldBeFalse();
                }
            }
        }
        (await bed.UntilAsync(others, _ => true)).Summary.Entries.ShouldBe(before);

        var people = new Api.Identity.V1.People.PeopleClient(await bed.Backend.AsAdministratorAsync());
        await people.CreateAsync(new Api.Identity.V1.CreatePersonRequest
        {
            CommandId = BackendFixture.NewCommandId(), Name = "far.away", DisplayName = "far", Password = BackendFixture.Password, Pin = BackendFixture.Pin, Roles = { Roles.AreaManager }, Accounts = { "*" }, Depots = { "BJ-09" }, Language = "en",
        });
        var far = new Api.Cases.V1.Cases.CasesClient(bed.Backend.With((await bed.Backend.SignInAsync("far.away")).AccessToken));
        (await far.ListAsync(new ListCasesRequest())).Cases.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await far.ReadAsync(new ReadCaseRequest { CaseId = Case }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_list_pages_by_what_it_is_asked_for_and_a_rebuild_puts_right_what_the_rows_say_otherwise(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        await bed.AppendAsync(bed.Weighed(1, CasesBed.Own, 30, 2500));
        await bed.UntilAsync(Case, _ => true);
        await bed.AppendAsync(bed.Weighed(2, CasesBed.Others, 20, 1500));
        await bed.UntilAsync(CasesBed.CaseOf(CasesBed.Others), _ => true);
        var cases = await bed.AsAsync(Roles.SalesManager);
        var page = await cases.ListAsync(new ListCasesRequest { PageSize = 1 });
        page.Cases.ShouldHaveSingleItem().CaseId.ShouldBe(CasesBed.CaseOf(CasesBed.Others));
        (await cases.ListAsync(new ListCasesRequest { PageSize = 1, PageToken = page.NextPageToken })).Cases.ShouldHaveSingleItem().CaseId.ShouldBe(Case);
        (await cases.ListAsync(new ListCasesRequest { State = "evidence", Owner = Roles.KeyAccountManager, Kind = "weight" })).Cases.Count.ShouldBe(2);
        (await cases.ListAsync(new ListCasesRequest { State = "closed" })).Cases.ShouldBeEmpty();
        var now = bed.Backend.Time.Now();
        (await cases.ListAsync(new ListCasesRequest { DueBeforeUs = now.ToUnixMicros() })).Cases.ShouldBeEmpty();
        (await cases.ListAsync(new ListCasesRequest { DueBeforeUs = (now + Duration.FromHours(25)).ToUnixMicros() })).Cases.Count.ShouldBe(2);

        await bed.Backend.Database.ExecuteAsync($"UPDATE cases_case SET stage = 'closed', hold_minor = 0 WHERE id = '{Case}'");
        await bed.Backend.Database.ExecuteAsync($"DELETE FROM cases_case WHERE id = '{CasesBed.CaseOf(CasesBed.Others)}'");
        await bed.Backend.Database.ExecuteAsync("DELETE FROM cases_scale");
        var found = await bed.RebuildAsync(dryRun: true);
        found.Differences.ShouldBe(5, string.Join('\n', found.Shown));
        found.Shown.Contains($"case {Case} Stage", StringComparer.Ordinal).ShouldBeTrue();
        (await bed.RebuildAsync(dryRun: false)).Differences.ShouldBe(5);
        (await bed.RebuildAsync(dryRun: true)).Differences.ShouldBe(0);
        (await cases.ReadAsync(new ReadCaseRequest { CaseId = Case })).Summary.OnHold.Minor.ShouldBe(100);
        await bed.Backend.Database.ExecuteAsync($"UPDATE cases_entry SET body = (SELECT body FROM cases_entry WHERE case_id <> '{Case}' AND number = 1) WHERE case_id = '{Case}'");
        (await bed.RebuildAsync(dryRun: false)).Shown.ShouldBe([$"case {Case} history"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_photo_of_the_evidence_is_shown_to_the_client_and_to_no_other(Engine engine)
    {
        await using var bed = await CasesBed.StartAsync(engine);
        await bed.RegisterAsync();
        byte[] picture = [0xFF, 0xD8, 0xFF, .. Enumerable.Range(0, 300_000).Select(i => (byte)(i % 251))];
        await bed.AppendAsync(bed.Weighed(1, CasesBed.Own, 30, 2500));
        await bed.UntilAsync(Case, _ => true);
        var courier = new Captures.CapturesClient(await bed.ChannelAsync(Roles.Courier));
        var taken = new ParcelEvent
        {
            Id = CasesBed.IdOf(77), Kind = EventKind.PhotoTaken, Parcel = CasesBed.Own, Node = BackendFixture.Depot, CapturedAtUs = bed.Backend.Time.Now().ToUnixMicros(),
            Photo = new Photo { Sha256 = ByteString.CopyFrom(SHA256.HashData(picture)), Length = picture.Length, MediaType = "image/jpeg", Subject = "packaging" },
        };
        (await courier.RecordAsync(new RecordEventsRequest { Device = "phone-1", Events = { taken.ToByteString() } })).Results.ShouldHaveSingleItem().Result.ShouldBe("recorded");
        using (var call = courier.UploadEvidence())
        {
            await call.RequestStream.WriteAsync(new EvidencePart { EventId = taken.Id, Sha256 = taken.Photo.Sha256, Length = picture.Length, Content = ByteString.CopyFrom(picture) });
            await call.RequestStream.CompleteAsync();
            await call;
        }
        // It came after the case; reading finds it.
        var client = await bed.AsAsync(Roles.ClientUser);
        var photo = (await client.ReadAsync(new ReadCaseRequest { CaseId = Case })).Weights.Photos.ShouldHaveSingleItem();
        (photo.Subject, photo.EventId).ShouldBe(("packaging", CasesBed.TextOf(taken.Id)));
        (await PhotoAsync(client, photo.EventId)).ShouldBe(picture);
        (await Should.ThrowAsync<RpcException>(() => PhotoAsync(client, CasesBed.TextOf(CasesBed.IdOf(1))))).StatusCode.ShouldBe(StatusCode.NotFound);
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        (await Should.ThrowAsync<RpcException>(() => PhotoAsync(manager, photo.EventId))).StatusCode.ShouldBe(StatusCode.PermissionDenied, "the carrier's people reveal it with a reason, audited");
    }

    private static async Task<byte[]> PhotoAsync(Api.Cases.V1.Cases.CasesClient cases, string eventId)
    {
        using var call = cases.Photo(new CasePhotoRequest { CaseId = Case, EventId = eventId });
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync()) part.Content.WriteTo(content);
        return content.ToArray();
    }

    private static IEnumerable<Func<Task>> Calls(Api.Cases.V1.Cases.CasesClient cases, string id)
    {
        yield return async () => await cases.ReadAsync(new ReadCaseRequest { CaseId = id });
        yield return async () => await cases.AnswerAsync(new AnswerCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Answer = "accept" });
        yield return async () => await cases.ActAsync(new ActOnCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Step = "shown", Note = "x" });
        yield return async () => await cases.DecideAsync(new DecideCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Outcome = "take_new", Reason = "other" });
        yield return async () => await cases.ReopenAsync(new ReopenCaseCommand { CommandId = BackendFixture.NewCommandId(), CaseId = id, Reason = "other" });
        yield return async () => await cases.OpenAsync(new OpenCaseCommand { CommandId = BackendFixture.NewCommandId(), Kind = "weight", Subject = id[2..], Reason = "other" });
        yield return async () =>
        {
            using var call = cases.Photo(new CasePhotoRequest { CaseId = id, EventId = CasesBed.TextOf(CasesBed.IdOf(2)) });
            await call.ResponseStream.MoveNext(CancellationToken.None);
        };
    }

    // Law 13: what a person wrote stands in no history and no stored answer.
    private static async Task NoPersonalTextAsync(CasesBed bed, string text)
    {
        var bytes = Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));
        foreach (var (table, column) in new[] { ("cases_entry", "body"), ("journal_command", "reply"), ("journal_event", "body"), ("journal_personal", "sealed") })
        {
            var hex = bed.Backend.Database.Engine == Engine.Sqlite ? $"hex({column})" : $"upper(encode({column}, 'hex'))";
            (await bed.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM {table} WHERE {hex} LIKE '%{bytes}%'")).ShouldBe(0, table);
            (await bed.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM {table}")).ShouldBeGreaterThan(0, table);
        }
    }
}
