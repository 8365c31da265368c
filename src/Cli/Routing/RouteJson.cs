using System.Text;
using System.Text.Json;
using KeyAccountLogistics.Routing.Checking;
using KeyAccountLogistics.Routing.Files;

namespace KeyAccountLogistics.Cli.Routing;

/// <summary>What <c>kal route</c> prints for programs: one object on one line.</summary>
internal static class RouteJson
{
    private const int Decimals = 6;

    public static string Write(SolvedFile solved, string objective) => Object(json =>
    {
        json.WriteString("instance", solved.Instance.Name);
        json.WriteString("objective", objective);
        json.WriteNumber("vehicles", solved.Checked.Vehicles);
        json.WriteNumber("distance", Math.Round(solved.Checked.Distance, Decimals));
        json.WriteBoolean("feasible", solved.Checked.Violation is null);
        if (solved.Checked.Violation is { } violation) json.WriteString("violation", violation.Message);
        json.WriteNumber("seconds", Math.Round(solved.Elapsed.TotalSeconds, 3));
        json.WriteStartArray("routes");
        foreach (var route in solved.Routes)
        {
            json.WriteStartArray();
            foreach (var node in route) json.WriteNumberValue(node);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });

    public static string Write(BenchmarkFile instance, CheckedRoutes result) => Object(json =>
    {
        json.WriteString("instance", instance.Name);
        json.WriteBoolean("feasible", result.Violation is null);
        json.WriteNumber("vehicles", result.Vehicles);
        if (double.IsNaN(result.Distance)) json.WriteNull("distance");
        else json.WriteNumber("distance", Math.Round(result.Distance, Decimals));
        if (result.Violation is not { } violation) return;
        json.WriteString("kind", violation.Kind.ToString());
        json.WriteString("violation", violation.Message);
    });

    private static string Object(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
