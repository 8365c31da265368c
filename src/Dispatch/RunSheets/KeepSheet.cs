using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>Draws a run sheet up, lets it go out, closes it. Acts on one depot's day wait for each other.</summary>
internal sealed class KeepSheet(DispatchActs acts, LoadDay days, LoadSheet sheets, IParcelsNow parcels, IHandoversNow handovers, TimeProvider time)
{
    private const int LinesMax = 500;

    internal async Task<Outcome<SheetReply>> DrawUpAsync(DrawUpSheetCommand command, CancellationToken ct)
    {
        var day = days.DayOf(command.Day);
        if (!day.IsOk) return day.Fault;
        if (command.Parcels.Count > LinesMax) return new Fault.Invalid("parcels", "batch.too_long", $"A run sheet has at most {LinesMax} parcels.");
        return await acts.RunAsync(
            command.CommandId, "RunSheets/DrawUp", command, SheetReply.Parser,
            async (transaction, cancel) =>
            {
                if (acts.WhyNotAt(command.Depot) is { } elsewhere) return elsewhere;
                await KeepDay.LockAsync(transaction, command.Depot, day.Value, cancel);
                if (await acts.Db.Couriers.AsNoTracking().SingleOrDefaultAsync(c => c.Depot == command.Depot && c.Courier == command.Courier && c.Active, cancel) is not { } courier)
                    return new Fault.NotFound("courier.unknown", "No such courier works at the depot.");
                var chosen = command.Parcels.Count > 0 ? await NamedAsync([.. command.Parcels], cancel) : await OfRunAsync(command.Depot, day.Value, command.Courier, cancel);
                if (!chosen.IsOk) return chosen.Fault;
                if (await WhyNotListedAsync(command.Depot, chosen.Value, cancel) is { } refused) return refused;
                var taken = await acts.Db.Sheets.CountAsync(s => s.Depot == command.Depot && s.Day == day.Value, cancel);
                var sheet = SheetOf(string.Create(CultureInfo.InvariantCulture, $"RS-{command.Depot}-{day.Value:yyyyMMdd}-{taken + 1}"), command, courier.Vehicle, day.Value, chosen.Value);
                if (SheetRules.WhyNotMade(sheet) is { } flaw) return SheetViews.Refuse(flaw);
                acts.Db.Sheets.Add(new SheetRow
                {
                    Number = sheet.Number, Depot = sheet.Depot, Day = sheet.Day, Courier = sheet.Courier, Vehicle = sheet.Vehicle, State = (int)SheetState.Drawn, Handover = "", DrawnUs = time.Now().ToUnixMicros(),
                    By = acts.Caller.Id,
                });
                var waybills = chosen.Value.ToDictionary(d => d.Parcel.Code, d => d.Waybill, StringComparer.Ordinal);
                acts.Db.SheetLines.AddRange(sheet.Lines.Select(l => new SheetLineRow
                {
                    Number = sheet.Number, Position = l.Position, Parcel = l.Parcel, Waybill = waybills[l.Parcel], Account = l.Account, Insured = l.Insured, Fragile = l.Fragile, CodMinor = l.CodMinor,
                    FreightCollectMinor = l.FreightCollectMinor, Currency = l.Currency, Seal = l.Seal,
                }));
                await acts.Db.SaveChangesAsync(cancel);
                return await ViewAsync(sheet.Number, cancel);
            },
            ct);
    }

    internal Task<Outcome<SheetReply>> ReleaseAsync(ReleaseSheetCommand command, CancellationToken ct) => OnSheetAsync(
        command.CommandId, "RunSheets/Release", command, command.Number,
        async (loaded, cancel) =>
        {
            var handover = command.Handover.Length == 0 ? null : await handovers.FindAsync(command.Handover, cancel);
            if (SheetRules.WhyNotReleased(loaded.Sheet, handover, loaded.Vehicle, loaded.Row.State != (int)SheetState.Drawn) is { } refusal) return SheetViews.Refuse(refusal);
            var went = SheetRules.WentOut(loaded.Sheet, handover!).Select(l => l.Parcel).ToHashSet(StringComparer.Ordinal);
            var row = await acts.Db.Sheets.SingleAsync(s => s.Number == command.Number, cancel);
            (row.State, row.Handover, row.ReleasedUs, row.By) = ((int)SheetState.Released, command.Handover, time.Now().ToUnixMicros(), row.By + " " + acts.Caller.Id);
            foreach (var line in await acts.Db.SheetLines.Where(l => l.Number == command.Number).ToListAsync(cancel)) line.WentOut = went.Contains(line.Parcel);
            await acts.Db.SaveChangesAsync(cancel);
            return null;
        },
        ct);

    internal Task<Outcome<SheetReply>> CloseAsync(CloseSheetCommand command, CancellationToken ct) => OnSheetAsync(
        command.CommandId, "RunSheets/Close", command, command.Number,
        async (loaded, cancel) =>
        {
            var state = (SheetState)loaded.Row.State;
            var cash = new CashAtClose(loaded.OpenMinor == 0, loaded.BroughtMinor, loaded.BroughtMinor - loaded.OpenMinor);
            if (SheetRules.WhyNotClosed(loaded.Out, loaded.Outcomes, cash, state is not SheetState.Drawn, state is SheetState.Closed) is { } refusal) return SheetViews.Refuse(refusal);
            var row = await acts.Db.Sheets.SingleAsync(s => s.Number == command.Number, cancel);
            (row.State, row.ClosedUs, row.By) = ((int)SheetState.Closed, time.Now().ToUnixMicros(), row.By + " " + acts.Caller.Id);
            await acts.Db.SaveChangesAsync(cancel);
            return null;
        },
        ct);

    internal async Task<Outcome<SheetView>> GetAsync(string number, CancellationToken ct) =>
        await sheets.RunAsync(number, ct) is { } loaded ? SheetViews.Of(loaded) : LoadSheet.Unknown;

    internal async Task<Outcome<ListSheetsReply>> ListAsync(ListSheetsRequest ask, CancellationToken ct)
    {
        var day = days.DayOf(ask.Day);
        if (!day.IsOk) return day.Fault;
        var rows = acts.Db.Sheets.AsNoTracking().Where(s => s.Day == day.Value);
        if (ask.Depot.Length > 0) rows = rows.Where(s => s.Depot == ask.Depot);
        if (ask.Courier.Length > 0) rows = rows.Where(s => s.Courier == ask.Courier);
        var found = await rows.OrderBy(s => s.Number).Take(1_000).ToListAsync(ct);
        var numbers = found.ConvertAll(s => s.Number);
        var sums = await acts.Db.SheetLines.AsNoTracking().Where(l => numbers.Contains(l.Number)).GroupBy(l => l.Number)
            .Select(g => new { Number = g.Key, Parcels = g.Count(), Cod = g.Sum(l => l.CodMinor), Freight = g.Sum(l => l.FreightCollectMinor), Currency = g.Max(l => l.Currency) }).ToDictionaryAsync(g => g.Number, StringComparer.Ordinal, ct);
        var reply = new ListSheetsReply();
        foreach (var row in found)
        {
            var view = SheetViews.Head(row);
            if (sums.TryGetValue(row.Number, out var sum)) (view.Parcels, view.CodMinor, view.FreightCollectMinor, view.Currency) = (sum.Parcels, sum.Cod, sum.Freight, sum.Currency ?? "");
            reply.Sheets.Add(view);
        }
        return reply;
    }

    private Task<Outcome<SheetReply>> OnSheetAsync(
        ByteString commandId, string rpc, IMessage command, string number, Func<LoadedSheet, CancellationToken, Task<SheetReply?>> act, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, SheetReply.Parser,
        async (transaction, cancel) =>
        {
            if (await acts.Db.Sheets.AsNoTracking().SingleOrDefaultAsync(s => s.Number == number, cancel) is not { } row) return LoadSheet.Unknown;
            if (acts.WhyNotAt(row.Depot) is { } elsewhere) return elsewhere;
            await KeepDay.LockAsync(transaction, row.Depot, row.Day, cancel);
            if (await sheets.RunAsync(number, cancel) is not { } loaded) return LoadSheet.Unknown;
            return await act(loaded, cancel) is { } refused ? refused : await ViewAsync(number, cancel);
        },
        ct);

    private async Task<Outcome<SheetReply>> ViewAsync(string number, CancellationToken ct) =>
        await sheets.RunAsync(number, ct) is { } loaded ? new SheetReply { Sheet = SheetViews.Of(loaded) } : LoadSheet.Unknown;

    private async Task<Outcome<IReadOnlyList<DeliveryDue>>> NamedAsync(List<string> codes, CancellationToken ct)
    {
        var standing = await parcels.FindAsync(codes, ct);
        var due = await parcels.DueAsync([.. standing.Keys], ct);
        if (due.Count < standing.Count || standing.Count < codes.Distinct(StringComparer.Ordinal).Count())
            return new Fault.Invalid("parcels", "parcel.unknown", "One of the parcels is not known, or no shipment names it.");
        return due.Values.OrderBy(d => d.Parcel.Code, StringComparer.Ordinal).ToList();
    }

    private async Task<Outcome<IReadOnlyList<DeliveryDue>>> OfRunAsync(string depot, LocalDate day, string courier, CancellationToken ct)
    {
        var loaded = await days.RunAsync(depot, day, ct);
        return loaded.Plan.SequenceOf(courier).Select(s => loaded.Stops[s]).Where(s => s.IsOpen && s.Stop.IsDelivery).SelectMany(s => s.Parcels).Where(p => p.Parcel.CustodianKind is not PartyKind.Courier).ToList();
    }

    private async Task<SheetReply?> WhyNotListedAsync(string depot, IReadOnlyList<DeliveryDue> chosen, CancellationToken ct)
    {
        var held = chosen.Where(d => d.Parcel.HoldReason is not null).Select(d => d.Parcel.Code).ToList();
        if (held.Count > 0) return SheetViews.Refuse("parcel_held", "A parcel is held: it goes nowhere until somebody releases it.", held);
        var away = chosen.Where(d => d.Node != depot || d.Parcel.CustodianKind is not (PartyKind.Depot or PartyKind.Hub)).Select(d => d.Parcel.Code).ToList();
        if (away.Count > 0) return SheetViews.Refuse("not_in_depot", "A parcel is not in the depot's hands.", away);
        var codes = chosen.Select(d => d.Parcel.Code).ToList();
        var listed = await acts.Db.SheetLines.AsNoTracking().Where(l => codes.Contains(l.Parcel)).Join(acts.Db.Sheets.Where(s => s.State != (int)SheetState.Closed), l => l.Number, s => s.Number, (l, s) => l.Parcel).Distinct().ToListAsync(ct);
        return listed.Count > 0 ? SheetViews.Refuse("on_another_sheet", "A parcel is on a run sheet that is not closed.", listed) : null;
    }

    private static RunSheet SheetOf(string number, DrawUpSheetCommand command, string vehicle, LocalDate day, IReadOnlyList<DeliveryDue> chosen) => new(
        number, command.Depot, command.Courier, vehicle, day,
        [
            .. chosen.Select((d, at) => new SheetLine(
                at + 1, d.Parcel.Code, d.Parcel.Account, d.Parcel.Insured, d.Parcel.Fragile, d.Parcel.CodMinor, d.Parcel.FreightCollectMinor, d.Parcel.Currency, d.Parcel.Seal)),
        ]);
}
