using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using KeyAccountLogistics.Contracts.Bulk;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>How a file of shipments is rated.</summary>
/// <param name="Json">One JSON object a line; else a line of text.</param>
/// <param name="Chinese">Sentences in Chinese; else in English.</param>
/// <param name="Trace">Puts the trace into each JSON object.</param>
public sealed record RateFileOptions(bool Json, bool Chinese = false, bool Trace = false);

/// <summary>What rating a file came to.</summary>
/// <param name="Lines">Lines read.</param>
/// <param name="Charged">Shipments with a price.</param>
/// <param name="Refused">Shipments without, bad lines among them.</param>
/// <param name="Total">The sum of all charges.</param>
public sealed record RateFileSummary(long Lines, long Charged, long Refused, Money Total);

/// <summary>Rates a CSV file of shipments by a contract document, streaming: memory does not grow with the file.</summary>
public static class RateFile
{
    private const int BatchRows = 1_024;
    private const int ProgressEvery = 50_000;

    /// <summary>The columns of the file, for a help text.</summary>
    public static string Columns => ShipmentRows.Columns;

    /// <summary>
    /// Rates each line and writes one line for it, in the file's order; a line that cannot be read is refused with reason <c>BAD_LINE</c> and its field. <paramref name="progress"/> hears the number of
    /// lines now and then. A fault: the file is empty or has not the columns that rating needs. One core reads, the others rate and write what was read.
    /// </summary>
    public static Outcome<RateFileSummary> Run(ContractOnFile contract, Stream shipments, RateFileOptions options, TextWriter output, Action<long>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        var programs = contract.Programs();
        var opened = ShipmentRows.Open(shipments, programs.Latest.Decimals);
        if (!opened.IsOk) return opened.Fault;
        using var rows = opened.Value;
        var sum = new RateFileSummary(0, 0, 0, new Money(0, contract.Currency));
        // So many batches are under way that no core waits, and no more.
        var (ahead, underWay, idle) = (Environment.ProcessorCount + 1, new Queue<Task<RatedRows>>(), new ConcurrentBag<RowRater>());
        ExceptionDispatchInfo? broken = null;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var batch = broken is null ? Batch(rows, out broken) : [];
            if (batch.Count > 0) underWay.Enqueue(Task.Run(() => Rate(batch), ct));
            if (underWay.Count == 0) break;
            if (batch.Count > 0 && underWay.Count < ahead) continue;
            using var rated = underWay.Dequeue().GetAwaiter().GetResult();
            output.Write(rated.Text, 0, rated.Length);
            var before = sum.Lines / ProgressEvery;
            sum = new RateFileSummary(sum.Lines + rated.Lines, sum.Charged + rated.Charged, sum.Refused + rated.Lines - rated.Charged, sum.Total + new Money(rated.TotalMinor, contract.Currency));
            if (sum.Lines / ProgressEvery > before) progress?.Invoke(sum.Lines);
        }
        progress?.Invoke(sum.Lines);
        // What stood before the break is rated and written.
        broken?.Throw();
        return sum;

        RatedRows Rate(List<ShipmentRow> batch)
        {
            if (!idle.TryTake(out var rater)) rater = new RowRater(programs, options);
            var rated = rater.Run(batch);
            idle.Add(rater);
            return rated;
        }
    }

    private static List<ShipmentRow> Batch(ShipmentRows rows, out ExceptionDispatchInfo? broken)
    {
        var batch = new List<ShipmentRow>(BatchRows);
        broken = null;
        try
        {
            while (batch.Count < BatchRows && rows.Next(out var row)) batch.Add(row);
        }
        catch (IOException e)
        {
            broken = ExceptionDispatchInfo.Capture(e);
        }
        return batch;
    }
}
