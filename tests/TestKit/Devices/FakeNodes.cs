using KeyAccountLogistics.FirmwareAdapters.Nodes;

namespace KeyAccountLogistics.TestKit.Devices;

/// <summary>Device files of a machine that does not exist: what is plugged in is there, everything else is not.</summary>
public sealed class FakeNodes : IDeviceNodes
{
    private readonly Dictionary<string, Func<IDeviceNode>> _plugged = new(StringComparer.Ordinal);

    /// <summary>How often something was opened.</summary>
    public int Opened { get; private set; }

    public void Plug(string path, Func<IDeviceNode> open)
    {
        lock (_plugged) _plugged[path] = open;
    }

    public void Unplug(string path)
    {
        lock (_plugged) _plugged.Remove(path);
    }

    public IDeviceNode? Open(string path, out string reason)
    {
        lock (_plugged)
        {
            Opened++;
            reason = _plugged.ContainsKey(path) ? "" : $"{path}: no such device";
            return _plugged.TryGetValue(path, out var open) ? open() : null;
        }
    }
}
