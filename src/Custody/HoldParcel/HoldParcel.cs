using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Holding;

/// <summary>Keeps a parcel apart (SEED-03-HOLDAREA), with reason and place, and lets it go again.</summary>
internal sealed class HoldParcel(Acts acts, FindParcels find)
{
    internal const int TextMax = LifeLimits.TextLength;

    internal Task<Outcome<HoldReply>> HoldAsync(HoldCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Holds/Hold", command, HoldReply.Parser,
        async (transaction, cancel) =>
        {
            if ((acts.WhyNotAt(command.Node) ?? Missing(("reason", command.Reason), ("place", command.Place))) is { } wrong) return wrong;
            var parcel = await acts.ParcelAsync(command.Parcel, cancel);
            if (!parcel.IsOk) return parcel.Fault;
            var held = new ParcelEvent
            {
                Kind = EventKind.Held, Parcel = parcel.Value.Code, Node = command.Node, Place = command.Place, Reason = command.Reason,
                Hold = new Hold { Reason = command.Reason, Owner = acts.Caller.Id },
            };
            return await acts.AppendAsync(transaction, [held], cancel) is { } fault ? fault : await ReplyAsync(parcel.Value.Id, cancel);
        },
        ct);

    internal Task<Outcome<HoldReply>> ReleaseAsync(ReleaseCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Holds/Release", command, HoldReply.Parser,
        async (transaction, cancel) =>
        {
            if (Missing(("reason", command.Reason)) is { } missing) return missing;
            var parcel = await acts.ParcelAsync(command.Parcel, cancel);
            if (!parcel.IsOk) return parcel.Fault;
            if (WhyNotReleased(parcel.Value) is { } wrong) return wrong;
            if (acts.WhyNotAt(parcel.Value.HoldNode is { Length: > 0 } node ? node : parcel.Value.Node) is Fault.Forbidden elsewhere) return elsewhere;
            var released = new ParcelEvent { Kind = EventKind.Released, Parcel = parcel.Value.Code, Node = parcel.Value.HoldNode ?? "", Reason = command.Reason };
            return await acts.AppendAsync(transaction, [released], cancel) is { } fault ? fault : await ReplyAsync(parcel.Value.Id, cancel);
        },
        ct);

    private static Fault? WhyNotReleased(ParcelRow parcel)
    {
        if (parcel.HeldSinceUs is null) return new Fault.Conflict("parcel.not_held", $"The parcel {parcel.Code} is not held.");
        // A waybill's trouble is over when its remedies are done (domain.md 1.2), not when somebody is tired of it.
        var state = ParcelState.Parser.ParseFrom(parcel.State);
        return HoldRules.Active(state) is { Reason: "waybill_missing" or "waybill_damaged" or "waybill_illegible" } && WaybillTroubles.Next(state) is { Length: > 0 } next
            ? new Fault.Conflict("hold.unsolved", $"The parcel {parcel.Code} waits for its waybill: the next step is {next}.")
            : null;
    }

    private async Task<Outcome<HoldReply>> ReplyAsync(long id, CancellationToken ct)
    {
        var rows = await acts.Db.Parcels.AsNoTracking().Where(p => p.Id == id).ToListAsync(ct);
        return new HoldReply { Parcel = (await find.SummariesAsync(rows, ct)).Single() };
    }

    internal static Fault? Missing(params ReadOnlySpan<(string Field, string Text)> fields)
    {
        foreach (var (field, text) in fields)
        {
            if (string.IsNullOrWhiteSpace(text)) return new Fault.Invalid(field, "field.missing", $"The {field} is missing.");
            if (text.Length > TextMax || text.Any(char.IsControl)) return new Fault.Invalid(field, "field.malformed", $"The {field} is longer than {TextMax} characters or holds control characters.");
        }
        return null;
    }
}
