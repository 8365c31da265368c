using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Import;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Register;

/// <summary>The RPCs of shipments.</summary>
internal sealed class ShipmentsService(RegisterShipments register, ImportFile import, Acts acts, ICallerScope caller) : Shipments.ShipmentsBase
{
    public override async Task<RegisterShipmentsReply> Register(RegisterShipmentsRequest request, ServerCallContext context)
    {
        if (request.Shipments.Count > RegisterShipments.BatchMax)
            throw new Fault.Invalid("shipments", "batch.too_long", $"The call has more than {RegisterShipments.BatchMax} shipments; send them in several.").ToRpc();
        var lines = request.Shipments.Select((said, index) => (index + 1L, said)).ToList();
        // Shipments are the same by their content; a command id makes the answer the same too.
        if (request.CommandId.IsEmpty) return Reply((await register.RunAsync(lines, caller.Current, context.CancellationToken)).OrThrow());
        return (await acts.RunAsync(
            request.CommandId, "Shipments/Register", request, RegisterShipmentsReply.Parser,
            async (transaction, cancel) => (await register.RunAsync(transaction, lines, caller.Current, cancel)).Match<Outcome<RegisterShipmentsReply>>(done => Reply(done), fault => fault),
            context.CancellationToken)).OrThrow();
    }

    public override async Task Import(IAsyncStreamReader<ImportPart> requestStream, IServerStreamWriter<ImportProgress> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Header is not { } header)
            throw new Fault.Invalid("header", "import.header", "The first part must hold the header.").ToRpc();
        await using var upload = new UploadStream(requestStream, requestStream.Current.Content.Memory);
        var done = await import.RunAsync(header, upload, responseStream.WriteAsync, caller.Current, context.CancellationToken);
        await responseStream.WriteAsync(done.OrThrow(), context.CancellationToken);
    }

    private static RegisterShipmentsReply Reply(Registered done) => new() { Registered = done.New, Unchanged = done.Unchanged, Refused = { done.Refused } };
}
