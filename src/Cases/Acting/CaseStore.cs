using System.Security.Cryptography;
using Google.Protobuf;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Kinds;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Cases.Acting;

/// <summary>A case that nobody else changes until the transaction ends.</summary>
internal sealed record LockedCase(CaseRow Row, CaseState? State, byte[] LastHash)
{
    internal CaseDraft Draft(Instant now) => new(CaseKinds.Of(Row.Kind), Row.Id, State, now);
}

/// <summary>Histories as they are kept: an entry is appended with its hash; the case's row, and what the journal is told of it, follow in the same transaction.</summary>
internal sealed class CaseStore(CasesDb db, ServerActs acts)
{
    internal const int HashLength = 32;

    /// <summary>The hash of an entry: over the one before it and its body.</summary>
    internal static byte[] HashOf(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>Makes an empty row, locked. False when there is one of that id already.</summary>
    internal async Task<LockedCase?> MakeAsync(string id, CaseOpened opened, Instant now, CancellationToken ct)
    {
        var row = new CaseRow { Id = id, Kind = opened.Kind, Subject = opened.Subject, OpenedUs = now.ToUnixMicros() };
        // A unique key alone would stop the whole transaction on PostgreSQL; this waits for whoever makes the same one, and then finds it made.
        var made = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO cases_case(id, kind, subject, owner, stage, state, opened_us, escalated, reopened, entries) VALUES ({row.Id}, {row.Kind}, {row.Subject}, '', '', '', {row.OpenedUs}, 0, 0, 0) ON CONFLICT(id) DO NOTHING", ct);
        if (made == 0) return null;
        db.Cases.Attach(row);
        return new LockedCase(row, null, new byte[HashLength]);
    }

    /// <summary>The case, locked; null when the caller sees none of that id. The context is enlisted in the transaction.</summary>
    internal async Task<LockedCase?> LockAsync(string id, CancellationToken ct)
    {
        // Writing a row its own value locks it on both engines.
        if (await db.Cases.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Entries, c => c.Entries), ct) == 0) return null;
        var row = await db.Cases.SingleAsync(c => c.Id == id, ct);
        var (state, last) = await HistoryAsync(id, ct);
        return new LockedCase(row, state, last);
    }

    /// <summary>A case as its history says, without a lock; null when the caller sees none of that id.</summary>
    internal async Task<(CaseRow Row, CaseState State, IReadOnlyList<CaseEntry> Entries)?> FindAsync(string id, CancellationToken ct)
    {
        if (await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct) is not { } row) return null;
        var entries = (await BodiesAsync(id, ct)).ConvertAll(e => CaseEntry.Parser.ParseFrom(e.Body));
        return CaseFold.Of(entries) is { } state ? (row, state, entries) : null;
    }

    /// <summary>Appends what a draft holds, brings the row up to it, and tells the journal what scores need of it. A fault says that it could not be told: then nothing is kept.</summary>
    internal async Task<Fault?> KeepAsync(WriteTransaction transaction, LockedCase held, IReadOnlyList<CaseEntry> entries, CaseState state, CancellationToken ct)
    {
        var last = held.LastHash;
        foreach (var entry in entries)
        {
            var body = entry.ToByteArray();
            last = HashOf(last, body);
            db.Entries.Add(new CaseEntryRow { CaseId = entry.CaseId, Number = entry.Index, EntryId = Uuid.From(entry.Id.Span), AtUs = entry.AtUs, Body = body, Hash = last });
        }
        await AddScalesAsync(held.Row.Id, entries, ct);
        CaseColumns.Set(held.Row, state);
        await db.SaveChangesAsync(ct);
        return ComplaintFact.Of(held.State, entries, state) is { } fact ? await acts.AppendAsync(transaction, [fact], ct) : null;
    }

    private async Task<(CaseState? State, byte[] LastHash)> HistoryAsync(string id, CancellationToken ct)
    {
        var rows = await BodiesAsync(id, ct);
        return (CaseFold.Of(rows.Select(r => CaseEntry.Parser.ParseFrom(r.Body))), rows.Count == 0 ? new byte[HashLength] : rows[^1].Hash);
    }

    private Task<List<CaseEntryRow>> BodiesAsync(string id, CancellationToken ct) => db.Entries.AsNoTracking().Where(e => e.CaseId == id).OrderBy(e => e.Number).ToListAsync(ct);

    private async Task AddScalesAsync(string id, IReadOnlyList<CaseEntry> entries, CancellationToken ct)
    {
        var scales = ScalesOf(entries).ToList();
        if (scales.Count == 0) return;
        var known = (await db.Scales.AsNoTracking().Where(s => s.CaseId == id).Select(s => s.EventId).ToListAsync(ct)).ToHashSet();
        db.Scales.AddRange(scales.Where(s => known.Add(s.EventId)));
    }

    /// <summary>The scales that took part in a history, by the weights' events.</summary>
    internal static IEnumerable<CaseScaleRow> ScalesOf(IEnumerable<CaseEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Weights is not { } weights) continue;
            foreach (var w in weights.Chain.Where(w => w.EventId.Length > 0 && !w.Typed && w.Scale is { Device.Length: > 0 } && w.Node.Length > 0))
                yield return new CaseScaleRow { CaseId = entry.CaseId, EventId = Guid.Parse(w.EventId), ParcelId = weights.ParcelId, Depot = w.Node, Device = w.Scale.Device, AtUs = w.AtUs };
        }
    }
}
