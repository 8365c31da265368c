using Grpc.Core;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.BackUp;
using KeyAccountLogistics.Server.Hosting;
using Rpc = KeyAccountLogistics.Api.Operations.V1;

namespace KeyAccountLogistics.Server.Operations;

/// <summary>What the people who run the system ask of it.</summary>
internal sealed class OperationsService(BackendOptions options, DataDirectory data, TimeProvider time) : Rpc.Operations.OperationsBase
{
    public override async Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await using var parts = new ArchiveParts(responseStream, Archive.Estimate(options.Database, data), ct);
        RpcFaults.ThrowIf(await Archive.WriteAsync(options.Database, data, time.Now(), parts, ct));
        await parts.FinishAsync();
    }
}
