using System.Collections;
using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Projections;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Custody.Rebuild;

/// <summary>What a live row has otherwise than the fold, field by field. Pure.</summary>
internal static class Differences
{
    private const int ShownMax = 200;

    internal static IEnumerable<ProjectionDifference> OfParcel(string code, ParcelColumns live, byte[] liveState, ParcelState rebuilt)
    {
        foreach (var difference in OfRecords("parcel", code, live, ParcelColumns.Of(rebuilt))) yield return difference;
        var state = liveState.Length == 0 ? ParcelFold.Empty() : ParcelState.Parser.ParseFrom(liveState);
        foreach (var field in ParcelState.Descriptor.Fields.InFieldNumberOrder())
        {
            var (a, b) = (field.Accessor.GetValue(state), field.Accessor.GetValue(rebuilt));
            if (!Same(a, b)) yield return new ProjectionDifference("parcel", code, "state." + field.Name, Shown(a), Shown(b));
        }
    }

    internal static IEnumerable<ProjectionDifference> OfHandover(string id, HandoverColumns live, HandoverColumns rebuilt) => OfRecords("handover", id, live, rebuilt);

    internal static IEnumerable<ProjectionDifference> OfScale(string key, ScaleRecord live, ScaleRecord rebuilt) => OfRecords("scale", key, live, rebuilt);

    private static IEnumerable<ProjectionDifference> OfRecords<T>(string projection, string key, T live, T rebuilt)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            var (a, b) = (property.GetValue(live), property.GetValue(rebuilt));
            if (!Equals(a, b)) yield return new ProjectionDifference(projection, key, property.Name, Shown(a), Shown(b));
        }
    }

    private static bool Same(object? a, object? b) =>
        a is IList one && b is IList two ? one.Count == two.Count && one.Cast<object>().SequenceEqual(two.Cast<object>()) : Equals(a, b);

    private static string Shown(object? value)
    {
        var text = value switch
        {
            null => "",
            ByteString bytes => Convert.ToHexStringLower(bytes.Span),
            IList list => "[" + string.Join(", ", list.Cast<object>().Take(20).Select(Shown)) + "]",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length <= ShownMax ? text : text[..ShownMax] + "…";
    }
}
