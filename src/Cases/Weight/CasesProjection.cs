using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cases.Cash;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Weight;

/// <summary>
/// The module's part of an append transaction: a message for what may concern cases, and nothing for nearly every group (decisions/0004: what is slow leaves by the outbox).
/// </summary>
internal sealed class CasesProjection : IEventProjection
{
    internal const string Topic = "cases";

    // What one message asks for is done within an outbox attempt many times over.
    internal const int ParcelsAtOnceMax = 50;

    public string Name => "cases";

    public IProjectionRun Begin(IJournalWrites writes) => new Run(writes);

    private sealed class Run(IJournalWrites writes) : IProjectionRun
    {
        public ValueTask ApplyAsync(IReadOnlyList<AppendedEvent> events, CancellationToken ct)
        {
            SortedSet<long>? parcels = null;
            Notice? scales = null;
            foreach (var e in events)
            {
                if (e.ParcelId is { } parcel && Concerns(e.Event)) (parcels ??= []).Add(parcel);
                if (e.Event is { Kind: EventKind.ScaleQuarantined or EventKind.ScaleReleased, Node.Length: > 0, Device.Length: > 0 }) (scales ??= new Notice()).Scales.Add(Of(e));
            }
            foreach (var notice in MoneyNotices(events)) writes.Publish(Topic, notice.ToByteArray());
            if (scales is not null) writes.Publish(Topic, scales.ToByteArray());
            if (parcels is null) return ValueTask.CompletedTask;
            foreach (var chunk in parcels.Chunk(ParcelsAtOnceMax)) writes.Publish(Topic, new Notice { Parcels = { chunk } }.ToByteArray());
            return ValueTask.CompletedTask;
        }

        // A count that is not what the ledger said, and what puts one right: a correction that carries money, which this server alone tells. Whoever may tell of parcels could else close the
        // case of what he owes.
        private static IEnumerable<Notice> MoneyNotices(IReadOnlyList<AppendedEvent> events)
        {
            var notice = new Notice();
            notice.Variances.AddRange(events.Select(e => CashCase.VarianceOf(e.Id, e.Event)).OfType<CashVariance>());
            notice.Corrected.AddRange(events.Where(e => e.Event is { Corrects.Length: 16, Money: not null }).Select(e => e.Event.Corrects));
            if (notice.Variances.Count > 0 || notice.Corrected.Count > 0) yield return notice;
        }

        private static bool Concerns(ParcelEvent e) => WeightDispute.IsOutside(e.Weight?.Verdict) || !e.Corrects.IsEmpty;

        private static ScaleFact Of(AppendedEvent e) => new()
        {
            EventId = ByteString.CopyFrom(Uuid.Bytes(e.Id)), Depot = e.Event.Node, Device = e.Event.Device, Released = e.Event.Kind == EventKind.ScaleReleased,
            AtUs = e.Time.Best.ToUnixMicros(), Bias = e.Event.ScaleBias,
        };
    }
}
