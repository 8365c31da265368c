using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What a scan is beside those just before it.</summary>
internal enum ScanRepeat
{
    /// <summary>An act of its own.</summary>
    None,

    /// <summary>The same symbol read again by the same scanner: it still looks at it, or the trigger bounced. The same act.</summary>
    SameSymbol,

    /// <summary>Another symbol, read by the same scanner, that names the same parcel (its QR code beside its bar code). The same act.</summary>
    OtherLabel,
}

/// <summary>
/// Tells a scanner that reads one thing several times from a person who scans again, by (device, symbology, text) within a short window that each sight renews: a parcel that lies in
/// front of a fixed scanner with two labels is read for as long as it lies there, label after label, and is one act. Two labels that name different parcels are two acts, which the
/// pairing shows as ambiguous; another scanner's reading is always its own. Bounded; one per station, not thread-safe.
/// </summary>
internal sealed class ScanRepeats(Duration window)
{
    /// <summary>Labels in one view; more than these, and the oldest is an act again when it comes back.</summary>
    internal const int LabelsMax = 16;

    private readonly List<Sight> _sights = [];

    /// <summary>Judges a scan that names <paramref name="parcel"/> and remembers it. Times come from one monotonic clock.</summary>
    public ScanRepeat Note(string device, string symbology, string text, string parcel, Duration at)
    {
        _sights.RemoveAll(sight => at - sight.At > window);
        var repeat = Judge(device, symbology, text, parcel);
        _sights.RemoveAll(sight => sight.IsOf(device, symbology, text));
        if (_sights.Count == LabelsMax) _sights.RemoveAt(0);
        _sights.Add(new Sight(device, symbology, text, parcel, at));
        return repeat;
    }

    /// <summary>A person has done something else in between: the next scan is an act of its own, however soon it comes.</summary>
    public void Forget() => _sights.Clear();

    private ScanRepeat Judge(string device, string symbology, string text, string parcel)
    {
        if (_sights.Exists(sight => sight.IsOf(device, symbology, text))) return ScanRepeat.SameSymbol;
        var sameParcel = _sights.Exists(sight => string.Equals(sight.Device, device, StringComparison.Ordinal) && string.Equals(sight.Parcel, parcel, StringComparison.Ordinal));
        return sameParcel ? ScanRepeat.OtherLabel : ScanRepeat.None;
    }

    private readonly record struct Sight(string Device, string Symbology, string Text, string Parcel, Duration At)
    {
        public bool IsOf(string device, string symbology, string text) =>
            string.Equals(Device, device, StringComparison.Ordinal) && string.Equals(Symbology, symbology, StringComparison.Ordinal) && string.Equals(Text, text, StringComparison.Ordinal);
    }
}
