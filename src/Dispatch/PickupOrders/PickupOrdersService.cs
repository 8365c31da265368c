using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>The RPCs of pickup orders.</summary>
internal sealed class PickupOrdersService(TakeOrder take, ReadOrders read, SetStanding standing) : Api.Dispatch.V1.PickupOrders.PickupOrdersBase
{
    public override async Task<OrderReply> Order(OrderPickupCommand request, ServerCallContext context) => (await take.OrderAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<OrderReply> Change(ChangePickupCommand request, ServerCallContext context) => (await take.ChangeAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<OrderReply> Cancel(CancelPickupCommand request, ServerCallContext context) => (await take.CancelAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<OrderReply> Report(ReportPickupCommand request, ServerCallContext context) => (await take.ReportAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<OrderView> Get(GetOrderRequest request, ServerCallContext context) =>
        await take.LoadAsync(request.Id, context.CancellationToken) is { } state ? OrderViews.Of(request.Id, state) : throw TakeOrder.Unknown.ToRpc();

    public override async Task<ListOrdersReply> List(ListOrdersRequest request, ServerCallContext context) => (await read.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<StandingReply> SetStanding(SetStandingCommand request, ServerCallContext context) => (await standing.SetAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<StandingReply> EndStanding(EndStandingCommand request, ServerCallContext context) => (await standing.EndAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ListStandingReply> ListStanding(ListStandingRequest request, ServerCallContext context) => (await standing.ListAsync(request, context.CancellationToken)).OrThrow();
}
