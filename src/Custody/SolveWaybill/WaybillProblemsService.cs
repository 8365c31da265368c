using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Custody.Solving;

/// <summary>The RPCs of waybill problems.</summary>
internal sealed class WaybillProblemsService(SolveWaybill solve, PrintCertificate print) : WaybillProblems.WaybillProblemsBase
{
    public override async Task<WaybillProblemReply> Report(ReportWaybillProblemCommand request, ServerCallContext context) =>
        (await solve.ReportAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<WaybillProblemReply> AskPreviousNode(AskPreviousNodeCommand request, ServerCallContext context) =>
        (await solve.AskPreviousNodeAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<WaybillProblemReply> IssueCertificate(IssueCertificateCommand request, ServerCallContext context) =>
        (await solve.IssueCertificateAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<WaybillProblemReply> Annotate(AnnotateWaybillCommand request, ServerCallContext context) =>
        (await solve.AnnotateAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<PrintedCertificate> PrintCertificate(PrintCertificateRequest request, ServerCallContext context) =>
        (await print.RunAsync(request.Serial, request.Language, context.CancellationToken)).OrThrow();
}
