using System.Collections.Concurrent;
using System.Diagnostics;

namespace KeyAccountLogistics.TestKit;

/// <summary>
/// What a test needs of the machine beside the SDK. A test that lacks something is skipped with the reason and how to install it, never passed.
/// <c>tests/expected-skips.txt</c> says which skips a CI run may have.
/// </summary>
public static class Requires
{
    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <summary>Where Debian puts programs that are not in everyone's path.</summary>
    private static readonly string[] MoreFolders = ["/usr/lib/postgresql/15/bin", "/usr/sbin", "/sbin"];

    /// <summary>The Python whose packages Debian installs; another one first in the path does not have them.</summary>
    public const string DebianPython = "/usr/bin/python3";

    /// <summary>
    /// Null if everything is there, else the reasons. A requirement is a program name (<c>socat</c>), an absolute path (<c>/dev/ptmx</c>) or
    /// <c>python3:MODULE</c> for a module of Debian's Python, or <see cref="Files.SmallDisk.Requirement"/> for the right to mount a small disk.
    /// </summary>
    public static string? Missing(params string[] requirements)
    {
        var reasons = requirements.Select(r => Known.GetOrAdd(r, Reason)).Where(r => r is not null).ToArray();
        return reasons.Length == 0 ? null : string.Join("; ", reasons);
    }

    /// <summary>The full path of a program, or null.</summary>
    public static string? PathOf(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(MoreFolders)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string? Reason(string requirement)
    {
        if (requirement == Files.SmallDisk.Requirement) return Files.SmallDisk.WhyNot();
        if (requirement.StartsWith("python3:", StringComparison.Ordinal)) return MissingModule(requirement["python3:".Length..]);
        if (requirement.StartsWith('/')) return Path.Exists(requirement) ? null : $"{requirement} does not exist here";
        return PathOf(requirement) is null ? $"the program {requirement} is not installed (tests/run.sh installs what the tests need)" : null;
    }

    private static string? MissingModule(string module)
    {
        if (!File.Exists(DebianPython)) return $"{DebianPython} does not exist here";
        using var python = Process.Start(new ProcessStartInfo(DebianPython, ["-c", $"import {module}"]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        python.StandardError.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0 ? null : $"{DebianPython} has no module {module} (Debian: python3-{(module == "grpc" ? "grpcio" : module)})";
    }
}

/// <summary>A fact that runs only where its requirements are met; see <see cref="Requires.Missing"/> for how to name them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresProgramFactAttribute : FactAttribute
{
    /// <summary>Skips with the reason if something is missing.</summary>
    public RequiresProgramFactAttribute(params string[] requirements) => Skip = Requires.Missing(requirements);
}

/// <summary>A theory that runs only where its requirements are met; see <see cref="Requires.Missing"/> for how to name them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresProgramTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips with the reason if something is missing.</summary>
    public RequiresProgramTheoryAttribute(params string[] requirements) => Skip = Requires.Missing(requirements);
}
