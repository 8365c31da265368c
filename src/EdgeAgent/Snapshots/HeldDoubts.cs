using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.Snapshots;

/// <summary>The scales that the backend says are not to be believed, kept over a stop. Thread-safe.</summary>
internal sealed class HeldDoubts
{
    private readonly SnapshotFile<ScaleDoubts> _file;
    private volatile Copy _now = new(0, []);

    public HeldDoubts(IDurableFiles files, string directory, ILogger log)
    {
        _file = new SnapshotFile<ScaleDoubts>(files, Path.Combine(directory, "scales.snapshot"), ScaleDoubts.Parser);
        var kept = _file.Read(out var damaged);
        if (damaged) SnapshotLog.Damaged(log, "scales");
        if (kept is not null) _now = Copy.Of(kept);
    }

    public ulong Version => _now.Version;

    /// <summary>Called after a change.</summary>
    public Action? Changed { get; set; }

    public void Replace(ScaleDoubts doubts)
    {
        _file.Write(doubts);
        _now = Copy.Of(doubts);
        Changed?.Invoke();
    }

    /// <summary>What stands against a depot's scale; null when nothing does.</summary>
    public ScaleDoubt? Find(string node, string device) => _now.Scales.GetValueOrDefault((node, device));

    private sealed record Copy(ulong Version, Dictionary<(string Node, string Device), ScaleDoubt> Scales)
    {
        internal static Copy Of(ScaleDoubts doubts)
        {
            var scales = new Dictionary<(string Node, string Device), ScaleDoubt>();
            foreach (var doubt in doubts.Scales) scales[(doubt.Node, doubt.Device)] = doubt;
            return new Copy(doubts.Version, scales);
        }
    }
}
