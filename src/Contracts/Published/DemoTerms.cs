using System.Reflection;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>The contracts of the three demo accounts: what <c>kal demo</c> begins with, and examples for whoever writes the first document.</summary>
public static class DemoTerms
{
    private const string Prefix = "demo/";

    /// <summary>The account codes, in the order of their file names.</summary>
    public static IReadOnlyList<string> Accounts { get; } = ["HDDS-A", "XYSP-C", "YYSM-B"];

    /// <summary>The example files as name and content.</summary>
    public static IEnumerable<(string Name, string Text)> Files()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[Prefix.Length..], reader.ReadToEnd());
        }
    }
}
