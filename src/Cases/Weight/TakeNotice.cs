using Google.Protobuf;
using KeyAccountLogistics.Cases.Cash;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>Takes what the append transactions told: looks at parcels, and finds the parcels that a scale touched. Twice is as once.</summary>
internal sealed class TakeNotice(CasesDb db, ObserveParcel observe, ObserveCash cash, IWriteGate gate) : IOutboxHandler
{
    public async Task HandleAsync(OutboxEntry entry, CancellationToken ct)
    {
        var notice = Notice.Parser.ParseFrom(entry.Payload.Span);
        foreach (var scale in notice.Scales) await KeepAsync(scale, ct);
        foreach (var variance in notice.Variances) await cash.OpenAsync(variance, ct);
        foreach (var corrected in notice.Corrected) await cash.WithdrawAsync(Uuid.From(corrected.Span), ct);
        foreach (var parcel in notice.Parcels) await observe.RunAsync(parcel, ct);
    }

    // First the fact, then the question whom it concerns, each in a transaction of its own: a case that is being made in this moment either is found by the question, or finds
    // the fact when it looks again after its commit (ObserveParcel).
    private async Task KeepAsync(ScaleFact fact, CancellationToken ct)
    {
        var id = Uuid.From(fact.EventId.Span);
        await InTransactionAsync(async (_, cancel) =>
        {
            if (await db.ScaleChanges.AnyAsync(c => c.EventId == id, cancel)) return;
            db.ScaleChanges.Add(new ScaleChangeRow
            {
                EventId = id, Depot = fact.Depot, Device = fact.Device, Released = fact.Released, AtUs = fact.AtUs, Bias = fact.Bias?.ToByteArray() ?? [],
            });
            await db.SaveChangesAsync(cancel);
        }, ct);
        if (fact.Released) return;
        await InTransactionAsync(async (transaction, cancel) =>
        {
            var since = fact.AtUs - Life.Micros.Of(ScaleDoubts.Window);
            var touched = await db.Scales.AsNoTracking().Where(s => s.Depot == fact.Depot && s.Device == fact.Device && s.AtUs >= since).Select(s => s.ParcelId).Distinct().ToListAsync(cancel);
            foreach (var chunk in touched.Order().Chunk(CasesProjection.ParcelsAtOnceMax)) transaction.Publish(CasesProjection.Topic, new Notice { Parcels = { chunk } }.ToByteArray());
        }, ct);
    }

    private async Task InTransactionAsync(Func<WriteTransaction, CancellationToken, Task> work, CancellationToken ct)
    {
        var done = await gate.RunAsync<bool>(async (transaction, cancel) =>
        {
            db.ChangeTracker.Clear();
            await transaction.EnlistAsync(db, cancel);
            await work(transaction, cancel);
            return true;
        }, ct);
        if (!done.IsOk) throw new InvalidOperationException(done.Fault.Message);
    }
}
