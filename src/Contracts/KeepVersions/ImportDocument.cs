using System.Globalization;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using Microsoft.EntityFrameworkCore;
using VersionEvent = KeyAccountLogistics.Contracts.Versions.VersionEvent;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>A document becomes drafts: a mistake anywhere and nothing is kept. A draft not proposed yet, or one that came back, gets the new text.</summary>
internal sealed class ImportDocument(ContractActs acts, ReadVersions read)
{
    internal const int TablesMax = 50;

    /// <summary>Reads a document with the tables that came with it.</summary>
    internal static Outcome<ContractTextReading> Read(Api.Contracts.V1.Document? document)
    {
        if (document is null || document.Text.Length == 0) return new Fault.Invalid("document", "field.missing", "The document is missing.");
        if (document.Tables.Count > TablesMax) return new Fault.Exhausted("tables.many", $"At most {TablesMax} tables come with a document.");
        if (document.Tables.DistinctBy(static t => t.Name, StringComparer.Ordinal).Count() != document.Tables.Count) return new Fault.Invalid("document.tables", "tables.twice", "A table comes twice.");
        return ContractText.Read(document.Text, name => document.Tables.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.Ordinal))?.Text);
    }

    internal static IEnumerable<Mistake> Mistakes(Api.Contracts.V1.Document document, ContractTextReading reading) => reading.Mistakes.Select(m => Mistake(document.Name, m));

    internal Task<Outcome<ImportDocumentReply>> RunAsync(ImportDocumentCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Contracts/Import", command, ImportDocumentReply.Parser,
        async (_, cancel) =>
        {
            var text = Read(command.Document);
            if (!text.IsOk) return text.Fault;
            if (!text.Value.Mistakes.IsEmpty) return new ImportDocumentReply { Wrong = new Mistakes { Mistakes_ = { Mistakes(command.Document, text.Value) } } };
            var rows = new List<VersionRow>();
            foreach (var version in text.Value.Versions)
            {
                var kept = await KeepAsync(version, cancel);
                if (!kept.IsOk) return kept.Fault;
                rows.Add(kept.Value);
                await acts.Db.SaveChangesAsync(cancel);
            }
            return new ImportDocumentReply { Imported = new ImportedVersions { Versions = { await read.SummariesAsync(rows, cancel) } } };
        },
        ct);

    internal Task<Outcome<VersionReply>> AmendAsync(AmendCommand command, CancellationToken ct) => acts.RunAsync(
        command.CommandId, "Contracts/Amend", command, VersionReply.Parser,
        async (_, cancel) =>
        {
            var last = await acts.Db.Versions.AsNoTracking().Where(v => v.Contract == command.Contract && v.State == (int)VersionState.Signed).OrderByDescending(v => v.Version).FirstOrDefaultAsync(cancel);
            if (last is null) return await acts.Db.Contracts.AnyAsync(c => c.Number == command.Contract, cancel)
                    ? new Fault.Conflict("version.none_signed", $"No version of {command.Contract} is signed: write into its draft instead.")
                    : ReadVersions.Unknown(command.Contract, 0);
            if (StoredVersions.Document(last) is not { } document) return StoredVersions.Unreadable(last);
            var number = await acts.Db.Versions.Where(v => v.Contract == command.Contract).MaxAsync(v => v.Version, cancel);
            if (number > last.Version && await acts.Db.Versions.AnyAsync(v => v.Contract == command.Contract && v.Version == last.Version + 1 && v.State != (int)VersionState.Rejected && v.State != (int)VersionState.Withdrawn, cancel))
                return new Fault.Conflict("version.open", string.Create(CultureInfo.InvariantCulture, $"{command.Contract} v{last.Version + 1} is being drafted or decided on already."));
            var kept = await KeepAsync(document with { Version = (uint)last.Version + 1, EffectiveFrom = null, EffectiveUntil = null }, cancel);
            if (!kept.IsOk) return kept.Fault;
            await acts.Db.SaveChangesAsync(cancel);
            var view = await read.ViewAsync(kept.Value, cancel);
            return view.IsOk ? new VersionReply { Version = view.Value } : view.Fault;
        },
        ct);

    /// <summary>Makes or replaces the draft of one version, in the transaction that is open.</summary>
    internal async Task<Outcome<VersionRow>> KeepAsync(ContractVersion version, CancellationToken ct)
    {
        if (version.Version > int.MaxValue) return new Fault.Invalid("document", "version.number", "A version's number is not that large.");
        if (!await acts.Db.Accounts.AnyAsync(a => a.Account == version.Account, ct)) return new Fault.Invalid("document", "account.unknown", $"There is no account {version.Account} that you may see: make its record first.");
        if (await acts.TakeContractAsync(version.Contract, ct) is not { } contract)
        {
            // Under another account's eyes the number is as free as any; whose it is, the key knows.
            if (await acts.Db.Contracts.IgnoreQueryFilters(["account"]).AnyAsync(c => c.Number == version.Contract, ct)) return new Fault.Conflict("contract.taken", $"The contract number {version.Contract} is taken; choose another.");
            acts.Db.Contracts.Add(contract = new ContractRow { Number = version.Contract, Account = version.Account, CreatedUs = acts.Now.ToUnixMicros() });
        }
        if (!string.Equals(contract.Account, version.Account, StringComparison.Ordinal)) return new Fault.Invalid("document", "account.differs", $"The contract {version.Contract} is of account {contract.Account}; it does not change hands.");
        var number = (int)version.Version;
        var row = await acts.Db.Versions.SingleOrDefaultAsync(v => v.Contract == version.Contract && v.Version == number, ct);
        var standing = row is null ? null : await StoredVersions.StandingAsync(acts.Db, row.Contract, number, ct);
        if (row is null)
        {
            var last = await acts.Db.Versions.Where(v => v.Contract == version.Contract).MaxAsync(v => (int?)v.Version, ct);
            if (last is { } highest && number != highest + 1) return new Fault.Invalid("document", "version.number", string.Create(CultureInfo.InvariantCulture, $"The next version of {version.Contract} is {highest + 1}, the document says {number}."));
            acts.Db.Versions.Add(row = new VersionRow { Contract = version.Contract, Version = number, Account = version.Account, Document = "", Hash = [] });
        }
        var hash = StoredVersions.HashOf(version);
        var facts = new VersionFacts { Contract = version.Contract, Version = version.Version, Hash = [.. hash], Authority = new AuthorityLadder([]) };
        switch (VersionLife.Decide(facts, standing, new VersionWish.Draft(), acts.Actor, acts.Now))
        {
            case VersionDecision.Refused refused: return new Fault.Conflict(refused.Code, refused.Message);
            case VersionDecision.Done done:
                // The same text again is the same draft.
                if (standing is { State: VersionState.Draft } && hash.AsSpan().SequenceEqual(standing.Hash.AsSpan())) return row;
                StoredVersions.Put(row, version);
                await RecordAsync(acts, row, standing, done.Event, ct);
                return row;
            default: throw new InvariantBrokenException("a decision is done or refused", null);
        }
    }

    /// <summary>Appends an event and puts the row where it leaves it.</summary>
    internal static async Task RecordAsync(ContractActs acts, VersionRow row, VersionStanding? standing, VersionEvent e, CancellationToken ct)
    {
        var last = await acts.Db.VersionEvents.Where(v => v.Contract == row.Contract && v.Version == row.Version).MaxAsync(v => (int?)v.Seq, ct) ?? 0;
        acts.Db.VersionEvents.Add(new VersionEventRow
        {
            Contract = row.Contract, Version = row.Version, Account = row.Account, Seq = last + 1, Act = (int)e.Act, Who = e.Who, AtUs = e.At.ToUnixMicros(), Body = Google.Protobuf.MessageExtensions.ToByteArray(EventBytes.Wire(e)),
        });
        StoredVersions.Put(row, VersionLife.Apply(standing, e));
    }

    private static Mistake Mistake(string name, TermsMistake mistake) => new()
    {
        File = mistake.Mark?.File ?? name, Line = mistake.Mark?.Line ?? 0, Column = mistake.Mark?.Column ?? 0, Text = mistake.ToString(),
    };
}
