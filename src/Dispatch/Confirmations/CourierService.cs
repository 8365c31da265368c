using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>The RPC of couriers' phones.</summary>
internal sealed class CourierService(SyncPhone sync) : Courier.CourierBase
{
    public override async Task<SyncReply> Sync(SyncRequest request, ServerCallContext context) => (await sync.RunAsync(request, context.CancellationToken)).OrThrow();
}
