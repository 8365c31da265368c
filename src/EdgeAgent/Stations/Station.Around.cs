using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.FirmwareAdapters.Sensors;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Pairing;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What stands around the scale: the second witness of an empty platform, the light that follows the verdict, the photo of what is held.</summary>
internal sealed partial class Station
{
    private const string Jpeg = "image/jpeg";
    private const string NotEmpty = "platform_not_empty";

    private Occupancy _platform;
    private AroundScale? _around;
    private Api.Edge.V1.Judged? _lit;

    /// <summary>Set before the start, where the station has such devices.</summary>
    public void Surround(AroundScale around) => _around = around;

    /// <summary>
    /// A zero of the scale while something lies there is none: it was zeroed or tared with a parcel on it. The sensor can only refuse a zero, never make
    /// one: it knows nothing of grams.
    /// </summary>
    private bool IsZeroContradicted(SampleKind kind, Mass? mass) =>
        _platform == Occupancy.Occupied && kind == SampleKind.Stable && mass is { } shown && shown.Abs() <= _pairingOptions!.ZeroBand;

    private void OnPlatformSeen(Occupancy occupancy)
    {
        _platform = occupancy;
        if (occupancy != Occupancy.Occupied && _warning is { Instruction.Code: NotEmpty }) _warning = null;
    }

    private void OnAroundChanged(AroundHealth told)
    {
        var health = _devices[told.Id];
        (health.State, health.Reason, health.SinceUs) = (told.State, told.Reason, told.SinceUs);
    }

    /// <summary>The photo beside the journal first, then the fact that names it; a refused fact takes the photo back.</summary>
    private async ValueTask OnPhotographedAsync(StationInput.Photographed photographed)
    {
        if (photographed.Jpeg.Length > Files.BlobStore.BytesMax) return;
        var fact = _facts.New(EventKind.PhotoTaken, Actor, photographed.Parcel);
        byte[] hash;
        try
        {
            hash = _services.Blobs.Keep(photographed.Jpeg, Jpeg, fact.Id.Span);
        }
        catch (IOException fault)
        {
            StationLog.NotAccepted(_services.Log, Id, fact.Kind.ToString(), "photo_not_kept", fault.Message);
            return;
        }
        fact.Device = photographed.Device;
        fact.Photo = new Photo { Sha256 = ByteString.CopyFrom(hash), Length = photographed.Jpeg.Length, MediaType = Jpeg, Subject = "packaging" };
        if (!(await RecordAsync(fact)).Accepted) _services.Blobs.Forget(hash, Jpeg, fact.Id.Span);
    }

    /// <summary>After each input: the verdict of what lies there, else whether the station can work, else nothing.</summary>
    private void Light()
    {
        if (_around is null) return;
        var judged = _judgedIsOfPresentLoad ? _judged : null;
        _around.Show(SignalOf(judged?.Tone), again: judged is not null && !ReferenceEquals(judged, _lit));
        _lit = judged;
    }

    private LightSignal SignalOf(string? tone) => tone switch
    {
        "good" => LightSignal.Accept,
        "stop" => LightSignal.Hold,
        "warn" or "wait" => LightSignal.Look,
        _ when _services.Journal.Refusing is not null || (_scale is not null && !string.Equals(_devices[_scale.Settings.Id].State, "live", StringComparison.Ordinal)) => LightSignal.Trouble,
        _ => LightSignal.Off,
    };
}
