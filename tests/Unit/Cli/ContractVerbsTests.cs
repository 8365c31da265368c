using System.Text.Json;
using KeyAccountLogistics.Cli;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Unit.Contracts;

namespace KeyAccountLogistics.Unit.Cli;

/// <summary><c>kal contract check|show|diff|export</c> as scripts and people meet them (issue 4, section 7).</summary>
public sealed class ContractVerbsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("contract-");

    private string FileOf(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string Sample()
    {
        FileOf("lanes.csv", Contract.Lanes);
        FileOf("fuel.csv", Contract.Fuel);
        return FileOf("sample.yaml", Contract.Sample);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await KalProgram.RunAsync(["contract", .. arguments], output, error);
        return (code, output.ToString(), error.ToString());
    }

    [Fact]
    public async Task A_good_document_is_named_with_its_hash()
    {
        var file = Sample();
        var (code, output, _) = await RunAsync("check", file);
        code.ShouldBe(0);
        output.ShouldStartWith($"{file}: KA-2026-0001 v1 of 华东电商甲 is good, a draft; ");
    }

    [Fact]
    public async Task Mistakes_are_told_with_file_line_and_column_and_the_exit_code_is_1()
    {
        var file = Sample();
        File.WriteAllText(file, Contract.Sample.Replace("C: 15", "C: 14", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_folder.FullName, "lanes.csv"), Contract.Lanes + "44*,,d,99\n");
        var (code, output, _) = await RunAsync("check", file);
        code.ShouldBe(1);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $"{file}:14:30: service.weights: add to 99; they must add to 100.",
            $"{Path.Combine(_folder.FullName, "lanes.csv")}:5:8: promise.transit[3].days: '99' does not fit; write working days, 0 to 60.",
            $"{file}: 2 mistakes.",
        ]);
        using var json = JsonDocument.Parse((await RunAsync("check", "--json", file)).Output);
        json.RootElement.GetProperty("good").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("mistakes")[1].GetProperty("table").GetString().ShouldBe("lanes.csv");
        json.RootElement.GetProperty("mistakes")[1].GetProperty("line").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Words_stand_in_the_language_asked_for()
    {
        var file = Sample();
        (await RunAsync("show", file, "--lang", "en")).Output.ShouldContain("    first kilogram: 8.00 CNY\n");
        (await RunAsync("show", file, "--lang", "zh")).Output.ShouldContain("    首公斤：8.00 元\n");
        (await RunAsync("show", file, "--lang", "fr")).ShouldBe((2, "", "kal: --lang is en or zh, not 'fr'.\n"));
        using var json = JsonDocument.Parse((await RunAsync("show", file, "--json")).Output);
        json.RootElement.GetProperty("clauses").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ShouldBe(["", "T-3", "F-1", "W-2", "H-1", "P-1", "S-1"]);
    }

    [Fact]
    public async Task An_amendment_is_compared_with_what_it_amends()
    {
        var file = FileOf("yysm-b.yaml", DemoTerms.Files().Single(f => f.Name is "yysm-b.yaml").Text);
        var (code, output, _) = await RunAsync("diff", file);
        code.ShouldBe(0);
        output.ShouldContain("  T-1: volume divided by 8000 -> 6000 cm³/kg\n");
        output.ShouldContain("  T-1：c 区首公斤 9.00 → 9.50 元\n");
        using var json = JsonDocument.Parse((await RunAsync("diff", file, "--json")).Output);
        json.RootElement.GetProperty("raises_a_price").GetBoolean().ShouldBeTrue();
        (await RunAsync("diff", Sample())).Code.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_exported_is_the_same_version()
    {
        var hash = (await RunAsync("check", Sample())).Output.Trim()[^64..];
        var yaml = FileOf("out.yaml", (await RunAsync("export", Path.Combine(_folder.FullName, "sample.yaml"))).Output);
        (await RunAsync("check", yaml)).Output.Trim()[^64..].ShouldBe(hash);
        var json = (await RunAsync("export", yaml, "--json")).Output;
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(json))).ShouldBe(hash);
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_no_UTF_8_is_not_done()
    {
        (await RunAsync("check", Path.Combine(_folder.FullName, "none.yaml"))).Code.ShouldBe(2);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "gb.yaml"), [0xBB, 0xAA, 0xB6, 0xAB]);
        (await RunAsync("check", Path.Combine(_folder.FullName, "gb.yaml"))).Error.ShouldContain("is not UTF-8");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
