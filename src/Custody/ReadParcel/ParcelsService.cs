using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Reading;

/// <summary>The RPCs that read parcels.</summary>
internal sealed class ParcelsService(ReadParcel read, FindParcels find, ReadRawEvent raw, ReadEvidence evidence, Watching.WatchDepot watch) : Parcels.ParcelsBase
{
    public override async Task<Api.Custody.V1.ParcelLife> Get(GetParcelRequest request, ServerCallContext context) =>
        (await read.RunAsync(request.Code, context.CancellationToken)).OrThrow();

    public override async Task<FindParcelsReply> Find(FindParcelsRequest request, ServerCallContext context) =>
        (await find.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<RawEvent> GetRawEvent(GetRawEventRequest request, ServerCallContext context) =>
        (await raw.RunAsync(request.EventId, context.CancellationToken)).OrThrow();

    public override async Task<PersonalDetails> RevealPersonal(RevealPersonalRequest request, ServerCallContext context)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
            throw new Kernel.Fault.Invalid("reason", "reason.missing", "Say why the details are needed; the reason is kept with the audit record.").ToRpc();
        return (await read.RevealAsync(request.Code, context.CancellationToken)).OrThrow();
    }

    public override Task GetEvidence(GetEvidenceRequest request, IServerStreamWriter<EvidencePart> responseStream, ServerCallContext context) =>
        evidence.RunAsync(request, responseStream, context.CancellationToken);

    public override async Task WatchDepot(WatchDepotRequest request, IServerStreamWriter<DepotActivity> responseStream, ServerCallContext context)
    {
        if (await watch.RunAsync(request.Depot, activity => responseStream.WriteAsync(activity, context.CancellationToken), context.CancellationToken) is { } fault) throw fault.ToRpc();
    }
}
