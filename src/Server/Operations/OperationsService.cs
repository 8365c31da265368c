using System.Globalization;
using Grpc.Core;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.BackUp;
using KeyAccountLogistics.Server.Hosting;
using Rpc = KeyAccountLogistics.Api.Operations.V1;

namespace KeyAccountLogistics.Server.Operations;

/// <summary>What the people who run the system ask of it.</summary>
internal sealed class OperationsService(
    BackendOptions options, InstallationFolder data, JournalVerifier verifier, IEnumerable<IRebuildProjections> projections, RebuildTurn turn, IEnumerable<IOverviewPart> overview, TimeProvider time)
    : Rpc.Operations.OperationsBase
{
    private const int DifferencesShownMax = 100;

    public override async Task VerifyJournal(VerifyJournalRequest request, IServerStreamWriter<VerifyJournalProgress> responseStream, ServerCallContext context)
    {
        var sources = 0;
        await foreach (var report in verifier.RunAsync(request.Source.Length == 0 ? null : request.Source, context.CancellationToken))
        {
            sources = report.Sources;
            // "Every link holds" of a source that is not there would be an answer about nothing.
            if (report.Done && request.Source.Length > 0 && sources == 0)
                throw new Fault.NotFound("source.unknown", $"The journal has no source '{request.Source}'. Sources are named like agent:ID, device:ID, import:NAME, server.").ToRpc();
            await responseStream.WriteAsync(report.Done ? Whole(report) : new VerifyJournalProgress { Events = report.Events, Sources = report.Sources }, context.CancellationToken);
        }
    }

    public override async Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        using var held = turn.TryTake() ?? throw new Fault.Conflict("rebuild.running", "Another rebuild is under way in this server. Wait for its end.").ToRpc();
        var (total, room) = (new RebuildProgress(), DifferencesShownMax);
        foreach (var projection in projections)
        {
            var last = new RebuildStep(0, 0, 0, [], Done: true);
            await foreach (var step in projection.RebuildAsync(request.DryRun, ct))
            {
                last = step;
                var progress = new RebuildProgress { Events = Math.Max(total.Events, step.Events), Parcels = total.Parcels + step.Keys, Differences = total.Differences + step.Differences };
                progress.Shown.AddRange(step.Found.Take(room).Select(Shown));
                room -= progress.Shown.Count;
                await responseStream.WriteAsync(progress, ct);
            }
            // Every projection reads the same journal: its events count once.
            total = new RebuildProgress { Events = Math.Max(total.Events, last.Events), Parcels = total.Parcels + last.Keys, Differences = total.Differences + last.Differences };
        }
        total.Done = true;
        await responseStream.WriteAsync(total, ct);
    }

    public override async Task Backup(BackupRequest request, IServerStreamWriter<BackupPart> responseStream, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        await using var parts = new ArchiveParts(responseStream, Archive.Estimate(options.Database, data), ct);
        RpcFaults.ThrowIf(await Archive.WriteAsync(options.Database, data, time.Now(), parts, ct));
        await parts.FinishAsync();
    }

    public override async Task<OverviewReply> Overview(OverviewRequest request, ServerCallContext context)
    {
        var reply = new OverviewReply();
        foreach (var part in overview) await part.FillAsync(reply, context.CancellationToken);
        return reply;
    }

    private static VerifyJournalProgress Whole(VerifyReport report)
    {
        var progress = new VerifyJournalProgress { Events = report.Events, Sources = report.Sources, Done = true };
        progress.Broken.AddRange(report.Broken.Select(b => new Rpc.BrokenLink
        {
            Source = b.Source, ChainIndex = b.ChainIndex, Position = b.Position, EventId = b.EventId?.ToString("D", CultureInfo.InvariantCulture) ?? "", Reason = Word(b.Reason),
        }));
        progress.Gaps.AddRange(report.Gaps.Select(g => new Rpc.SequenceGap
        {
            Source = g.Source, Boot = g.Boot.ToString("D", CultureInfo.InvariantCulture), FirstMissing = (ulong)g.FirstMissing, LastMissing = (ulong)g.LastMissing,
        }));
        progress.MissingBlobs.AddRange(report.MissingBlobs);
        return progress;
    }

    private static string Word(BreakReason reason) => reason switch
    {
        BreakReason.Changed => "changed",
        BreakReason.Removed => "removed",
        BreakReason.Inserted => "inserted",
        _ => "head",
    };

    private static Difference Shown(ProjectionDifference found) => new() { Projection = found.Projection, Key = found.Key, Field = found.Field, Live = found.Live, Rebuilt = found.Rebuilt };
}

/// <summary>One rebuild at a time in a process: two would read everything twice and wait for each other's locks. Singleton, thread-safe.</summary>
internal sealed class RebuildTurn
{
    private int _taken;

    /// <summary>Null while another has it; disposing gives it back.</summary>
    internal IDisposable? TryTake() => Interlocked.CompareExchange(ref _taken, 1, 0) == 0 ? new Held(this) : null;

    private sealed class Held(RebuildTurn turn) : IDisposable
    {
        public void Dispose() => Interlocked.Exchange(ref turn._taken, 0);
    }
}
