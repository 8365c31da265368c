using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Personal;
using Microsoft.EntityFrameworkCore;
using static KeyAccountLogistics.Contracts.Acting.Check;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>
/// The client's people. What makes a person recognisable stands in the vault, under a key of its own, and only with a recorded consent; what is personal beyond work
/// (SEED-04-REC5: birthday, interests) only with a consent to that. Withdrawing it destroys the key.
/// </summary>
internal sealed class KeepContacts(ContractActs acts, ReadAccounts read, PersonalVault vault, IWriteGate gate)
{
    private static readonly string[] Levels = ["c_level", "manager", "operator"];
    private static readonly string[] Consents = ["none", "contact", "personal"];
    private const int ContactsMax = 500;

    internal Task<Outcome<AccountReply>> PutAsync(PutContactCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/PutContact", command, AccountReply.Parser,
        async (transaction, cancel) =>
        {
            if ((Wrong(command) ?? WrongDetails(command)) is { } wrong) return wrong;
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } account) return ReadAccounts.Unknown(command.Account);
            var found = await FindOrAddAsync(command, cancel);
            if (!found.IsOk) return found.Fault;
            var contact = found.Value;
            if (contact.Consent is "withdrawn") return Withdrawn(contact);
            (contact.Level, contact.Position, contact.Signs) = (command.Level, command.Position, command.Signs);
            // Absent details stay as they are.
            var details = command.Consent is "none" ? null : command.Details ?? (contact.Consent is "none" ? new ContactDetails() : null);
            if (command.Consent is "none" && contact.Consent is not "none")
                return new Fault.Invalid("consent", "consent.withdraw", "A recorded consent is taken back by WithdrawConsent, which destroys the details.");
            if (details is not null)
            {
                var stored = await vault.PutAsync(transaction, ReadAccounts.VaultKey(contact.Id), ReadAccounts.PersonalKind, details.ToByteArray(), cancel);
                if (!stored.IsOk) return stored.Fault;
            }
            if (command.Consent is not "none")
            {
                if (!string.Equals(contact.Consent, command.Consent, StringComparison.Ordinal)) contact.ConsentUs = acts.Now.ToUnixMicros();
                (contact.Consent, contact.ConsentHow) = (command.Consent, command.ConsentHow);
            }
            await acts.NoteAsync(command.Account, "contact", $"{contact.Id}, {contact.Level}, consent {contact.Consent}", cancel);
            await acts.Db.SaveChangesAsync(cancel);
            return new AccountReply { Account = await read.ViewAsync(account, 0, details is null ? null : (contact.Id, details), cancel) };
        },
        ct);

    internal Task<Outcome<AccountReply>> WithdrawAsync(WithdrawConsentCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Accounts/WithdrawConsent", command, AccountReply.Parser,
        async (transaction, cancel) =>
        {
            if (Text("reason", command.Reason, LongTextMax) is { } wrong) return wrong;
            if (await acts.TakeAccountAsync(command.Account, cancel) is not { } account) return ReadAccounts.Unknown(command.Account);
            if (await acts.Db.Contacts.SingleOrDefaultAsync(c => c.Id == command.Contact && c.Account == command.Account, cancel) is not { } contact) return UnknownContact(command.Contact);
            if (contact.Consent is "withdrawn") return Withdrawn(contact);
            await vault.DestroyAsync(transaction, ReadAccounts.VaultKey(contact.Id), cancel);
            (contact.Consent, contact.ConsentUs, contact.Signs) = ("withdrawn", acts.Now.ToUnixMicros(), false);
            await acts.NoteAsync(command.Account, "consent withdrawn", $"{contact.Id}: {command.Reason}", cancel);
            await acts.Db.SaveChangesAsync(cancel);
            return new AccountReply { Account = await read.ViewAsync(account, 0, (contact.Id, null), cancel) };
        },
        ct);

    /// <summary>The details in full, once it is written down who asked and why.</summary>
    internal async Task<Outcome<ContactDetails>> RevealAsync(RevealContactRequest ask, CancellationToken ct)
    {
        if (Text("reason", ask.Reason, LongTextMax) is { } wrong) return wrong;
        var noted = await gate.RunAsync<bool>(
            async (transaction, cancel) =>
            {
                acts.Db.ChangeTracker.Clear();
                await transaction.EnlistAsync(acts.Db, cancel);
                if (await acts.TakeAccountAsync(ask.Account, cancel) is null) return ReadAccounts.Unknown(ask.Account);
                if (!await acts.Db.Contacts.AnyAsync(c => c.Id == ask.Contact && c.Account == ask.Account, cancel)) return UnknownContact(ask.Contact);
                await acts.NoteAsync(ask.Account, "revealed", $"{ask.Contact}: {ask.Reason}", cancel);
                await acts.Db.SaveChangesAsync(cancel);
                return true;
            },
            ct);
        if (!noted.IsOk) return noted.Fault;
        var stored = await vault.GetAsync(ReadAccounts.VaultKey(ask.Contact), ReadAccounts.PersonalKind, ct);
        return stored.IsOk ? ContactDetails.Parser.ParseFrom(stored.Value) : stored.Fault;
    }

    private async Task<Outcome<ContactRow>> FindOrAddAsync(PutContactCommand command, CancellationToken ct)
    {
        if (command.Contact.Length > 0)
        {
            return await acts.Db.Contacts.SingleOrDefaultAsync(c => c.Id == command.Contact && c.Account == command.Account, ct) is { } known ? known : UnknownContact(command.Contact);
        }
        if (await acts.Db.Contacts.CountAsync(c => c.Account == command.Account, ct) >= ContactsMax) return new Fault.Exhausted("contacts.many", $"An account has at most {ContactsMax} contacts.");
        var made = new ContactRow
        {
            Id = "C-" + Convert.ToHexStringLower(acts.NewId().ToByteArray(bigEndian: true)), Account = command.Account, Level = command.Level, Position = command.Position, Consent = "none", ConsentHow = "",
        };
        acts.Db.Contacts.Add(made);
        return made;
    }

    private static Fault? Wrong(PutContactCommand command) => First(
        Word("level", command.Level, Levels), Text("position", command.Position), Word("consent", command.Consent, Consents),
        command.Consent is "none" ? null : Text("consent_how", command.ConsentHow));

    private static Fault? WrongDetails(PutContactCommand command)
    {
        if (command.Details is not { } details || details.CalculateSize() == 0) return null;
        if (command.Consent is "none") return new Fault.Invalid("details", "consent.missing", "Personal details are kept only with the person's consent; say which, and where it stands.");
        if (First(
            Text("details.name", details.Name, needed: false), Text("details.phone", details.Phone, needed: false), Text("details.email", details.Email, needed: false),
            Text("details.interests", details.Interests, LongTextMax, needed: false)) is { } wrong) return wrong;
        if ((details.Birthday.Length > 0 || details.Interests.Length > 0) && command.Consent is not "personal")
            return new Fault.Invalid("details", "consent.personal", "Birthday and interests are kept only with a consent to personal details.");
        return details.Birthday.Length > 0 && Day(details.Birthday) is null ? new Fault.Invalid("details.birthday", "date.malformed", "The day is yyyy-mm-dd.") : null;
    }

    private static Fault.Conflict Withdrawn(ContactRow contact) => new("consent.withdrawn", $"The contact {contact.Id} has withdrawn the consent; somebody who comes back is a new contact.");

    private static Fault.NotFound UnknownContact(string id) => new("contact.unknown", $"The account has no contact '{(id.Length <= 40 ? id : id[..40])}'.");
}
