using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using Microsoft.EntityFrameworkCore;
using Findings = KeyAccountLogistics.Api.Dispatch.V1.DoorFindings;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>A pickup order taken, changed, cancelled, and what became of it. An order's row is locked while an act on it is decided.</summary>
internal sealed class TakeOrder(DispatchActs acts, ITermsInForce terms, IIds ids, TimeProvider time)
{
    internal Task<Outcome<OrderReply>> OrderAsync(OrderPickupCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "PickupOrders/Order", command, OrderReply.Parser,
        async (transaction, cancel) =>
        {
            if (command.Order is not { } asked) return new Fault.Invalid("order", "field.missing", "The order is missing.");
            if ((DispatchActs.Missing(("order.account", asked.Account), ("order.site", asked.Site)) ?? WhyNotFor(asked.Account) ?? acts.WhyNotAt(asked.Depot)) is { } wrong) return wrong;
            var now = time.Now();
            var inForce = terms.For(asked.Account, now);
            if (OrderRules.WhyNot(asked, inForce, now) is { } refusal) return OrderViews.Refuse(refusal);
            var order = new PickupOrder(asked) { Standing = "", Contract = inForce!.Contract, ContractVersion = inForce.Version };
            return await TakeAsync(transaction, "PO-" + ids.New().ToString("N"), new ParcelEvent { Kind = EventKind.PickupOrdered, Pickup = order }, cancel);
        },
        ct);

    internal Task<Outcome<OrderReply>> ChangeAsync(ChangePickupCommand command, CancellationToken ct) => OnOrderAsync(
        command.CommandId, "PickupOrders/Change", command, command.Id,
        state =>
        {
            var asked = new PickupOrder(state.Asked);
            if (command.FromUs != 0) asked.FromUs = command.FromUs;
            if (command.UntilUs != 0) asked.UntilUs = command.UntilUs;
            if (command.Parcels != 0) asked.Parcels = command.Parcels;
            var inForce = terms.For(asked.Account, time.Now());
            if (OrderRules.WhyNotChanged(state, asked, inForce, time.Now()) is { } refusal) return OrderViews.Refuse(refusal);
            (asked.Contract, asked.ContractVersion) = (inForce!.Contract, inForce.Version);
            return new ParcelEvent { Kind = EventKind.PickupChanged, Pickup = asked };
        },
        ct);

    internal Task<Outcome<OrderReply>> CancelAsync(CancelPickupCommand command, CancellationToken ct) => OnOrderAsync(
        command.CommandId, "PickupOrders/Cancel", command, command.Id,
        state =>
        {
            if (DispatchActs.Missing(("reason", command.Reason)) is { } missing) return missing;
            if (OrderRules.WhyNotCancelled(state) is { } refusal) return OrderViews.Refuse(refusal);
            return new ParcelEvent { Kind = EventKind.PickupCancelled, Reason = command.Reason };
        },
        ct);

    internal Task<Outcome<OrderReply>> ReportAsync(ReportPickupCommand command, CancellationToken ct) => OnOrderAsync(
        command.CommandId, "PickupOrders/Report", command, command.Id,
        state =>
        {
            if (acts.WhyNotAt(state.Asked.Depot) is { } elsewhere) return elsewhere;
            if (OrderRules.WhyNotCancelled(state) is { } closed) return OrderViews.Refuse(closed);
            if (command.Found is not { } found)
            {
                if (DispatchActs.Missing(("reason", command.Reason)) is { } missing) return missing;
                return new ParcelEvent { Kind = EventKind.PickupMissed, Reason = command.Reason };
            }
            return DoorFactOf(found, terms.For(state.Asked.Account, time.Now()) is not null);
        },
        ct);

    /// <summary>What was found at a door as the fact it becomes: taken, or refused with the reason the law gives.</summary>
    internal static ParcelEvent DoorFactOf(Findings found, bool agreementInForce)
    {
        var identity = found.Identity switch { "agreement" => SenderIdentity.Agreement, "document" => SenderIdentity.Document, _ => SenderIdentity.None };
        bool? inspection = found.InspectionRefused ? false : found.Inspected ? true : null;
        var why = DoorRules.WhyNotTaken(
            new DoorFindings(found.Parcels, found.Labelled, identity, inspection, found.Suspicious, found.ValuableUninsured, found.LettersOnly), agreementInForce);
        return new ParcelEvent
        {
            Kind = why is null ? EventKind.PickupDone : EventKind.PickupRefused, Reason = why is { } reason ? ReasonCode.Of(reason) : "",
            Door = new DoorVisit { Parcels = why is null ? found.Parcels : 0, Identity = ReasonCode.Of(identity), InspectionMark = found.Inspected },
        };
    }

    /// <summary>The order as its facts leave it; null when the caller does not see it or it is still on the way.</summary>
    internal async Task<OrderState?> LoadAsync(string id, CancellationToken ct)
    {
        if (!await acts.Db.Orders.AsNoTracking().AnyAsync(o => o.Id == id && o.Phase > 0, ct)) return null;
        var rows = await acts.Db.Facts.AsNoTracking().Where(f => f.Subject == OrderRun.Prefix + id).ToListAsync(ct);
        return OrderState.Fold(rows.Select(r => new DispatchFact(
            r.EventId, ParcelEvent.Parser.ParseFrom(r.Body),
            new AdjudgedInterval(Clock.FromUnixMicros(r.EarliestUs), Clock.FromUnixMicros(r.BestUs), Clock.FromUnixMicros(r.LatestUs)))));
    }

    internal static readonly Fault.NotFound Unknown = new("order.unknown", "No pickup order is known under this id.");

    // The same answer as for an account that does not exist (law 11).
    internal Fault? WhyNotFor(string account) => acts.Caller.Accounts is { } own && !own.Contains(account, StringComparer.Ordinal)
        ? new Fault.NotFound("account.unknown", $"No account {account} is known.")
        : null;

    private Task<Outcome<OrderReply>> OnOrderAsync(
        ByteString commandId, string rpc, IMessage command, string id, Func<OrderState, OrderAct> decide, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, OrderReply.Parser,
        async (transaction, cancel) =>
        {
            await transaction.Statements.QueryAsync(OrderRun.Lock, FactSql.Keys([id]), static _ => { }, cancel);
            if (await LoadAsync(id, cancel) is not { } state) return Unknown;
            var act = decide(state);
            if (act.Fault is { } fault) return fault;
            if (act.Refused is { } refused) return refused;
            act.Fact!.Node = state.Asked.Depot;
            return await TakeAsync(transaction, id, act.Fact, cancel);
        },
        ct);

    private async Task<Outcome<OrderReply>> TakeAsync(WriteTransaction transaction, string id, ParcelEvent fact, CancellationToken ct)
    {
        fact.Reference = id;
        if (fact.Node.Length == 0) fact.Node = fact.Pickup?.Depot ?? "";
        if (await acts.AppendAsync(transaction, [fact], ct) is { } fault) return fault;
        return await LoadAsync(id, ct) is { } state ? new OrderReply { Order = OrderViews.Of(id, state) } : Unknown;
    }

    /// <summary>What an act on an order comes to: a fact, a refusal, or a fault of the request. One of the three.</summary>
    private readonly record struct OrderAct(ParcelEvent? Fact, OrderReply? Refused, Fault? Fault)
    {
        public static implicit operator OrderAct(ParcelEvent fact) => new(fact, null, null);

        public static implicit operator OrderAct(OrderReply refused) => new(null, refused, null);

        public static implicit operator OrderAct(Fault fault) => new(null, null, fault);
    }
}
