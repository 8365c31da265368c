using System.Text;

namespace KeyAccountLogistics.Cli.Admin;

/// <summary>Asks for a secret: from the named environment variable, from a pipe, or at the terminal without showing it; never from the command line.</summary>
internal static class Secrets
{
    public static string Ask(string what, string variable, TextWriter prompt)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given) return given;
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() is { Length: > 0 } line ? line : throw Missing(what, variable);
        prompt.Write($"{what}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                if (typed.Length > 0) typed.Length--;
            }
            else if (!char.IsControl(key.KeyChar)) typed.Append(key.KeyChar);
        }
        prompt.WriteLine();
        return typed.Length > 0 ? typed.ToString() : throw Missing(what, variable);
    }

    private static Connection.UsageException Missing(string what, string variable) =>
        new($"{what} is needed: type it when asked, pipe it in, or put it into the environment variable {variable}.");
}
