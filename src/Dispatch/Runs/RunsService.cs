using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Runs;

/// <summary>The RPCs of couriers and runs.</summary>
internal sealed class RunsService(KeepDay day) : Api.Dispatch.V1.Runs.RunsBase
{
    public override async Task<CourierReply> SetCourier(SetCourierCommand request, ServerCallContext context) => (await day.SetCourierAsync(request, context.CancellationToken)).OrThrow();

    public override Task<ListCouriersReply> ListCouriers(ListCouriersRequest request, ServerCallContext context) => day.ListAsync(request, context.CancellationToken);

    public override async Task<DayReply> SetAbsent(SetAbsentCommand request, ServerCallContext context) => (await day.SetAbsentAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DayReply> Plan(PlanCommand request, ServerCallContext context) => (await day.PlanAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DayReply> Replan(PlanCommand request, ServerCallContext context) => (await day.ReplanAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<MovePreview> PreviewMove(PreviewMoveRequest request, ServerCallContext context) => (await day.PreviewAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DayReply> Move(MoveStopCommand request, ServerCallContext context) => (await day.MoveAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<StopExplained> Explain(ExplainStopRequest request, ServerCallContext context) => (await day.ExplainAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<DayView> GetDay(GetDayRequest request, ServerCallContext context) => (await day.GetAsync(request, context.CancellationToken)).OrThrow();
}
