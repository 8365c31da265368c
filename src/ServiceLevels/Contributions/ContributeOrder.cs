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
        var asked = order.Asked;
        if (asked.Account.Length == 0) return new Contribution();
        var until = Clock.FromUnixMicros(asked.UntilUs);
        var made = new Contribution
        {
            Account = asked.Account, Depot = asked.Depot,
            Contract = asked.Contract.Length > 0 ? FormattableString.Invariant($"{asked.Contract} v{asked.ContractVersion}") : "",
        };
        var terms = asked.Contract.Length > 0 ? snapshot.Find(asked.Account, asked.Contract, asked.ContractVersion) : snapshot.InForce(asked.Account, until);
        var day = AccountDays.Of(terms).Day(asked.UntilUs);
        // What the client called off, and what the law forbids to take, was not due; it is told beside.
        if (order.Phase is "cancelled" or "refused") made.Tallies.Add(Of(order, FigureCodes.Pickup, day, 0, 0, t => (t.LeftOut, t.Reason) = (true, order.Reason.Length > 0 ? order.Reason : order.Phase)));
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
        var tally = new Tally { Figure = figure, Day = day, Numerator = numerator, Denominator = denominator, DueUs = order.Asked.UntilUs, Events = { order.Events } };
        if (order.Collected is { } at) (tally.EarliestUs, tally.BestUs, tally.LatestUs) = (at.Earliest.ToUnixMicros(), at.Best.ToUnixMicros(), at.Latest.ToUnixMicros());
        more(tally);
        return tally;
    }
}
