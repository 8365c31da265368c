using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Promises;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using Wire = KeyAccountLogistics.Api.Dispatch.V1;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>Standing pickups, set and ended, and the orders that are made of them ahead.</summary>
internal sealed class SetStanding(DispatchActs acts, TakeOrder orders, IWriteGate gate, IIds ids, TimeProvider time)
{
    internal const int DaysAhead = 7;
    private const int WindowsMax = 28;
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    internal Task<Outcome<StandingReply>> SetAsync(SetStandingCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "PickupOrders/SetStanding", command, StandingReply.Parser,
        async (transaction, cancel) =>
        {
            if (command.Standing is not { } asked) return new Fault.Invalid("standing", "field.missing", "The standing pickup is missing.");
            if ((DispatchActs.Missing(("standing.account", asked.Account), ("standing.site", asked.Site)) ?? orders.WhyNotFor(asked.Account) ?? acts.WhyNotAt(asked.Depot)) is { } wrong) return wrong;
            var row = RowOf(asked);
            if (!row.IsOk) return row.Fault;
            var cancelled = 0;
            if (asked.Id.Length > 0)
            {
                if (await acts.Db.Standing.SingleOrDefaultAsync(s => s.Id == asked.Id, cancel) is not { } before || before.Account != asked.Account) return Unknown;
                acts.Db.Standing.Remove(before);
                row.Value.CreatedUs = before.CreatedUs;
                // Orders of windows that are no more; those that stay keep their ids and are left alone.
                var kept = StandingOf(row.Value).Between(Today(row.Value), Today(row.Value).PlusDays(DaysAhead)).Select(o => o.Order).ToHashSet(StringComparer.Ordinal);
                var ended = await CancelAsync(transaction, asked.Id, o => !kept.Contains(o.Id), cancel);
                if (!ended.IsOk) return ended.Fault;
                cancelled = ended.Value;
                await acts.Db.SaveChangesAsync(cancel);
            }
            acts.Db.Standing.Add(row.Value);
            await acts.Db.SaveChangesAsync(cancel);
            var made = await MakeAsync(transaction, row.Value, cancel);
            return made.IsOk ? new StandingReply { Standing = ViewOf(row.Value), OrdersMade = made.Value, OrdersCancelled = cancelled } : made.Fault;
        },
        ct);

    internal Task<Outcome<StandingReply>> EndAsync(EndStandingCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "PickupOrders/EndStanding", command, StandingReply.Parser,
        async (transaction, cancel) =>
        {
            if (await acts.Db.Standing.SingleOrDefaultAsync(s => s.Id == command.Id, cancel) is not { } row) return Unknown;
            if (LocalDatePattern.Iso.Parse(command.LastDay) is not { Success: true, Value: var last }) return new Fault.Invalid("last_day", "day.malformed", "A day is written 2026-10-12.");
            row.Last = last;
            var until = last.PlusDays(1).AtMidnight().InZoneLeniently(DateTimeZoneProviders.Tzdb[row.Zone]).ToInstant().ToUnixMicros();
            await acts.Db.SaveChangesAsync(cancel);
            var ended = await CancelAsync(transaction, row.Id, o => o.FromUs >= until, cancel);
            return ended.IsOk ? new StandingReply { Standing = ViewOf(row), OrdersCancelled = ended.Value } : ended.Fault;
        },
        ct);

    internal async Task<Outcome<ListStandingReply>> ListAsync(ListStandingRequest ask, CancellationToken ct)
    {
        var page = PageAsked.Read(ask.PageSize, ask.PageToken, 50, 200);
        if (!page.IsOk) return page.Fault;
        var rows = acts.Db.Standing.AsNoTracking();
        if (ask.Account.Length > 0) rows = rows.Where(s => s.Account == ask.Account);
        var found = await rows.OrderBy(s => s.Account).ThenBy(s => s.Id).Skip(page.Value.Skip).Take(page.Value.Size + 1).ToListAsync(ct);
        return new ListStandingReply { Standing = { found.Take(page.Value.Size).Select(ViewOf) }, NextPageToken = page.Value.Next(found.Count) };
    }

    /// <summary>Every standing pickup's orders of the days ahead, each standing in a transaction of its own. What is there already is left alone, also when it was cancelled.</summary>
    internal async Task<Outcome<int>> MakeAllAsync(CancellationToken ct)
    {
        var made = 0;
        foreach (var id in await acts.Db.Standing.AsNoTracking().OrderBy(s => s.Id).Select(s => s.Id).ToListAsync(ct))
        {
            var one = await gate.RunAsync<int>(
                async (transaction, cancel) =>
                {
                    acts.Db.ChangeTracker.Clear();
                    await transaction.EnlistAsync(acts.Db, cancel);
                    return await acts.Db.Standing.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel) is { } row ? await MakeAsync(transaction, row, cancel) : 0;
                },
                ct);
            if (!one.IsOk) return one.Fault;
            made += one.Value;
        }
        return made;
    }

    private static readonly Fault.NotFound Unknown = new("standing.unknown", "No standing pickup is known under this id.");

    private async Task<Outcome<int>> MakeAsync(WriteTransaction transaction, StandingRow row, CancellationToken ct)
    {
        var now = time.Now();
        var due = StandingOf(row).Between(Today(row), Today(row).PlusDays(DaysAhead)).Where(o => o.From > now).ToList();
        var codes = due.ConvertAll(o => o.Order);
        var known = (await acts.Db.Orders.AsNoTracking().Where(o => codes.Contains(o.Id)).Select(o => o.Id).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
        var facts = due.Where(o => !known.Contains(o.Order)).Select(o => new ParcelEvent
        {
            // The id follows from the order: two servers that make it at once make it once.
            Id = Google.Protobuf.ByteString.CopyFrom(Journal.Databases.Uuid.Bytes(NamedId.From("standing order", o.Order))),
            Kind = EventKind.PickupOrdered, Reference = o.Order, Node = row.Depot,
            Pickup = new PickupOrder
            {
                Account = row.Account, Site = row.Site, Depot = row.Depot, FromUs = o.From.ToUnixMicros(), UntilUs = o.Until.ToUnixMicros(), Parcels = row.Parcels,
                LongitudeE5 = row.LongitudeE5, LatitudeE5 = row.LatitudeE5, Standing = row.Id,
            },
        }).ToList();
        return facts.Count > 0 && await acts.AppendAsync(transaction, facts, ct) is { } fault ? fault : facts.Count;
    }

    private async Task<Outcome<int>> CancelAsync(WriteTransaction transaction, string standing, Func<OrderRow, bool> which, CancellationToken ct)
    {
        var now = time.Now().ToUnixMicros();
        var open = await acts.Db.Orders.AsNoTracking().Where(o => o.Standing == standing && o.Phase == (int)OrderPhase.Open && o.FromUs > now).ToListAsync(ct);
        var facts = open.Where(which).Select(o => new ParcelEvent { Kind = EventKind.PickupCancelled, Reference = o.Id, Node = o.Depot, Reason = "standing_ended" }).ToList();
        return facts.Count > 0 && await acts.AppendAsync(transaction, facts, ct) is { } fault ? fault : facts.Count;
    }

    private LocalDate Today(StandingRow row) => time.Now().InZone(DateTimeZoneProviders.Tzdb[row.Zone]).Date;

    internal static StandingPickup StandingOf(StandingRow row) => new(
        row.Id, [.. row.Windows.Split(';').Select(WindowOf)], row.First, row.Last, DateTimeZoneProviders.Tzdb[row.Zone], PromiseClock.KnownCalendar(row.Region)!, row.MakeUpDays);

    private static StandingWindow WindowOf(string text)
    {
        var words = text.Split(' ');
        return new StandingWindow((IsoDayOfWeek)int.Parse(words[0], CultureInfo.InvariantCulture), Time.Parse(words[1]).Value, Time.Parse(words[2]).Value);
    }

    private Outcome<StandingRow> RowOf(Wire.StandingPickup asked)
    {
        if (asked.Windows.Count is 0 or > WindowsMax) return new Fault.Invalid("standing.windows", "windows.count", $"A standing pickup has 1 to {WindowsMax} windows a week.");
        var windows = new List<string>();
        foreach (var window in asked.Windows)
        {
            if (window.Day is < 1 or > 7 || !Time.Parse(window.From).Success || !Time.Parse(window.Until).Success || string.CompareOrdinal(window.From, window.Until) >= 0)
                return new Fault.Invalid("standing.windows", "window.malformed", "A window has a day from 1 (Monday) to 7 and two times of that day, 09:00 before 11:00.");
            windows.Add(string.Create(CultureInfo.InvariantCulture, $"{window.Day} {window.From} {window.Until}"));
        }
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(asked.Zone) is null) return new Fault.Invalid("standing.zone", "zone.unknown", $"'{asked.Zone}' is no time zone; write Asia/Shanghai.");
        if (PromiseClock.KnownCalendar(asked.Region) is null) return new Fault.Invalid("standing.region", "calendar.unknown", $"No working calendar is known for '{asked.Region}'; write CN, or none.");
        if (asked.Parcels is < 1 or > OrderRules.ParcelsMax) return new Fault.Invalid("standing.parcels", "parcels.range", $"An order announces 1 to {OrderRules.ParcelsMax} parcels.");
        if (LocalDatePattern.Iso.Parse(asked.FirstDay) is not { Success: true, Value: var first }) return new Fault.Invalid("standing.first_day", "day.malformed", "A day is written 2026-10-12.");
        LocalDate? last = null;
        if (asked.LastDay.Length > 0)
        {
            if (LocalDatePattern.Iso.Parse(asked.LastDay) is not { Success: true, Value: var end } || end < first)
                return new Fault.Invalid("standing.last_day", "day.malformed", "The last day is a day not before the first.");
            last = end;
        }
        return new StandingRow
        {
            Id = asked.Id.Length > 0 ? asked.Id : "SP-" + ids.New().ToString("N"), Account = asked.Account, Site = asked.Site, Depot = asked.Depot, Windows = string.Join(';', windows.Distinct(StringComparer.Ordinal)),
            Zone = asked.Zone, Region = asked.Region, MakeUpDays = asked.MakeUpDays, First = first, Last = last, Parcels = asked.Parcels, LongitudeE5 = asked.LongitudeE5,
            LatitudeE5 = asked.LatitudeE5, CreatedUs = time.Now().ToUnixMicros(),
        };
    }

    private static Wire.StandingPickup ViewOf(StandingRow row) => new()
    {
        Id = row.Id, Account = row.Account, Site = row.Site, Depot = row.Depot, Zone = row.Zone, Region = row.Region, MakeUpDays = row.MakeUpDays, Parcels = row.Parcels,
        FirstDay = LocalDatePattern.Iso.Format(row.First), LastDay = row.Last is { } last ? LocalDatePattern.Iso.Format(last) : "", LongitudeE5 = row.LongitudeE5, LatitudeE5 = row.LatitudeE5,
        Windows =
        {
            row.Windows.Split(';').Select(w => w.Split(' ')).Select(w => new Wire.StandingWindow { Day = int.Parse(w[0], CultureInfo.InvariantCulture), From = w[1], Until = w[2] }),
        },
    };
}
