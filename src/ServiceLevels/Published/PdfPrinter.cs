using System.ComponentModel;
using System.Diagnostics;

namespace KeyAccountLogistics.ServiceLevels.Published;

/// <summary>
/// Prints a page as PDF with the Chromium of this machine: no PDF library that may be used sets Chinese text, and the page stays the one source of what is printed. One print at a time;
/// the page is our own, without scripts and without anything to load. Safe from several threads.
/// </summary>
public static class PdfPrinter
{
    private const int BytesMax = 32 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SemaphoreSlim One = new(1, 1);

    /// <summary>The program; null where none is installed.</summary>
    public static string? Program { get; } = Find();

    /// <summary>The page as PDF; unavailable, with what to do, where no Chromium is installed or it does not answer.</summary>
    public static async Task<Outcome<byte[]>> PrintAsync(string html, CancellationToken ct)
    {
        if (Program is not { } program)
            return new Fault.Conflict("pdf.no_printer", "PDF is printed by Chromium, which is not installed here: install the packages chromium and fonts-noto-cjk, or take the HTML and print it in a browser.");
        await One.WaitAsync(ct);
        try
        {
            var folder = Directory.CreateTempSubdirectory("kal-report-");
            try
            {
                return await PrintAsync(program, html, folder.FullName, ct);
            }
            finally
            {
                Remove(folder);
            }
        }
        finally
        {
            One.Release();
        }
    }

    private static async Task<Outcome<byte[]>> PrintAsync(string program, string html, string folder, CancellationToken ct)
    {
        var (page, pdf) = (Path.Combine(folder, "report.html"), Path.Combine(folder, "report.pdf"));
        await File.WriteAllTextAsync(page, html, ct);
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run", "--no-pdf-header-footer", $"--user-data-dir={Path.Combine(folder, "profile")}", $"--print-to-pdf={pdf}"];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Chromium refuses to run as root with its sandbox; what it loads here is this one page.
        if (Environment.IsPrivilegedProcess) start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start) ?? throw new Win32Exception(program);
            try
            {
                await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token), process.WaitForExitAsync(limit.Token));
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
            if (new FileInfo(pdf) is { Exists: true, Length: > 0 and <= BytesMax }) return await File.ReadAllBytesAsync(pdf, ct);
            return Failed(FormattableString.Invariant($"it ended with code {process.ExitCode} and wrote no page"));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Failed(FormattableString.Invariant($"it did not end within {Patience.TotalSeconds:0} seconds"));
        }
        catch (Win32Exception failure)
        {
            return Failed(failure.Message);
        }

        Fault.Conflict Failed(string why) => new("pdf.not_printed", $"{program} did not print the report: {why}. Take the HTML and print it in a browser.");
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(static folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A helper of the browser that is just ending still writes there; the system clears its folder of temporary files.
        }
    }
}
