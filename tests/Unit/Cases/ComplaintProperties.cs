using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;
using static KeyAccountLogistics.Unit.Cases.ComplaintBed;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>What holds of every complaint, whatever people and clocks do to it.</summary>
public sealed class ComplaintProperties
{
    private static readonly string[] Stages = ["received", "acknowledged", "heard", "expectation_set", "needs_confirmed", "options_offered", "proposed", "acting", "closed"];

    [Fact]
    public void No_path_leaves_a_step_out_closes_a_serious_case_without_its_cause_or_leaves_a_promise_behind() => Prop.ForAll(Histories(), history =>
    {
        var (state, minute) = (Complaint(history.About), 0.0);
        foreach (var (command, after) in history.Acts)
        {
            minute += after;
            var before = state;
            var decision = On(state, minute, command);
            state = decision.State!;
            if (decision.Refused is not null) continue;
            // Forward one stage at a time; a proposal may be passed by, and only dissatisfaction and reopening lead back.
            var (from, to) = (Array.IndexOf(Stages, before.Stage), Array.IndexOf(Stages, state.Stage));
            if (to > from && state.Outcome?.Outcome != "withdrawn") (to - from).ShouldBeLessThanOrEqualTo(before.Stage == "options_offered" ? 2 : 1);
            if (!state.Closed || before.Closed || state.Outcome!.Outcome == "withdrawn") continue;
            (before.Stage, state.Outcome).ShouldBe(("acting", before.Outcome));
            if (state.Serious) (state.Cause.Length > 0, state.Corrected).ShouldBe((true, true));
            state.Promises.Values.ShouldAllBe(p => p.DoneUs > 0);
        }
        state.Clocks.Values.Any(c => c.State == ClockState.Running).ShouldBe(!state.Closed);
        state.Promises.Values.ShouldAllBe(p => p.State != PromiseState.Kept || p.DoneUs <= p.DueUs);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_history_folds_to_the_state_it_led_to() => Prop.ForAll(Histories(), history =>
    {
        var (opened, minute) = (Draft(ComplaintKind.Kind, null, 0), 0.0);
        CaseLife.Open(opened, Client, Id(1000), ComplaintCase.Opening(history.About, "phone", "", serious: false), history.About, null, weights: null);
        var (state, entries) = (opened.State, opened.Entries.ToList());
        foreach (var (command, after) in history.Acts)
        {
            minute += after;
            var decision = On(state, minute, command);
            entries.AddRange(decision.Entries);
            state = decision.State!;
        }
        var folded = CaseFold.Of(entries.Select(e => CaseEntry.Parser.ParseFrom(e.ToByteArray())))!;
        (folded.Stage, folded.Word, folded.Serious, folded.Cause, folded.Corrected, folded.Punctuality, folded.Outcome, folded.Found).ShouldBe(
            (state.Stage, state.Word, state.Serious, state.Cause, state.Corrected, state.Punctuality, state.Outcome, state.Found));
        folded.Promises.Values.ShouldBe(state.Promises.Values);
        folded.Clocks.Values.ShouldBe(state.Clocks.Values);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_last_that_was_told_is_how_the_complaint_stands_and_revisions_rise() => Prop.ForAll(Histories(), history =>
    {
        var (told, minute) = (new ComplaintFactTests.Told(ComplaintFactTests.OpenedDraft(history.About)), 0.0);
        foreach (var (command, after) in history.Acts)
        {
            minute += after;
            told.Does(minute, command);
            var (stands, p) = (told.Last.Service.Complaint, told.State.Punctuality);
            (stands.AnsweredUs, stands.ClosedUs, stands.ReopenedUs, stands.Found).ShouldBe((p.AnsweredUs, p.ClosedUs, p.ReopenedUs, told.State.Found));
        }
        told.All.Select(f => f.Service.Revision).ShouldBe(told.All.Select(f => f.Service.Revision).Distinct().Order());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private sealed record History(string About, (CaseCommand Command, int After)[] Acts);

    private static Arbitrary<History> Histories() => (
        from about in Gen.Elements("delay", "loss", "scorecard")
        from count in Gen.Choose(5, 40)
        from commands in Commands().ArrayOf(count)
        from pauses in Gen.Elements(1, 5, 90, 900).ArrayOf(count)
        // The way through comes up now and then, so that the later stages are reached.
        from straight in Gen.Elements(0, 5)
        select new History(about, [.. Steps.Take(straight).Select((s, i) => (Said(900 + i, Service, s), 1)), .. commands.Zip(pauses, (c, p) => (c, p))])).ToArbitrary();

    private static Gen<CaseCommand> Commands() => Gen.OneOf(
        from id in Ids() from step in Gen.Elements([.. Steps, "verify", "verify", "not_satisfied", "mark_serious", "corrective_action", "appeal_answered"]) select Said(id, Service, step),
        from id in Ids() select Said(id, Service, "root_cause", reason: "ignored"),
        from id in Ids() from step in Gen.Elements("appealed", "not_satisfied", "withdraw", "verify") select Said(id, Client, step),
        from id in Ids() from who in Gen.Elements(Service, Head, Manager) from amount in Gen.Elements(1, 100) from remedy in Gen.Elements("apology", "compensation", "reship") select Remedy(id, who, remedy, AuthorityLimit.Of(Yuan(50)), new Money(amount * 100, "CNY")),
        from id in Ids() from due in Gen.Choose(1, 3_000) select Promises(id, "call_back", due),
        from id in Ids() from n in Gen.Elements("promise-1", "promise-2", "promise-3") select (CaseCommand)new CaseCommand.PromiseDone(Id(id), Service, n, null),
        from id in Ids() from who in Gen.Elements(Client, Service) select (CaseCommand)new CaseCommand.Reopen(Id(id), who, "happened_again", null));

    private static Gen<int> Ids() => Gen.Choose(1, 400);
}
