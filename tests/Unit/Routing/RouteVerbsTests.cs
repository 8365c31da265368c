using System.CommandLine;
using System.Text.Json;
using KeyAccountLogistics.Cli;
using KeyAccountLogistics.Cli.Routing;

namespace KeyAccountLogistics.Unit.Routing;

/// <summary><c>kal route</c> from the command line to what it prints and its exit code.</summary>
public sealed class RouteVerbsTests : IDisposable
{
    private const string Instance = "tiny\n2 10\n0 0 0 0 0 100 0\n1 3 4 6 0 100 1\n2 3 -4 6 0 100 1\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kal-route-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Solves_a_file_and_checks_what_it_printed()
    {
        var (code, printed, _) = await Run("solve", Put("tiny.txt", Instance), "--seconds", "0.2", "--threads", "2", "--objective", "vehicles", "--seed", "3", "--json");
        code.ShouldBe(ExitCode.Ok);
        using var json = JsonDocument.Parse(printed);
        json.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["instance", "objective", "vehicles", "distance", "feasible", "seconds", "routes"]);
        (json.RootElement.GetProperty("vehicles").GetInt32(), json.RootElement.GetProperty("distance").GetDouble()).ShouldBe((2, 20.0));

        var (checkedCode, verdict, _) = await Run("check", Put("tiny.txt", Instance), Put("routes.json", printed), "--json");
        checkedCode.ShouldBe(ExitCode.Ok);
        verdict.Trim().ShouldBe("""{"instance":"tiny","feasible":true,"vehicles":2,"distance":20}""");
    }

    [Fact]
    public async Task Routes_that_break_a_rule_are_named_and_the_exit_code_says_so()
    {
        var (code, printed, _) = await Run("check", Put("tiny.txt", Instance), Put("routes.txt", "Route 1: 1 2\n"));
        code.ShouldBe(ExitCode.Bad);
        printed.Trim().ShouldBe("tiny: not feasible. Route 1 carries 12; a vehicle holds 10.");
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_in_one_line()
    {
        var (code, _, error) = await Run("solve", Put("empty.txt", "nothing here\n"), "--seconds", "1");
        code.ShouldBe(ExitCode.Failed);
        error.Trim().ShouldBe("kal: The file holds no instance: vehicles and capacity, then a row for the depot and one for each customer.");
        (await Run("solve", Path.Combine(_folder.FullName, "absent.txt"))).Code.ShouldBe(ExitCode.Failed);
        (await Run("solve", Put("tiny.txt", Instance), "--seconds", "0")).Code.ShouldBe(ExitCode.Failed);
        (await Run("solve", _folder.FullName)).Error.Trim().ShouldBe($"kal: {_folder.FullName} is a folder: name a file.");
        var huge = Put("huge.txt", "");
        using (var file = File.OpenWrite(huge)) file.SetLength(200_000_000);   // sparse: only its length is looked at
        (await Run("check", Put("tiny.txt", Instance), huge)).Error.ShouldStartWith($"kal: {huge} has 190 MiB; at most 8 MiB are read");
    }

    private string Put(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static async Task<(int Code, string Printed, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RouteVerbs.Build().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
