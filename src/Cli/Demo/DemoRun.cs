using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// The running demonstration: backend, agent, simulated benches and a clerk at each, in this process but over their real lines: pseudo-terminals, the edge
/// link, the pages' service. Dispose takes it down in the order of a depot's evening.
/// </summary>
internal sealed class DemoRun : IAsyncDisposable
{
    private const int HandoverSize = 5;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    private readonly DemoSettings _settings;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private readonly BackendHost _backend;
    private readonly DemoPages _pages;
    private readonly GrpcChannel _local;
    private readonly DemoBoard _board = new();
    private readonly ILoggerFactory _logs;
    private readonly IReadOnlyList<DemoPerson> _people;
    private readonly IReadOnlyList<DemoBench> _benches;
    private readonly DemoBackend _office;
    private EdgeHost? _agent;

    private DemoRun(DemoSettings settings, TimeProvider time, string folder, BackendHost backend, DemoPages pages, IReadOnlyList<DemoPerson> people, DemoBackend office, GrpcChannel local)
    {
        (_settings, _time, _folder, _backend, _pages, _people, _office, _local) = (settings, time, folder, backend, pages, people, office, local);
        _benches = DemoBench.TwoStations(folder, settings.Seed, time);
        _logs = LoggerFactory.Create(log => log.SetMinimumLevel(LogLevel.Warning).AddProvider(new FileLog(Path.Combine(folder, "demo.log"), time)));
    }

    public static async Task<DemoRun> StartAsync(DemoSettings settings, TimeProvider time, TextWriter progress, CancellationToken ct)
    {
        var folder = settings.Data is { } kept ? Directory.CreateDirectory(kept).FullName : Directory.CreateTempSubdirectory("kal-demo-").FullName;
        await progress.WriteLineAsync($"Everything of this demonstration is in {folder}");
        var fresh = DemoPeople.Fresh();
        var pages = new DemoPages();
        var backend = BackendHost.Build(new BackendOptions
        {
            Database = DatabaseOption.Read("sqlite:" + Path.Combine(folder, "kal.db")),
            Urls = settings.Urls,
            UnixSocket = Path.Combine(folder, "run", "s"),
            MapMore = pages.Map,
            Logging = log => log.AddProvider(new FileLog(Path.Combine(folder, "backend.log"), time)),
        });
        await backend.StartAsync(ct);
        var local = backend.OpenLocalChannel();
        var office = new DemoBackend(local.CreateCallInvoker(), new RandomIds(time), time);
        var people = await office.MakePeopleAsync(fresh, ct);
        var desk = new DemoOffice(local.CreateCallInvoker(), people, new RandomIds(time), time);
        await desk.OpenAccountsAsync(ct);
        await new ContractSeeds(local.CreateCallInvoker(), new RandomIds(time), time).SignAsync(DemoTerms.Files(), ct);
        await desk.LeaveWorkAsync(ct);
        await new DemoDispatch(local.CreateCallInvoker(), people, new RandomIds(time), time).LeaveMorningAsync(ct);
        pages.People = people;
        var run = new DemoRun(settings, time, folder, backend, pages, people, office, local);
        await run.StartAgentAsync(ct);
        return run;
    }

    private async Task StartAgentAsync(CancellationToken ct)
    {
        var file = Path.Combine(_folder, "agent.yaml");
        var web = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        await File.WriteAllTextAsync(file, DemoBench.Configuration(DemoBackend.Depot, _backend.GrpcAddresses[0], Path.Combine(_folder, "agent"), 0, Directory.Exists(web) ? web : null, _benches, _time.GetUtcNow().Year + 1), ct);
        var configuration = ReadConfiguration.FromFile(file);
        var enrolled = await EnrolAgent.RunAsync(configuration, await _office.EnrolmentCodeAsync(ct), "kal demo", ct);
        if (!enrolled.IsOk) throw new UsageException($"The agent could not enrol: {enrolled.Fault.Message}");
        _agent = EdgeHost.Build(new EdgeOptions { Configuration = configuration, Logs = _logs, Software = "kal demo " + VersionVerb.Version });
        await _agent.StartAsync(ct);
        _pages.Agent = _agent.StationAddress;
    }

    /// <summary>What did not go as the story says, newest last; for a person.</summary>
    public IEnumerable<string> Notes => _board.Notes;

    /// <summary>Passes parcels until they are through (with --exit-when-done) or the token fires; gives the summary.</summary>
    public async Task<DemoSummary> UntilDoneAsync(bool screen, TextWriter output, CancellationToken ct)
    {
        var address = _backend.PageAddresses[0].ToString();
        await output.WriteLineAsync($"Pages: {address}   station: {address}station");
        foreach (var person in _people) await output.WriteLineAsync($"  {person.Role,-18} {person.Name,-11} {person.Password}{(person.Pin is null ? "" : "  PIN " + person.Pin)}");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var shown = screen ? DemoScreen.RunAsync(_board, address, _people, _time, ended.Token) : Task.CompletedTask;
        try
        {
            await Task.WhenAll(_benches.Select((bench, index) => StationAsync(bench, index, ct)));
            await DrainAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Ctrl+C is how a demonstration ends.
        }
        finally
        {
            await ended.CancelAsync();
            await shown;
        }
        return await SummaryAsync(CancellationToken.None);
    }

    private async Task StationAsync(DemoBench bench, int index, CancellationToken ct)
    {
        var person = _people.Where(one => one.Role == "DepotClerk").ElementAt(index);
        var courier = _people.Where(one => one.Role == "Courier").ElementAt(index);
        await using var clerk = await DemoClerk.SitDownAsync(_agent!, bench, person, _board, _time, _settings.Pause, DrainLimit, ct);
        var morning = new DemoMorning(LocalDate.FromDateTime(_time.GetUtcNow().UtcDateTime), _settings.Seed + (index * 500));
        var done = 0;
        while (!_settings.ExitWhenDone || done < _settings.Parcels)
        {
            var batch = morning.Next(_settings.ExitWhenDone ? Math.Min(16, _settings.Parcels - done) : 16);
            await _office.RegisterAsync(batch, courier.Id, ct);
            await ManifestHasAsync(batch, ct);
            foreach (var parcel in batch)
            {
                await clerk.PassAsync(parcel, ct);
                if (++done % 23 == 11) await clerk.TripOverTheCableAsync(ct);
            }
            await RunSheetAsync(clerk, courier, person, batch, ct);
        }
    }

    /// <summary>The depot hands what is in order to the courier, as the morning's run sheet.</summary>
    private static Task RunSheetAsync(DemoClerk clerk, DemoPerson courier, DemoPerson person, IReadOnlyList<DemoParcel> batch, CancellationToken ct)
    {
        var inOrder = batch.Where(one => one.Story is ParcelStory.Fine or ParcelStory.Insured or ParcelStory.Cod).DistinctBy(one => one.Code, StringComparer.Ordinal).Take(HandoverSize).ToArray();
        return clerk.HandOverAsync(
            HandoverKind.DepotToCourier,
            new Party { Kind = PartyKind.Depot, Id = DemoBackend.Depot },
            new Party { Kind = PartyKind.Courier, Id = courier.Id },
            person, courier, inOrder, ct);
    }

    /// <summary>Parcels are judged by the terms and the manifest, which follows the registration and the pickup down the link.</summary>
    private async Task ManifestHasAsync(IReadOnlyList<DemoParcel> batch, CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        var registered = batch.Where(static one => one.IsRegistered).ToArray();
        while ((_agent!.TermsVersion == 0 || !registered.All(one => _agent.ToldOf(one.Code) is { } told && (one.PickedUp is null || told.HandedOn is not null))) && _time.GetElapsedTime(began) < DrainLimit) await Task.Delay(TimeSpan.FromMilliseconds(50), _time, ct);
    }

    private async Task DrainAsync(CancellationToken ct)
    {
        var began = _time.GetTimestamp();
        while (_agent!.Unsent > 0 && _time.GetElapsedTime(began) < DrainLimit) await Task.Delay(TimeSpan.FromMilliseconds(100), _time, ct);
    }

    private async Task<DemoSummary> SummaryAsync(CancellationToken ct)
    {
        var operations = new Api.Operations.V1.Operations.OperationsClient(_local);
        var overview = await operations.OverviewAsync(new OverviewRequest(), cancellationToken: ct);
        var verified = new VerifyJournalProgress();
        using var call = operations.VerifyJournal(new VerifyJournalRequest(), cancellationToken: ct);
        await foreach (var step in call.ResponseStream.ReadAllAsync(ct)) verified = step;
        return new DemoSummary
        {
            Parcels = _board.Parcels,
            Missed = _board.Missed,
            Answers = _board.Headlines.ToDictionary(StringComparer.Ordinal),
            Handovers = _board.Handovers,
            CablesPulled = _board.CablesPulled,
            Unsent = _agent!.Unsent,
            JournalledEvents = overview.JournalEvents,
            BrokenLinks = verified.Broken.Count,
            HeldParcels = overview.Held,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null) await _agent.DisposeAsync();
        foreach (var bench in _benches) bench.Dispose();
        _local.Dispose();
        await _backend.StopAsync();
        await _backend.DisposeAsync();
        _pages.Dispose();
        _logs.Dispose();
        if (_settings.Data is null) Directory.Delete(_folder, recursive: true);
    }
}
