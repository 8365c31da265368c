using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Cli.Connection;

namespace KeyAccountLogistics.Cli.Routing;

/// <summary>Reads routes: the JSON of <c>kal route solve</c>, or the lines in which solutions are published (<c>Route 1: 5 3 7</c>; other lines are passed over).</summary>
internal static class RoutesText
{
    /// <summary>The routes; of JSON there may be none, where nobody is served.</summary>
    /// <exception cref="UsageException">There are no routes in it.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Parse(string text)
    {
        if (text.TrimStart().StartsWith('{')) return OfJson(text);
        var routes = OfLines(text);
        return routes.Count > 0 ? routes : throw new UsageException("The solution has no routes: neither the JSON that \"kal route solve --json\" prints nor lines like \"Route 1: 5 3 7\".");
    }

    private static List<IReadOnlyList<int>> OfJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.GetProperty("routes").EnumerateArray().Select(route => route.EnumerateArray().Select(node => node.GetInt32()).ToList())];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException("The solution is no JSON with \"routes\", an array of arrays of node numbers: " + e.Message);
        }
    }

    private static List<IReadOnlyList<int>> OfLines(string text)
    {
        var routes = new List<IReadOnlyList<int>>();
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !line.TrimStart().StartsWith("route", StringComparison.OrdinalIgnoreCase)) continue;
            var words = line[(colon + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            routes.Add([.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var node)
                ? node
                : throw new UsageException($"The solution's line \"{line.Trim()}\" holds \"{word}\", which is no node number."))]);
        }
        return routes;
    }
}
