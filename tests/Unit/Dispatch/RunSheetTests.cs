using System.Collections.Immutable;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Dispatch.Vehicles;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Verdicts.Handovers;
using NodaTime;

namespace KeyAccountLogistics.Unit.Dispatch;

public sealed class RunSheetTests
{
    private static readonly LocalDate Day = new(2026, 10, 12);
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly Instant Eight = Instant.FromUtc(2026, 10, 12, 0, 0);

    private static readonly RunSheet Sheet = new("RS-1", "HZ01", "p-li", "EB-7", Day,
    [
        new SheetLine(1, "A", "ACME", Insured: false, Fragile: false, 10_000, 0, "CNY"),
        new SheetLine(2, "B", "ACME", Insured: true, Fragile: false, 0, 1_200, "CNY"),
        new SheetLine(3, "C", "BOLT", Insured: false, Fragile: false, 0, 0, ""),
    ]);

    private static readonly (VehicleStanding, ImmutableArray<CheckGroup>) Good = (VehicleStanding.Good, []);

    [Fact]
    public void Insured_parcels_stand_apart_and_the_two_sums_are_two_SEED_03_INSURED_SEED_03_COD_FC()
    {
        Sheet.Expected.Select(e => e.Parcel).ShouldBe(["B", "A", "C"]);
        Sheet.Totals.ShouldBe((3, 10_000, 1_200, "CNY"));
        SheetRules.WhyNotMade(Sheet).ShouldBeNull();
        SheetRules.WhyNotMade(Sheet with { Lines = [] })!.Why.ShouldBe(SheetRefusalReason.Empty);
        SheetRules.WhyNotMade(Sheet with { Lines = [.. Sheet.Lines, Sheet.Lines[0]] })!.Parcels.ShouldBe(["A"]);
        SheetRules.WhyNotMade(Sheet with { Lines = [Sheet.Lines[0], Sheet.Lines[1] with { Currency = "USD" }] })!.Why.ShouldBe(SheetRefusalReason.Malformed);
    }

    [Fact]
    public void It_goes_out_when_vehicle_counts_and_money_agree_and_both_have_signed_and_only_once()
    {
        var signed = Handed(Sheet, "A", "B", "C");
        SheetRules.WhyNotReleased(Sheet, signed, Good, isReleased: false).ShouldBeNull();
        Why(signed, Good, released: true).ShouldBe(SheetRefusalReason.AlreadyReleased);
        Why(signed, (VehicleStanding.NotChecked, [])).ShouldBe(SheetRefusalReason.VehicleNotChecked);
        Why(signed, (VehicleStanding.OtherCourier, [])).ShouldBe(SheetRefusalReason.VehicleOfAnother);
        SheetRules.WhyNotReleased(Sheet, signed, (VehicleStanding.Failed, [CheckGroup.Battery]), false)!.Figures.ShouldBe([("failed", "battery")]);
        Why(null, Good).ShouldBe(SheetRefusalReason.AnotherHandover);
        Why(Handed(Sheet with { Number = "RS-2" }, "A", "B", "C"), Good).ShouldBe(SheetRefusalReason.AnotherHandover);
        Why(Handed(Sheet, sign: false, "A", "B", "C"), Good).ShouldBe(SheetRefusalReason.NotSigned);
        var fewer = Sheet with { Lines = [.. Sheet.Lines.Take(2)] };
        SheetRules.WhyNotReleased(Sheet, Handed(fewer, "A", "B"), Good, false).ShouldSatisfyAllConditions(r => r!.Why.ShouldBe(SheetRefusalReason.CountsDiffer), r => r!.Parcels.ShouldBe(["C"]));
        var dearer = Sheet with { Lines = Sheet.Lines.SetItem(0, Sheet.Lines[0] with { CodMinor = 9_000 }) };
        SheetRules.WhyNotReleased(Sheet, Handed(dearer, "A", "B", "C"), Good, false).ShouldSatisfyAllConditions(r => r!.Why.ShouldBe(SheetRefusalReason.MoneyDiffers), r => r!.Parcels.ShouldBe(["A"]));
    }

    [Fact]
    public void In_the_evening_every_parcel_that_went_out_is_accounted_for_and_the_cash_is_counted()
    {
        // C was short in the morning: it never went out, and nobody asks the courier for it.
        var wentOut = SheetRules.WentOut(Sheet, Handed(Sheet, "A", "B"));
        wentOut.Select(l => l.Parcel).ShouldBe(["A", "B"]);
        var counted = new CashAtClose(true, 10_000, 9_900);
        SheetRefusal? Close(CashAtClose cash, params LineOutcome[] ends) => SheetRules.WhyNotClosed(wentOut, ends.ToDictionary(e => e.Parcel, StringComparer.Ordinal), cash, true, false);
        var delivered = new LineOutcome("A", LineEnd.Delivered);
        Close(counted, delivered).ShouldSatisfyAllConditions(r => r!.Why.ShouldBe(SheetRefusalReason.Unaccounted), r => r!.Parcels.ShouldBe(["B"]));
        Close(counted, delivered, new LineOutcome("B", LineEnd.Attempted, "nobody_there", BackAtDepot: true))!.Why.ShouldBe(SheetRefusalReason.AttemptWithoutReason);
        Close(counted, delivered, new LineOutcome("B", LineEnd.Attempted, "nobody_there", "try_again"))!.Why.ShouldBe(SheetRefusalReason.NotBack);
        var attempted = new LineOutcome("B", LineEnd.Attempted, "nobody_there", "try_again", BackAtDepot: true);
        Close(counted with { Counted = false }, delivered, attempted)!.Why.ShouldBe(SheetRefusalReason.CashNotCounted);
        Close(counted, delivered, attempted).ShouldBeNull("a variance is a case, not a reason to keep the day open");
        counted.Variance.ShouldBe(-100);
        Close(default, delivered, new LineOutcome("B", LineEnd.AtPickupPoint)).ShouldBeNull("nothing was collected, nothing is counted");
        SheetRules.WhyNotClosed(wentOut, new Dictionary<string, LineOutcome>(StringComparer.Ordinal), counted, false, false)!.Why.ShouldBe(SheetRefusalReason.NotReleased);
        SheetRules.WhyNotClosed(wentOut, new Dictionary<string, LineOutcome>(StringComparer.Ordinal), counted, true, true)!.Why.ShouldBe(SheetRefusalReason.AlreadyClosed);
    }

    [Fact]
    public void No_passed_check_today_no_run_and_the_last_look_of_the_day_counts_SEED_03_EBIKE()
    {
        var all = Enum.GetValues<CheckGroup>().ToImmutableSortedDictionary(g => g, _ => true);
        VehicleChecked Look(double hours, bool good = true, string courier = "p-li") => new(
            "EB-7", courier, good ? all : all.SetItem(CheckGroup.Tyres, false).Remove(CheckGroup.Tools), AdjudgedInterval.Exactly(Eight + Duration.FromHours(hours)));
        VehicleStanding Standing(params VehicleChecked[] looks) => VehicleRules.StandingOf(looks, "p-li", Day, Zone).Standing;
        Standing().ShouldBe(VehicleStanding.NotChecked);
        Standing(Look(-24)).ShouldBe(VehicleStanding.NotChecked, "yesterday's");
        Standing(Look(-1)).ShouldBe(VehicleStanding.Good);
        Standing(Look(-1, good: false)).ShouldBe(VehicleStanding.Failed);
        VehicleRules.StandingOf([Look(-1, good: false)], "p-li", Day, Zone).Failed.ShouldBe([CheckGroup.Tyres, CheckGroup.Tools], "what was not looked at is not good");
        Standing(Look(-0.5), Look(-1, good: false)).ShouldBe(VehicleStanding.Good, "put right");
        Standing(Look(-1), Look(-0.5, good: false)).ShouldBe(VehicleStanding.Failed);
        Standing(Look(-1, courier: "p-sun")).ShouldBe(VehicleStanding.OtherCourier);
        // Midnight falls into the interval: whether it was today is not known.
        var midnight = Day.AtStartOfDayInZone(Zone).ToInstant();
        Standing(Look(-1) with { At = new AdjudgedInterval(midnight - Duration.FromMinutes(1), midnight + Duration.FromHours(1), Eight) }).ShouldBe(VehicleStanding.NotChecked);
    }

    private static SheetRefusalReason? Why(HandoverState? handover, (VehicleStanding, ImmutableArray<CheckGroup>) vehicle, bool released = false) =>
        SheetRules.WhyNotReleased(Sheet, handover, vehicle, released)?.Why;

    private static HandoverState Handed(RunSheet sheet, params string[] accepted) => Handed(sheet, sign: true, accepted);

    private static HandoverState Handed(RunSheet sheet, bool sign, params string[] accepted)
    {
        var opened = new HandoverStep.Opened(
            Eight, "p-wang", "h-1", HandoverKind.DepotToCourier, new Party(PartyKind.Depot, "HZ01"), new Party(PartyKind.Courier, "p-li"), "HZ01", sheet.Expected, sheet.Number);
        var state = HandoverState.Begin(opened);
        foreach (var parcel in sheet.Lines) state = state.Apply(new HandoverStep.LineChecked(Eight, "p-wang", new HandoverLine(parcel.Parcel, accepted.Contains(parcel.Parcel, StringComparer.Ordinal) ? LineResult.Accepted : LineResult.Short)));
        state = state.Apply(new HandoverStep.Counted(Eight, "p-wang", state.Totals));
        if (!sign) return state;
        state = state.Apply(new HandoverStep.Confirmed(Eight, "p-wang", new Confirmation(Side.Giver, "p-wang", ConfirmationMethod.Pin, state.Totals)));
        return state.Apply(new HandoverStep.Confirmed(Eight, "p-li", new Confirmation(Side.Receiver, "p-li", ConfirmationMethod.Pin, state.Totals)));
    }
}
