using System.Diagnostics;
using System.Text;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The month as a file to send, taken from the scorecard's page: what it says is what the page says.</summary>
[Collection(PageTests.Name)]
[Trait("Time", "long")]
public sealed class LevelReportTests(Browser browser)
{
    [RequiresProgramTheory("chromium", "pdftotext")]
    [InlineData("en-GB", "en", "Late parcels")]
    [InlineData("zh-CN", "zh", "晚投快件")]
    public async Task A_report_is_downloaded_in_every_format_with_the_pages_figures(string language, string name, string late)
    {
        await using var office = await LevelsOffice.StartAsync();
        await using var opened = await OfficePages.SignedInAsync(browser, office.Backend.Pages, BackendFixture.NameOf("KeyAccountManager"), BackendFixture.Password, language, 1440, 900);
        var page = opened.Page;
        await page.Clock.SetFixedTimeAsync(office.Backend.Time.Now().ToDateTimeUtc());
        await page.GotoAsync(new Uri(office.Backend.Pages, $"/levels/{BackendFixture.Account}?month={office.Month}").ToString());
        var punctual = page.Locator("[data-indicator=T2]");
        await Expect(punctual).ToBeVisibleAsync();
        var score = await page.Locator(".score-figure").InnerTextAsync();
        var (value, points) = (await punctual.Locator("[data-behind=T2-value]").InnerTextAsync(), await punctual.Locator("[data-behind=T2-score]").InnerTextAsync());
        value.ShouldBe("95.00 %");

        var html = await TakeAsync(opened, "html", language, name);
        var text = await File.ReadAllTextAsync(html);
        foreach (var expected in new[] { late, LevelsOffice.Late, LevelsOffice.Doubt, value, points, score, BackendFixture.Account }) text.ShouldContain(expected);
        text.ShouldNotContain(BackendFixture.OtherAccount);
        text.ShouldNotContain("c-1", Case.Sensitive, "the courier is nobody's business here");

        var csv = await File.ReadAllTextAsync(await TakeAsync(opened, "csv", language, name), Encoding.UTF8);
        csv.Split("\r\n").Single(static l => l.StartsWith("indicator,T,T2,", StringComparison.Ordinal)).ShouldContain(",57,60,0,1,1,");

        var pdf = await TakeAsync(opened, "pdf", language, name);
        var words = await RunAsync("pdftotext", pdf, "-");
        foreach (var expected in new[] { late, LevelsOffice.Late, points, score }) words.ShouldContain(expected);
        await RunAsync("pdftoppm", "-png", "-r", "60", "-l", "2", pdf, Path.Combine(DemoProgram.Screenshots, "report-pdf-" + name));

        await using var shown = await browser.OpenAsync(language, 1000, 1200);
        await shown.Page.GotoAsync(new Uri(html).ToString());
        await shown.PictureAsync("report-html-" + name, whole: true);
        opened.Complaints.ShouldBeEmpty();
    }

    private static async Task<string> TakeAsync(WatchedPage opened, string format, string language, string name)
    {
        var words = new OfficeWords(language);
        await opened.Page.Locator("[data-act=report]").ClickAsync();
        var entry = opened.Page.Locator(".ant-dropdown-menu-item").GetByText(words["levels.report_" + format], new LocatorGetByTextOptions { Exact = true });
        var download = await opened.Page.RunAndWaitForDownloadAsync(() => entry.ClickAsync(), new PageRunAndWaitForDownloadOptions { Timeout = 90_000 });
        download.SuggestedFilename.ShouldEndWith($"_{name}.{format}");
        // What was made is said by its name, for who looks for it in the folder.
        await Expect(opened.Page.Locator("[role=status]")).ToContainTextAsync(download.SuggestedFilename);
        await opened.PictureAsync("report-made-" + name);
        var path = Path.Combine(Directory.CreateTempSubdirectory("kal-report-").FullName, download.SuggestedFilename);
        await download.SaveAsAsync(path);
        return path;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var said = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(0, program);
        return said;
    }
}
