using System.CommandLine;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Import;

/// <summary>
/// <c>kal import shipments|events|service FILE.csv</c>: streams the file to the backend, shows progress, writes what was rejected beside it. Again changes nothing;
/// after an interruption it goes on where it was.
/// </summary>
internal static class ImportVerb
{
    private const int PartBytes = 256 * 1024;

    public static Command Build()
    {
        var import = new Command("import", "Takes shipments, events or facts of accounts' service from a CSV file. Bad lines go to a reject file; the good ones go in.");
        import.Subcommands.Add(Of("shipments", "waybill,account,product,origin,destination,accepted_at,promised_by,declared_grams,length_mm,width_mm,height_mm,declared_value,cod_amount,freight_collect,currency"));
        import.Subcommands.Add(Of("events", "event_id,waybill,kind,occurred_at,captured_at,node,next_node,device,actor,grams,reason"));
        import.Subcommands.Add(Of(
            "service",
            "kind,account,reference,told_at and, as the kind needs, revision,parcel,contract,contract_version,node,began_at,due_at,done_at,amount,budget,currency,failed,reason,title; of a complaint "
            + "about,opened_at,answer_due_at,answered_at,statute_due_at,closed_at,reopened_at,found. Kinds: query, invoice_line, remittance, notice, action, message, trip, call, incident, complaint, "
            + "obligation, receivable, contact, plan_step. A later row of the same kind, account and reference (a higher revision) stands in place of the earlier"));
        return import;
    }

    private static Command Of(string kind, string columns)
    {
        var verb = new Command(kind, $"Columns: {columns}. Times are RFC 3339; empty is absent.");
        var connection = ConnectionOptions.AddTo(verb);
        var file = new Argument<FileInfo>("FILE") { Description = "The CSV file." };
        var map = new Option<FileInfo?>("--map") { Description = "YAML file that renames columns and formats.", HelpName = "FILE" };
        var rejects = new Option<FileInfo?>("--rejects") { Description = "Where rejected lines go; default FILE.rejects.csv.", HelpName = "FILE" };
        var source = new Option<string>("--source") { Description = "The chain that imported events belong to.", DefaultValueFactory = _ => "import" };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON object." };
        verb.Arguments.Add(file);
        foreach (var option in new Option[] { map, rejects, source, json }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            var input = parsed.GetRequiredValue(file);
            GivenFile.RequireFile(input.FullName);
            // Read twice, for its sum and for its lines: a pipe or a device is neither.
            if (input.Length == 0) throw new UsageException($"{input.FullName} is empty, or no regular file: name a CSV file.");
            var header = new ImportHeader
            {
                Kind = kind,
                FileSha256 = ByteString.CopyFrom(await SumAsync(input, ct)),
                MapYaml = parsed.GetValue(map) is { } mapFile ? await GivenFile.TextAsync(mapFile.FullName, mebiBytesMax: 1, ct) : "",
                Source = parsed.GetValue(source)!,
            };
            await using var backend = await connection.OpenAsync(parsed, ct);
            var target = parsed.GetValue(rejects) ?? new FileInfo(input.FullName + ".rejects.csv");
            var said = parsed.InvocationConfiguration;
            var last = await SendAsync(backend, header, input, target, parsed.GetValue(json) ? TextWriter.Null : said.Error, ct);
            await said.Output.WriteLineAsync(parsed.GetValue(json)
                ? $$"""{"lines":{{last.Lines}},"taken":{{last.Taken}},"unchanged":{{last.Unchanged}},"rejected":{{last.Rejected}}}"""
                : $"{last.Lines:N0} lines: {last.Taken:N0} taken, {last.Unchanged:N0} unchanged, {last.Rejected:N0} rejected{(last.Rejected > 0 ? " (see " + target.FullName + ")" : "")}.");
            return last.Rejected > 0 ? ExitCode.Bad : ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<byte[]> SumAsync(FileInfo file, CancellationToken ct)
    {
        await using var stream = file.OpenRead();
        return await SHA256.HashDataAsync(stream, ct);
    }

    private static async Task<ImportProgress> SendAsync(BackendConnection backend, ImportHeader header, FileInfo input, FileInfo rejects, TextWriter progress, CancellationToken ct)
    {
        using var call = new Shipments.ShipmentsClient(backend.Calls).Import(cancellationToken: ct);
        var sending = SendPartsAsync(call.RequestStream, header, input, ct);
        await using var kept = new RejectFile(rejects);
        var last = new ImportProgress();
        await foreach (var step in call.ResponseStream.ReadAllAsync(ct))
        {
            kept.Write(step.Rejects);
            last = step;
            await progress.WriteAsync($"\r{step.Lines:N0} lines, {step.Taken:N0} taken, {step.Unchanged:N0} unchanged, {step.Rejected:N0} rejected ");
        }
        await progress.WriteLineAsync();
        await sending;
        return last.Done ? last : throw new IOException("The backend ended before the file did. Run the same command again: it goes on where it was.");
    }

    private static async Task SendPartsAsync(IClientStreamWriter<ImportPart> parts, ImportHeader header, FileInfo input, CancellationToken ct)
    {
        try
        {
            await parts.WriteAsync(new ImportPart { Header = header }, ct);
            await using var stream = input.OpenRead();
            var buffer = new byte[PartBytes];
            int read;
            while ((read = await stream.ReadAsync(buffer, ct)) > 0)
                await parts.WriteAsync(new ImportPart { Content = ByteString.CopyFrom(buffer, 0, read) }, ct);
            await parts.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // The backend has ended the call; the answer's stream says why.
        }
    }

    /// <summary>The lines that did not go in, with line, column and reason; made only when there is one.</summary>
    private sealed class RejectFile(FileInfo file) : IAsyncDisposable
    {
        private StreamWriter? _csv;

        public void Write(IEnumerable<RejectedLine> lines)
        {
            foreach (var line in lines)
            {
                if (_csv is null)
                {
                    _csv = new StreamWriter(file.FullName);
                    _csv.WriteLine("line,column,code,reason,content");
                }
                _csv.WriteLine($"{line.Line},{Quoted(line.Column)},{Quoted(line.Code)},{Quoted(line.Message)},{Quoted(line.Content)}");
            }
        }

        // RFC 4180: a field with a comma, quote or line end stands in quotes, its quotes doubled.
        private static string Quoted(string field) =>
            field.AsSpan().IndexOfAny(",\"\r\n") < 0 ? field : "\"" + field.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

        public ValueTask DisposeAsync() => _csv?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
