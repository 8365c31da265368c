using System.Text.Json;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>A backend with two parcels, one of them insured for less than it is worth, for complaints and claims that are opened from the pages.</summary>
internal sealed class CaseOffice : IAsyncDisposable
{
    internal const string Parcel = "CASE-1001";
    internal const string Insured = "CASE-2002";
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");

    private CaseOffice(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    internal static async Task<CaseOffice> StartAsync()
    {
        if (!Directory.Exists(Pages)) throw new DirectoryNotFoundException($"{Pages} is not built. Run: bash deploy/build.sh");
        var office = new CaseOffice(await BackendFixture.StartAsync(Engine.Sqlite, options => (options with { WebRoot = Pages }).WithAnyTerms(BackendFixture.Account)));
        var reply = await new Shipments.ShipmentsClient(await office.Backend.AsAdministratorAsync()).RegisterAsync(new RegisterShipmentsRequest { Shipments = { Line(Parcel, 0), Line(Insured, 60_000) } });
        reply.Registered.ShouldBe(2);
        return office;
    }

    internal async Task<WatchedPage> SignedInAsync(Browser browser, string role, string language, string path, int width = 1440)
    {
        var opened = await OfficePages.SignedInAsync(browser, Backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language, width, 900);
        await GoAsync(opened.Page, path);
        return opened;
    }

    internal Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(Backend.Pages, path).ToString());

    private static ShipmentLine Line(string waybill, long insuredMinor) => new()
    {
        Waybill = waybill, Account = BackendFixture.Account, Product = "standard", Origin = BackendFixture.Depot, Destination = "PEK02", DeclaredMg = 2_000_000, AcceptedAtUs = 1_772_000_000_000_000,
        DeclaredValueMinor = insuredMinor, Currency = "CNY",
    };

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}

/// <summary>The office's words as its pages say them: so that a test speaks of codes and the page is read in either language.</summary>
internal sealed class OfficeWords(string language)
{
    private readonly JsonElement _words = JsonDocument.Parse(File.ReadAllText(Path.Combine(DemoProgram.Root, "src", "Web", "src", "texts", $"office.{(language.StartsWith("zh", StringComparison.Ordinal) ? "zh" : "en")}.json"))).RootElement;

    internal string this[string key] => key.Split('.').Aggregate(_words, static (at, name) => at.GetProperty(name)).GetString()!;

    /// <summary>The text that stands before the first figure of a sentence with figures.</summary>
    internal string Before(string key) => this[key].Split("{{")[0];
}

/// <summary>How a person fills in a form of the office.</summary>
internal static class Forms
{
    internal static ILocator FormDialog(this IPage page) => page.Locator(".ant-modal");

    internal static async Task ChooseAsync(this IPage page, string field, string text)
    {
        await page.FormDialog().Locator("#" + field).ClickAsync();
        var list = page.Locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)");
        await list.Locator(".ant-select-item-option").GetByText(text, new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        // A picture taken while it folds away keeps it open for ever.
        await Expect(list).ToHaveCountAsync(0);
    }

    /// <summary>Sends it, and the form is gone.</summary>
    internal static async Task SendAsync(this IPage page)
    {
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog()).ToHaveCountAsync(0);
    }

    /// <summary>Presses the button of an act, fills in the note if there is one, and sends it.</summary>
    internal static async Task ActAsync(this IPage page, string act, string note = "")
    {
        await page.Locator($"[data-act='{act}']").ClickAsync();
        if (note.Length > 0) await page.FormDialog().Locator("#note").FillAsync(note);
        await page.SendAsync();
    }

    internal static Task<bool> FitsAsync(this IPage page) => page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth");

    /// <summary>What is written in Latin letters on the page, but for codes, names and units: on the Chinese page there is nothing.</summary>
    internal static async Task<string[]> EnglishAsync(this IPage page, params string[] allowed)
    {
        var words = await page.EvaluateAsync<string[]>("""
            () => {
              const out = [];
              for (const root of document.querySelectorAll('#desk, .ant-modal, .desk-menu')) {
                const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                for (let node = walk.nextNode(); node; node = walk.nextNode()) {
                  if (node.parentElement.closest('.mono, .clause-id, .note, style, textarea') || node.parentElement.getClientRects().length === 0) continue;
                  out.push(...(node.textContent.match(/[A-Za-z][A-Za-z_-]{2,}/g) ?? []));
                }
              }
              return out;
            }
            """);
        return [.. words.Except(allowed, StringComparer.Ordinal).Except(["CNY", "min", "ppm", "CustomerService", "KeyAccountManager", "SalesManager", "ClientUser", "AreaManager", "Finance", "CASE-", "KA-", "SHA", "PEK", "STD", "Asia", "Shanghai"], StringComparer.Ordinal).Distinct(StringComparer.Ordinal)];
    }
}
