using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>
/// The terms of a folder of files, looked at again and again. A broken file keeps the last good terms of its account; nothing that goes wrong with
/// the folder takes terms away that are in force.
/// </summary>
internal sealed class TermsFolderSource(TermsFolderOptions options, TimeProvider time, ILogger<TermsFolderSource> log) : BackgroundService, ITermsInForce
{
    private readonly Lock _lock = new();
    private TermsState _state = TermsState.Nothing;
    private volatile TermsSnapshot _now = TermsSnapshot.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FolderLook? _folder;
    private bool _saved;

    /// <inheritdoc/>
    public TermsSnapshot Now => _now;

    /// <summary>What is wrong with the folder as a whole; null when nothing is.</summary>
    internal string? FolderFlaw { get; private set; }

    /// <summary>The files that have mistakes now.</summary>
    internal ImmutableArray<TermsFile> Broken { get; private set; } = [];

    /// <inheritdoc/>
    public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_now.Version != known) return _now;
                changed = _changed.Task;
            }
            await changed.WaitAsync(ct);
        }
    }

    /// <summary>Reads everything once before the host starts to serve.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var (state, flaw) = TermsState.Load(options.StateFile);
        if (flaw is not null) TermsLog.StateUnreadable(log, options.StateFile, flaw);
        Publish(state);
        LookOnce();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) LookOnce();
    }

    /// <summary>One look at the folder.</summary>
    internal void LookOnce()
    {
        try
        {
            ImmutableArray<TermsFile>? files;
            if (_folder is null)
            {
                var first = new FolderLook(options.Folder, _state.Files);
                files = first.First();
                _folder = first;
            }
            else
            {
                files = _folder.Again();
            }
            if (FolderFlaw is not null) TermsLog.FolderBack(log, options.Folder);
            FolderFlaw = null;
            if (files is { } changed) Take(changed);
            else if (!_saved) Save();
        }
        catch (Exception flaw) when (flaw is IOException or UnauthorizedAccessException)
        {
            if (!string.Equals(FolderFlaw, flaw.Message, StringComparison.Ordinal)) TermsLog.FolderUnreadable(log, options.Folder, flaw.Message);
            FolderFlaw = flaw.Message;
        }
    }

    private void Take(ImmutableArray<TermsFile> files)
    {
        foreach (var file in files.Where(f => !f.Mistakes.IsEmpty && !Broken.Any(b => SameMistakes(b, f)))) TermsLog.FileBroken(log, file.Name, string.Join(Environment.NewLine, file.Mistakes), file.Terms.Length);
        foreach (var mended in Broken.Where(b => files.Any(f => f.Mistakes.IsEmpty && string.Equals(f.Name, b.Name, StringComparison.Ordinal)))) TermsLog.FileMended(log, mended.Name);
        foreach (var gone in _state.Files.Where(b => !files.Any(f => string.Equals(f.Name, b.Name, StringComparison.Ordinal)))) TermsLog.FileGone(log, gone.Name);
        Broken = [.. files.Where(f => !f.Mistakes.IsEmpty)];
        var next = _state.Next(files, time.Now().ToUnixTimeSeconds());
        Publish(next);
        _saved = false;
        Save();
        TermsLog.InForce(log, next.Version, next.Files.Count(f => !f.Terms.IsEmpty), _now.All.Length);
    }

    private void Publish(TermsState state)
    {
        TaskCompletionSource? changed = null;
        lock (_lock)
        {
            _state = state;
            if (_now.Version == state.Version) return;
            _now = new TermsSnapshot(state.Version, state.Files.SelectMany(f => f.Terms));
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }

    private static bool SameMistakes(TermsFile a, TermsFile b) => string.Equals(a.Name, b.Name, StringComparison.Ordinal) && a.Mistakes.SequenceEqual(b.Mistakes);

    // Terms in force matter more than their memory: a full disk is told, and tried again at the next look.
    private void Save()
    {
        try
        {
            _state.Save(options.StateFile);
            _saved = true;
            StateFlaw = null;
        }
        catch (Exception flaw) when (flaw is IOException or UnauthorizedAccessException)
        {
            if (!string.Equals(StateFlaw, flaw.Message, StringComparison.Ordinal)) TermsLog.StateUnwritable(log, options.StateFile, flaw.Message);
            StateFlaw = flaw.Message;
        }
    }

    /// <summary>Why the state file could not be written; null when it could.</summary>
    internal string? StateFlaw { get; private set; }
}
