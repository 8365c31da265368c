using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Rating;
using KeyAccountLogistics.Contracts.Settling;
using KeyAccountLogistics.Contracts.Storage;
using KeyAccountLogistics.Contracts.Versions;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Contracts.InForce;

/// <summary>
/// The terms of what is signed. Their number is the table's counter, which rises in the transaction of each change: every server shows the same terms under the same number,
/// over restarts too. A change made here is seen at once, one made by another server within a second.
/// </summary>
internal sealed class ContractTerms(IServiceScopeFactory scopes, TimeProvider time, ILogger<ContractTerms> log) : BackgroundService, ITermsInForce, IRatesInForce, IServiceTermsInForce, IRemittancesInForce
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private const int AttemptsMax = 5;

    private readonly Lock _lock = new();
    // Never disposed: it holds nothing but memory, and a look that is under way when the host is torn down still gives it back.
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly Dictionary<(string Contract, int Version), Known> _known = [];
    private readonly Dictionary<(string Contract, int Version), (byte[] Hash, ContractVersion AsDated, RateProgram Program)> _programs = [];
    private volatile Held _held = new(TermsSnapshot.Empty, [], new RateInForce([]));
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Known(byte[] Hash, ContractVersion Document);

    private sealed record Held(TermsSnapshot Terms, ImmutableArray<ContractVersion> Versions, RateInForce Rates);

    /// <inheritdoc/>
    public TermsSnapshot Now => _held.Terms;

    /// <inheritdoc/>
    RateInForce IRatesInForce.Now => _held.Rates;

    /// <inheritdoc/>
    public ServiceTerms? ServiceOf(string account, Instant at) => InForce(account, at) is { } version ? ServiceTerms.Of(version) : null;

    /// <inheritdoc/>
    public ServiceTerms? ServiceOf(string account, string contract, uint version) =>
        Versions.FirstOrDefault(v => v.Version == version && string.Equals(v.Account, account, StringComparison.Ordinal) && string.Equals(v.Contract, contract, StringComparison.Ordinal)) is { } found ? ServiceTerms.Of(found) : null;

    /// <inheritdoc/>
    public RemittanceDue? DueOf(string account, Instant collected)
    {
        if (InForce(account, collected) is not { Cod: { } clause } version) return null;
        var day = CodRemittance.DateOf(clause, collected, VersionLife.Zone, WorkingCalendar.China).Date;
        return new RemittanceDue(version.Contract, version.Version, clause.Clause.Value, VersionLife.Zone.AtStartOfDay(day.PlusDays(1)).ToInstant() - Duration.FromTicks(10));
    }

    internal ContractVersion? InForce(string account, Instant at)
    {
        ContractVersion? inForce = null;
        foreach (var version in Versions)
        {
            if (!string.Equals(version.Account, account, StringComparison.Ordinal) || !version.Covers(at)) continue;
            // As the snapshot picks: the one in force last.
            if (inForce is null || (version.EffectiveFrom ?? default, version.Version).CompareTo((inForce.EffectiveFrom ?? default, inForce.Version)) >= 0) inForce = version;
        }
        return inForce;
    }

    /// <summary>Every signed version, its dates put to what counts; those that never accept parcels are left out.</summary>
    internal ImmutableArray<ContractVersion> Versions => _held.Versions;

    /// <summary>What is wrong; null when nothing is.</summary>
    internal string? Flaw { get; private set; }

    /// <inheritdoc/>
    public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Now.Version != known) return Now;
                changed = _changed.Task;
            }
            await changed.WaitAsync(ct);
        }
    }

    /// <summary>Reads everything once before the host starts to serve.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>One look at the database: what has changed is in force when this returns.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        await _looking.WaitAsync(ct);
        try
        {
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                await using var scope = scopes.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(Caller.System);
                var db = scope.ServiceProvider.GetRequiredService<ContractsDb>();
                var number = await NumberAsync(db, ct);
                if (number == Now.Version) return;
                var versions = await ReadAsync(db, ct);
                // Changed while it was read: what was read may be the newer terms under the older number.
                if (await NumberAsync(db, ct) != number) continue;
                Publish(new Held(new TermsSnapshot(number, versions.Select(static v => v.ToTerms()!)), versions, new RateInForce(versions.Select(ProgramOf))));
                return;
            }
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Poll, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
                if (Flaw is { } gone && !gone.StartsWith(DocumentFlaw, StringComparison.Ordinal)) Flaw = null;
            }
            catch (Exception failure) when (StorageFaults.Of(failure) is { } fault && !stoppingToken.IsCancellationRequested)
            {
                // What is held stays in force; said once while it lasts.
                if (Flaw is null) InForceLog.LookFailed(log, failure);
                Flaw = fault.Message;
            }
        }
    }

    private const string DocumentFlaw = "Document";

    private static async Task<ulong> NumberAsync(ContractsDb db, CancellationToken ct) => (ulong)await db.Counters.AsNoTracking().Where(c => c.Name == ContractActs.TermsCounter).Select(c => c.Last).SingleOrDefaultAsync(ct);

    private async Task<ImmutableArray<ContractVersion>> ReadAsync(ContractsDb db, CancellationToken ct)
    {
        var rows = await db.Versions.AsNoTracking().Where(v => v.State == (int)VersionState.Signed).OrderBy(v => v.Contract).ThenBy(v => v.Version).ToListAsync(ct);
        var agreed = (await db.Agreements.AsNoTracking().Select(a => new { a.Account, a.LastDay }).ToListAsync(ct))
            .GroupBy(static a => a.Account!, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => (LocalDate?)g.Max(static a => a.LastDay), StringComparer.Ordinal);
        var versions = ImmutableArray.CreateBuilder<ContractVersion>();
        string? flaw = null;
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (DocumentOf(row) is not { } document)
            {
                flaw = $"{DocumentFlaw} of {row.Contract} v{row.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)} cannot be read by this program.";
                InForceLog.DocumentUnreadable(log, row.Contract, row.Version);
                continue;
            }
            var next = i + 1 < rows.Count && string.Equals(rows[i + 1].Contract, row.Contract, StringComparison.Ordinal) ? StoredVersions.At(rows[i + 1].FromUs) : null;
            var span = VersionLife.Span(document.EffectiveFrom!.Value, StoredVersions.EndOf(row), next, StoredVersions.AgreementUntil(agreed.GetValueOrDefault(row.Account!)));
            if (span is { } holds) versions.Add(document with { EffectiveFrom = holds.From, EffectiveUntil = holds.Until });
        }
        Flaw = flaw;
        return versions.ToImmutable();
    }

    // A signed document never changes, so it is read once.
    private ContractVersion? DocumentOf(VersionRow row)
    {
        if (_known.TryGetValue((row.Contract, row.Version), out var known) && known.Hash.AsSpan().SequenceEqual(row.Hash)) return known.Document;
        if (StoredVersions.Document(row) is not { } document) return null;
        _known[(row.Contract, row.Version)] = new Known(row.Hash, document);
        return document;
    }

    // Compiled once for a document and its dates: most changes leave most versions as they are.
    private RateProgram ProgramOf(ContractVersion dated)
    {
        var (key, hash) = ((dated.Contract, (int)dated.Version), _known[(dated.Contract, (int)dated.Version)].Hash);
        if (_programs.TryGetValue(key, out var known) && known.Hash.AsSpan().SequenceEqual(hash) && known.AsDated.EffectiveFrom == dated.EffectiveFrom && known.AsDated.EffectiveUntil == dated.EffectiveUntil) return known.Program;
        var program = RateProgram.Compile(dated);
        _programs[key] = (hash, dated, program);
        return program;
    }

    private void Publish(Held held)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _held = held;
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
        InForceLog.InForce(log, held.Terms.Version, held.Versions.Length);
    }
}
