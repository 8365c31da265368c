using Grpc.Core;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Warnings;

namespace KeyAccountLogistics.ServiceLevels;

/// <summary>The RPCs of warnings.</summary>
internal sealed class WarningsService(ReadWarnings warnings) : Api.Levels.V1.Warnings.WarningsBase
{
    public override async Task<ListWarningsReply> List(ListWarningsRequest request, ServerCallContext context) => (await warnings.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<WarningView> Act(ActOnWarningCommand request, ServerCallContext context) => (await warnings.ActAsync(request, context.CancellationToken)).OrThrow();
}
