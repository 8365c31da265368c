using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>The RPC of labels.</summary>
internal sealed class LabelsService(PrintLabel print) : Api.Custody.V1.Labels.LabelsBase
{
    public override async Task<PrintedLabel> Print(PrintLabelRequest request, ServerCallContext context) =>
        (await print.RunAsync(request, context.CancellationToken)).OrThrow();
}
