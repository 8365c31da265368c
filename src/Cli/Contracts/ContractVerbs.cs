using System.CommandLine;
using System.Text;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Cli.Contracts;

/// <summary><c>kal contract check|show|diff|export FILE…</c>: contract documents as files; no backend is asked, but by <c>export</c> when one is named.</summary>
internal static class ContractVerbs
{
    private const int RowsShown = 20;

    public static Command Build()
    {
        var verb = new Command("contract", "Contract documents as files: check, show, diff, export. Contract versions of an installation: import, versions, propose, approve, announce, sign, end, export.");
        foreach (var below in new[] { Check(), Show(), Diff(), Export() }.Concat(VersionVerbs.All())) verb.Subcommands.Add(below);
        return verb;
    }

    private static Command Check()
    {
        var verb = new Command("check", "Tells every mistake of contract documents at once, each with its line; exit code 1 when there are any.");
        var files = new Argument<string[]>("FILE") { Description = "Contract documents (YAML); tables they name stand beside them.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object a file." };
        verb.Arguments.Add(files);
        verb.Options.Add(json);
        verb.Runs((parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var clean = true;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var read = ContractFile.Read(file);
                clean &= read.Mistakes.IsEmpty;
                if (parsed.GetValue(json)) output.WriteLine(ContractLines.Checked(file, read));
                else Tell(file, read, output);
            }
            return Task.FromResult(clean ? ExitCode.Ok : ExitCode.Bad);
        });
        return verb;
    }

    private static Command Show()
    {
        var verb = new Command("show", "Says a contract in plain words, clause by clause, in English and Chinese.");
        var file = FileArgument();
        var version = new Option<uint?>("--version") { Description = "The version; the last in the file when absent." };
        var language = new Option<string?>("--lang") { Description = "en or zh; both when absent." };
        var all = new Option<bool>("--all") { Description = $"Every row of every table; {RowsShown} of each when absent." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(file);
        foreach (var option in new Option[] { version, language, all, json }) verb.Options.Add(option);
        verb.Runs((parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var (en, zh) = parsed.GetValue(language) switch { null => (true, true), "en" => (true, false), "zh" => (false, true), var other => throw new UsageException($"--lang is en or zh, not '{other}'.") };
            if (Whole(parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Error) is not { } read) return Task.FromResult(ExitCode.Bad);
            var document = Picked(read, parsed.GetValue(version));
            if (parsed.GetValue(json)) output.WriteLine(ContractLines.Said(document));
            else Say(document, en, zh, parsed.GetValue(all), output);
            return Task.FromResult(ExitCode.Ok);
        });
        return verb;
    }

    private static Command Diff()
    {
        var verb = new Command("diff", "Compares two versions in words and says whether a price rises: of one file its last two, or of two files the last of each.");
        var files = new Argument<string[]>("FILE") { Description = "One file with several versions, or two files.", Arity = new ArgumentArity(1, 2) };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(files);
        verb.Options.Add(json);
        verb.Runs((parsed, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var read = parsed.GetRequiredValue(files).Select(f => (File: f, Read: Whole(f, parsed.InvocationConfiguration.Error))).ToList();
            if (read.Exists(r => r.Read is null)) return Task.FromResult(ExitCode.Bad);
            var versions = read.Count == 1 ? read[0].Read!.Versions.TakeLast(2).ToList() : [.. read.Select(r => r.Read!.Versions[^1])];
            if (versions.Count < 2) throw new UsageException($"{read[0].File} holds one version; give a second file to compare it with.");
            var compared = versions[0].CompareTo(versions[1]);
            if (parsed.GetValue(json)) output.WriteLine(ContractLines.Compared(versions[0], versions[1], compared));
            else Tell(versions[0], versions[1], compared, output);
            return Task.FromResult(ExitCode.Ok);
        });
        return verb;
    }

    private static Command Export()
    {
        var verb = new Command("export", "Writes a contract out whole, tables inline, in one order: commented YAML, or the canonical JSON that is signed. With --server or --database FILE is a contract's number.");
        var connection = ConnectionOptions.AddTo(verb);
        var file = FileArgument();
        var version = new Option<uint?>("--version") { Description = "The version; the last when absent." };
        var json = new Option<bool>("--json") { Description = "The canonical JSON instead of YAML." };
        var to = new Option<string?>("--output", "-o") { Description = "A file to write; the terminal when absent." };
        verb.Arguments.Add(file);
        foreach (var option in new Option[] { version, json, to }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            ContractDocument document;
            if (connection.IsNamed(parsed))
            {
                await using var backend = await connection.OpenAsync(parsed, ct);
                document = await VersionVerbs.FetchAsync(backend, parsed.GetRequiredValue(file), parsed.GetValue(version) ?? 0, ct);
            }
            else
            {
                if (Whole(parsed.GetRequiredValue(file), parsed.InvocationConfiguration.Error) is not { } read) return ExitCode.Bad;
                document = Picked(read, parsed.GetValue(version));
            }
            var text = parsed.GetValue(json) ? document.ToJson() : $"# {document}, {document.Hash}\n{document.ToYaml()}";
            if (parsed.GetValue(to) is { } path) await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), ct);
            else await parsed.InvocationConfiguration.Output.WriteAsync(text);
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Argument<string> FileArgument() => new("FILE") { Description = "A contract document (YAML); tables it names stand beside it." };

    // The documents of a file without a mistake; with any, they are told and nothing else is done.
    private static ContractDocuments? Whole(string file, TextWriter error)
    {
        var read = ContractFile.Read(file);
        if (read.Mistakes.IsEmpty) return read;
        Tell(file, read, error);
        return null;
    }

    private static ContractDocument Picked(ContractDocuments read, uint? version) =>
        version is not { } wanted ? read.Versions[^1]
        : read.Versions.FirstOrDefault(v => v.Version == wanted) ?? throw new UsageException($"The file has no version {wanted}; it has {string.Join(", ", read.Versions.Select(v => v.Version))}.");

    internal static void Tell(string file, ContractDocuments read, TextWriter output)
    {
        foreach (var mistake in read.Mistakes)
        {
            var place = mistake.Line is null ? file : $"{(mistake.Table is null ? file : Path.Combine(Path.GetDirectoryName(file) ?? "", mistake.Table))}:{mistake.Line}:{mistake.Column}";
            output.WriteLine($"{place}: {(mistake.Path.Length == 0 ? "" : mistake.Path + ": ")}{mistake.Message}");
        }
        foreach (var version in read.Versions) output.WriteLine($"{file}: {version} of {version.Account} is good{(version.IsDraft ? ", a draft" : "")}; {version.Hash}");
        if (!read.Mistakes.IsEmpty) output.WriteLine($"{file}: {read.Mistakes.Length} mistakes.");
    }

    private static void Say(ContractDocument document, bool en, bool zh, bool all, TextWriter output)
    {
        output.WriteLine($"{document}  {document.Hash}");
        foreach (var clause in document.Words())
        {
            output.WriteLine();
            output.WriteLine($"{(clause.Id.Length == 0 ? "" : clause.Id + "  ")}{Both(clause.TitleEn, clause.TitleZh, " · ")}");
            var rows = 0;
            foreach (var statement in clause.Statements)
            {
                if (statement.InTable && ++rows > RowsShown && !all) continue;
                if (en) output.WriteLine($"    {statement.AboutEn}: {statement.SaysEn}");
                if (zh) output.WriteLine($"    {statement.AboutZh}：{statement.SaysZh}");
            }
            if (rows > RowsShown && !all) output.WriteLine($"    … {rows - RowsShown} rows more (--all)");
        }

        string Both(string english, string chinese, string between) => en && zh ? english + between + chinese : en ? english : chinese;
    }

    private static void Tell(ContractDocument earlier, ContractDocument later, ContractComparison compared, TextWriter output)
    {
        output.WriteLine($"{earlier} -> {later}: {(compared.Differences.IsEmpty ? "no difference in what they say" : $"{compared.Differences.Length} differences")}");
        foreach (var difference in compared.Differences)
        {
            output.WriteLine($"  {difference.TextEn}");
            output.WriteLine($"  {difference.TextZh}");
        }
        output.WriteLine(compared.RaisesAPrice ? "A price may rise; announce it ten days ahead 可能涨价，须提前十日公示:" : "No price rises. 不涨价。");
        foreach (var rise in compared.Raised) output.WriteLine($"  {rise.Clause}: {rise.WhyEn} · {rise.WhyZh}");
    }
}
