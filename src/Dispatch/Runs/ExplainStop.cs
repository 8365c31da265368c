using System.Globalization;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>Why a stop stands where it stands.</summary>
internal enum PlaceReason
{
    /// <summary>One place later and it would be late.</summary>
    WindowCloses = 1,

    /// <summary>Any earlier and the courier would wait for its window.</summary>
    WindowOpens = 2,

    /// <summary>It is done, or being done.</summary>
    Frozen = 3,

    /// <summary>It lies on the way there.</summary>
    OnTheWay = 4,

    /// <summary>Nobody goes there.</summary>
    Unassigned = 5,

    /// <summary>One place later and the courier would not be back by the end of the shift.</summary>
    ShiftEnds = 6,

    /// <summary>One place later and what is aboard at once would be more than the vehicle holds.</summary>
    NoRoomLater = 7,
}

/// <summary>What another place would come to, beside the present one.</summary>
internal sealed record OtherPlace(string Courier, int Position, long Seconds, int LateParcels);

/// <summary>The place of a stop with its reason, the figures it rests on, and the same in words (law 9). Below 0: it was done outside the runs.</summary>
internal sealed record PlaceExplained(string Stop, string? Courier, int Position, PlaceReason Why, long? At, OtherPlace? Beside, OtherPlace? Elsewhere, UnassignedReason? WhyNowhere)
{
    /// <summary>"Third because its window closes at 10:15; second would cost 7 minutes and one late parcel."</summary>
    internal string English(DateTimeZone zone)
    {
        if (Courier is null) return $"In no run because {WhyNowhere switch { UnassignedReason.NoCourierForArea => "no courier of its area is there", UnassignedReason.NoRoom => "no vehicle has room for it", UnassignedReason.NotAboard => "those who could take it have left without it", UnassignedReason.NotPlanned => "it has come since the day was planned", UnassignedReason.InAnotherVan => "its parcels are in the van of a courier who drives no more today: have them handed over first", _ => "no shift has the time" }}.";
        if (Position < 0) return "Done, outside the runs of this day.";
        var why = Why switch
        {
            PlaceReason.WindowCloses => $"its window closes at {TimeOf(At!.Value, zone)}",
            PlaceReason.ShiftEnds => $"one place later the courier would not be back when the shift ends at {TimeOf(At!.Value, zone)}",
            PlaceReason.NoRoomLater => "one place later the vehicle would have no room",
            PlaceReason.WindowOpens => $"its window opens at {TimeOf(At!.Value, zone)}",
            PlaceReason.Frozen => "the courier has been there or is there",
            _ => "it lies on the way there",
        };
        var beside = Beside is { } other ? $"; {Ordinal(other.Position)} would {CostOf(other)}" : "";
        var elsewhere = Elsewhere is { } away ? $"; with {away.Courier} it would {CostOf(away)}" : Why is PlaceReason.Frozen ? "" : "; no other courier can take it";
        return Capital(Ordinal(Position)) + " because " + why + beside + elsewhere + ".";
    }

    /// <summary>排第 3，因为时间窗 10:15 关闭；排第 2 会多用 7 分钟、1 件超时。</summary>
    internal string Chinese(DateTimeZone zone)
    {
        if (Courier is null) return $"未排入任何路线：{WhyNowhere switch { UnassignedReason.NoCourierForArea => "该片区无人当班", UnassignedReason.NoRoom => "车辆已满", UnassignedReason.NotAboard => "可派的快递员已出发，件不在车上", UnassignedReason.NotPlanned => "排线之后才到，尚未排入", UnassignedReason.InAnotherVan => "件在今日不再出车的快递员车上，须先交接", _ => "班次时间不够" }}。";
        if (Position < 0) return "已完成，不在当日路线中。";
        var why = Why switch
        {
            PlaceReason.WindowCloses => $"时间窗 {TimeOf(At!.Value, zone)} 关闭",
            PlaceReason.ShiftEnds => $"再排后一位，班次 {TimeOf(At!.Value, zone)} 结束前回不来",
            PlaceReason.NoRoomLater => "再排后一位，车辆装不下",
            PlaceReason.WindowOpens => $"时间窗 {TimeOf(At!.Value, zone)} 才开始",
            PlaceReason.Frozen => "快递员已到过或正在该点",
            _ => "顺路",
        };
        var beside = Beside is { } other ? $"；排第 {Number(other.Position + 1)} 会{CostZh(other)}" : "";
        var elsewhere = Elsewhere is { } away ? $"；改派 {away.Courier} 会{CostZh(away)}" : Why is PlaceReason.Frozen ? "" : "；其他快递员无法承接";
        return $"排第 {Number(Position + 1)}，因为{why}{beside}{elsewhere}。";
    }

    private static string CostOf(OtherPlace other)
    {
        var minutes = Minutes(other);
        var time = minutes switch { 0 => "cost no time", > 0 => $"cost {Count(minutes, "minute")}", _ => $"save {Count(-minutes, "minute")}" };
        return other.LateParcels switch { 0 => time, > 0 => $"{time} {(minutes < 0 ? "but bring" : "and")} {Count(other.LateParcels, "late parcel")}", _ => $"{time} and spare {Count(-other.LateParcels, "late parcel")}" };
    }

    private static string CostZh(OtherPlace other)
    {
        var minutes = Minutes(other);
        var time = minutes switch { 0 => "不多用时间", > 0 => $"多用 {Number(minutes)} 分钟", _ => $"少用 {Number(-minutes)} 分钟" };
        return other.LateParcels switch { 0 => time, > 0 => $"{time}{(minutes < 0 ? "，但有 " : "、")}{Number(other.LateParcels)} 件超时", _ => $"{time}、少 {Number(-other.LateParcels)} 件超时" };
    }

    // Half a minute and more counts as one: a cost is never told as none.
    private static long Minutes(OtherPlace other) => (long)Math.Round(other.Seconds / 60m, MidpointRounding.AwayFromZero);

    private static string Count(long number, string what) => number == 1 ? "one " + what : $"{Number(number)} {what}s";

    private static string Ordinal(int position) => position switch
    {
        0 => "first", 1 => "second", 2 => "third", 3 => "fourth", 4 => "fifth", 5 => "sixth", 6 => "seventh", 7 => "eighth", 8 => "ninth", 9 => "tenth",
        _ => Number(position + 1) + ((position + 1) % 100 is >= 11 and <= 13 ? "th" : ((position + 1) % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" }),
    };

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string TimeOf(long seconds, DateTimeZone zone) => Instant.FromUnixTimeSeconds(seconds).InZone(zone).ToString("HH:mm", CultureInfo.InvariantCulture);
}

/// <summary>Explains a stop's place by trying the others. Pure.</summary>
internal static class ExplainStop
{
    /// <summary>A stop that is done and was in nobody's run of the day.</summary>
    internal static PlaceExplained DoneBy(string stop, string courier) => new(stop, courier, -1, PlaceReason.Frozen, null, null, null, null);

    /// <summary>Null when the day has no such stop to plan.</summary>
    internal static PlaceExplained? Of(DispatchDay day, DayPlan plan, string stop)
    {
        if (!day.StopOf.TryGetValue(stop, out var asked)) return null;
        if (plan.RunWith(stop) is not { } run)
        {
            var why = plan.Unassigned.FirstOrDefault(u => u.Stop == stop).Why;
            return new PlaceExplained(stop, null, -1, PlaceReason.Unassigned, null, null, null, why == default ? UnassignedReason.NoTime : why);
        }
        var courier = day.CourierOf[run.Courier];
        var position = run.Sequence.ToList().IndexOf(stop);
        if (position < courier.Frozen.Length) return new PlaceExplained(stop, run.Courier, position, PlaceReason.Frozen, null, null, null, null);
        var places = RunPlanner.OffersOf(day, plan, stop, courier).ToDictionary(o => o.Position);
        Invariant.Holds(places.ContainsKey(position), "a stop can stand where it stands");
        var (here, later, earlier) = (places[position], places.GetValueOrDefault(position + 1), places.GetValueOrDefault(position - 1));
        var elsewhere = RunPlanner.Offers(day, plan, stop).FirstOrDefault(o => o.Courier != run.Courier);
        var (why1, at) = ReasonOf(day, asked, run, position, later is not null);
        // The place people ask about is the one before; at the head of a run, or where it cannot be, the one after.
        var beside = (earlier ?? later) is { } other ? Beside(other, here) : null;
        return new PlaceExplained(stop, run.Courier, position, why1, at, beside, elsewhere is null ? null : Beside(elsewhere, here), null);
    }

    private static (PlaceReason Why, long? At) ReasonOf(DispatchDay day, RunStop asked, CourierRun run, int position, bool canBeLater)
    {
        var visit = run.Visits[position];
        if (asked.Due is { } due && (visit.LateSeconds > 0 || (canBeLater && LaterBy(day, asked, run, position).Run!.Visits[position + 1].LateSeconds > visit.LateSeconds))) return (PlaceReason.WindowCloses, due);
        // Windows only make it late: what cannot be driven later fails by the shift's end or by what the vehicle holds.
        if (!canBeLater && position < run.Visits.Length - 1)
        {
            var isTime = LaterBy(day, asked, run, position).WhyNot is UnassignedReason.NoTime;
            return isTime ? (PlaceReason.ShiftEnds, day.CourierOf[run.Courier].Shift.Until) : (PlaceReason.NoRoomLater, null);
        }
        var opens = asked.Windows.IsDefaultOrEmpty ? (long?)null : asked.Windows.LastOrDefault(w => w.From <= visit.Start).From;
        return opens is { } from && visit.Start == from && visit.Arrival <= from && position > 0 ? (PlaceReason.WindowOpens, from) : (PlaceReason.OnTheWay, null);
    }

    private static (CourierRun? Run, UnassignedReason? WhyNot) LaterBy(DispatchDay day, RunStop asked, CourierRun run, int position)
    {
        List<string> sequence = [.. run.Sequence.Where(s => s != asked.Id)];
        sequence.Insert(position + 1, asked.Id);
        return RunTimes.Of(day, day.CourierOf[run.Courier], sequence);
    }

    private static OtherPlace Beside(PlaceOffer other, PlaceOffer here) => new(other.Courier, other.Position, other.Seconds - here.Seconds, other.LateParcels - here.LateParcels);
}
