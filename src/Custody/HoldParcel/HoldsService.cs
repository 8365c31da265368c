using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Holding;

/// <summary>The RPCs of holds.</summary>
internal sealed class HoldsService(HoldParcel hold, ListHolds list) : Holds.HoldsBase
{
    public override async Task<HoldReply> Hold(HoldCommand request, ServerCallContext context) => (await hold.HoldAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<HoldReply> Release(ReleaseCommand request, ServerCallContext context) => (await hold.ReleaseAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ListHoldsReply> List(ListHoldsRequest request, ServerCallContext context) => (await list.RunAsync(request, context.CancellationToken)).OrThrow();
}
