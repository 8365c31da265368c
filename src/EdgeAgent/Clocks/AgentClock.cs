using System.Text.Json;
using System.Text.Json.Serialization;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Clocks;

/// <summary>When a capture was made, by the agent's own two clocks; what it means is adjudged by the backend.</summary>
internal readonly record struct CaptureStamp(long WallMicros, long MonotonicMicros);

/// <summary>One measured exchange with the server: the counter half way between sending and hearing.</summary>
internal readonly record struct ServerContact(long ServerMicros, long MonotonicMicros, long UncertaintyMicros, long WallOffsetMicros);

/// <summary>
/// The agent's clocks: the wall clock as it stands, right or wrong; a counter that nothing sets; and the best estimate of the server's time, which is
/// what validity is judged by, so that setting the wall clock back gains no hour of offline sign-in. Thread-safe.
/// </summary>
internal sealed class AgentClock
{
    private static readonly TimeSpan UsefulFor = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly IDurableFiles _files;
    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly long _began;
    private long _startEstimateMicros;
    private ServerContact? _contact;
    private long _toldOffset;

    public AgentClock(TimeProvider time, IDurableFiles files, string path)
    {
        _time = time;
        _files = files;
        _path = path;
        _began = time.GetTimestamp();
        var known = Read(files, path);
        PreviousContactMicros = known.LastContactMicros;
        WallOffsetMicros = known.WallOffsetMicros;
        // The wall clock may have been set back while the agent was down: time never stands before what was known already.
        _startEstimateMicros = Math.Max(known.LastKnownMicros, time.Now().ToUnixMicros() + known.WallOffsetMicros);
    }

    /// <summary>The server's time of the last contact before this start; 0 = never.</summary>
    public long PreviousContactMicros { get; }

    /// <summary>Server minus wall clock as last measured, in this start or before it.</summary>
    public long WallOffsetMicros { get; private set; }

    public TimeProvider Time => _time;

    /// <summary>Counts from 1 at this start, whatever is done to the wall clock.</summary>
    public long MonotonicMicros => (_time.GetElapsedTime(_began).Ticks / 10) + 1;

    /// <summary>A timestamp of the injected time, since this start.</summary>
    public Duration At(long timestamp) => Duration.FromTimeSpan(_time.GetElapsedTime(_began, timestamp));

    /// <summary>The present moment on the same scale.</summary>
    public Duration Elapsed => Duration.FromTimeSpan(_time.GetElapsedTime(_began));

    public CaptureStamp Stamp() => new(_time.Now().ToUnixMicros(), MonotonicMicros);

    /// <summary>The best contact of this start: the one with the least uncertainty among the recent ones.</summary>
    public ServerContact? Contact
    {
        get { lock (_gate) return _contact; }
    }

    /// <summary>The server's time as well as the agent knows it.</summary>
    public Instant ServerNow
    {
        get
        {
            var now = MonotonicMicros;
            lock (_gate)
            {
                var micros = _contact is { } contact ? contact.ServerMicros + (now - contact.MonotonicMicros) : _startEstimateMicros + now;
                return Clock.FromUnixMicros(micros);
            }
        }
    }

    /// <summary>
    /// When a fact of the journal was made, by the server's time as <see cref="ServerNow"/> tells it: by the counter from the contact of its boot, or, where that boot met no
    /// server, by its wall clock put right as far as it was known to be wrong.
    /// </summary>
    /// <param name="made">What the fact was stamped with.</param>
    /// <param name="boot">What is known of the clock of its boot; null when nothing.</param>
    /// <param name="wallOffsetMicros">The server minus the wall clock, as last measured in any boot.</param>
    public static Instant ServerTimeOf(CaptureStamp made, BootClock? boot, long wallOffsetMicros) => Clock.FromUnixMicros(
        boot is { MetServer: true } met
            ? met.ContactServerMicros + (made.MonotonicMicros - met.ContactMonotonicMicros)
            : made.WallMicros + (boot?.WallOffsetMicros ?? wallOffsetMicros));

    /// <summary>
    /// Takes one exchange: sent and heard by the counter, and what the server's clock said between. True when it was taken; a worse measurement than a
    /// recent one is not.
    /// </summary>
    public bool Measured(long sentMonotonic, long heardMonotonic, long serverMicros)
    {
        Invariant.Holds(heardMonotonic >= sentMonotonic, "an answer is heard after the question");
        var half = (heardMonotonic - sentMonotonic) / 2;
        var at = sentMonotonic + half;
        var wallAtMiddle = _time.Now().ToUnixMicros() - (MonotonicMicros - at);
        var contact = new ServerContact(serverMicros, at, half + 1, serverMicros - wallAtMiddle);
        lock (_gate)
        {
            var recent = _contact is { } before && at - before.MonotonicMicros < UsefulFor.Ticks / 10 && before.UncertaintyMicros < contact.UncertaintyMicros;
            if (recent) return false;
            _contact = contact;
            _toldOffset = 0;
            WallOffsetMicros = contact.WallOffsetMicros;
            return true;
        }
    }

    /// <summary>
    /// The server says what time it is while it refuses: good enough to sign a token by, no measurement to adjudge captures by. Only forwards: a refusal
    /// must not make what is too old valid again.
    /// </summary>
    public void ToldTime(long serverMicros)
    {
        lock (_gate)
        {
            if (_contact is null) _startEstimateMicros = Math.Max(_startEstimateMicros, serverMicros - MonotonicMicros);
            _toldOffset = serverMicros - ServerNow.ToUnixMicros();
        }
    }

    /// <summary>The time to sign tokens by: as told last, also backwards.</summary>
    public Instant TokenNow => ServerNow + Duration.FromTicks(Interlocked.Read(ref _toldOffset) * 10);

    /// <summary>What the backend is told of this boot's clock.</summary>
    public BootClock Evidence()
    {
        lock (_gate)
        {
            return _contact is { } c
                ? new BootClock(c.ServerMicros, c.MonotonicMicros, c.UncertaintyMicros, PreviousContactMicros, c.WallOffsetMicros)
                : new BootClock(0, 0, 0, PreviousContactMicros, WallOffsetMicros);
        }
    }

    /// <summary>Keeps the newest known time over a stop. Called at contacts and now and then; losing a minute of it costs a minute.</summary>
    public void Save()
    {
        var last = Contact?.ServerMicros ?? PreviousContactMicros;
        var known = new KnownTime(last, ServerNow.ToUnixMicros(), WallOffsetMicros);
        _files.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(known, ClockJson.Default.KnownTime));
    }

    private static KnownTime Read(IDurableFiles files, string path)
    {
        try
        {
            return files.Read(path, 4096) is { } bytes ? JsonSerializer.Deserialize(bytes, ClockJson.Default.KnownTime)! : new KnownTime(0, 0, 0);
        }
        catch (JsonException)
        {
            return new KnownTime(0, 0, 0);   // as on the first start: the wall clock alone
        }
    }
}

/// <summary>What is kept of time over a stop.</summary>
internal sealed record KnownTime(
    [property: JsonPropertyName("lastContact")] long LastContactMicros,
    [property: JsonPropertyName("lastKnown")] long LastKnownMicros,
    [property: JsonPropertyName("wallOffset")] long WallOffsetMicros);

[JsonSerializable(typeof(KnownTime))]
internal sealed partial class ClockJson : JsonSerializerContext;
