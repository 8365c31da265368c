using KeyAccountLogistics.Api.Custody.V1;
using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>How big a day is.</summary>
internal sealed record DaySize(int Parcels, int Couriers, int Disturbances, int Orders)
{
    /// <summary>A depot's day as the issue names it.</summary>
    internal static readonly DaySize Full = new(3_000, 15, 200, 45);

    internal static readonly DaySize Small = new(180, 4, 40, 6);
}

/// <summary>What disturbs the day, at a moment or at a parcel.</summary>
internal enum Disturbance
{
    PhoneOffline,
    ClockOffByMinutes,
    ClockOffByDays,
    PhoneKilled,
    PhoneDestroyed,
    BadNetwork,
    ServerKilled,
    AgentKilled,
    Parcel,
    CashShort,
    CashOver,
    BankShort,
    ForgedDelivery,
}

/// <summary>A disturbance: when, at which courier, and how long or by how much.</summary>
internal sealed record Disturbed(Disturbance What, Instant At, int Courier, Duration For, long Minor);

/// <summary>A day as it is drawn from its seed: parcels, their ends, and what goes wrong.</summary>
internal sealed class DayPlan
{
    internal static readonly Instant Morning = Instant.FromUtc(2026, 10, 12, 22, 0);   // 06:00 in Shanghai
    private static readonly Slip[] AttemptSlips = [Slip.NoReason, Slip.NoAction, Slip.ReturnTooEarly];

    private DayPlan(List<SimParcel> parcels, List<Disturbed> disturbed) => (Parcels, Disturbed) = (parcels, disturbed);

    internal IReadOnlyList<SimParcel> Parcels { get; }

    internal IReadOnlyList<Disturbed> Disturbed { get; }

    internal static Instant At(int hour, int minute = 0) => Morning + Duration.FromHours(hour - 6) + Duration.FromMinutes(minute);

    internal static DayPlan Of(ulong seed, DaySize size)
    {
        var draw = new Draw(seed, "plan");
        var parcels = Enumerable.Range(0, size.Parcels).Select(i => ParcelOf(draw, i, i % size.Couriers)).ToList();
        var disturbed = new List<Disturbed>();
        for (var i = 0; i < size.Disturbances; i++) disturbed.Add(Draw(draw, size, parcels, disturbed));
        return new DayPlan(parcels, disturbed);
    }

    private static SimParcel ParcelOf(Draw draw, int number, int courier)
    {
        var ending = draw.ByWeight((Ending.Delivered, 800), (Ending.ToAgent, 40), (Ending.Locker, 50), (Ending.AbsentThenDelivered, 50), (Ending.Absent, 40), (Ending.Refused, 20));
        var parcel = new SimParcel { Code = FormattableString.Invariant($"SIM{number:D6}"), Account = draw.Of(SimBackend.Accounts), Courier = courier, Ending = ending };
        if (ending is Ending.Locker or Ending.ToAgent) return parcel;
        parcel.Means = draw.ByWeight((PaymentMeans.Cash, 70), (PaymentMeans.Wechat, 15), (PaymentMeans.Alipay, 10), (PaymentMeans.Card, 5));
        if (draw.Chance(0.25)) parcel.Cod = draw.Int(1_000, 300_000);
        if (draw.Chance(0.08)) parcel.Freight = draw.Int(600, 8_000);
        parcel.Insured = draw.Chance(0.05);
        return parcel;
    }

    private static Disturbed Draw(Draw draw, DaySize size, List<SimParcel> parcels, List<Disturbed> before)
    {
        var what = draw.ByWeight(
            (Disturbance.PhoneOffline, 16), (Disturbance.ClockOffByMinutes, 6), (Disturbance.ClockOffByDays, 4), (Disturbance.PhoneKilled, 18), (Disturbance.PhoneDestroyed, 2),
            (Disturbance.BadNetwork, 6), (Disturbance.ServerKilled, 3), (Disturbance.AgentKilled, 2), (Disturbance.ForgedDelivery, 2), (Disturbance.CashShort, 2), (Disturbance.CashOver, 1),
            (Disturbance.BankShort, 1), (Disturbance.Parcel, 37));
        // A server takes a second or two to open again, whatever the day's clock says.
        if (what is Disturbance.ServerKilled && before.Count(d => d.What is Disturbance.ServerKilled) >= 5) what = Disturbance.PhoneKilled;
        if (what is Disturbance.Parcel) DisturbParcel(draw, parcels);
        var at = DayPlan.At(8, 30) + Duration.FromSeconds(draw.Int(0, 10 * 3_600));
        var lasting = what is Disturbance.PhoneOffline ? Duration.FromMinutes(draw.Int(60, 420)) : Duration.FromMinutes(draw.Int(10, 60));
        var off = what is Disturbance.ClockOffByDays ? Duration.FromHours(draw.Int(20, 150)) : Duration.FromSeconds(draw.Int(90, 3_000));
        if (what is Disturbance.ClockOffByDays or Disturbance.ClockOffByMinutes) lasting = draw.Chance(0.7) ? -off : off;
        return new Disturbed(what, at, draw.Int(0, size.Couriers - 1), lasting, 100L * draw.Int(1, 200));
    }

    private static void DisturbParcel(Draw draw, List<SimParcel> parcels)
    {
        var parcel = draw.Of(parcels);
        while (parcel.Disturbed) parcel = draw.Of(parcels);
        parcel.Disturbed = true;
        var (ending, slip) = draw.ByWeight(
            ((Ending.Delivered, Slip.WrongAmount), 5), ((Ending.Delivered, Slip.NoSignature), 4), ((Ending.Delivered, Slip.NoInspection), 3), ((Ending.Delivered, Slip.WrongCodeFirst), 3),
            ((Ending.Locker, Slip.NoConsent), 4), ((Ending.ToAgent, Slip.NoConsent), 2), ((Ending.Absent, draw.Of(AttemptSlips)), 5), ((Ending.AbsentThenDelivered, draw.Of(AttemptSlips)), 4),
            ((Ending.PaidThenRefused, Slip.None), 4), ((Ending.FreightRefused, Slip.None), 3), ((Ending.CodesLocked, Slip.None), 4), ((Ending.Missing, Slip.None), 3));
        (parcel.Ending, parcel.Slip) = (ending, slip);
        if (ending is Ending.Locker or Ending.ToAgent or Ending.CodesLocked) (parcel.Cod, parcel.Freight, parcel.Insured) = (0, 0, ending is Ending.CodesLocked);
        if (slip is Slip.WrongAmount) parcel.Cod = draw.Int(1_000, 300_000);
        if (slip is Slip.WrongCodeFirst) parcel.Insured = true;
        if (ending is Ending.PaidThenRefused) (parcel.Cod, parcel.Freight, parcel.Insured) = (draw.Int(1_000, 300_000), 0, false);
        if (ending is Ending.FreightRefused) (parcel.Cod, parcel.Freight) = (0, draw.Int(600, 8_000));
        if (parcel.Means is PaymentMeans.Unspecified || ending is Ending.PaidThenRefused) parcel.Means = PaymentMeans.Cash;
    }
}
