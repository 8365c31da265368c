using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.EdgeAgent.Snapshots;

/// <summary>
/// The parcels the depot expects, by code, as the backend last told; what the agent itself did since is not written into it, the backend tells it back.
/// Kept on disk as a whole, a little behind: an update lost in a crash is sent again, because the version kept says so. Thread-safe.
/// </summary>
internal sealed class Manifest
{
    /// <summary>More is no depot's: an update beyond it is refused (law 10).</summary>
    public const int ParcelsMax = 1_000_000;

    private readonly SnapshotFile<ManifestUpdate> _file;
    private readonly Lock _gate = new();
    private readonly List<ManifestUpdate> _parts = [];
    private Dictionary<string, ManifestParcel> _parcels = new(StringComparer.Ordinal);
    private ulong _savedVersion;

    public Manifest(IDurableFiles files, string directory, ILogger log)
    {
        _file = new SnapshotFile<ManifestUpdate>(files, Path.Combine(directory, "manifest.snapshot"), ManifestUpdate.Parser);
        var kept = _file.Read(out var damaged);
        if (damaged) SnapshotLog.Damaged(log, "manifest");
        if (kept is null) return;
        foreach (var parcel in kept.Parcels) _parcels[parcel.Parcel] = parcel;
        (Version, _savedVersion) = (kept.Version, kept.Version);
    }

    /// <summary>0 = the backend has never told.</summary>
    public ulong Version { get; private set; }

    public int Count
    {
        get { lock (_gate) return _parcels.Count; }
    }

    public bool NeedsSaving => Version != _savedVersion;

    public ManifestParcel? Find(string parcel)
    {
        lock (_gate) return _parcels.GetValueOrDefault(parcel);
    }

    public List<ManifestParcel> Where(Func<ManifestParcel, bool> wanted, int max)
    {
        lock (_gate) return [.. _parcels.Values.Where(wanted).Take(max)];
    }

    /// <summary>Takes one part; the version changes with its last part, so that half an update is never worked by. False when it is too large.</summary>
    public bool Apply(ManifestUpdate update)
    {
        lock (_gate)
        {
            if (_parts.Count > 0 && _parts[0].Version != update.Version) _parts.Clear();
            _parts.Add(update);
            if (update.More) return _parts.Sum(static p => p.Parcels.Count) <= ParcelsMax;
            var parcels = _parts[0].Reset ? new Dictionary<string, ManifestParcel>(StringComparer.Ordinal) : new Dictionary<string, ManifestParcel>(_parcels, StringComparer.Ordinal);
            foreach (var part in _parts)
            {
                foreach (var gone in part.Removed) parcels.Remove(gone);
                foreach (var parcel in part.Parcels) parcels[parcel.Parcel] = parcel;
            }
            _parts.Clear();
            if (parcels.Count > ParcelsMax) return false;
            _parcels = parcels;
            Version = update.Version;
            return true;
        }
    }

    /// <summary>Forgets the parts of an update whose rest will not come: the connection ended.</summary>
    public void ForgetParts()
    {
        lock (_gate) _parts.Clear();
    }

    public void Save()
    {
        var whole = new ManifestUpdate { Reset = true };
        lock (_gate)
        {
            whole.Version = Version;
            whole.Parcels.AddRange(_parcels.Values);
        }
        _file.Write(whole);
        _savedVersion = whole.Version;
    }

    /// <summary>The moment the parcel was accepted; the terms in force then are its terms. Null when the backend does not say.</summary>
    public static NodaTime.Instant? AcceptedAt(ManifestParcel parcel) => parcel.AcceptedAtUs == 0 ? null : Clock.FromUnixMicros(parcel.AcceptedAtUs);
}
