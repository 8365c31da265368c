using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>The rules of the house over the source tree. Each gives its violations as sentences.</summary>
internal static partial class SourceRules
{
    private const int LinesMax = 600;
    private const int ReadmeLinesMax = 40;

    private static readonly string[] Sources = ["src", "firmware-adapters", "tests", "deploy"];
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "gen", "artifacts", "TestResults"];
    private static readonly string[] Texts =
        [".cs", ".csproj", ".props", ".targets", ".ts", ".tsx", ".css", ".html", ".proto", ".md", ".sh", ".py", ".json", ".yml", ".yaml", ".txt", ".service", ".sql", ".conf"];

    private static readonly string[] Code = [".cs", ".ts", ".tsx", ".py", ".proto"];

    internal static string Root { get; } = FindRoot();

    internal static IEnumerable<string> FilesAreShort(string root) =>
        from file in Files(root)
        where Code.Contains(Path.GetExtension(file), StringComparer.Ordinal)
        let lines = File.ReadLines(file).Count()
        where lines > LinesMax
        select string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(root, file)} has {lines} lines, more than {LinesMax}: split it.");

    internal static IEnumerable<string> NoPersonalPaths(string root) =>
        from file in Files(root)
        where Texts.Contains(Path.GetExtension(file), StringComparer.Ordinal) && Path.GetFileName(file) is not ("packages.lock.json" or "package-lock.json")
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        let match = PersonalPath().Match(line.Text)
        where match.Success
        select string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(root, file)}:{line.Number} names a path of one machine: {match.Value}.");

    /// <summary>Every project with code says in a README of at most 40 lines what it is for.</summary>
    internal static IEnumerable<string> ProjectsHaveReadmes(string root)
    {
        foreach (var project in Projects(root))
        {
            var folder = Path.GetDirectoryName(project)!;
            if (!HasCode(folder)) continue;
            var readme = Path.Combine(folder, "README.md");
            if (!File.Exists(readme)) yield return $"{Path.GetRelativePath(root, folder)} has code and no README.md.";
            else if (File.ReadLines(readme).Count() > ReadmeLinesMax) yield return $"{Path.GetRelativePath(root, readme)} is longer than {ReadmeLinesMax} lines.";
        }
    }

    /// <summary>The arrows again over project files: a reference that is declared and not yet used leaves no trace in the assembly.</summary>
    internal static IEnumerable<string> ProjectArrows(string root)
    {
        foreach (var project in Projects(root))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            if (!AssemblyRules.MayKnow.TryGetValue(name, out var allowed))
            {
                yield return $"{name} does not stand in the house plan: add it to {nameof(AssemblyRules.MayKnow)} with what it may know.";
                continue;
            }
            foreach (var reference in XDocument.Load(project).Descendants("ProjectReference").Select(element => element.Attribute("Include")!.Value))
            {
                var known = Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
                if (!allowed.Contains(known, StringComparer.Ordinal)) yield return $"{name}.csproj references {known}, and may know only: {string.Join(", ", allowed)}.";
            }
        }
    }

    private static IEnumerable<string> Projects(string root) =>
        Files(root).Where(file => Path.GetExtension(file) is ".csproj" && !Path.GetRelativePath(root, file).StartsWith("tests", StringComparison.Ordinal));

    private static bool HasCode(string folder) => Walk(folder).Any(file => Path.GetExtension(file) is ".cs");

    private static IEnumerable<string> Files(string root) =>
        Sources.Select(source => Path.Combine(root, source)).Where(Directory.Exists).SelectMany(Walk).Concat(Directory.EnumerateFiles(root));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var below in Directory.EnumerateDirectories(folder).Where(below => !NotOurs.Contains(Path.GetFileName(below), StringComparer.Ordinal)))
        {
            foreach (var file in Walk(below)) yield return file;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KeyAccountLogistics.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    // A person's home, the administrator's, a build machine's work folder; "user" and "USER" are what documentation calls anybody.
    [GeneratedRegex(@"(?<![\w.])/home/(?!user\b|USER\b)\w+|/Users/(?!user\b|USER\b)\w+|[A-Za-z]:\\Users\\\w+|(?<![\w.])/root/\w+|(?<![\w.])/work/(?:main|wt|shared)\b",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PersonalPath();
}
