using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace KeyAccountLogistics.Web;

/// <summary>Debian's Chromium, without a screen; one for all tests of the pages, which run one after the other.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(45_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
        });
    }

    /// <summary>
    /// A fresh page that remembers what the browser complained about. Dispose closes it: a page left open keeps its stream and its station. Its clock stands
    /// in another zone than the depot's, as a kiosk's may.
    /// </summary>
    public async Task<WatchedPage> OpenAsync(string language = "zh-CN", int width = 1366, int height = 768)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { Locale = language, ViewportSize = new ViewportSize { Width = width, Height = height }, TimezoneId = "Europe/Lisbon" });
        context.SetDefaultTimeout(20_000);
        return new WatchedPage(await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>All tests that use this browser: in one line, because the machine has few cores and a page is judged by what it shows in time.</summary>
[CollectionDefinition(Name)]
public sealed class PageTests : ICollectionFixture<Browser>
{
    public const string Name = "pages";
}

/// <summary>A page, and the errors it printed: a policy violation or an uncaught exception is a defect even where nobody sees it.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // A refused request while an agent is still starting or has gone is the page's to handle; a policy violation is not.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) _complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Keeps a picture for people to look at.</summary>
    public Task PictureAsync(string name, bool whole = false) =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(DemoProgram.Screenshots, name + ".png"), FullPage = whole });

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
