using System.Reflection;
using System.Reflection.Emit;

namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>Each rule of the house on a planted violation, and on its innocent twin: a rule that nothing can break guards nothing.</summary>
public sealed class PlantedViolationTests
{
    [Theory]
    [InlineData("EdgeAgent", "Custody")]
    [InlineData("EdgeAgent", "Contracts")]
    [InlineData("EdgeAgent", "Journal")]
    [InlineData("EdgeAgent", "Server")]
    [InlineData("Kernel", "Verdicts")]
    [InlineData("Verdicts", "Journal")]
    [InlineData("Contracts", "Custody")]
    [InlineData("Custody", "Dispatch")]
    [InlineData("Server", "EdgeAgent")]
    [InlineData("Server", "FirmwareAdapters")]
    [InlineData("FirmwareAdapters", "Verdicts")]
    [InlineData("Grpc", "Kernel")]
    [InlineData("Routing", "Kernel")]
    public void An_arrow_the_wrong_way_is_found(string from, string to) =>
        AssemblyRules.Arrows(Calling(from, to)).ShouldHaveSingleItem().ShouldStartWith($"{from} knows {to}");

    [Theory]
    [InlineData("EdgeAgent", "Verdicts")]
    [InlineData("Custody", "Contracts")]
    [InlineData("Server", "Custody")]
    [InlineData("Journal", "Kernel")]
    public void An_arrow_the_right_way_is_none(string from, string to) => AssemblyRules.Arrows(Calling(from, to)).ShouldBeEmpty();

    [Fact]
    public void The_program_goes_by_its_own_name()
    {
        var server = new PlantedAssembly("KeyAccountLogistics.Server");
        AssemblyRules.Arrows(new PlantedAssembly("kal").Calling(server.Method("Host", "Run")).Compile()).ShouldBeEmpty();
        var cli = new PlantedAssembly("kal");
        AssemblyRules.Arrows(new PlantedAssembly("KeyAccountLogistics.Server").Calling(cli.Method("Program", "Main")).Compile()).ShouldHaveSingleItem().ShouldContain("Server knows Cli");
    }

    [Fact]
    public void A_project_outside_the_house_plan_is_found() =>
        AssemblyRules.Arrows(new PlantedAssembly("KeyAccountLogistics.Misc").Compile()).ShouldHaveSingleItem().ShouldContain("does not stand in the house plan");

    [Theory]
    [InlineData("Kernel", "Quartz", 1)]
    [InlineData("Kernel", "NodaTime", 0)]
    [InlineData("Kernel", "System.Text.Json", 0)]
    [InlineData("Verdicts", "Google.Protobuf", 1)]
    [InlineData("Routing", "NodaTime", 1)]
    [InlineData("Journal", "Quartz", 0)]
    public void A_package_in_a_pure_project_is_found(string project, string package, int violations) =>
        AssemblyRules.PurePackages(new PlantedAssembly("KeyAccountLogistics." + project).Calling(new PlantedAssembly(package).Method("Any", "Thing")).Compile()).Count().ShouldBe(violations);

    [Theory]
    [InlineData("CustodyModule", "AddCustody", 0)]
    [InlineData("CustodyModule", "MapCustody", 0)]
    [InlineData("CustodyOptions", "set_Folder", 0)]
    [InlineData("CustodyOptions", "get_Folder", 1)]
    [InlineData("CustodyModule", "Rebuild", 1)]
    [InlineData("WeighParcelSlice", "Run", 1)]
    [InlineData("ParcelTable", "AddRow", 1)]
    public void A_host_that_reaches_into_a_module_is_found(string type, string member, int violations)
    {
        var custody = new PlantedAssembly("KeyAccountLogistics.Custody");
        var server = new PlantedAssembly("KeyAccountLogistics.Server").Calling(custody.Method("KeyAccountLogistics.Custody." + type, member)).Compile();
        AssemblyRules.HostOnlyComposes(server).Count().ShouldBe(violations);
        // What is not a module, the host may use.
        var journal = new PlantedAssembly("KeyAccountLogistics.Journal");
        AssemblyRules.HostOnlyComposes(new PlantedAssembly("KeyAccountLogistics.Server").Calling(journal.Method(type, member)).Compile()).ShouldBeEmpty();
    }

    [Fact]
    public void A_host_that_reaches_into_a_generic_type_of_a_module_is_found()
    {
        var server = new PlantedAssembly("KeyAccountLogistics.Server").CallingGeneric(new PlantedAssembly("KeyAccountLogistics.Custody"), "KeyAccountLogistics.Custody.Slice", "Run");
        AssemblyRules.HostOnlyComposes(server.Compile()).ShouldHaveSingleItem().ShouldContain("Slice.Run");
    }

    [Theory]
    [InlineData("KeyAccountLogistics.Server", 1)]
    [InlineData("kal", 1)]
    [InlineData("DynamicProxyGenAssembly2", 1)]
    [InlineData("KeyAccountLogistics.Component, PublicKey=00", 0)]
    public void A_friend_that_is_no_test_is_found(string friend, int violations) =>
        AssemblyRules.FriendsAreTests(new PlantedAssembly("KeyAccountLogistics.Custody").ShownTo(friend).Compile()).Count().ShouldBe(violations);

    [Theory]
    [InlineData("KeyAccountLogistics.Custody.Parcels.Parcel", true, 1)]
    [InlineData("KeyAccountLogistics.Custody.Parcels.Parcel", false, 0)]
    [InlineData("KeyAccountLogistics.Custody.Published.ParcelAccepted", true, 0)]
    [InlineData("KeyAccountLogistics.Custody.PublishedLater.ParcelAccepted", true, 1)]
    [InlineData("KeyAccountLogistics.Custody.CustodyModule", true, 0)]
    public void A_public_type_outside_Published_is_found(string type, bool isPublic, int violations)
    {
        var custody = new PlantedAssembly("KeyAccountLogistics.Custody");
        custody.Type(type, isPublic ? TypeAttributes.Public : TypeAttributes.NotPublic);
        AssemblyRules.OnlyPublishedIsPublic(custody.Compile()).Count().ShouldBe(violations);
    }

    [Theory]
    [InlineData("ParcelManager", 1)]
    [InlineData("ScanHelper", 1)]
    [InlineData("WeightUtils", 1)]
    [InlineData("ParcelInfo", 1)]
    [InlineData("ParcelData", 1)]
    [InlineData("HandoverImpl", 1)]
    [InlineData("EventProcessor", 1)]
    [InlineData("CommonRules", 1)]
    [InlineData("SliceBase", 1)]
    [InlineData("ModuleDatabase", 0)]
    [InlineData("BasementDoor", 0)]
    [InlineData("Informant", 0)]
    [InlineData("CommonsRoom", 0)]
    public void A_word_that_says_nothing_is_found(string type, int violations)
    {
        var custody = new PlantedAssembly("KeyAccountLogistics.Custody");
        custody.Type("KeyAccountLogistics.Custody." + type, TypeAttributes.NotPublic);
        AssemblyRules.NoBannedWords(custody.Compile()).Count().ShouldBe(violations);
    }

    [Fact]
    public void An_abstract_base_of_tests_may_say_so_and_the_upstreams_names_stay()
    {
        var tests = new PlantedAssembly("KeyAccountLogistics.Component");
        tests.Type("HandoverTestsBase", TypeAttributes.Public | TypeAttributes.Abstract);
        AssemblyRules.NoBannedWords(tests.Compile()).ShouldBeEmpty();
        var concrete = new PlantedAssembly("KeyAccountLogistics.Component");
        concrete.Type("HandoverTestsBase");
        AssemblyRules.NoBannedWords(concrete.Compile()).ShouldHaveSingleItem();
        var grpc = new PlantedAssembly("KeyAccountLogistics.Grpc");
        grpc.Type("Grpc.Core.ClientBase", TypeAttributes.Public | TypeAttributes.Abstract);
        AssemblyRules.NoBannedWords(grpc.Compile()).ShouldBeEmpty();
    }

    [Fact]
    public void What_a_compiler_generates_is_not_judged()
    {
        var custody = new PlantedAssembly("KeyAccountLogistics.Custody");
        var generated = custody.Type("KeyAccountLogistics.Custody.SomethingData");
        generated.SetCustomAttribute(new CustomAttributeBuilder(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute).GetConstructor([typeof(string), typeof(string)])!, ["tool", "1"]));
        AssemblyRules.NoBannedWords(custody.Compile()).ShouldBeEmpty();
    }

    [Fact]
    public void A_log_id_given_twice_or_not_at_all_is_found()
    {
        AssemblyRules.LogIdsAreUnique(new PlantedAssembly("KeyAccountLogistics.Custody").Logging(2101, 2102, 2103).Compile()).ShouldBeEmpty();
        AssemblyRules.LogIdsAreUnique(new PlantedAssembly("KeyAccountLogistics.Custody").Logging(2101, 2102, 2101).Compile()).ShouldHaveSingleItem().ShouldContain("event id 2101");
        AssemblyRules.LogIdsAreUnique(new PlantedAssembly("KeyAccountLogistics.Custody").Logging(2101, null).Compile()).ShouldHaveSingleItem().ShouldContain("no event id");
    }

    [Fact]
    public void A_declared_reference_against_the_arrows_is_found()
    {
        using var tree = new PlantedTree();
        tree.Write("src/EdgeAgent/EdgeAgent.csproj", """<Project><ItemGroup><ProjectReference Include="../Kernel/Kernel.csproj" /><ProjectReference Include="../Custody/Custody.csproj" /></ItemGroup></Project>""");
        tree.Write("src/Misc/Misc.csproj", "<Project />");
        SourceRules.ProjectArrows(tree.Root).Order(StringComparer.Ordinal).ShouldBe(
        [
            "EdgeAgent.csproj references Custody, and may know only: Kernel, Verdicts, Api, Grpc, FirmwareAdapters.",
            "Misc does not stand in the house plan: add it to MayKnow with what it may know.",
        ]);
    }

    [Fact]
    public void A_file_too_long_is_found_and_one_at_the_limit_is_not()
    {
        using var tree = new PlantedTree();
        tree.Write("src/Custody/Long.cs", string.Concat(Enumerable.Repeat("// a line\n", 601)));
        tree.Write("src/Custody/Enough.cs", string.Concat(Enumerable.Repeat("// a line\n", 600)));
        tree.Write("src/Custody/obj/Generated.cs", string.Concat(Enumerable.Repeat("// a line\n", 601)));
        SourceRules.FilesAreShort(tree.Root).ShouldHaveSingleItem().ShouldContain("Long.cs has 601 lines");
    }

    [Theory]
    [InlineData("/home/", "anna/kal", true)]
    [InlineData("/Users/", "Anna/kal", true)]
    [InlineData("C:\\Users\\", "Anna", true)]
    [InlineData("/root/", "src", true)]
    [InlineData("/work/", "main/src", true)]
    [InlineData("/home/", "user/kal", false)]
    [InlineData("https://kal.example/home/", "page", false)]
    [InlineData("/var/lib/", "kal", false)]
    public void A_path_of_one_machine_is_found(string start, string rest, bool found)
    {
        using var tree = new PlantedTree();
        tree.Write("deploy/run.sh", $"cd {start}{rest}\n");
        SourceRules.NoPersonalPaths(tree.Root).Any().ShouldBe(found);
    }

    [Fact]
    public void A_project_with_code_and_no_readme_is_found_and_one_without_code_is_not()
    {
        using var tree = new PlantedTree();
        foreach (var project in new[] { "Kernel", "Custody", "Dispatch", "Cases" }) tree.Write($"src/{project}/{project}.csproj", "<Project />");
        tree.Write("src/Kernel/Mass.cs", "");
        tree.Write("src/Kernel/README.md", "# Kernel\n");
        tree.Write("src/Custody/Parcel.cs", "");
        tree.Write("src/Cases/Case.cs", "");
        tree.Write("src/Cases/README.md", string.Concat(Enumerable.Repeat("words\n", 41)));
        SourceRules.ProjectsHaveReadmes(tree.Root).Order(StringComparer.Ordinal).ShouldBe(
            [$"src{Path.DirectorySeparatorChar}Cases{Path.DirectorySeparatorChar}README.md is longer than 40 lines.", $"src{Path.DirectorySeparatorChar}Custody has code and no README.md."]);
    }

    private static CompiledAssembly Calling(string from, string to)
    {
        var other = new PlantedAssembly("KeyAccountLogistics." + to);
        return new PlantedAssembly("KeyAccountLogistics." + from).Calling(other.Method($"KeyAccountLogistics.{to}.Any", "Thing")).Compile();
    }

    private sealed class PlantedTree : IDisposable
    {
        internal string Root { get; } = Directory.CreateTempSubdirectory("kal-planted-").FullName;

        public void Dispose() => Directory.Delete(Root, recursive: true);

        internal void Write(string path, string text)
        {
            var full = Path.Combine(Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, text);
        }
    }
}
