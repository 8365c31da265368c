using KeyAccountLogistics.FirmwareAdapters.Cameras;
using KeyAccountLogistics.FirmwareAdapters.Nodes;
using KeyAccountLogistics.FirmwareAdapters.Sensors;

namespace KeyAccountLogistics.EdgeAgent.Around;

/// <summary>What stands around a station's scale; null for what is not there.</summary>
public sealed record AroundConfiguration
{
    /// <summary>A second witness for "the platform is empty".</summary>
    public PresenceDevice? Presence { get; init; }

    /// <summary>A sensor above the platform.</summary>
    public HeightDevice? Height { get; init; }

    /// <summary>Lamps and buzzer.</summary>
    public TowerLightDevice? Light { get; init; }

    /// <summary>A camera for photos of what is held.</summary>
    public CameraDevice? Camera { get; init; }

    /// <summary>Ids of all of them, with their kinds as the configuration names them.</summary>
    public IEnumerable<(string Id, string Kind)> Ids
    {
        get
        {
            if (Presence is { } presence) yield return (presence.Id, "presence");
            if (Height is { } height) yield return (height.Id, "height");
            if (Light is { } light) yield return (light.Id, "tower_light");
            if (Camera is { } camera) yield return (camera.Id, "camera");
        }
    }
}

/// <summary>A presence sensor.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Make">Makes the sensor on the given device files; it is disposed by whoever asks.</param>
public sealed record PresenceDevice(string Id, Func<IDeviceNodes, IPresenceSensor> Make);

/// <summary>A height gauge.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Make">Makes the gauge on the given device files; it is disposed by whoever asks.</param>
public sealed record HeightDevice(string Id, Func<IDeviceNodes, HeightGauge> Make);

/// <summary>A tower light.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Wiring">Its lines.</param>
public sealed record TowerLightDevice(string Id, TowerLightWiring Wiring);

/// <summary>A camera.</summary>
/// <param name="Id">Device id.</param>
/// <param name="Make">Makes the camera on the given device files.</param>
public sealed record CameraDevice(string Id, Func<IDeviceNodes, VideoCamera> Make);
