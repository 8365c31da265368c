using KeyAccountLogistics.Cli;

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

    internal static IReadOnlyList<string> Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
