namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>The house plan of design.md over the compiled assemblies; <see cref="PlantedViolationTests"/> proves that each rule bites.</summary>
public sealed class HousePlanTests
{
    private static readonly IReadOnlyList<CompiledAssembly> Product = CompiledAssembly.OfTheProduct;

    private static readonly IReadOnlyList<CompiledAssembly> WithTests =
        [.. Product, .. new[] { "Unit", "TestKit" }.Select(name => CompiledAssembly.Read(Path.Combine(AppContext.BaseDirectory, $"KeyAccountLogistics.{name}.dll")))];

    [Fact]
    public void Every_project_of_the_house_is_looked_at()
    {
        string[] built = ["Kernel", "Grpc", "Api", "Verdicts", "Journal", "Contracts", "Custody", "Cases", "Dispatch", "ServiceLevels", "Server", "EdgeAgent", "FirmwareAdapters", "Routing", "Cli"];
        built.Except(Product.Select(assembly => assembly.Project), StringComparer.Ordinal).ShouldBeEmpty("built, but not beside the tests");
        // The reader sees what there is: types, uses of each other, log methods.
        Product.Sum(assembly => assembly.Types.Count).ShouldBeGreaterThan(100);
        Product.SelectMany(assembly => assembly.Uses).Count(use => use.Assembly == "KeyAccountLogistics.Kernel").ShouldBeGreaterThan(50);
        Product.Single(assembly => assembly.Project is "EdgeAgent").LogEvents.Count(log => log.Id > 6_000).ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Downstream_knows_upstream_and_never_the_reverse() => Violations(Product, AssemblyRules.Arrows).ShouldBeEmpty();

    [Fact]
    public void Projects_declare_no_reference_against_the_arrows() => SourceRules.ProjectArrows(SourceRules.Root).ShouldBeEmpty();

    [Fact]
    public void Pure_projects_use_no_package_but_theirs() => Violations(Product, AssemblyRules.PurePackages).ShouldBeEmpty();

    [Fact]
    public void The_host_calls_a_modules_AddX_and_MapX_and_nothing_else() => Violations(Product, AssemblyRules.HostOnlyComposes).ShouldBeEmpty();

    [Fact]
    public void Of_a_module_only_what_is_published_is_public() => Violations(Product, AssemblyRules.OnlyPublishedIsPublic).ShouldBeEmpty();

    [Fact]
    public void Internals_are_shown_to_tests_alone() => Violations(Product, AssemblyRules.FriendsAreTests).ShouldBeEmpty();

    [Fact]
    public void No_type_is_called_by_a_word_that_says_nothing() => Violations(WithTests, AssemblyRules.NoBannedWords).ShouldBeEmpty();

    [Fact]
    public void Log_events_have_ids_and_no_two_in_an_assembly_the_same() => Violations(Product, AssemblyRules.LogIdsAreUnique).ShouldBeEmpty();

    [Fact]
    public void No_file_is_longer_than_a_head_holds() => SourceRules.FilesAreShort(SourceRules.Root).ShouldBeEmpty();

    [Fact]
    public void No_file_names_a_path_of_one_machine() => SourceRules.NoPersonalPaths(SourceRules.Root).ShouldBeEmpty();

    [Fact]
    public void Every_project_with_code_has_its_readme() => SourceRules.ProjectsHaveReadmes(SourceRules.Root).ShouldBeEmpty();

    private static List<string> Violations(IEnumerable<CompiledAssembly> assemblies, Func<CompiledAssembly, IEnumerable<string>> rule) => [.. assemblies.SelectMany(rule)];
}
