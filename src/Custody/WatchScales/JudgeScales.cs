using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Acting;
using KeyAccountLogistics.Custody.Reading;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using NodaTime;
using Key = (string Depot, string Device);

namespace KeyAccountLogistics.Custody.Scales;

/// <summary>
/// Estimates every scale's bias from what was collected and acts on it: a scale beyond its limit goes into quarantine, two that disagree are both asked for their test
/// weights. Each act is an event with its figures.
/// </summary>
internal sealed class JudgeScales(CustodyDb db, Acts acts, IWriteGate gate, TimeProvider time, ILogger<JudgeScales> log)
{
    internal static readonly Duration Window = Duration.FromDays(14);

    // Asked again while they go on to disagree, but not every hour.
    private static readonly Duration AskAgainAfter = Duration.FromHours(24);
    private const int RowsMax = 100_000;
    private const int PairMax = 300;

    internal async Task RunAsync(CancellationToken ct)
    {
        var now = time.Now();
        var registered = await db.ScaleEstimates.AsNoTracking().OrderBy(s => s.Depot).ThenBy(s => s.Device).ToListAsync(ct);
        var records = (await db.Scales.AsNoTracking().ToListAsync(ct)).ToDictionary(s => (Key)(s.Depot!, s.Device));
        var (keys, facts) = Usable(registered, records);
        var estimates = EstimateBias.Of(facts, await ParcelsAsync(keys, records, now, ct));
        var events = new List<ParcelEvent>();
        var rows = new RowBlock(ColumnKind.Text, ColumnKind.Text, ColumnKind.Long, ColumnKind.Bytes, ColumnKind.Long);
        for (var i = 0; i < keys.Count; i++)
        {
            var (depot, device) = keys[i];
            var bias = estimates[i].Answer == BiasAnswer.TooFew ? null : ToWire(estimates[i]);
            rows.Text(depot).Text(device).Long((long)estimates[i].Answer).Bytes(bias?.ToByteArray() ?? []).Long(now.ToUnixMicros());
            if (ActOn(estimates[i].Answer, records.GetValueOrDefault(keys[i]), now) is not { } kind) continue;
            events.Add(new ParcelEvent { Kind = kind, Node = depot, Device = device, Reason = kind == EventKind.ScaleQuarantined ? "drift" : "disagreement", ScaleBias = bias });
        }
        var done = await gate.RunAsync<bool>(async (transaction, cancel) =>
        {
            transaction.Statements.Write(ScaleTables.Estimate, rows);
            if (events.Count > 0 && await acts.AppendAsync(transaction, events, cancel) is { } fault) return fault;
            return true;
        }, ct);
        if (!done.IsOk) throw new InvalidOperationException(done.Fault.Message);
        foreach (var e in events) Say(e);
    }

    // A scale in quarantine has no part: it would draw the others' level, and has been judged.
    private static (List<Key> Keys, List<ScaleFacts> Facts) Usable(List<ScaleEstimateRow> registered, Dictionary<Key, ScaleRow> records)
    {
        var (keys, facts) = (new List<Key>(), new List<ScaleFacts>());
        foreach (var row in registered)
        {
            Key key = (row.Depot!, row.Device);
            if (records.GetValueOrDefault(key) is { } record && record.QuarantinedUs > record.ReleasedUs) continue;
            if (ParcelViews.ScaleOf(Scale.Parser.ParseFrom(row.Registered)) is not { } scale) continue;
            keys.Add(key);
            facts.Add(scale);
        }
        return (keys, facts);
    }

    private async Task<List<WeighedTwice>> ParcelsAsync(List<Key> keys, Dictionary<Key, ScaleRow> records, Instant now, CancellationToken ct)
    {
        var index = new Dictionary<Key, int>();
        foreach (var key in keys) index[key] = index.Count;
        var since = (now - Window).ToUnixMicros();
        var rows = await db.WeighedTwice.AsNoTracking().Where(w => w.AtUs >= since).OrderByDescending(w => w.AtUs).ThenBy(w => w.EventId).Take(RowsMax).ToListAsync(ct);
        var (parcels, ofPair) = (new List<WeighedTwice>(), new Dictionary<(int, int), int>());
        foreach (var row in rows)
        {
            Key one = (row.FirstNode, row.FirstDevice), two = (row.SecondNode, row.SecondDevice);
            if (!index.TryGetValue(one, out var first) || !index.TryGetValue(two, out var second)) continue;
            // What it weighed before it was put right says nothing of it now.
            if (Released(one) >= row.AtUs || Released(two) >= row.AtUs) continue;
            var pair = (Math.Min(first, second), Math.Max(first, second));
            var seen = ofPair[pair] = ofPair.GetValueOrDefault(pair) + 1;
            if (seen <= PairMax) parcels.Add(new WeighedTwice(first, Mass.FromMilligrams(row.FirstMg), second, Mass.FromMilligrams(row.SecondMg)));
        }
        return parcels;

        long Released(Key key) => records.GetValueOrDefault(key)?.ReleasedUs ?? 0;
    }

    private static EventKind? ActOn(BiasAnswer answer, ScaleRow? record, Instant now) => answer switch
    {
        BiasAnswer.Beyond => EventKind.ScaleQuarantined,
        BiasAnswer.Disagrees when record is null || record.AskedUs < (now - AskAgainAfter).ToUnixMicros() => EventKind.ScaleCheckAsked,
        _ => null,
    };

    private void Say(ParcelEvent e)
    {
        var bias = e.ScaleBias;
        if (e.Kind == EventKind.ScaleQuarantined)
            CustodyLog.ScaleQuarantined(log, e.Node, e.Device, Mass.FromMilligrams(bias.ErrorMg), Mass.FromMilligrams(bias.AtMg), Mass.FromMilligrams(bias.LimitMg), bias.Parcels);
        else
            CustodyLog.ScaleCheckAsked(log, e.Node, e.Device, Mass.FromMilligrams(bias.ErrorMg), Mass.FromMilligrams(bias.AtMg));
    }

    private static ScaleBias ToWire(ScaleEstimate e) => new()
    {
        AtMg = e.At.Milligrams, ErrorMg = e.Error.Milligrams, LowMg = e.Low.Milligrams, HighMg = e.High.Milligrams, LimitMg = e.Limit.Milligrams, Parcels = e.Parcels, Scales = e.Others,
    };
}
