using Grpc.Core;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Handovers;

/// <summary>The RPCs of handovers.</summary>
internal sealed class HandoversService(RunHandover run, ReadHandovers read) : Api.Custody.V1.Handovers.HandoversBase
{
    public override async Task<HandoverReply> Open(OpenHandoverCommand request, ServerCallContext context) => (await run.OpenAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<HandoverReply> CheckLine(CheckLineCommand request, ServerCallContext context) => (await run.CheckLineAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<HandoverReply> Count(CountHandoverCommand request, ServerCallContext context) => (await run.CountAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<HandoverReply> Confirm(ConfirmHandoverCommand request, ServerCallContext context) => (await run.ConfirmAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<HandoverReply> Abandon(AbandonHandoverCommand request, ServerCallContext context) => (await run.AbandonAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<Handover> Get(GetHandoverRequest request, ServerCallContext context) => (await read.GetAsync(request.Id, context.CancellationToken)).OrThrow();

    public override async Task<ListHandoversReply> List(ListHandoversRequest request, ServerCallContext context) => (await read.ListAsync(request, context.CancellationToken)).OrThrow();
}
