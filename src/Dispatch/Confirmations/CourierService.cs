using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>The RPC of couriers' phones.</summary>
internal sealed class CourierService(SyncPhone sync, ReadMyDay day) : Courier.CourierBase
{
    public override async Task<SyncReply> Sync(SyncRequest request, ServerCallContext context) => (await sync.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<MyDayReply> MyDay(MyDayRequest request, ServerCallContext context) => (await day.RunAsync(request, context.CancellationToken)).OrThrow();
}

/// <summary>The RPCs of the desk's side of a door.</summary>
internal sealed class DoorsService(ActOnDoor doors) : Doors.DoorsBase
{
    public override async Task<DoorReply> Intercept(InterceptCommand request, ServerCallContext context) => (await doors.InterceptAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DoorView> Get(GetDoorRequest request, ServerCallContext context) => (await doors.GetAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DoorReply> UnlockCode(UnlockCodeCommand request, ServerCallContext context) => (await doors.UnlockAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<RevealCodeReply> RevealCode(RevealCodeRequest request, ServerCallContext context) => (await doors.RevealAsync(request, context.CancellationToken)).OrThrow();
}
