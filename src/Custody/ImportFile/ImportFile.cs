using CsvHelper;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>
/// Takes a canonical CSV file in: streaming (memory does not grow with the file), resumable (what was safe is skipped when the same file comes again), idempotent (a row
/// that is known changes nothing), and a bad row costs itself only.
/// </summary>
internal sealed class ImportFile(CustodyDb db, RegisterShipments register, IJournal journal, WaybillScheme waybills, TimeProvider time)
{
    private const int SourceLengthMax = 60;
    private const int RejectsShownMax = 1_000;

    /// <param name="header">What the file is.</param>
    /// <param name="upload">Its content.</param>
    /// <param name="report">Called after each batch is safe.</param>
    /// <param name="caller">For whom.</param>
    /// <param name="ct">What is safe stays so.</param>
    internal async Task<Outcome<ImportProgress>> RunAsync(ImportHeader header, UploadStream upload, Func<ImportProgress, Task> report, Caller caller, CancellationToken ct)
    {
        var source = header.Source.Length == 0 ? "import" : header.Source;
        if (source.Length > SourceLengthMax || source.Any(char.IsControl))
            return new Fault.Invalid("header.source", "import.source", $"The source's name has more than {SourceLengthMax} characters or holds control characters.");
        if (header.FileSha256.Length is not (0 or 32)) return new Fault.Invalid("header.file_sha256", "import.sha256", "The file's SHA-256 has 32 bytes.");
        var map = ImportMap.Read(header.MapYaml);
        if (!map.IsOk) return map.Fault;
        var batch = BatchFor(header.Kind, source, map.Value, caller);
        if (!batch.IsOk) return batch.Fault;
        var opened = await CsvFile.OpenAsync(upload, map.Value, batch.Value.Needed, batch.Value.Optional, ct);
        if (!opened.IsOk) return opened.Fault;
        await using var file = opened.Value;
        var run = await StartAsync(header, source, ct);
        var fault = await TakeRowsAsync(file, batch.Value, run, report, ct);
        if (fault is not null) return fault;
        if (header.FileSha256.Length > 0 && !header.FileSha256.Span.SequenceEqual(upload.Hash()))
            return new Fault.Invalid("header.file_sha256", "import.sha256", "What arrived is not the file that was named: its SHA-256 differs. The rows that arrived are in; send the file again.");
        run.Done = true;
        await SaveAsync(run, ct);
        return Progress(run);
    }

    private Outcome<RowBatch> BatchFor(string kind, string source, ImportMap map, Caller caller)
    {
        if (kind is "shipments") return new ShipmentRows(register, caller);
        if (kind is not ("events" or "service")) return new Fault.Invalid("header.kind", "import.kind", $"'{SourceRow.Shown(kind)}' is none of shipments, events and service.");
        // Events name parcels of any account, and what is told of a service grades the carrier: whoever sees some accounts only records events through Captures, one by one.
        return caller.Accounts is null
            ? new EventRows(journal, map, source, waybills, time, service: kind is "service")
            : new Fault.Forbidden("import.scope", "Files of events are taken in by callers who see every account.");
    }

    private async Task<Fault?> TakeRowsAsync(CsvFile file, RowBatch batch, ImportRow run, Func<ImportProgress, Task> report, CancellationToken ct)
    {
        var rejects = new List<RejectedLine>();
        var skipTo = run.Lines;
        while (true)
        {
            bool more;
            try
            {
                more = await file.NextAsync(ct);
                if (more && file.Row.Line <= skipTo) continue;
                if (more) batch.Add(file.Row);
            }
            catch (BadValueException bad)
            {
                more = true;
                if (file.Row.Line <= skipTo) continue;
                rejects.Add(RowBatch.Reject(file.Row.Line, bad.Column, bad.Code, bad.Message, file.Row.Content));
            }
            catch (CsvFormatException broken)
            {
                return new Fault.Invalid("content", "import.unreadable", $"After line {file.Row.Line.ToString(System.Globalization.CultureInfo.InvariantCulture)} the file is no CSV file: {broken.Message}");
            }
            if (more && !batch.IsFull && rejects.Count < RejectsShownMax) continue;
            if (await WriteAsync(batch, rejects, run, file.Row.Line, report, ct) is { } fault) return fault;
            if (!more) return null;
        }
    }

    private async Task<Fault?> WriteAsync(RowBatch batch, List<RejectedLine> rejects, ImportRow run, long line, Func<ImportProgress, Task> report, CancellationToken ct)
    {
        if (batch.Count > 0)
        {
            var written = await batch.WriteAsync(ct);
            if (!written.IsOk) return written.Fault;
            run.Taken += written.Value.Taken;
            run.Unchanged += written.Value.Unchanged;
            rejects.AddRange(written.Value.Rejected);
        }
        if (line <= run.Lines) return null;
        run.Rejected += rejects.Count;
        run.Lines = line;
        await SaveAsync(run, ct);
        var progress = Progress(run);
        progress.Rejects.AddRange(rejects.OrderBy(r => r.Line));
        rejects.Clear();
        await report(progress);
        return null;
    }

    // A file that was taken in to its end is taken in once more from its beginning: it changes nothing, and says so.
    private async Task<ImportRow> StartAsync(ImportHeader header, string source, CancellationToken ct)
    {
        var id = $"{header.Kind}|{source}|{Convert.ToHexStringLower(header.FileSha256.Span)}";
        var run = header.FileSha256.IsEmpty ? null : await db.Imports.SingleOrDefaultAsync(i => i.Id == id, ct);
        if (run is { Done: false }) return run;
        if (run is not null) (run.Lines, run.Taken, run.Unchanged, run.Rejected, run.Done) = (0, 0, 0, 0, false);
        run ??= new ImportRow { Id = id };
        if (!header.FileSha256.IsEmpty && db.Entry(run).State is EntityState.Detached) db.Imports.Add(run);
        return run;
    }

    // Where to go on is kept after the rows themselves: a stop in between costs one batch taken in twice, which changes nothing.
    private Task SaveAsync(ImportRow run, CancellationToken ct)
    {
        run.UpdatedUs = time.Now().ToUnixMicros();
        return db.SaveChangesAsync(ct);
    }

    private static ImportProgress Progress(ImportRow run) => new()
    {
        Lines = run.Lines, Taken = run.Taken, Unchanged = run.Unchanged, Rejected = run.Rejected, Done = run.Done, ResumeFromLine = run.Lines + 1,
    };
}
