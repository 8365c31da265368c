using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Feed;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.EdgeAgent.Snapshots;
using KeyAccountLogistics.EdgeAgent.Stations;
using KeyAccountLogistics.EdgeAgent.Uplink;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using Google.Protobuf;
using Station = KeyAccountLogistics.EdgeAgent.Stations.Station;

namespace KeyAccountLogistics.EdgeAgent;

/// <summary>
/// One depot's agent in this process: devices, stations, journal, uplink and station feed. Build, start, dispose. Built without an identity it works
/// offline only, until it is enrolled and started anew.
/// </summary>
public sealed class EdgeHost : IAsyncDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(500);

    private readonly EdgeOptions _options;
    private readonly FileStream _lock;
    private readonly CaptureJournal _journal;
    private readonly AgentClock _clock;
    private readonly LinkStatus _link = new();
    private readonly Dictionary<string, Station> _stations = new(StringComparer.Ordinal);
    private readonly List<DeviceSession> _devices = [];
    private readonly List<(string Station, AroundScale Around)> _arounds = [];
    private readonly StationSessions _sessions;
    private readonly StationWatchers _watchers = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly BackendUplink? _uplink;
    private readonly StationServer? _server;
    private readonly AgentKey? _key;
    private readonly Manifest _manifest;
    private readonly HeldTerms _terms;
    private readonly HeldDoubts _doubts;
    private readonly DepotPeople _people;
    private readonly ITimer _tick;
    private bool _disposed;

    private EdgeHost(EdgeOptions options, FileStream exclusive)
    {
        var configuration = options.Configuration;
        var (data, files) = (configuration.DataDirectory, options.Files);
        var log = options.Logs.CreateLogger("KeyAccountLogistics.EdgeAgent");
        _options = options;
        _lock = exclusive;
        var ids = options.Ids ?? new RandomIds(options.Time);
        _clock = new AgentClock(options.Time, files, Path.Combine(data, "clock"));
        _journal = CaptureJournal.Open(new JournalOptions
        {
            Directory = Path.Combine(data, "journal"),
            SegmentBytes = (long)configuration.Journal.SegmentMib << 20,
            KeepBytes = (long)configuration.Journal.KeepMib << 20,
            ReserveBytes = (long)configuration.Journal.ReserveMib << 20,
        }, files, ids, log);
        _sessions = new StationSessions(() => _clock.MonotonicMicros, configuration.Windows.Idle.ToTimeSpan());
        var words = configuration.Words;
        _people = new DepotPeople(_clock, files, data, words.BadgePrefix, log) { Changed = _sessions.KeepOnly };
        _manifest = new Manifest(files, data, log);
        _terms = new HeldTerms(files, data, log);
        _doubts = new HeldDoubts(files, data, log) { Changed = _watchers.ChangedAll };
        var shared = new StationServices
        {
            Configuration = configuration,
            Words = words,
            Clock = _clock,
            Ids = ids,
            Journal = _journal,
            Terms = _terms,
            Manifest = _manifest,
            Doubts = _doubts,
            People = _people,
            Sessions = _sessions,
            Handovers = new OpenHandovers(_journal),
            Seen = new ParcelsSeen(configuration.Windows.Duplicate.BclCompatibleTicks / 10),
            Blobs = new BlobStore(files, Path.Combine(data, "blobs")),
            Link = _link,
            Log = log,
        };
        foreach (var station in configuration.Stations)
        {
            var made = new Station(station, shared) { Changed = () => _watchers.Changed(station.Id) };
            _stations[station.Id] = made;
            if (station.Around.Ids.Any())
            {
                var around = new AroundScale(station.Around, options.Nodes, made.Queue, options.Time, log);
                _arounds.Add((station.Id, around));
                made.Surround(around);
            }
            foreach (var device in station.Devices) _devices.Add(DeviceSession.Create(device.Settings, made.Queue, options.Time, log));
        }
        _sessions.Ended = ended => _stations[ended.Station].SessionEnded(ended.Person.Id);
        Station.FoldAll(_journal, _stations, log);
        var identity = AgentIdentity.Read(files, data);
        if (identity is not null)
        {
            _key = AgentKey.LoadOrMake(files, configuration.KeyFile);
            _uplink = new BackendUplink(UplinkOf(shared, identity), options.Uplink);
        }
        else
        {
            _link.Set("refused", "not enrolled", _clock.Stamp().WallMicros);
        }
        if (configuration.Page is { } page) _server = new StationServer(page, FeedOf(shared, identity), options.Logs);
        _tick = options.Time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The station feed's own address once started; null without a page endpoint.</summary>
    public Uri? StationAddress => _server?.Address;

    /// <summary>Events not yet acknowledged by the backend.</summary>
    public long Unsent => _journal.UnsentCount;

    /// <summary>How the line to the backend stands: connected, connecting, offline or refused.</summary>
    public string LinkState => _link.State;

    /// <summary>What the backend has told this depot of a parcel; null when nothing.</summary>
    public ManifestParcel? ToldOf(string parcel) => _manifest.Find(parcel)?.Clone();

    /// <summary>The version of the terms that parcels are judged by; 0 while there are none and every parcel is Pending.</summary>
    public ulong TermsVersion => _terms.Now.Version;

    internal ulong ManifestVersion => _manifest.Version;

    internal ulong PeopleVersion => _people.Version;

    internal ulong DoubtsVersion => _doubts.Version;

    internal CaptureJournal Journal => _journal;

    internal IReadOnlyDictionary<string, Station> Stations => _stations;

    /// <summary>
    /// Makes an agent, recovering what its data directory holds; nothing runs before <see cref="StartAsync"/>. Throws <see cref="IOException"/> when the data
    /// directory cannot be used or another agent uses it.
    /// </summary>
    public static EdgeHost Build(EdgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Configuration.DataDirectory);
        var path = Path.Combine(options.Configuration.DataDirectory, "agent.lock");
        var exclusive = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            return new EdgeHost(options, exclusive);
        }
        catch
        {
            exclusive.Dispose();
            throw;
        }
    }

    /// <summary>Starts stations, devices, uplink and feed.</summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        _link.Changed = _watchers.ChangedAll;
        foreach (var station in _stations.Values) station.Start();
        await ReportGapsAsync();
        _journal.GapFound = gap => ThreadPool.UnsafeQueueUserWorkItem(_ => _ = ReportGapAsync(gap), null);
        if (_server is not null) await _server.StartAsync(ct);
        _uplink?.Start();
        foreach (var device in _devices) device.Start();
        foreach (var (_, around) in _arounds) around.Start();
        _tick.Change(TickEvery, TickEvery);
    }

    /// <summary>A snapshot of one station's state, as its page sees it; null when there is no such station.</summary>
    public async Task<StationState?> StateAsync(string station) => _stations.TryGetValue(station, out var found) ? await found.StateAsync() : null;

    /// <summary>Stops devices first, then stations, then everything else: what was accepted is on the disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _stopping.CancelAsync();
        await _tick.DisposeAsync();
        foreach (var device in _devices) device.Dispose();
        foreach (var (_, around) in _arounds) around.Dispose();
        foreach (var station in _stations.Values) await station.StopAsync();
        if (_server is not null) await _server.DisposeAsync();
        if (_uplink is not null) await _uplink.DisposeAsync();
        _journal.Dispose();
        _key?.Dispose();
        _stopping.Dispose();
        await _lock.DisposeAsync();
    }

    private void Tick()
    {
        _sessions.EndIdle();
        foreach (var station in _stations.Values) station.Queue.TryPost(new StationInput.Tick());
    }

    /// <summary>What could not be read any more becomes a fact of its own, so that the backend learns of it by the same road as everything else.</summary>
    private async Task ReportGapsAsync()
    {
        foreach (var gap in _journal.Recovery.NewGaps) await ReportGapAsync(gap);
    }

    private async Task ReportGapAsync(JournalGap gap)
    {
        var facts = new FactMaker(_clock, _options.Ids ?? new RandomIds(_options.Time), _options.Configuration.Depot, "");
        var fact = facts.New(EventKind.DeviceState, "");
        fact.Device = "agent-journal";
        fact.DeviceState = new Api.Custody.V1.DeviceState { State = "garbled", Reason = $"gap: events {Number(gap.First)} to {Number(gap.Last)} of boot {gap.Boot} are lost ({gap.Reason})" };
        await _journal.AppendAsync(fact.ToByteArray());

        static string Number(ulong number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private UplinkServices UplinkOf(StationServices shared, AgentIdentity identity) => new()
    {
        Configuration = shared.Configuration,
        Identity = identity,
        Key = _key!,
        Clock = _clock,
        Journal = _journal,
        Terms = shared.Terms,
        Manifest = shared.Manifest,
        Doubts = shared.Doubts,
        People = shared.People,
        Blobs = shared.Blobs,
        Status = _link,
        Devices = HealthOfDevices,
        StationUrl = () => shared.Configuration.StationUrl.Length > 0 ? shared.Configuration.StationUrl : _server?.Address?.ToString() ?? "",
        Jitter = _options.Jitter,
        Software = _options.Software,
        Logs = _options.Logs,
        Log = shared.Log,
    };

    private FeedServices FeedOf(StationServices shared, AgentIdentity? identity) => new()
    {
        Depot = shared.Configuration.Depot,
        Agent = identity?.Agent ?? "",
        Zone = shared.Configuration.Zone.Id,
        Stations = _stations,
        People = shared.People,
        Sessions = _sessions,
        Clock = _clock,
        Blobs = shared.Blobs,
        Watchers = _watchers,
        Stopping = _stopping.Token,
        Log = shared.Log,
    };

    private List<DeviceHealth> HealthOfDevices() => [.. _devices.Select(device =>
    {
        var status = device.Status;
        var station = _options.Configuration.Stations.First(s => s.Devices.Any(d => string.Equals(d.Settings.Id, device.Id, StringComparison.Ordinal)));
        var settings = station.Devices.First(d => string.Equals(d.Settings.Id, device.Id, StringComparison.Ordinal));
        return new DeviceHealth
        {
            Device = device.Id,
            Kind = settings.Kind == FirmwareAdapters.Protocols.DeviceKind.Scale ? "scale" : "scanner",
            State = status.State.ToString().ToLowerInvariant(),
            Reason = status.Reason,
            SinceUs = status.Since.ToUnixMicros(),
            Protocol = settings.Settings.Protocol,
            Station = station.Id,
        };
    }), .. _arounds.SelectMany(static pair => pair.Around.Health.Select(health => new DeviceHealth
    {
        Device = health.Id, Kind = health.Kind, State = health.State, Reason = health.Reason, SinceUs = health.SinceUs, Station = pair.Station,
    }))];
}
