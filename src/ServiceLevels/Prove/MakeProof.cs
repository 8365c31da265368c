using Google.Protobuf;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Dispatch.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Proving;

/// <summary>
/// Hands out what a period's figures rest on: every parcel, order and fact of service of the account that adds to it, found by its facts and not by what was kept of them, with all its events as they
/// stand in the journal. In batches, each read in a transaction of its own; what is written waits for the reader, so that a slow one fills no memory.
/// </summary>
internal sealed class MakeProof(ReadScorecard scores, Settle settle, ITermsInForce terms, IServiceTermsInForce services, IContractDocuments documents, IWriteGate gate, TimeProvider time)
{
    internal const int Layout = 1;
    private const int SubjectsMax = 500_000;

    internal async Task<Fault?> RunAsync(ProveRequest ask, Func<ProofPart, CancellationToken, Task> write, CancellationToken ct)
    {
        var read = AskedPeriod.Read(ask.Account, ask.From, ask.To);
        if (!read.IsOk) return read.Fault;
        var asked = read.Value;
        if (await settle.UntilNowAsync(ct) is { } unsettled) return unsettled;
        if (await scores.WhyUnknownAsync(asked.Account, ct) is { } unknown) return unknown;
        var card = await scores.GetAsync(new GetScorecardRequest { Account = asked.Account, From = ask.From, To = ask.To }, ct);
        if (!card.IsOk) return card.Fault;
        var snapshot = terms.Now;
        await write(new ProofPart { Head = new ProofHead { Layout = Layout, Account = asked.Account, From = ask.From, To = ask.To, MadeUs = time.Now().ToUnixMicros() } }, ct);
        await write(new ProofPart { Terms = ProofTermsInForce.Of(asked.Account, snapshot, services.ServiceOf(asked.Account, FindPlan.EndOf(asked.To))) }, ct);
        foreach (var document in await documents.SignedOfAsync(asked.Account, ct))
            await write(new ProofPart { Document = new ProofDocument { Contract = document.Contract, Version = document.Version, Sha256 = document.Hash, Yaml = document.ToYaml() } }, ct);
        if (await SubjectsAsync(asked, snapshot, write, ct) is { } stopped) return stopped;
        await write(new ProofPart { Result = new ProofResult { Scorecard = JsonFormatter.Default.Format(card.Value) } }, ct);
        return null;
    }

    private async Task<Fault?> SubjectsAsync(AskedPeriod asked, TermsSnapshot snapshot, Func<ProofPart, CancellationToken, Task> write, CancellationToken ct)
    {
        var (walk, written) = (SubjectWalk.Of(asked.Account), 0);
        while (true)
        {
            var from = walk;
            var page = await gate.RunAsync<Page>(async (transaction, cancel) => await PageAsync(transaction.Statements, asked, snapshot, from, cancel), ct);
            if (!page.IsOk) return page.Fault;
            if (page.Value.Done) return null;
            written += page.Value.Subjects.Count;
            if (written > SubjectsMax) return new Fault.Exhausted("proof.too_large", FormattableString.Invariant($"More than {SubjectsMax} parcels, orders and facts add to this period: ask for a shorter one."));
            foreach (var subject in page.Value.Subjects) await write(new ProofPart { Subject = subject }, ct);
            walk = page.Value.Walk;
        }
    }

    private static async Task<Page> PageAsync(IJournalWrites writes, AskedPeriod asked, TermsSnapshot snapshot, SubjectWalk from, CancellationToken ct)
    {
        var (next, walk) = await from.NextAsync(writes, FollowFacts.SubjectsAtOnce, ct);
        var lives = (await ParcelLives.ReadAsync(writes, next.Parcels, ct)).Where(l => Adds(ContributeParcel.Of(l, snapshot), asked)).ToList();
        var outcomes = (await PickupOutcomes.ReadAsync(writes, next.Orders, ct)).Where(o => Adds(ContributeOrder.Of(o, snapshot), asked)).ToList();
        var facts = (await ServiceFacts.ReadAsync(writes, next.Facts, ct)).Where(f => Adds(ContributeFact.Of(f, snapshot), asked)).ToList();
        var ofParcels = new List<ExtractedEvent>();
        await JournalExtract.OfParcelsAsync(writes, [.. lives.Select(static l => l.Id)], ofParcels.Add, ct);
        var byParcel = ofParcels.ToLookup(static e => e.ParcelId ?? 0);
        var others = new Dictionary<Guid, ExtractedEvent>();
        await JournalExtract.OfEventsAsync(
            writes, [.. outcomes.SelectMany(static o => o.Events).Concat(facts.SelectMany(static f => f.Told.Select(static t => t.Id))).Select(static e => Uuid.From(e.Span)).Distinct()], e => others[e.Id] = e, ct);
        IEnumerable<ExtractedEvent> Named(IEnumerable<ByteString> ids) => ids.Select(id => others.GetValueOrDefault(Uuid.From(id.Span))).OfType<ExtractedEvent>();
        return new Page(
            [
                .. lives.Select(l => ProofSubjects.Of(l, byParcel[l.Id])), .. outcomes.Select(o => ProofSubjects.Of(o, Named(o.Events))),
                .. facts.Select(f => ProofSubjects.Of(f, Named(f.Told.Select(static t => t.Id)))),
            ],
            walk, next.Count == 0);
    }

    private static bool Adds(Contribution contribution, AskedPeriod asked) => contribution.Tallies.Any(t => t.Day >= asked.FirstDay && t.Day <= asked.LastDay);

    private sealed record Page(IReadOnlyList<ProofSubject> Subjects, SubjectWalk Walk, bool Done);
}
