using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Promises;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>Orders as the API shows them. Pure.</summary>
internal static class OrderViews
{
    internal static OrderView Of(string id, OrderState state) => new()
    {
        Id = id, Order = state.Asked, Phase = ReasonCode.Of(state.Phase), DoneAtUs = state.Collected?.Best.ToUnixMicros() ?? 0,
        Punctuality = state.Punctuality is { } judged ? ReasonCode.Of(judged) : "", Taken = state.Taken, WasMissed = state.WasMissed, Reason = state.Reason,
    };

    internal static OrderView Of(OrderRow row) => new()
    {
        Id = row.Id, Phase = ReasonCode.Of((OrderPhase)row.Phase), DoneAtUs = row.DoneUs ?? 0, Punctuality = row.Punctuality == 0 ? "" : ReasonCode.Of((Punctuality)row.Punctuality),
        Taken = row.Taken, WasMissed = row.WasMissed, Reason = row.Reason,
        Order = new Api.Custody.V1.PickupOrder
        {
            Account = row.Account, Site = row.Site, Depot = row.Depot, FromUs = row.FromUs, UntilUs = row.UntilUs, Parcels = row.Parcels, MassMg = row.MassMg,
            LongitudeE5 = row.LongitudeE5, LatitudeE5 = row.LatitudeE5, Standing = row.Standing,
        },
    };

    internal static OrderReply Refuse(OrderRefusal refusal)
    {
        var reply = new Api.Dispatch.V1.OrderRefusal { Code = ReasonCode.Of(refusal.Why), Message = Sentence(refusal.Why) };
        foreach (var (name, value) in refusal.Figures) reply.Figures[name] = value;
        return new OrderReply { Refused = reply };
    }

    private static string Sentence(OrderRefusalReason why) => why switch
    {
        OrderRefusalReason.NoContract => "No contract of the account is in force.",
        OrderRefusalReason.WindowOutOfRange => "The window is shorter or longer than windows are.",
        OrderRefusalReason.WindowPast => "The window has begun already.",
        OrderRefusalReason.TooFarAhead => "Orders are not taken so far ahead; a standing pickup does that.",
        OrderRefusalReason.NotAWorkingDay => "Nobody works on that day, by the contract's calendar.",
        OrderRefusalReason.AfterCutOff => "Today's orders are closed; order for the next working day.",
        OrderRefusalReason.ParcelsOutOfRange => "No parcels, or more than one order takes.",
        OrderRefusalReason.Closed => "The order is done, cancelled or refused.",
        OrderRefusalReason.TooLateToChange => "The window has begun and the courier is on the way.",
        OrderRefusalReason.OtherAccount => "An order stays with its account.",
        _ => throw new InvariantBrokenException("a refusal has its sentence", why.ToString()),
    };
}

/// <summary>Orders read, within the caller's accounts and depots.</summary>
internal sealed class ReadOrders(DispatchDb db)
{
    internal async Task<Outcome<ListOrdersReply>> ListAsync(ListOrdersRequest ask, CancellationToken ct)
    {
        var page = PageAsked.Read(ask.PageSize, ask.PageToken, 50, 500);
        if (!page.IsOk) return page.Fault;
        var orders = db.Orders.AsNoTracking().Where(o => o.Phase > 0);
        if (ask.Depot.Length > 0) orders = orders.Where(o => o.Depot == ask.Depot);
        if (ask.Account.Length > 0) orders = orders.Where(o => o.Account == ask.Account);
        if (ask.FromUs != 0) orders = orders.Where(o => o.FromUs >= ask.FromUs);
        if (ask.UntilUs != 0) orders = orders.Where(o => o.FromUs < ask.UntilUs);
        if (ask.LateOnly) orders = orders.Where(o => o.Punctuality == (int)Punctuality.Late || o.Punctuality == (int)Punctuality.InDoubt);
        if (ask.Phase.Length > 0)
        {
            var phase = Enum.GetValues<OrderPhase>().FirstOrDefault(p => string.Equals(ReasonCode.Of(p), ask.Phase, StringComparison.Ordinal));
            if (phase == default) return new Fault.Invalid("phase", "phase.unknown", $"'{ask.Phase}' is no phase of an order.");
            orders = orders.Where(o => o.Phase == (int)phase);
        }
        var rows = await orders.OrderBy(o => o.FromUs).ThenBy(o => o.Id).Skip(page.Value.Skip).Take(page.Value.Size + 1).ToListAsync(ct);
        return new ListOrdersReply { Orders = { rows.Take(page.Value.Size).Select(OrderViews.Of) }, NextPageToken = page.Value.Next(rows.Count) };
    }
}
