using System.Text;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;

namespace KeyAccountLogistics.ServiceLevels.Excluding;

/// <summary>
/// Leaves a parcel out of punctuality: one person asks with a reason, another confirms. Both are facts of its journal, so that counting again gives the same. The note is free
/// text and lies in the vault.
/// </summary>
internal sealed class ExcludeParcel(ServerActs acts, LevelsDb db, ParcelWeights parcels, PersonalVault vault)
{
    private const int NoteMax = 500;
    private const string NoteKind = "exclusion_note";

    internal Task<Outcome<ExcludeReply>> RunAsync(ExcludeCommand command, CancellationToken ct) => acts.RunAsync(
        db, command.CommandId, "Scorecards/Exclude", command, ExcludeReply.Parser,
        async (transaction, cancel) =>
        {
            if (command.Parcel.Length is 0 or > 120) return new Fault.Invalid("parcel", "field.missing", "The parcel is missing.");
            if (command.Note.Length > NoteMax) return new Fault.Invalid("note", "field.too_long", "A note has at most 500 characters.");
            if (await parcels.FindAsync(command.Parcel, cancel) is not { } id) return new Fault.NotFound("parcel.unknown", $"The parcel {command.Parcel} is not known.");
            if ((await ParcelLives.ReadAsync(transaction.Statements, [id], cancel)) is not [{ Shipment: { } shipment } life])
                return Refused("exclusion.no_shipment", "No shipment is registered for the parcel, so it counts in no figure.");
            var standing = Exclusion.Of(life.Facts);
            if (standing is { Confirmed: not null }) return Refused("exclusion.confirmed", "The parcel is left out already.");
            var reply = command.Confirm ? Confirm(standing, life.Code, out var fact) : Ask(command, standing, life.Code, out fact);
            if (fact is null) return reply;
            if (await acts.AppendAsync(transaction, [fact], cancel) is { } fault) return fault;
            if (command.Note.Length == 0) return reply;
            var stored = await vault.PutAsync(transaction, shipment.Waybill, NoteKind, Encoding.UTF8.GetBytes(command.Note), cancel);
            return stored.IsOk ? reply : stored.Fault;
        },
        ct);

    private static ExcludeReply Ask(ExcludeCommand command, Exclusion? standing, string parcel, out ParcelEvent? fact)
    {
        fact = null;
        if (!Exclusion.Reasons.Contains(command.Reason, StringComparer.Ordinal)) return Refused("exclusion.reason", $"A reason is one of {string.Join(", ", Exclusion.Reasons)}.");
        // Asked for already, and for this: another person may confirm it.
        if (string.Equals(standing?.Asked.Reason, command.Reason, StringComparison.Ordinal)) return new ExcludeReply { State = "proposed" };
        fact = new ParcelEvent { Kind = EventKind.ParcelExcluded, Parcel = parcel, Reason = command.Reason };
        return new ExcludeReply { State = "proposed" };
    }

    private ExcludeReply Confirm(Exclusion? standing, string parcel, out ParcelEvent? fact)
    {
        fact = null;
        if (standing is null) return Refused("exclusion.none", "Nobody has asked to leave the parcel out.");
        if (string.Equals(standing.Asked.Actor, acts.Caller.Id, StringComparison.Ordinal)) return Refused("exclusion.same_person", "Another person than the one who asked must confirm it.");
        fact = new ParcelEvent { Kind = EventKind.ExclusionConfirmed, Parcel = parcel, Reason = standing.Asked.Reason, Reference = Exclusion.Name(standing.Asked.Id) };
        return new ExcludeReply { State = "confirmed" };
    }

    private static ExcludeReply Refused(string code, string message) => new() { Refused = code, Message = message };
}
