using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;

namespace KeyAccountLogistics.Cases.Regress;

/// <summary>What the product does to a regress of itself: opens it, lets later signs join. Pure; the same signs again do nothing.</summary>
internal static class RegressCase
{
    internal static CaseOpened Opening(string account, bool byHand) => new() { Kind = RegressKind.Kind.Name, Subject = account, Account = account, ByHand = byHand };

    /// <summary>Opens an empty draft, or adds to an open case what it does not hold yet.</summary>
    internal static void Observe(CaseDraft draft, string account, IReadOnlyCollection<RegressSign> signs)
    {
        if (draft.Now is null)
        {
            CaseLife.Open(draft, Actor.Product, ByteString.Empty, Opening(account, byHand: false), signs.First().Code, null, weights: null, signs: signs);
            return;
        }
        CaseClocks.Lapse(draft);
        var fresh = signs.Where(s => !Knows(draft.State, s)).Take(CaseLimits.SignsMax - draft.State.Signs.Length).ToList();
        if (fresh.Count > 0 && draft.State.Entries < CaseLimits.EntriesMax) draft.Add(Actor.Product, new CaseEntry { Kind = EntryKind.Evidence, Reason = fresh[0].Code, Signs = { fresh } });
    }

    /// <summary>The figures of a sign that stands may move from day to day: it is the same one.</summary>
    internal static bool Knows(CaseState state, RegressSign sign) =>
        state.Signs.Any(s => string.Equals(s.Code, sign.Code, StringComparison.Ordinal) && string.Equals(s.Reference, sign.Reference, StringComparison.Ordinal));
}
