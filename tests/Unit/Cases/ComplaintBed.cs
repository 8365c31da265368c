using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Published;
using KeyAccountLogistics.Kernel;
using static KeyAccountLogistics.Unit.Cases.WeighedBed;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Unit.Cases;

/// <summary>A complaint that the pure rules drive, received at minute 0.</summary>
internal static class ComplaintBed
{
    internal static readonly Actor Service = new("service-1", Side.Carrier);

    /// <summary>From received to options_offered.</summary>
    internal static readonly string[] Steps = ["acknowledge", "hear", "set_expectation", "confirm_needs", "offer_options"];

    internal static CaseDraft Draft(CaseKind kind, CaseState? state, double minute) => new(kind, kind.Prefix + "-1", state, At(minute));

    internal static CaseState Complaint(string about, string region = "home", Actor? by = null)
    {
        var draft = Draft(ComplaintKind.Kind, null, 0);
        var opened = ComplaintCase.Opening(about, "phone", region, serious: false);
        (opened.Subject, opened.Account) = ("T2 2026-10", "KA-1");
        CaseLife.Open(draft, by ?? Client, Id(1000), opened, about, null, weights: null);
        return draft.State;
    }

    internal static CaseState Offered(string about, Actor? by = null)
    {
        var state = Complaint(about, by: by);
        for (var at = 0; at < Steps.Length; at++) state = Did(state, 1 + at, Said(500 + at, Service, Steps[at]));
        return state;
    }

    /// <summary>An apology was decided at minute 10.</summary>
    internal static CaseState Acting(string about) => Did(Offered(about), 10, Remedy(600, Head, "apology", AuthorityLimit.None));

    internal static CaseCommand Said(int id, Actor actor, string step, bool shared = true, string reason = "") =>
        new CaseCommand.TakeStep(Id(id), actor, step, "step", reason, new Note(Id(id), "case", shared));

    internal static CaseCommand Promises(int id, string what, double dueMinute) => new CaseCommand.MakePromise(Id(id), Service, what, At(dueMinute).ToUnixMicros(), null);

    internal static CaseCommand Remedy(int id, Actor actor, string outcome, AuthorityLimit limit, Money? amount = null, string reason = "goodwill") =>
        new CaseCommand.Decide(Id(id), actor, outcome, new Stated(amount, 0, null), _ => limit, reason, null);

    internal static CaseDecision On(CaseState state, double minute, CaseCommand command) => CaseLife.Run(Draft(CaseKinds.Of(state.Opened.Kind), state, minute), command);

    internal static CaseState Did(CaseState state, double minute, CaseCommand command)
    {
        var decision = On(state, minute, command);
        decision.Refused.ShouldBeNull();
        return decision.State!;
    }

    internal static CaseRefusal Try(CaseState state, double minute, CaseCommand command) => On(state, minute, command).Refused.ShouldNotBeNull();

    internal static CaseDraft Lapse(CaseState state, double minute)
    {
        var draft = Draft(CaseKinds.Of(state.Opened.Kind), state, minute);
        CaseClocks.Lapse(draft);
        return draft;
    }
}
