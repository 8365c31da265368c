using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Acting;

/// <summary>The module's acts by RPC (<see cref="ServerActs"/>), and the parcel they are about.</summary>
internal sealed class Acts(ServerActs acts, CustodyDb db, WaybillScheme waybills)
{
    internal Caller Caller => acts.Caller;

    internal CustodyDb Db => db;

    /// <summary>Runs the work in the command's transaction, with the module's context in it.</summary>
    internal Task<Outcome<TReply>> RunAsync<TReply>(
        ByteString commandId, string rpc, IMessage request, MessageParser<TReply> parser, Func<WriteTransaction, CancellationToken, Task<Outcome<TReply>>> work, CancellationToken ct)
        where TReply : IMessage<TReply> => acts.RunAsync(db, commandId, rpc, request, parser, work, ct);

    /// <summary>The parcel's row as this caller may see it; NotFound otherwise.</summary>
    internal async Task<Outcome<ParcelRow>> ParcelAsync(string text, CancellationToken ct)
    {
        if (ParcelCodes.KeyOf(text, waybills) is not { } code) return new Fault.Invalid("parcel", "field.missing", "The parcel is missing.");
        var parcel = await db.Parcels.AsNoTracking().SingleOrDefaultAsync(p => p.Code == code, ct);
        return parcel is null ? Reading.ReadParcel.Unknown(text) : parcel;
    }

    /// <summary>Null when the caller may act at that depot.</summary>
    internal Fault? WhyNotAt(string node) => acts.WhyNotAt("node", node);

    internal Task<Fault?> AppendAsync(WriteTransaction transaction, IReadOnlyList<ParcelEvent> events, CancellationToken ct) => acts.AppendAsync(transaction, events, ct);
}
