using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Import;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Register;

/// <summary>The RPCs of shipments.</summary>
internal sealed class ShipmentsService(RegisterShipments register, ImportFile import, ICallerScope caller) : Shipments.ShipmentsBase
{
    public override async Task<RegisterShipmentsReply> Register(RegisterShipmentsRequest request, ServerCallContext context)
    {
        if (request.Shipments.Count > RegisterShipments.BatchMax)
            throw new Fault.Invalid("shipments", "batch.too_long", $"The call has more than {RegisterShipments.BatchMax} shipments; send them in several.").ToRpc();
        var lines = request.Shipments.Select((said, index) => (index + 1L, said)).ToList();
        var done = (await register.RunAsync(lines, caller.Current, context.CancellationToken)).OrThrow();
        return new RegisterShipmentsReply { Registered = done.New, Unchanged = done.Unchanged, Refused = { done.Refused } };
    }

    public override async Task Import(IAsyncStreamReader<ImportPart> requestStream, IServerStreamWriter<ImportProgress> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Header is not { } header)
            throw new Fault.Invalid("header", "import.header", "The first part must hold the header.").ToRpc();
        await using var upload = new UploadStream(requestStream, requestStream.Current.Content.Memory);
        var done = await import.RunAsync(header, upload, responseStream.WriteAsync, caller.Current, context.CancellationToken);
        await responseStream.WriteAsync(done.OrThrow(), context.CancellationToken);
    }
}
