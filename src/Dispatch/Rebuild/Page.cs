using System.Globalization;
using KeyAccountLogistics.Journal;

namespace KeyAccountLogistics.Dispatch.Rebuild;

/// <summary>One page's answer. <see cref="Keys"/> 0 ends the walk.</summary>
/// <param name="Keys">Rows looked at.</param>
/// <param name="Found">What differed.</param>
/// <param name="Kept">What the walk remembers of the page, done once its transaction is committed: the work before may run twice.</param>
internal sealed record Page(int Keys, IReadOnlyList<ProjectionDifference> Found, Action Kept)
{
    internal static readonly Page End = new(0, [], static () => { });
}

/// <summary>What a row has otherwise than it follows from the journal. Pure.</summary>
internal static class Differences
{
    private const int ShownMax = 200;

    internal static ProjectionDifference Missing(string projection, string key) => new(projection, key, "row", "missing", "present");

    internal static ProjectionDifference Superfluous(string projection, string key) => new(projection, key, "row", "present", "missing");

    internal static IEnumerable<ProjectionDifference> Of<T>(string projection, string key, T live, T rebuilt)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            var (a, b) = (property.GetValue(live), property.GetValue(rebuilt));
            if (!Equals(a, b)) yield return new ProjectionDifference(projection, key, property.Name, Shown(a), Shown(b));
        }
    }

    private static string Shown(object? value)
    {
        var text = value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        return text.Length <= ShownMax ? text : text[..ShownMax] + "…";
    }
}
