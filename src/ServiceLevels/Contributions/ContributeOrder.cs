using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>What a pickup order adds: on time when the courier was there by the end of its window. Pure.</summary>
internal static class ContributeOrder
{
    internal static Contribution Of(PickupOutcome order, TermsSnapshot snapshot)
    {
        var due = order.Due;
        if (due.Account.Length == 0) return new Contribution();
        var until = Clock.FromUnixMicros(due.UntilUs);
        var made = new Contribution
        {
            Account = due.Account, Depot = due.Depot,
            Contract = due.Contract.Length > 0 ? FormattableString.Invariant($"{due.Contract} v{due.ContractVersion}") : "",
        };
        var terms = due.Contract.Length > 0 ? snapshot.Find(due.Account, due.Contract, due.ContractVersion) : snapshot.InForce(due.Account, until);
        var day = AccountDays.Of(terms).Day(due.UntilUs);
        // What the client called off, and what the law forbids to take, was not due; it is told beside. Once a window was missed neither undoes that.
        if (order is { Phase: "cancelled" or "refused", WasMissed: false }) made.Tallies.Add(Of(order, FigureCodes.Pickup, day, 0, 0, t => (t.LeftOut, t.Reason) = (true, order.Reason.Length > 0 ? order.Reason : order.Phase)));
        else if (order is { Punctuality: null, WasMissed: false }) made.Tallies.Add(Of(order, FigureCodes.Pickup, day, 0, 0, static t => t.Open = true));
        else
        {
            var onTime = order.Punctuality is Punctuality.OnTime;
            made.Tallies.Add(Of(order, FigureCodes.Pickup, day, onTime ? 1 : 0, 1, t => t.InDoubt = order.Punctuality is Punctuality.InDoubt));
            if (!onTime) made.Tallies.Add(Of(order, SqiComponents.MissedPickup, day, 1, 1, static _ => { }));
        }
        return made;
    }

    private static Tally Of(PickupOutcome order, string figure, int day, long numerator, long denominator, Action<Tally> more)
    {
        var tally = new Tally { Figure = figure, Day = day, Numerator = numerator, Denominator = denominator, DueUs = order.Due.UntilUs, Events = { order.Events } };
        if (order.Collected is { } at) (tally.EarliestUs, tally.BestUs, tally.LatestUs) = (at.Earliest.ToUnixMicros(), at.Best.ToUnixMicros(), at.Latest.ToUnixMicros());
        more(tally);
        return tally;
    }
}
