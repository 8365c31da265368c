using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Personal;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Acting;

/// <summary>
/// The module's acts by RPC (<see cref="ServerActs"/>), on a case that is locked for it, with its free text sealed beside the history.
/// </summary>
internal sealed class CaseActs(ServerActs acts, CasesDb db, CaseStore store, PersonalVault vault, IShipmentNames names, TimeProvider time)
{
    internal Caller Caller => acts.Caller;

    internal Actor Actor => Actor.Of(acts.Caller);

    internal static Fault.NotFound Unknown(string id) => new("case.unknown", $"No case is known under '{(id.Length <= 60 ? id : id[..60])}'. Check the id, or that its account is one you may see.");

    /// <summary>Runs a command on a case that exists. <paramref name="make"/> reads the request into a command, or says what is wrong with it.</summary>
    internal Task<Outcome<CaseReply>> OnCaseAsync(
        ByteString commandId, string rpc, IMessage request, string caseId, FreeText text, Func<LockedCase, Note?, CancellationToken, Task<Outcome<CaseCommand>>> make, CancellationToken ct) =>
        OnceAsync(commandId, rpc, request, text, async (transaction, cancel) =>
        {
            if (caseId.Length == 0) return new Fault.Invalid("case_id", "field.missing", "The case_id is missing.");
            if (await store.LockAsync(caseId, cancel) is not { State: { } state } held) return Unknown(caseId);
            var note = await PrintAsync(transaction, text, caseId, state.Opened.ParcelId, cancel);
            if (!note.IsOk) return note.Fault;
            var command = await make(held, note.Value, cancel);
            if (!command.IsOk) return command.Fault;
            var decision = CaseLife.Run(held.Draft(time.Now()), command.Value);
            if (decision.Entries.Count > 0)
            {
                if (await store.KeepAsync(transaction, held, decision.Entries, decision.State!, cancel) is { } untold) return untold;
                // The words of what was refused belong to no entry.
                if (decision.Refused is null && await SealAsync(transaction, text, note.Value, caseId, commandId, cancel) is { } fault) return fault;
            }
            return new CaseReply { Case = CaseColumns.Summary(held.Row), Refused = decision.Refused };
        }, ct);

    /// <summary>Runs the work once per command id, with the module's context in the transaction.</summary>
    internal async Task<Outcome<CaseReply>> OnceAsync(
        ByteString commandId, string rpc, IMessage request, FreeText text, Func<WriteTransaction, CancellationToken, Task<Outcome<CaseReply>>> work, CancellationToken ct)
    {
        if (text.Flaw() is { } flaw) return flaw;
        return await acts.RunAsync(db, commandId, rpc, request, CaseReply.Parser, work, ct);
    }

    /// <summary>The text's fingerprint, salted with the key of the shipment it will be sealed under; null when there is no text.</summary>
    internal async Task<Outcome<Note?>> PrintAsync(WriteTransaction transaction, FreeText text, string caseId, long parcelId, CancellationToken ct)
    {
        if (text.Text.Length == 0) return Outcome<Note?>.Ok(null);
        var under = parcelId == 0 ? "case " + caseId : await names.OfParcelAsync(parcelId, ct);
        var key = await vault.KeyForAsync(transaction, under, ct);
        if (!key.IsOk) return key.Fault;
        using var opened = key.Value;
        // The client reads what it wrote itself.
        return new Note(ByteString.CopyFrom(opened.Fingerprint("case-note", Encoding.UTF8.GetBytes(text.Text))), under, text.Shared || Actor.Side == Side.Client);
    }

    /// <summary>Keeps the text itself, once the entry that holds its fingerprint is kept.</summary>
    internal async Task<Fault?> SealAsync(WriteTransaction transaction, FreeText text, Note? note, string caseId, ByteString entryId, CancellationToken ct)
    {
        if (note is null) return null;
        var kept = await vault.PutAsync(transaction, note.Under, VaultKind(caseId, entryId), Encoding.UTF8.GetBytes(text.Text), ct);
        return kept.IsOk ? null : kept.Fault;
    }

    internal static string VaultKind(string caseId, ByteString entryId) => $"case-note {caseId} {Convert.ToHexStringLower(entryId.Span)}";
}

/// <summary>What a person wrote, and whether the other side reads it.</summary>
internal sealed record FreeText(string Text, bool Shared)
{
    internal static FreeText None { get; } = new("", false);

    internal Fault? Flaw() => Text.Length > CaseLimits.NoteLength || Text.Any(c => char.IsControl(c) && c is not '\n')
        ? new Fault.Invalid("note", "field.malformed", $"The note is longer than {CaseLimits.NoteLength} characters or holds control characters.")
        : null;

    /// <summary>What is wrong with a short text; null when nothing.</summary>
    internal static Fault? FlawOf(string field, string text, bool needed) => text switch
    {
        "" when needed => new Fault.Invalid(field, "field.missing", $"The {field} is missing."),
        _ when text.Length > CaseLimits.TextLength || text.Any(char.IsControl) =>
            new Fault.Invalid(field, "field.malformed", $"The {field} is longer than {CaseLimits.TextLength} characters or holds control characters."),
        _ => null,
    };
}
