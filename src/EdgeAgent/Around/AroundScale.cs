using System.Globalization;
using KeyAccountLogistics.EdgeAgent.Stations;
using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Around;

/// <summary>How a device around the scale stands, for the station's page and the backend.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Kind">presence, height, tower_light or camera.</param>
/// <param name="State">absent, live or lost.</param>
/// <param name="Reason">Why, or what it shows.</param>
/// <param name="SinceUs">Since when it is in that state, by the agent's wall clock.</param>
internal sealed record AroundHealth(string Id, string Kind, string State, string Reason, long SinceUs);

/// <summary>
/// Sensors, light and camera of one station. Looks at the sensors on a thread of its own and tells the station only what has changed; nothing here can
/// hold up a weighing. Start once; dispose.
/// </summary>
internal sealed class AroundScale : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly AroundConfiguration _devices;
    private readonly StationQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IPresenceSensor? _presence;
    private readonly HeightGauge? _height;
    private readonly VideoCamera? _camera;
    private readonly TowerLight? _light;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, AroundHealth> _told = new(StringComparer.Ordinal);
    private Task _looking = Task.CompletedTask;
    private Task _photo = Task.CompletedTask;
    private Occupancy _occupancy;

    public AroundScale(AroundConfiguration devices, IDeviceNodes nodes, StationQueue queue, TimeProvider time, ILogger log)
    {
        (_devices, _queue, _time, _log) = (devices, queue, time, log);
        _presence = devices.Presence?.Make(nodes);
        _height = devices.Height?.Make(nodes);
        _camera = devices.Camera?.Make(nodes);
        if (devices.Light is { } light) _light = new TowerLight(nodes, light.Wiring, time);
    }

    /// <summary>How the devices stand. A snapshot.</summary>
    public IReadOnlyList<AroundHealth> Health
    {
        get
        {
            lock (_told) return [.. _told.Values];
        }
    }

    public void Start()
    {
        Show(LightSignal.Off);
        // A photo of nobody's parcel shows whether the camera works before the first one is needed.
        if (_camera is not null) Photograph("");
        if (_presence is not null || _height is not null) _looking = Task.Run(LookAsync, CancellationToken.None);
    }

    /// <summary>Shows a signal; a new verdict sounds again even if it is the same.</summary>
    public void Show(LightSignal signal, bool again = false)
    {
        if (_light is null) return;
        _light.Show(signal, again);
        Tell(_devices.Light!.Id, "tower_light", _light.Trouble is null, _light.Trouble ?? "");
    }

    /// <summary>Takes a photo on a thread of its own; one at a time, a second one while the first is under way is left out. False when there is none.</summary>
    public bool Photograph(string parcel)
    {
        if (_camera is null || !_photo.IsCompleted) return false;
        _photo = Task.Run(() =>
        {
            var photo = TakePhoto();
            Tell(_devices.Camera!.Id, "camera", photo.Jpeg is not null, photo.Reason);
            if (photo.Jpeg is { } jpeg && parcel.Length > 0) _queue.TryPost(new StationInput.Photographed(_devices.Camera.Id, parcel, jpeg));
        }, CancellationToken.None);
        return true;
    }

    private CameraPhoto TakePhoto()
    {
        try
        {
            return _camera!.Take();
        }
        catch (Exception fault)
        {
            StationLog.SensorsFailed(_log, fault, _devices.Camera!.Id);
            return new CameraPhoto(null, "the camera failed: see the agent's log");
        }
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        try
        {
            do Look();
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
        catch (Exception fault)
        {
            // A witness that has fallen silent must not go on saying what it saw last.
            StationLog.SensorsFailed(_log, fault, string.Join(", ", _devices.Ids.Select(static d => d.Id)));
            _queue.TryPost(new StationInput.PlatformSeen(Occupancy.Unknown));
        }
    }

    private void Look()
    {
        if (_presence is not null)
        {
            var seen = _presence.Read();
            Tell(_devices.Presence!.Id, "presence", seen.Occupancy != Occupancy.Unknown, seen.Occupancy == Occupancy.Unknown ? seen.Reason : "");
            if (seen.Occupancy != _occupancy && _queue.TryPost(new StationInput.PlatformSeen(seen.Occupancy))) _occupancy = seen.Occupancy;
        }
        if (_height is not null)
        {
            var height = _height.Read();
            Tell(_devices.Height!.Id, "height", height.Millimetres is not null, height.Millimetres is { } mm ? string.Create(CultureInfo.InvariantCulture, $"{mm} mm") : height.Reason);
        }
    }

    /// <summary>Posts how a device stands when it has changed. What the queue does not take is told at the next look.</summary>
    private void Tell(string id, string kind, bool works, string reason)
    {
        lock (_told)
        {
            var before = _told.GetValueOrDefault(id);
            var state = works ? "live" : before is null or { State: "absent" } ? "absent" : "lost";
            var isSame = string.Equals(before?.State, state, StringComparison.Ordinal);
            if (isSame && string.Equals(before!.Reason, reason, StringComparison.Ordinal)) return;
            var health = new AroundHealth(id, kind, state, reason, isSame ? before!.SinceUs : _time.Now().ToUnixMicros());
            if (!_queue.TryPost(new StationInput.AroundChanged(health))) return;
            _told[id] = health;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Task.WaitAll([_looking, _photo], StopWithin);
        _presence?.Dispose();
        _height?.Dispose();
        _light?.Dispose();
        _stopping.Dispose();
    }
}
