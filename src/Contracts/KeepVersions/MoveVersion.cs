using System.Collections.Immutable;
using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using Microsoft.EntityFrameworkCore;
using Pricing = KeyAccountLogistics.Contracts.Versions.Pricing;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>Takes a version a step along its life: loads what the decision looks at, decides, records, answers.</summary>
internal sealed class MoveVersion(ContractActs acts, ReadVersions read)
{
    internal Task<Outcome<VersionReply>> ProposeAsync(ProposeCommand c, CancellationToken ct)
    {
        var pricing = c.Pricing ?? new Api.Contracts.V1.Pricing();
        if (pricing.MarginPercent.Length > 0 && EventBytes.Number(pricing.MarginPercent) is null)
            return Task.FromResult<Outcome<VersionReply>>(new Fault.Invalid("pricing.margin_percent", "number.malformed", "The margin is a number, percent."));
        if (Check.Text("note", c.Note, VersionLife.NoteMax, needed: false) is { } wrong) return Task.FromResult<Outcome<VersionReply>>(wrong);
        return RunAsync(
            c.CommandId, "Contracts/Propose", c, c.Contract, c.Version,
            new VersionWish.Propose(new Pricing(pricing.ParcelsAMonth, pricing.RevenueAMonthMinor, EventBytes.Number(pricing.MarginPercent)), c.CompensationMinor, c.WaiverDays, c.Note), ct);
    }

    internal Task<Outcome<VersionReply>> WithdrawAsync(VersionCommand c, CancellationToken ct) => RunAsync(c.CommandId, "Contracts/Withdraw", c, c.Contract, c.Version, new VersionWish.Withdraw(c.Reason), ct);

    internal Task<Outcome<VersionReply>> ApproveAsync(VersionCommand c, CancellationToken ct) => Check.Text("reason", c.Reason, VersionLife.NoteMax, needed: false) is { } wrong
        ? Task.FromResult<Outcome<VersionReply>>(wrong)
        : RunAsync(c.CommandId, "Contracts/Approve", c, c.Contract, c.Version, new VersionWish.Approve(c.Reason), ct);

    internal Task<Outcome<VersionReply>> RejectAsync(VersionCommand c, CancellationToken ct) => RunAsync(c.CommandId, "Contracts/Reject", c, c.Contract, c.Version, new VersionWish.Reject(c.Reason), ct);

    internal Task<Outcome<VersionReply>> AnnounceAsync(AnnounceCommand c, CancellationToken ct) =>
        RunAsync(c.CommandId, "Contracts/Announce", c, c.Contract, c.Version, at => new VersionWish.Announce(at, c.Reference), ("announced_at_us", c.AnnouncedAtUs), ct);

    internal Task<Outcome<VersionReply>> SignAsync(SignCommand c, CancellationToken ct) =>
        RunAsync(c.CommandId, "Contracts/Sign", c, c.Contract, c.Version, at => new VersionWish.Sign([.. c.Hash.Span], c.ClientContact, at), ("signed_at_us", c.SignedAtUs), ct);

    internal Task<Outcome<VersionReply>> EndAsync(EndCommand c, CancellationToken ct) =>
        RunAsync(c.CommandId, "Contracts/End", c, c.Contract, c.Version, at => new VersionWish.End(at, c.Reason), ("ends_at_us", c.EndsAtUs), ct);

    private Task<Outcome<VersionReply>> RunAsync(
        ByteString commandId, string rpc, IMessage command, string contract, uint version, Func<NodaTime.Instant?, VersionWish> wish, (string Field, long Us) at, CancellationToken ct) =>
        at.Us is >= 0 and < FarFutureUs
            ? RunAsync(commandId, rpc, command, contract, version, wish(at.Us == 0 ? null : Clock.FromUnixMicros(at.Us)), ct)
            : Task.FromResult<Outcome<VersionReply>>(new Fault.Invalid(at.Field, "instant.range", "The instant lies before 1970 or after 2200."));

    private const long FarFutureUs = 7_258_118_400_000_000;

    private Task<Outcome<VersionReply>> RunAsync(ByteString commandId, string rpc, IMessage command, string contract, uint version, VersionWish wish, CancellationToken ct) => acts.RunAsync(
        commandId, rpc, command, VersionReply.Parser,
        async (_, cancel) =>
        {
            if (version is 0 or > int.MaxValue || await acts.TakeContractAsync(contract, cancel) is null
                || await acts.Db.Versions.SingleOrDefaultAsync(v => v.Contract == contract && v.Version == (int)version, cancel) is not { } row) return ReadVersions.Unknown(contract, version);
            if (StoredVersions.Document(row) is not { } document) return StoredVersions.Unreadable(row);
            var facts = await FactsAsync(row, document, (wish as VersionWish.Sign)?.ClientContact, cancel);
            if (!facts.IsOk) return facts.Fault;
            var standing = await StoredVersions.StandingAsync(acts.Db, contract, row.Version, cancel);
            switch (VersionLife.Decide(facts.Value, standing, wish, acts.Actor, acts.Now))
            {
                case VersionDecision.Refused { Field.Length: > 0 } refused: return new Fault.Invalid(refused.Field, refused.Code, refused.Message);
                case VersionDecision.Refused refused: return new Fault.Conflict(refused.Code, refused.Message);
                case VersionDecision.Done done:
                    await ImportDocument.RecordAsync(acts, row, standing, done.Event, cancel);
                    if (done.Event.Act is VersionAct.Signed or VersionAct.Ended) await acts.RaiseTermsAsync(cancel);
                    break;
                default: throw new InvariantBrokenException("a decision is done or refused", null);
            }
            await acts.Db.SaveChangesAsync(cancel);
            var view = await read.ViewAsync(row, cancel);
            return view.IsOk ? new VersionReply { Version = view.Value } : view.Fault;
        },
        ct);

    private async Task<Outcome<VersionFacts>> FactsAsync(VersionRow row, ContractVersion document, string? clientContact, CancellationToken ct)
    {
        var db = acts.Db;
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Account == row.Account, ct);
        var others = await db.Versions.AsNoTracking().Where(v => v.Contract == row.Contract && v.Version < row.Version).OrderByDescending(v => v.Version).ToListAsync(ct);
        var before = others.Find(static v => v.State == (int)VersionState.Signed);
        var raised = ImmutableArray<string>.Empty;
        NodaTime.LocalDate? locked = null;
        if (before is not null)
        {
            if (StoredVersions.Document(before) is not { } amended) return StoredVersions.Unreadable(before);
            (raised, locked) = ([.. DiffWords.RaisedClauses(amended, document)], amended.PriceLock?.Until);
        }
        return new VersionFacts
        {
            Contract = row.Contract, Version = (uint)row.Version, Hash = [.. row.Hash], From = StoredVersions.At(row.FromUs), Until = StoredVersions.At(row.UntilUs), Renews = row.Renews,
            Scope = (ContractScope)account.Scope, HasIdentity = account is { CreditCode: not null, RepresentativeDocument: not null },
            AgreementUntil = StoredVersions.AgreementUntil(await StoredVersions.LastAgreedDayAsync(db, account.Account!, ct)),
            EarlierIsOpen = others.Exists(static v => v.State is (int)VersionState.Draft or (int)VersionState.Proposed or (int)VersionState.Approved),
            AmendsFrom = StoredVersions.At(before?.FromUs), RaisedClauses = raised, PriceLockUntil = locked,
            DiscountPercent = StoredVersions.DiscountOf(document), GuardDiscountMost = document.Guard?.DiscountMost, GuardMarginLeast = document.Guard?.MarginLeast,
            ClientContactSigns = clientContact is not null && await db.Contacts.AnyAsync(c => c.Id == clientContact && c.Account == row.Account && c.Signs, ct),
            Authority = await acts.LadderAsync(ct),
        };
    }
}
