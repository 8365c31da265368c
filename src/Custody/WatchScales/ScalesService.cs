using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>The RPCs of scales.</summary>
internal sealed class ScalesService(ListScales list, SetScaleApart apart) : Api.Custody.V1.Scales.ScalesBase
{
    public override async Task<ListScalesReply> List(ListScalesRequest request, ServerCallContext context) => (await list.RunAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ScaleReply> Quarantine(ScaleCommand request, ServerCallContext context) => (await apart.QuarantineAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<ScaleReply> Release(ScaleCommand request, ServerCallContext context) => (await apart.ReleaseAsync(request, context.CancellationToken)).OrThrow();
}
