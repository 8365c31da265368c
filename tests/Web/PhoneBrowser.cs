using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace KeyAccountLogistics.Web;

/// <summary>A phone's browser with its own storage, which survives its being killed. Not a test's shared browser: what is killed here is the whole program.</summary>
internal sealed class PhoneBrowser : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;
    private readonly string _storage;

    private PhoneBrowser(IPlaywright playwright, IBrowserContext context, string storage) => (_playwright, _context, _storage) = (playwright, context, storage);

    internal IPage Page { get; private set; } = null!;

    internal IReadOnlyCollection<string> Complaints => _complaints;

    internal static async Task<PhoneBrowser> StartAsync(string storage, string language, string? camera = null)
    {
        var playwright = await Playwright.CreateAsync();
        var context = await playwright.Chromium.LaunchPersistentContextAsync(storage, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", .. camera is null ? Array.Empty<string>() : [$"--use-file-for-fake-video-capture={camera}"],
            ],
            ViewportSize = new ViewportSize { Width = 390, Height = 844 }, DeviceScaleFactor = 2, HasTouch = true, IsMobile = true, Locale = language, TimezoneId = "Europe/Lisbon",
        });
        context.SetDefaultTimeout(20_000);
        // As Browser has it, which may not be there: a phone asks again after up to twenty seconds.
        Assertions.SetDefaultExpectTimeout(45_000);
        var phone = new PhoneBrowser(playwright, context, storage) { Page = context.Pages[0] };
        phone.Page.Console += (_, message) =>
        {
            // A request that found no network is what this is about; a policy violation is not.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) phone._complaints.Enqueue(message.Text);
        };
        phone.Page.PageError += (_, error) => phone._complaints.Enqueue(error);
        return phone;
    }

    internal Task PictureAsync(string name, bool whole = false) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoProgram.Screenshots, name + ".png"), FullPage = whole });

    /// <summary>As a phone kills what takes memory: every process at once, nothing is told beforehand.</summary>
    internal void Kill()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)) continue;
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(_storage, StringComparison.Ordinal)) Process.GetProcessById(id).Kill();
            }
            catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
            {
                // It has gone meanwhile.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.CloseAsync();
        }
        catch (PlaywrightException)
        {
            // Killed.
        }
        _playwright.Dispose();
    }
}
