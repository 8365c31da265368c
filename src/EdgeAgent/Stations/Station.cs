using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Verdicts.Pairing;
using NodaTime;
using DeviceState = KeyAccountLogistics.FirmwareAdapters.Sessions.DeviceState;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>
/// One place where somebody scans and weighs: takes what devices and people do one after the other, journals every fact before it shows it, and judges
/// by what the agent holds. Its state is what is shown; everything that must survive is in the journal.
/// </summary>
internal sealed partial class Station
{
    private const int CommandsMax = 512;

    private readonly StationServices _services;
    private readonly FactMaker _facts;
    private readonly PairingOptions? _pairingOptions;
    private readonly StationDevice? _scale;
    private readonly Dictionary<ByteString, StationReply> _replies = [];
    private readonly Queue<ByteString> _replyOrder = new();
    private readonly Dictionary<string, DeviceHealth> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChangeLimit> _changeLimits = new(StringComparer.Ordinal);
    private JournalRefusal? _refused;
    private Task? _running;

    public Station(StationConfiguration configuration, StationServices services)
    {
        Configuration = configuration;
        _services = services;
        _facts = new FactMaker(services.Clock, services.Ids, services.Configuration.Depot, configuration.Id);
        Queue = new StationQueue(services.Clock, services.Log);
        _scale = configuration.Devices.FirstOrDefault(static d => d.Kind == DeviceKind.Scale);
        if (_scale?.Scale is { } facts)
        {
            _pairingOptions = PairingOptions.For(facts.Interval) with
            {
                ScanBefore = services.Configuration.Windows.ScanBefore, ScanAfter = services.Configuration.Windows.ScanAfter,
            };
            _stability = new StabilityWindow(_scale.Stability);
        }
        foreach (var device in configuration.Devices)
        {
            _devices[device.Settings.Id] = new DeviceHealth
            {
                Device = device.Settings.Id,
                Kind = device.Kind == DeviceKind.Scale ? "scale" : "scanner",
                State = "absent",
                Protocol = device.Settings.Protocol,
                Station = configuration.Id,
            };
        }
        foreach (var (id, kind) in configuration.Around.Ids) _devices[id] = new DeviceHealth { Device = id, Kind = kind, State = "absent", Station = configuration.Id };
    }

    public StationConfiguration Configuration { get; }

    public StationQueue Queue { get; }

    /// <summary>Called after every change of what is shown, on the station's own task; must return at once.</summary>
    public Action? Changed { get; set; }

    /// <summary>Called with every weighing once it is durable; for measurements.</summary>
    public Action<Judged>? JudgedNow { get; set; }

    private string Id => Configuration.Id;

    private SignedIn? Person => _services.Sessions.At(Id);

    private string Actor => Person?.Person.Id ?? "";

    /// <summary>True when captures are accepted as to who makes them.</summary>
    private bool Manned => !Configuration.Attended || Person is not null;

    /// <summary>Starts handling; the journal must have been folded before.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Handles what is queued already and stops.</summary>
    public async Task StopAsync()
    {
        Queue.Complete();
        if (_running is not null) await _running;
    }

    /// <summary>Runs an act on the station's task; a full queue is a refusal.</summary>
    public async Task<T> RunAsync<T>(Func<ValueTask<T>> act, T busy)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var posted = Queue.TryPost(new StationInput.Act(async () =>
        {
            try
            {
                done.SetResult(await act());
            }
            catch (Exception fault)
            {
                done.SetException(fault);
                throw;
            }
        }));
        return posted ? await done.Task : busy;
    }

    private async Task RunAsync()
    {
        await foreach (var input in Queue.Reader.ReadAllAsync())
        {
            try
            {
                await HandleAsync(input);
            }
            catch (Exception fault)
            {
                // One bad input must not stop the scale for the rest of the shift; it is loud in the log and a test fails on it.
                StationLog.InputFailed(_services.Log, fault, Id, input.GetType().Name);
            }
            Light();
            Changed?.Invoke();
        }
    }

    private ValueTask HandleAsync(StationInput input) => input switch
    {
        StationInput.Weighed weighed => OnWeighedAsync(weighed),
        StationInput.Scanned scanned => OnScannedAsync(scanned),
        StationInput.DeviceChanged changed => OnDeviceChangedAsync(changed.Change),
        StationInput.Tick => OnTickAsync(),
        StationInput.Act act => act.Do(),
        StationInput.PlatformSeen seen => Now(() => OnPlatformSeen(seen.Occupancy)),
        StationInput.AroundChanged changed => Now(() => OnAroundChanged(changed.Health)),
        StationInput.Photographed photographed => OnPhotographedAsync(photographed),
        _ => throw new Kernel.InvariantBrokenException("a station has eight kinds of inputs", input.GetType().Name),
    };

    private static ValueTask Now(Action act)
    {
        act();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Journals facts as one group. Nothing is shown as done before this says so; a refusal is kept for display and logged.
    /// </summary>
    private async ValueTask<AppendAnswer> RecordAsync(params IReadOnlyList<ParcelEvent> facts)
    {
        var bodies = new ReadOnlyMemory<byte>[facts.Count];
        for (var i = 0; i < facts.Count; i++) bodies[i] = facts[i].ToByteArray();
        var answer = await _services.Journal.AppendAsync(bodies);
        _refused = answer.Refused;
        if (answer.Refused is { } refused) StationLog.NotAccepted(_services.Log, Id, facts[0].Kind.ToString(), refused.Code, refused.Message);
        return answer;
    }

    private async ValueTask OnDeviceChangedAsync(DeviceChange change)
    {
        var health = _devices[change.DeviceId];
        health.State = change.To.ToString().ToLowerInvariant();
        health.Reason = change.Reason;
        health.SinceUs = Kernel.Clock.ToUnixMicros(change.At);
        var isScale = _scale is not null && string.Equals(_scale.Settings.Id, change.DeviceId, StringComparison.Ordinal);
        if (isScale && change.To != DeviceState.Live) await ScaleGoneAsync(change);
        if (!Limit(change.DeviceId).Allows(_services.Clock.MonotonicMicros, out var suppressed)) return;
        var fact = _facts.New(EventKind.DeviceState, "");
        fact.Device = change.DeviceId;
        fact.DeviceState = new Api.Custody.V1.DeviceState
        {
            State = health.State,
            Reason = suppressed == 0 ? change.Reason : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{change.Reason} ({suppressed} changes before it are not listed)"),
        };
        await RecordAsync(fact);
    }

    private async ValueTask OnTickAsync()
    {
        if (_pairingOptions is not null && _pairing.Phase is not (PairingPhase.Idle or PairingPhase.Paired or PairingPhase.WaitingForZero))
            await PairAsync(new PairingInput.Tick(_services.Clock.Elapsed));
    }

    /// <summary>An act's answer, remembered by its command id: the same command again changes nothing and gets the same answer (law 5).</summary>
    private async ValueTask<StationReply> OnceAsync(ByteString command, Func<ValueTask<StationReply>> act)
    {
        if (command.Length != 16) return Refuse("command_id_missing", "A command has an id of 16 bytes, minted where the button was pressed.");
        if (_replies.TryGetValue(command, out var before)) return before;
        if (!Manned) return Refuse("sign_in", "Somebody must sign in at this station first.");
        Person?.Touch(_services.Clock.MonotonicMicros);
        _repeats.Forget();
        var reply = await act();
        // What was refused for want of disk may be tried again under the same id.
        if (reply.AnswerCase == StationReply.AnswerOneofCase.Done || _refused is null) Remember(command, reply);
        return reply;
    }

    /// <summary>The answer a command got before; null when it is new.</summary>
    public Task<StationReply?> AnswerBeforeAsync(ByteString command) => RunAsync(() => new ValueTask<StationReply?>(_replies.GetValueOrDefault(command)), null);

    private void Remember(ByteString command, StationReply reply)
    {
        if (!_replies.TryAdd(command, reply)) return;
        _replyOrder.Enqueue(command);
        if (_replyOrder.Count > CommandsMax) _replies.Remove(_replyOrder.Dequeue());
    }

    private static StationReply Done(ParcelEvent fact) => new() { Done = new Done { EventId = FactMaker.Text(fact.Id) } };

    internal static StationReply Refuse(string code, string message, params ReadOnlySpan<(string Name, string Value)> figures)
    {
        var refusal = new Refusal { Code = code, Message = message };
        foreach (var (name, value) in figures) refusal.Figures[name] = value;
        return new StationReply { Refused = refusal };
    }

    private static StationReply Refuse(JournalRefusal refused) => Refuse(refused.Code, refused.Message);

    private ChangeLimit Limit(string device)
    {
        if (!_changeLimits.TryGetValue(device, out var limit)) _changeLimits[device] = limit = new ChangeLimit();
        return limit;
    }

    private LocalDate Today => _services.Clock.ServerNow.InZone(_services.Configuration.Zone).Date;
}

/// <summary>A loose plug may change a device's state every second for a night: thirty changes at once, then one a minute, the others counted.</summary>
internal sealed class ChangeLimit
{
    private const int BurstMax = 30;
    private const long RefillMicros = 60_000_000;
    private long _tokens = BurstMax;
    private long _refilledAt;
    private int _suppressed;

    public bool Allows(long nowMicros, out int suppressed)
    {
        var refill = (nowMicros - _refilledAt) / RefillMicros;
        if (refill > 0) (_tokens, _refilledAt) = (Math.Min(BurstMax, _tokens + refill), nowMicros);
        if (_tokens == 0)
        {
            _suppressed++;
            suppressed = 0;
            return false;
        }
        _tokens--;
        (suppressed, _suppressed) = (_suppressed, 0);
        return true;
    }
}
