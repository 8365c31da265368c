using System.Diagnostics;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Component.Deploy;

/// <summary><c>deploy/install.sh</c> below a folder of its own: what it writes, what it keeps, and that systemd accepts the units.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kal-install-").FullName;
    private readonly string _repository = Repository();

    [RequiresProgramTheory("bash", "systemd-analyze")]
    [InlineData("backend")]
    [InlineData("agent")]
    public async Task Installs_a_unit_that_systemd_accepts(string what)
    {
        var installed = await InstallAsync(what, Program("one"));
        installed.Code.ShouldBe(0, installed.Text);
        var verified = await RunAsync("systemd-analyze", ["verify", "--man=no", "--root=" + _root, $"/etc/systemd/system/kal-{what}.service"]);
        // The empty root has no targets of its own; what is said of our unit is what counts.
        verified.Text.Split('\n').Where(line => line.Contains("kal-" + what, StringComparison.Ordinal) && !line.Contains("target", StringComparison.Ordinal)).ShouldBeEmpty();
        File.Exists(Path.Combine(_root, "opt/kal/current/kal")).ShouldBeTrue();
    }

    [RequiresProgramFact("bash")]
    public async Task An_upgrade_keeps_configuration_and_data_and_the_release_before()
    {
        (await InstallAsync("backend", Program("one"))).Code.ShouldBe(0);
        var settings = Path.Combine(_root, "etc/kal/backend.env");
        await File.WriteAllTextAsync(settings, "KAL_DATABASE=sqlite:/mine\n");
        var before = new DirectoryInfo(Path.Combine(_root, "opt/kal/current")).LinkTarget;
        (await InstallAsync("backend", Program("two"))).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(settings)).ShouldBe("KAL_DATABASE=sqlite:/mine\n");
        new DirectoryInfo(Path.Combine(_root, "opt/kal/current")).LinkTarget.ShouldNotBe(before, StringComparer.Ordinal);
        Directory.GetDirectories(Path.Combine(_root, "opt/kal/releases")).Length.ShouldBe(2);
        (await File.ReadAllTextAsync(Path.Combine(_root, "opt/kal/current/kal"))).ShouldContain("two");
    }

    [RequiresProgramFact("bash")]
    public async Task Says_what_to_do_when_nothing_is_built()
    {
        var refused = await InstallAsync("backend", Path.Combine(_root, "nothing"));
        refused.Code.ShouldNotBe(0);
        refused.Text.ShouldContain("deploy/build.sh");
    }

    private string Program(string content)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "built-" + content)).FullName;
        var file = Path.Combine(folder, "kal");
        File.WriteAllText(file, $"#!/bin/sh\n# {content}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return folder;
    }

    private Task<(int Code, string Text)> InstallAsync(string what, string program) =>
        RunAsync("bash", [Path.Combine(_repository, "deploy/install.sh"), what, "--program", program]);

    private async Task<(int Code, string Text)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DESTDIR"] = _root;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KeyAccountLogistics.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("The tests do not lie below the solution.");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
