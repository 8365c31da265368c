using System.Globalization;

namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>The rules of the house plan (design.md) over compiled assemblies. Each gives its violations as sentences; none means that it holds.</summary>
internal static class AssemblyRules
{
    private static readonly string[] Beneath = ["Kernel", "Verdicts", "Journal", "Api", "Grpc"];

    /// <summary>Who may know whom: Kernel ← Verdicts ← Journal ← Contracts ← Custody ← Dispatch ← Cases ← ServiceLevels ← Server ← Cli.</summary>
    internal static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Kernel"] = [],
        ["Routing"] = [],
        ["Grpc"] = [],
        ["Api"] = ["Grpc"],
        ["Verdicts"] = ["Kernel"],
        ["Journal"] = ["Kernel", "Verdicts", "Api", "Grpc"],
        ["Contracts"] = Beneath,
        ["Custody"] = [.. Beneath, "Contracts"],
        ["Dispatch"] = [.. Beneath, "Contracts", "Custody", "Routing"],
        ["Cases"] = [.. Beneath, "Contracts", "Custody", "Dispatch"],
        ["ServiceLevels"] = [.. Beneath, "Contracts", "Custody", "Dispatch", "Cases"],
        ["Server"] = [.. Beneath, "Contracts", "Custody", "Dispatch", "Cases", "ServiceLevels"],
        ["FirmwareAdapters"] = ["Kernel"],
        ["Simulators"] = ["Kernel", "FirmwareAdapters"],
        ["EdgeAgent"] = ["Kernel", "Verdicts", "Api", "Grpc", "FirmwareAdapters"],
        ["Cli"] = [.. Beneath, "Contracts", "Custody", "Dispatch", "Cases", "ServiceLevels", "Routing", "Server", "EdgeAgent", "FirmwareAdapters", "Simulators"],
    };

    /// <summary>Packages that a pure project may know beside the framework; a project not listed is free to use what Directory.Packages.props names.</summary>
    internal static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Kernel"] = ["NodaTime"],
        ["Verdicts"] = ["NodaTime"],
        ["Routing"] = [],
    };

    internal static readonly string[] Modules = ["Contracts", "Custody", "Dispatch", "Cases", "ServiceLevels"];

    internal static readonly string[] Tests = ["Unit", "TestKit", "Component", "Edge", "Web", "Acceptance", "Benchmarks", "Simulation"];

    private static readonly string[] BannedWords =
        ["Manager", "Managers", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Common", "Base", "Data", "Info", "Impl", "Processor", "Processors"];

    // src/Grpc keeps the upstream's names, so that its packages can take its place (packages.md); Api holds what protoc makes of the protos.
    private static readonly string[] NamedByOthers = ["Grpc", "Api"];

    internal static IEnumerable<string> Arrows(CompiledAssembly assembly)
    {
        if (!MayKnow.TryGetValue(assembly.Project, out var allowed))
        {
            yield return $"{assembly.Project} does not stand in the house plan: add it to {nameof(MayKnow)} with what it may know.";
            yield break;
        }
        foreach (var reference in assembly.References)
        {
            if (CompiledAssembly.ProjectOf(reference) is { } project && !allowed.Contains(project, StringComparer.Ordinal))
                yield return $"{assembly.Project} knows {project}, and may know only: {string.Join(", ", allowed)}.";
        }
    }

    internal static IEnumerable<string> PurePackages(CompiledAssembly assembly)
    {
        if (!MayUse.TryGetValue(assembly.Project, out var allowed)) yield break;
        foreach (var reference in assembly.References)
        {
            var isFramework = reference is "System" or "mscorlib" or "netstandard" || reference.StartsWith("System.", StringComparison.Ordinal);
            if (!isFramework && CompiledAssembly.ProjectOf(reference) is null && !allowed.Contains(reference, StringComparer.Ordinal))
                yield return $"{assembly.Project} is pure and uses {reference}.";
        }
    }

    /// <summary>The host composes: of a business module it calls AddX() and MapX() with the options they take, and nothing else.</summary>
    internal static IEnumerable<string> HostOnlyComposes(CompiledAssembly assembly)
    {
        if (assembly.Project is not "Server") yield break;
        foreach (var use in assembly.Uses)
        {
            if (CompiledAssembly.ProjectOf(use.Assembly) is not { } module || !Modules.Contains(module, StringComparer.Ordinal)) continue;
            var isComposition = use.Member.StartsWith("Add", StringComparison.Ordinal) || use.Member.StartsWith("Map", StringComparison.Ordinal);
            var isOptions = use.Type.EndsWith("Options", StringComparison.Ordinal) && (use.Member is ".ctor" || use.Member.StartsWith("set_", StringComparison.Ordinal));
            if (!isOptions && (!isComposition || use.Type != module + "Module")) yield return $"Server uses {module}'s {use.Type}.{use.Member}; of a module it calls only {module}Module.Add… and Map….";
        }
    }

    /// <summary>A module is internal but for Published/ and the class of its AddX() and MapX().</summary>
    internal static IEnumerable<string> OnlyPublishedIsPublic(CompiledAssembly assembly)
    {
        if (!Modules.Contains(assembly.Project, StringComparer.Ordinal)) yield break;
        var published = $"KeyAccountLogistics.{assembly.Project}.Published";
        foreach (var type in assembly.Types)
        {
            var isPublished = type.Namespace == published || type.Namespace.StartsWith(published + ".", StringComparison.Ordinal);
            if (type.IsPublic && !isPublished && type.Name != assembly.Project + "Module") yield return $"{assembly.Project}'s {type.Namespace}.{type.Name} is public outside Published.";
        }
    }

    /// <summary>
    /// What is internal is shown to tests and to nobody else; a friend would walk round every other rule. One exception: how a document's sections and words
    /// are read (Verdicts) serves the terms that agents hold and the contract that people write.
    /// </summary>
    internal static IEnumerable<string> FriendsAreTests(CompiledAssembly assembly) =>
        from friend in assembly.Friends
        where CompiledAssembly.ProjectOf(friend) is not { } project || !(Tests.Contains(project, StringComparer.Ordinal) || (assembly.Project is "Verdicts" && project is "Contracts"))
        select $"{assembly.Project} shows its internals to {friend}, which is no test.";

    internal static IEnumerable<string> NoBannedWords(CompiledAssembly assembly)
    {
        if (NamedByOthers.Contains(assembly.Project, StringComparer.Ordinal)) yield break;
        foreach (var type in assembly.Types)
        {
            // An abstract base of tests may say so; elsewhere the word says nothing that "abstract" does not.
            var isBaseOfTests = type.IsAbstract && Tests.Contains(assembly.Project, StringComparer.Ordinal);
            if (Words(type.Name).FirstOrDefault(word => BannedWords.Contains(word, StringComparer.Ordinal) && !(word is "Base" && isBaseOfTests)) is { } banned)
                yield return $"{assembly.Project}'s {type.Name} holds the word {banned}, which says nothing: name what it does.";
        }
    }

    internal static IEnumerable<string> LogIdsAreUnique(CompiledAssembly assembly)
    {
        foreach (var log in assembly.LogEvents.Where(log => log.Id is null or 0)) yield return $"{assembly.Project}'s {log.Type}.{log.Method} has no event id.";
        foreach (var same in assembly.LogEvents.Where(log => log.Id is not (null or 0)).GroupBy(log => log.Id!.Value).Where(same => same.Count() > 1))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{assembly.Project} gives event id {same.Key} to {string.Join(" and ", same.Select(log => $"{log.Type}.{log.Method}"))}.");
        }
    }

    /// <summary>PascalCase words: <c>GS1DataMatrix</c> has Data, <c>Database</c> has not.</summary>
    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && !char.IsUpper(name[i]) && name[i] != '_') continue;
            yield return name[start..i].Trim('_');
            start = i;
        }
    }
}
