using Grpc.Core;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>The RPCs of run sheets.</summary>
internal sealed class RunSheetsService(KeepSheet keep, PrintSheet print) : Api.Dispatch.V1.RunSheets.RunSheetsBase
{
    public override async Task<SheetReply> DrawUp(DrawUpSheetCommand request, ServerCallContext context) => (await keep.DrawUpAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<SheetReply> Release(ReleaseSheetCommand request, ServerCallContext context) => (await keep.ReleaseAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<SheetReply> Close(CloseSheetCommand request, ServerCallContext context) => (await keep.CloseAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<SheetView> Get(GetSheetRequest request, ServerCallContext context) => (await keep.GetAsync(request.Number, context.CancellationToken)).OrThrow();

    public override async Task<ListSheetsReply> List(ListSheetsRequest request, ServerCallContext context) => (await keep.ListAsync(request, context.CancellationToken)).OrThrow();

    public override async Task<PrintedSheet> Print(PrintSheetRequest request, ServerCallContext context) => (await print.RunAsync(request, context.CancellationToken)).OrThrow();
}
