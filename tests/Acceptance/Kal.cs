using System.Diagnostics;
using KeyAccountLogistics.Cli;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Acceptance;

/// <summary>The program's verbs in this process: the same parser, bodies and exit codes.</summary>
internal static class Kal
{
    internal static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await KalProgram.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The program in a process of its own, against a backend, as whoever the token is.</summary>
    internal static async Task<(int Code, string Out)> AgainstAsync(BackendFixture backend, string token, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", KalProcess.Program, .. arguments, "--server", backend.Grpc.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KAL_TOKEN"] = token;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var (said, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        (await error).ShouldNotContain("kal:");
        return (process.ExitCode, await said);
    }

    internal static IReadOnlyList<string> Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
