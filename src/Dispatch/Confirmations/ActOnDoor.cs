using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Acting;
using KeyAccountLogistics.Dispatch.Projections;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Confirmations;
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

    internal async Task<Outcome<DoorView>> GetAsync(GetDoorRequest ask, CancellationToken ct)
    {
        if (await FindAsync(ask.Parcel, ct) is not { } parcel) return Unknown;
        var door = await DoorAsync(parcel.Code, ct);
        return new DoorView
        {
            Parcel = parcel.Code, Attempts = AttemptRules.Counting(door.Attempts), NextFreeUs = AttemptRules.NextFrom(door.Attempts)?.ToUnixMicros() ?? 0, WrongCodes = door.WrongCodes,
            DeliveredUs = door.Delivered?.Time.Best.ToUnixMicros() ?? 0, Intercept = door.Intercept?.Event.Action ?? "", InterceptOrderedUs = door.Intercept?.Time.Best.ToUnixMicros() ?? 0,
            InterceptSeenUs = door.Intercept is { } order ? door.SeenBy(order.Id)?.ToUnixMicros() ?? 0 : 0, InterceptOutcome = door.InterceptOutcome is { } outcome ? ReasonCode.Of(outcome) : "",
        };
    }

    private async Task<DoorState> DoorAsync(string parcel, CancellationToken ct)
    {
        var subject = DoorRun.DoorPrefix + parcel;
        return DoorState.Fold((await acts.Db.Facts.AsNoTracking().Where(f => f.Subject == subject).ToListAsync(ct)).Select(LoadDay.FactOf));
    }

    internal async Task<Outcome<RevealCodeReply>> RevealAsync(RevealCodeRequest ask, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(ask.Reason)) return new Fault.Invalid("reason", "reason.missing", "Say why the code is needed; the reason is kept with the audit record.");
        return await FindAsync(ask.Parcel, ct) is not { } parcel ? Unknown : WhyNotOf(parcel) is { } elsewhere ? elsewhere : new RevealCodeReply { Code = codes.Of(parcel.Code) };
    }

    // Parcels are seen by account; for a depot acts who is of one of the parcel's.
    private Fault? WhyNotOf(ParcelStanding parcel) => acts.Caller.Depots is { } own && !parcel.Depots.Any(d => own.Contains(d, StringComparer.Ordinal))
        ? new Fault.Forbidden("depot.not_yours", $"The parcel {parcel.Code} is no matter of your depots.")
        : null;

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
                if (WhyNotOf(parcel) is { } elsewhere) return elsewhere;
                var (fact, outcome) = decide(parcel, await DoorAsync(parcel.Code, cancel));
                return await acts.AppendAsync(transaction, [fact], cancel) is { } fault ? fault : new DoorReply { EventId = Uuid.From(fact.Id.Span).ToString("D"), Outcome = outcome };
            },
            ct);
    }
}
