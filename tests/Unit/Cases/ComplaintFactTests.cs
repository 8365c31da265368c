using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;
using static KeyAccountLogistics.Unit.Cases.ComplaintBed;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>What the journal is told of a complaint: how it stands, once for each change, and a missed time when it is missed.</summary>
public sealed class ComplaintFactTests
{
    private const double Hour = 60;
    private const double Day = 24 * Hour;

    [Fact]
    public void A_complaint_answered_decided_closed_and_taken_up_again_is_told_at_each_of_these_and_not_between()
    {
        var told = new Told(OpenedDraft("delay"));
        told.Last.ShouldSatisfyAllConditions(
            f => (f.Kind, f.Reference, f.Service.Account, f.Service.Revision, f.Service.Parcel).ShouldBe((EventKind.ComplaintStood, "P-1", "KA-1", 1u, "")),
            f => f.Service.Complaint.ShouldBe(new Complaint { About = "delay", OpenedUs = Us(0), AnswerDueUs = Us(12 * Hour), StatuteDueUs = Us(7 * Day) }));
        told.Does(Hour, Step(1, Service, "nothing")).ShouldBeFalse("a refusal is no entry");
        told.Does(2 * Hour, Said(2, Service, "acknowledge")).ShouldBeTrue();
        (told.Last.Service.Complaint.AnsweredUs, told.Last.Service.Revision).ShouldBe((Us(2 * Hour), 2u));
        foreach (var (step, at) in Steps.Skip(1).Select((s, i) => (s, i))) told.Does((2 * Hour) + 1 + at, Said(10 + at, Service, step)).ShouldBeFalse(step);
        told.Does(3 * Hour, Remedy(20, Head, "apology", AuthorityLimit.None, reason: "partly_upheld")).ShouldBeTrue();
        (told.Last.Service.Complaint.Found, told.Last.Service.Complaint.ClosedUs).ShouldBe(("partly_upheld", 0));
        told.Does(4 * Hour, Step(21, Service, "verify")).ShouldBeTrue();
        (told.Last.Service.Complaint.Found, told.Last.Service.Complaint.ClosedUs).ShouldBe(("partly_upheld", Us(4 * Hour)));
        told.Does(Day, new CaseCommand.Reopen(Id(22), Client, "happened_again", null)).ShouldBeTrue();
        // Undecided again; when it was first closed stays.
        (told.Last.Service.Complaint.Found, told.Last.Service.Complaint.ClosedUs, told.Last.Service.Complaint.ReopenedUs, told.Last.Service.Revision).ShouldBe(("", Us(4 * Hour), Us(Day), (uint)told.State.Entries));
        told.All.Select(f => f.Id).Distinct().Count().ShouldBe(told.All.Count);
    }

    [Fact]
    public void What_is_withdrawn_is_found_by_nobody()
    {
        var acting = Acting("delay");
        acting.Found.ShouldBe("goodwill");
        var withdrawn = Did(acting, 30, Step(1, Client, "withdraw"));
        (withdrawn.Found, withdrawn.Closed).ShouldBe(("", true));
        Did(acting, 30, Said(1, Client, "not_satisfied")).Found.ShouldBe("goodwill", "it stands until it is decided otherwise");
    }

    [Fact]
    public void What_the_client_gives_up_before_anybody_answered_is_told_as_withdrawn_and_not_as_answered()
    {
        var told = new Told(OpenedDraft("delay"));
        told.Does(11 * Hour, Step(1, Client, "withdraw")).ShouldBeTrue();
        (told.Last.Service.Complaint.AnsweredUs, told.Last.Service.Complaint.ClosedUs, told.Last.Service.Complaint.Withdrawn).ShouldBe((0, Us(11 * Hour), true));
        told.Does(Day, new CaseCommand.Reopen(Id(2), Client, "happened_again", null)).ShouldBeTrue();
        (told.Last.Service.Complaint.AnsweredUs, told.Last.Service.Complaint.ClosedUs, told.Last.Service.Complaint.Withdrawn).ShouldBe((0, Us(11 * Hour), true));
        var answered = new Told(OpenedDraft("delay"));
        answered.Does(2 * Hour, Said(1, Service, "acknowledge")).ShouldBeTrue();
        answered.Does(3 * Hour, Step(2, Client, "withdraw")).ShouldBeTrue();
        (answered.Last.Service.Complaint.AnsweredUs, answered.Last.Service.Complaint.Withdrawn).ShouldBe((Us(2 * Hour), false));
    }

    [Fact]
    public void A_missed_time_is_told_when_it_is_missed_although_nobody_has_done_anything()
    {
        var told = new Told(OpenedDraft("delay"));
        told.Lapses(11 * Hour).ShouldBeFalse("only half and four fifths of the time are gone");
        told.Lapses(12 * Hour).ShouldBeTrue();
        (told.Last.Service.Complaint.AnsweredUs, told.Last.Service.Complaint.AnswerDueUs).ShouldBe((0, Us(12 * Hour)));
        told.Lapses(13 * Hour).ShouldBeFalse("once");
        told.Lapses(6 * Day).ShouldBeFalse();
        told.Lapses(8 * Day).ShouldBeTrue();
        told.Last.Service.Complaint.ClosedUs.ShouldBe(0);
    }

    [Fact]
    public void Of_a_parcel_it_names_the_parcel_and_of_an_unknown_account_nothing_is_told()
    {
        var draft = OpenedDraft("false_sign_off", o => (o.ParcelId, o.Subject) = (7, "KAL-1"));
        ComplaintFact.Of(null, draft.Entries, draft.State)!.Service.Parcel.ShouldBe("KAL-1");
        var nobodys = OpenedDraft("delay", o => o.Account = "");
        ComplaintFact.Of(null, nobodys.Entries, nobodys.State).ShouldBeNull();
        ComplaintFact.Of(null, [], Opened()).ShouldBeNull("a weight case is no complaint");
    }

    internal static CaseDraft OpenedDraft(string about, Action<CaseOpened>? with = null)
    {
        var draft = Draft(ComplaintKind.Kind, null, 0);
        var opened = ComplaintCase.Opening(about, "phone", "home", serious: false);
        (opened.Subject, opened.Account) = ("T2 2026-10", "KA-1");
        with?.Invoke(opened);
        CaseLife.Open(draft, Client, Id(1000), opened, about, null, weights: null);
        return draft;
    }

    private static long Us(double minute) => At(minute).ToUnixMicros();

    /// <summary>A complaint with everything that was told of it.</summary>
    internal sealed class Told
    {
        internal Told(CaseDraft opened) => Keep(null, opened);

        internal CaseState State { get; private set; } = null!;

        internal List<ParcelEvent> All { get; } = [];

        internal ParcelEvent Last => All[^1];

        /// <summary>True when the command brought a fact.</summary>
        internal bool Does(double minute, CaseCommand command)
        {
            var decision = On(State, minute, command);
            return decision.Entries.Count > 0 && Keep(State, decision.Entries, decision.State!);
        }

        internal bool Lapses(double minute)
        {
            var draft = Lapse(State, minute);
            return draft.Entries.Count > 0 && Keep(State, draft);
        }

        private bool Keep(CaseState? before, CaseDraft draft) => Keep(before, draft.Entries, draft.State);

        private bool Keep(CaseState? before, IReadOnlyList<CaseEntry> entries, CaseState after)
        {
            State = after;
            if (ComplaintFact.Of(before, entries, after) is not { } fact) return false;
            All.Add(fact);
            return true;
        }
    }
}
