using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>What a desk does about a parcel that is out: stops it, unlocks its code, tells the consignee his code.</summary>
internal sealed class ActOnDoor(DispatchActs acts, IParcelsNow parcels, DeliveryCodes codes)
{
    private static readonly string[] Actions = ["stop", "return", "redirect"];

    internal async Task<Outcome<DoorReply>> InterceptAsync(InterceptCommand command, CancellationToken ct)
    {
        if (!Actions.Contains(command.Action, StringComparer.Ordinal)) return new Fault.Invalid("action", "action.unknown", "The action is stop, return or redirect.");
        return await TellAsync(
            command.CommandId, "Doors/Intercept", command, command.Parcel, command.Reason,
            (parcel, door) => (
                new ParcelEvent { Kind = EventKind.InterceptOrdered, Parcel = parcel.Code, Action = command.Action, Reason = command.Reason },
                // What is known now; a delivery that is heard later is adjudged by its time.
                door.Delivered is null ? "ordered" : "too_late"),
            ct);
    }

    internal Task<Outcome<DoorReply>> UnlockAsync(UnlockCodeCommand command, CancellationToken ct) => TellAsync(
        command.CommandId, "Doors/UnlockCode", command, command.Parcel, command.Reason,
        (parcel, _) => (new ParcelEvent { Kind = EventKind.CodeUnlocked, Parcel = parcel.Code, Reason = command.Reason }, "unlocked"), ct);

    internal async Task<Outcome<RevealCodeReply>> RevealAsync(RevealCodeRequest ask, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(ask.Reason)) return new Fault.Invalid("reason", "reason.missing", "Say why the code is needed; the reason is kept with the audit record.");
        return await FindAsync(ask.Parcel, ct) is { } parcel ? new RevealCodeReply { Code = codes.Of(parcel.Code) } : Unknown;
    }

    private static readonly Fault.NotFound Unknown = new("parcel.unknown", "No parcel is known under this code.");

    private async Task<ParcelStanding?> FindAsync(string text, CancellationToken ct) => (await parcels.FindAsync([text], ct)).Values.FirstOrDefault();

    private async Task<Outcome<DoorReply>> TellAsync(
        Google.Protobuf.ByteString commandId, string rpc, Google.Protobuf.IMessage command, string text, string reason, Func<ParcelStanding, DoorState, (ParcelEvent Fact, string Outcome)> decide,
        CancellationToken ct)
    {
        if (DispatchActs.Missing(("parcel", text), ("reason", reason)) is { } missing) return missing;
        return await acts.RunAsync(
            commandId, rpc, command, DoorReply.Parser,
            async (transaction, cancel) =>
            {
                if (await FindAsync(text, cancel) is not { } parcel) return Unknown;
                var subject = DoorRun.DoorPrefix + parcel.Code;
                var door = DoorState.Fold((await acts.Db.Facts.AsNoTracking().Where(f => f.Subject == subject).ToListAsync(cancel)).Select(LoadDay.FactOf));
                var (fact, outcome) = decide(parcel, door);
                return await acts.AppendAsync(transaction, [fact], cancel) is { } fault ? fault : new DoorReply { EventId = Uuid.From(fact.Id.Span).ToString("D"), Outcome = outcome };
            },
            ct);
    }
}
