using System.Diagnostics;
using System.Text;

namespace KeyAccountLogistics.Acceptance;

/// <summary>The guide "Add a device" does what it says: its own commands, as they stand, in an empty folder, up to a decoder that reads its first vector.</summary>
[Trait("Time", "long")]
public sealed class GuideTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);   // a whole build

    [Fact]
    public async Task The_commands_of_add_a_device_end_in_a_decoder_that_passes_its_vector()
    {
        var folder = Directory.CreateTempSubdirectory("kal-guide-").FullName;
        try
        {
            var root = AcceptanceFolder.RepositoryRoot();
            var commands = ShellBlocks(await File.ReadAllTextAsync(Path.Combine(root, "src", "guides", "add-a-device.md")));
            commands.Count.ShouldBeGreaterThan(3);
            var (exit, output) = await RunAsync(folder, root, string.Join('\n', commands));
            exit.ShouldBe(0, output);
            output.ShouldContain("""{"mass_mg":2340000,"stability":"stable","condition":"ok","basis":"unknown","unit":"g","raw_hex":"41 53 2B 30 30 32 33 34 30 0D 0A","note":""}""");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> ShellBlocks(string markdown)
    {
        const string Begin = "```sh\n", End = "\n```";
        var blocks = new List<string>();
        for (var at = markdown.IndexOf(Begin, StringComparison.Ordinal); at >= 0; at = markdown.IndexOf(Begin, at, StringComparison.Ordinal))
        {
            var end = markdown.IndexOf(End, at, StringComparison.Ordinal);
            blocks.Add(markdown[(at + Begin.Length)..end]);
            at = end + End.Length;
        }
        return blocks;
    }

    private static async Task<(int Exit, string Output)> RunAsync(string folder, string root, string commands)
    {
        var output = new StringBuilder();
        using var shell = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", commands])
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, Environment = { ["KAL_REPO"] = root },
            },
        };
        shell.OutputDataReceived += (_, line) => Take(line.Data);
        shell.ErrorDataReceived += (_, line) => Take(line.Data);
        shell.Start();
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Limit);
        try
        {
            await shell.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException tooLong)
        {
            shell.Kill(entireProcessTree: true);
            throw new TimeoutException($"The guide's commands took more than {Limit.TotalMinutes} minutes: {output}", tooLong);
        }
        return (shell.ExitCode, output.ToString());

        void Take(string? line)
        {
            lock (output) output.AppendLine(line);
        }
    }
}
