using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Promises;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>Why an order is not taken, changed or cancelled; a closed set.</summary>
internal enum OrderRefusalReason
{
    /// <summary>No contract of the account is in force.</summary>
    NoContract = 1,

    /// <summary>The window ends before it begins, or is shorter or longer than windows are.</summary>
    WindowOutOfRange = 2,

    /// <summary>The window has begun or is over.</summary>
    WindowPast = 3,

    /// <summary>Further ahead than orders are taken.</summary>
    TooFarAhead = 4,

    /// <summary>A day not worked, by the contract's calendar.</summary>
    NotAWorkingDay = 5,

    /// <summary>Today's orders are closed, by the contract's cut-off.</summary>
    AfterCutOff = 6,

    /// <summary>No parcels, or more than an order takes.</summary>
    ParcelsOutOfRange = 7,

    /// <summary>Done, cancelled or refused.</summary>
    Closed = 8,

    /// <summary>The window has begun: the courier is on the way.</summary>
    TooLateToChange = 9,

    /// <summary>Another account's order cannot become this one's.</summary>
    OtherAccount = 10,
}

/// <summary>A refusal with its figures, by name.</summary>
internal sealed record OrderRefusal(OrderRefusalReason Why, params (string Name, string Value)[] Figures);

/// <summary>Which pickup orders are taken: windows, cut-off and calendar by the contract. Pure; null means yes.</summary>
internal static class OrderRules
{
    internal const int ParcelsMax = 5_000;
    internal const int DaysAheadMax = 31;
    internal static readonly Duration WindowMin = Duration.FromMinutes(15);
    internal static readonly Duration WindowMax = Duration.FromHours(12);

    /// <summary>A new order, or a changed one, by the terms in force now.</summary>
    internal static OrderRefusal? WhyNot(PickupOrder asked, AccountTerms? terms, Instant now)
    {
        if (terms is null) return new OrderRefusal(OrderRefusalReason.NoContract, ("account", asked.Account));
        if (asked.Parcels is < 1 or > ParcelsMax) return new OrderRefusal(OrderRefusalReason.ParcelsOutOfRange, ("parcels", Text(asked.Parcels)), ("limit", Text(ParcelsMax)));
        var (from, until) = (Clock.FromUnixMicros(asked.FromUs), Clock.FromUnixMicros(asked.UntilUs));
        if (until - from < WindowMin || until - from > WindowMax)
        {
            return new OrderRefusal(
                OrderRefusalReason.WindowOutOfRange, ("minutes", Text((long)(until - from).TotalMinutes)), ("min", Text((long)WindowMin.TotalMinutes)), ("max", Text((long)WindowMax.TotalMinutes)));
        }
        if (from <= now) return new OrderRefusal(OrderRefusalReason.WindowPast, ("from", Text(from)), ("now", Text(now)));
        return from > now + Duration.FromDays(DaysAheadMax)
            ? new OrderRefusal(OrderRefusalReason.TooFarAhead, ("days_max", Text(DaysAheadMax)))
            : WhyNotThatDay(from, terms.Promise, now);
    }

    internal static OrderRefusal? WhyNotChanged(OrderState state, PickupOrder asked, AccountTerms? terms, Instant now)
    {
        if (state.Phase is not (OrderPhase.Open or OrderPhase.Missed)) return new OrderRefusal(OrderRefusalReason.Closed, ("phase", Verdicts.ReasonCode.Of(state.Phase)));
        if (!string.Equals(state.Asked.Account, asked.Account, StringComparison.Ordinal)) return new OrderRefusal(OrderRefusalReason.OtherAccount);
        return state.Phase is OrderPhase.Open && Clock.FromUnixMicros(state.Asked.FromUs) <= now
            ? new OrderRefusal(OrderRefusalReason.TooLateToChange, ("from", Text(Clock.FromUnixMicros(state.Asked.FromUs))))
            : WhyNot(asked, terms, now);
    }

    internal static OrderRefusal? WhyNotCancelled(OrderState state) =>
        state.Phase is OrderPhase.Open or OrderPhase.Missed ? null : new OrderRefusal(OrderRefusalReason.Closed, ("phase", Verdicts.ReasonCode.Of(state.Phase)));

    // An account whose shipments bring their promises has no cut-off of its own, and its orders are taken on any day.
    private static OrderRefusal? WhyNotThatDay(Instant from, PromiseTerms? promise, Instant now)
    {
        if (promise is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(promise.Zone) is not { } zone) return null;
        var (day, local) = (from.InZone(zone).Date, now.InZone(zone));
        if (PromiseClock.KnownCalendar(promise.CalendarRegion)?.IsWorkingDay(day) is WorkingDay.No)
            return new OrderRefusal(OrderRefusalReason.NotAWorkingDay, ("day", Text(day)), ("clause", promise.Clause.Value));
        return day == local.Date && local.TimeOfDay > promise.CutOff
            ? new OrderRefusal(OrderRefusalReason.AfterCutOff, ("cut_off", promise.CutOff.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)), ("clause", promise.Clause.Value))
            : null;
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(Instant instant) => NodaTime.Text.InstantPattern.General.Format(instant);

    private static string Text(LocalDate day) => NodaTime.Text.LocalDatePattern.Iso.Format(day);
}
