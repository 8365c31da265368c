using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Holding;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Holds;
using Microsoft.EntityFrameworkCore;
using WaybillProblems = KeyAccountLogistics.Verdicts.Holds.WaybillProblems;

namespace KeyAccountLogistics.Custody.Solving;

/// <summary>
/// A waybill that is missing, damaged or illegible (SEED-03-STUBLOST, -WBDAMAGED, -WBILLEGIBLE): the parcel is kept apart, the previous node asked, a delivery certificate with
/// a serial stands for the waybill, or what was looked up is written on it. Each step is an event; the rule which comes next is <see cref="WaybillProblems"/>'.
/// </summary>
internal sealed class SolveWaybill(Acts acts, FindParcels find, TimeProvider time)
{
    internal Task<Outcome<WaybillProblemReply>> ReportAsync(ReportWaybillProblemCommand command, CancellationToken ct)
    {
        if (!WaybillTroubles.TryRead(command.Problem, out var problem))
            return Faulted(new Fault.Invalid("problem", "waybill.problem", "The problem is one of missing, damaged_slight, damaged_severe, illegible."));
        // Slight damage is delivered as usual: it needs no place.
        if (WaybillProblems.HoldReason(problem) is not null && HoldParcel.Missing(("place", command.Place)) is { } missing) return Faulted(missing);
        return StepAsync(command.CommandId, "WaybillProblems/Report", command, command.Parcel, command.Node, null, (_, _, _) => Step(new ParcelEvent
        {
            Kind = EventKind.WaybillProblem, Reason = command.Problem, Place = command.Place,
        }), ct);
    }

    internal Task<Outcome<WaybillProblemReply>> AskPreviousNodeAsync(AskPreviousNodeCommand command, CancellationToken ct) => StepAsync(
        command.CommandId, "WaybillProblems/AskPreviousNode", command, command.Parcel, command.Node, WaybillRemedy.AskPreviousNode,
        (_, parcel, _) => Step(new ParcelEvent
        {
            Kind = EventKind.PreviousNodeAsked, NextNode = command.Asked.Length > 0 ? command.Asked : ParcelViews.Trouble(ParcelState.Parser.ParseFrom(parcel.State))?.PreviousNode ?? "",
        }),
        ct);

    internal Task<Outcome<WaybillProblemReply>> IssueCertificateAsync(IssueCertificateCommand command, CancellationToken ct) => StepAsync(
        command.CommandId, "WaybillProblems/IssueCertificate", command, command.Parcel, command.Node, WaybillRemedy.IssueDeliveryCertificate,
        async (transaction, parcel, cancel) =>
        {
            var now = time.Now();
            var serial = await NextSerialAsync(transaction, command.Node, now.InUtc().Date.ToString("yyyyMMdd", CultureInfo.InvariantCulture), cancel);
            acts.Db.Certificates.Add(new CertificateRow
            {
                Serial = serial, Parcel = parcel.Code, Account = parcel.Account, Node = command.Node, Reason = command.Reason, IssuedBy = acts.Caller.Id, IssuedUs = now.ToUnixMicros(),
            });
            await acts.Db.SaveChangesAsync(cancel);
            return new ParcelEvent { Kind = EventKind.DeliveryCertificateIssued, Reference = serial, Reason = command.Reason };
        },
        ct);

    internal Task<Outcome<WaybillProblemReply>> AnnotateAsync(AnnotateWaybillCommand command, CancellationToken ct) =>
        HoldParcel.Missing(("note", command.Note)) is { } missing
            ? Faulted(missing)
            : StepAsync(
                command.CommandId, "WaybillProblems/Annotate", command, command.Parcel, command.Node, WaybillRemedy.AnnotateWaybill,
                (_, _, _) => Step(new ParcelEvent { Kind = EventKind.WaybillAnnotated, Reference = command.Note }), ct);

    private Task<Outcome<WaybillProblemReply>> StepAsync(
        Google.Protobuf.ByteString commandId, string rpc, Google.Protobuf.IMessage command, string code, string node, WaybillRemedy? remedy,
        Func<WriteTransaction, ParcelRow, CancellationToken, Task<ParcelEvent>> step, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, WaybillProblemReply.Parser,
        async (transaction, cancel) =>
        {
            if (acts.WhyNotAt(node) is { } elsewhere) return elsewhere;
            var parcel = await acts.ParcelAsync(code, cancel);
            if (!parcel.IsOk) return parcel.Fault;
            if (remedy is { } asked && WhyNot(parcel.Value, asked) is { } wrong) return wrong;
            var e = await step(transaction, parcel.Value, cancel);
            (e.Parcel, e.Node) = (parcel.Value.Code, node);
            return await acts.AppendAsync(transaction, [e], cancel) is { } fault ? fault : await ReplyAsync(parcel.Value.Id, cancel);
        },
        ct);

    // Only what the problem asks for: a certificate for a legible waybill would be a second document of the same parcel.
    private static Fault.Conflict? WhyNot(ParcelRow parcel, WaybillRemedy remedy)
    {
        var state = ParcelState.Parser.ParseFrom(parcel.State);
        return WaybillTroubles.TryRead(state.WaybillProblem, out var problem) && WaybillProblems.Remedies(problem).Contains(remedy)
            ? null
            : new Fault.Conflict("waybill.no_such_problem", $"The waybill of {parcel.Code} has no problem that asks for this; report the problem first.");
    }

    private static async Task<string> NextSerialAsync(WriteTransaction transaction, string node, string day, CancellationToken ct)
    {
        var name = $"certificate|{node}|{day}";
        var number = 0L;
        await transaction.Statements.QueryAsync(CertificateSql.Next, new RowBlock(ColumnKind.Text).Text(name), row => number = row.Long(0), ct);
        return string.Create(CultureInfo.InvariantCulture, $"DC-{node}-{day}-{number:0000}");
    }

    private async Task<Outcome<WaybillProblemReply>> ReplyAsync(long id, CancellationToken ct)
    {
        var row = await acts.Db.Parcels.AsNoTracking().SingleAsync(p => p.Id == id, ct);
        var summary = (await find.SummariesAsync([row], ct)).Single();
        return new WaybillProblemReply { Parcel = summary, Trouble = ParcelViews.Trouble(ParcelState.Parser.ParseFrom(row.State)) };
    }

    private static Task<ParcelEvent> Step(ParcelEvent e) => Task.FromResult(e);

    private static Task<Outcome<WaybillProblemReply>> Faulted(Fault fault) => Task.FromResult(Outcome<WaybillProblemReply>.Failed(fault));
}

internal static class CertificateSql
{
    private const string Upsert = "ON CONFLICT(name) DO UPDATE SET last = custody_counter.last + 1 RETURNING last";

    internal static readonly BulkSql Next = new(
        "INSERT INTO custody_counter(name, last) VALUES (?1, 1) " + Upsert,
        "INSERT INTO custody_counter(name, last) SELECT n, 1 FROM unnest($1::text[]) AS t(n) " + Upsert);
}
