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
        var (code, said, error) = await KalProcess.RunAsync(token, [.. arguments, "--server", backend.Grpc.ToString()]);
        error.ShouldNotContain("kal:");
        return (code, said);
    }

    internal static IReadOnlyList<string> Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
