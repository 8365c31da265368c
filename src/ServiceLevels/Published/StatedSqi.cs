using KeyAccountLogistics.ServiceLevels.StatedFigures;

namespace KeyAccountLogistics.ServiceLevels.Published;

/// <summary>The service quality index of counts that somebody states in a file; no database is asked. Pure, safe on any thread.</summary>
public static class StatedSqi
{
    /// <summary>
    /// Weighs the failures of a JSON text: <c>{"profile": "B", "shipments": 425000, "failures": {"lost": 2, …}}</c>. The answer is one line of JSON: failures, points, points per
    /// thousand shipments and in percent of them, to 6 decimals, null with a reason when nothing was shipped. A <see cref="Fault.Invalid"/> names the field that is wrong.
    /// </summary>
    /// <param name="json">At most 1 MiB.</param>
    public static Outcome<string> Evaluate(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return StatedFile.Read(json, static file => SqiJson.Write(StatedSqiReader.Read(file)));
    }
}
