using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The dispatcher's desk: a day planned, read, and changed by pulling a stop to another courier, in both languages.</summary>
[Collection(PageTests.Name)]
public sealed class DispatchPagesTests(Browser browser)
{
    [RequiresProgramTheory("chromium")]
    [InlineData("zh-CN", "zh", "车辆已满", "因为", "公里", "派送路单")]
    [InlineData("en-GB", "en", "no vehicle has room", "because", "km", "Run sheet")]
    public async Task A_dispatcher_plans_a_day_sees_what_is_wrong_with_it_and_pulls_a_stop_to_another_courier(string language, string name, string noRoom, string because, string km, string sheet)
    {
        await using var depot = await DispatchDepot.StartAsync();
        await using var opened = await OpenAsync(depot, language);
        var page = opened.Page;
        await Expect(page.Locator("[data-planned=no]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-card=unassigned] li")).ToHaveCountAsync(DispatchDepot.Deliveries + 3);
        await opened.PictureAsync("dispatch-unplanned-" + name);

        await PlanAsync(page);
        await Expect(page.Locator(".run-row")).ToHaveCountAsync(2);
        await Expect(page.Locator(".run-row .block")).ToHaveCountAsync(DispatchDepot.Deliveries + 2);
        var left = page.Locator("[data-card=unassigned] li");
        await Expect(left).ToHaveCountAsync(1);
        await Expect(page.Locator("footer")).ToContainTextAsync("Asia/Shanghai");
        await Expect(left).ToContainTextAsync(noRoom);
        await Expect(page.Locator($"[data-card=at-risk] [data-stop='{depot.TooFar}']")).ToBeVisibleAsync();
        await Expect(page.Locator($".block.late[data-stop='{depot.TooFar}']")).ToBeVisibleAsync();
        await opened.PictureAsync("dispatch-" + name);
        (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue("the desk is wider than the screen");

        // What fits nowhere says why, and has no place to go to.
        await left.Locator("button").ClickAsync();
        await Expect(page.Locator("[data-explained=no_room], [data-explained=unassigned]")).ToBeVisibleAsync();

        // Pulled onto a run all the same, it is refused in words.
        await PullAsync(page, left.Locator("button"), page.Locator($".run-row[data-run='{DispatchDepot.SecondCourier}'] [data-label]"), 0.3f);
        await Expect(page.Locator(".drag-card .bad-text")).ToBeVisibleAsync();
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".ant-alert-error")).ToBeVisibleAsync();
        await opened.PictureAsync("dispatch-refused-" + name);
        await page.Locator(".ant-alert-close-icon").ClickAsync();
        await Expect(page.Locator(".ant-alert-error")).ToHaveCountAsync(0);

        // A stop pulled onto the other courier's run: its cost is there before it is let go.
        var block = page.Locator($".run-row[data-run='{depot.FirstCourier}'] .block.delivery").Nth(3);
        var stop = (await block.GetAttributeAsync("data-stop"))!;
        await block.ClickAsync();
        await Expect(page.Locator("[data-card=stop] [data-explained]")).ToContainTextAsync(because);
        await Expect(page.Locator("[data-card=stop] a.mono").First).ToHaveAttributeAsync("href", "/parcels/" + stop);
        await opened.PictureAsync("dispatch-stop-" + name, whole: true);
        var target = page.Locator($".run-row[data-run='{DispatchDepot.SecondCourier}']");
        await PullAsync(page, block, target.Locator("[data-track]"), 0.3f);
        await Expect(page.Locator(".drag-card [data-cost]")).ToContainTextAsync(km);
        await opened.PictureAsync("dispatch-drag-" + name);
        await page.Mouse.UpAsync();
        await Expect(page.Locator("[data-card=move] [data-cost]")).ToContainTextAsync(km);
        await SettledAsync(page);
        await opened.PictureAsync("dispatch-move-" + name);
        await ConfirmAsync(page);
        await Expect(target.Locator($"[data-stop='{stop}']")).ToBeVisibleAsync();

        // Escape leaves everything as it is.
        await PullAsync(page, target.Locator($"[data-stop='{stop}']"), page.Locator($".run-row[data-run='{depot.FirstCourier}'] [data-track]"), 0.2f);
        await Expect(page.Locator(".drag-card [data-cost]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".drag-card")).ToHaveCountAsync(0);
        await Expect(page.Locator(".ant-modal")).ToHaveCountAsync(0);

        // And back again without a mouse.
        var back = page.Locator($"[data-card=places] li[data-courier='{depot.FirstCourier}'] [data-act=move-here]");
        await back.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await ConfirmAsync(page);
        await Expect(page.Locator($".run-row[data-run='{depot.FirstCourier}'] [data-stop='{stop}']")).ToBeVisibleAsync();

        await SheetsAsync(opened, depot, name, sheet);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("zh-CN", "zh")]
    [InlineData("en-GB", "en")]
    public async Task Who_is_absent_has_his_stops_with_the_others_and_who_may_only_read_has_no_buttons(string language, string name)
    {
        await using var depot = await DispatchDepot.StartAsync();
        await using var opened = await OpenAsync(depot, language);
        var page = opened.Page;
        await PlanAsync(page);
        await page.Locator($".run-row[data-run='{DispatchDepot.SecondCourier}'] [data-act=absent]").ClickAsync();
        await ConfirmAsync(page);
        await Expect(page.Locator($".run-row.absent[data-run='{DispatchDepot.SecondCourier}'] .block")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-card=unassigned] li").Nth(1)).ToBeVisibleAsync();
        await page.RunAndWaitForResponseAsync(() => page.Locator("[data-act=replan]").ClickAsync(), static response => response.Url.EndsWith("/Replan", StringComparison.Ordinal));
        await Expect(page.Locator("[data-act=replan]:not(.ant-btn-loading)")).ToBeVisibleAsync();
        await opened.PictureAsync("dispatch-absent-" + name);
        opened.Complaints.ShouldBeEmpty();

        // An account manager reaches every depot, knows couriers by name, and changes nothing.
        await using var reader = await OpenAsync(depot, language, "KeyAccountManager");
        await Expect(reader.Page.Locator($".run-row[data-run='{depot.FirstCourier}'] b").First).ToHaveTextAsync("Courier");
        await Expect(reader.Page.Locator("[data-act=plan], [data-act=replan], [data-act=absent]")).ToHaveCountAsync(0);
        await reader.Page.Locator($".run-row[data-run='{depot.FirstCourier}'] .block.delivery").First.ClickAsync();
        await Expect(reader.Page.Locator("[data-card=places] li").First).ToBeVisibleAsync();
        await Expect(reader.Page.Locator("[data-act=move-here]")).ToHaveCountAsync(0);
        await reader.PictureAsync("dispatch-reader-" + name);
        await reader.Page.SetViewportSizeAsync(390, 844);
        (await reader.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue("the desk is wider than a phone");
        await reader.PictureAsync("dispatch-narrow-" + name, whole: true);
        reader.Complaints.ShouldBeEmpty();
    }

    private async Task<WatchedPage> OpenAsync(DispatchDepot depot, string language, string role = "StationHead")
    {
        var opened = await OfficePages.SignedInAsync(browser, depot.Backend.Pages, BackendFixture.NameOf(role), BackendFixture.Password, language);
        // The page's clock is the depot's: its line of the present stands where the day is.
        await opened.Page.Clock.SetFixedTimeAsync(depot.Backend.Time.Now().ToDateTimeUtc());
        await opened.Page.GotoAsync(new Uri(depot.Backend.Pages, "/dispatch").ToString());
        return opened;
    }

    private static async Task PlanAsync(IPage page)
    {
        await page.Locator("[data-act=plan]").ClickAsync();
        await ConfirmAsync(page);
        await Expect(page.Locator("[data-planned=yes]")).ToBeVisibleAsync();
    }

    // A dialog comes in gently: it is looked at, and clicked, when it is there.
    private static Task SettledAsync(IPage page) => Expect(page.Locator(".ant-modal[class*=ant-zoom]")).ToHaveCountAsync(0);

    private static async Task ConfirmAsync(IPage page)
    {
        await Expect(page.Locator(".ant-modal")).ToBeVisibleAsync();
        await SettledAsync(page);
        await page.Locator(".ant-modal .ant-btn-primary").ClickAsync();
        await Expect(page.Locator(".ant-modal")).ToHaveCountAsync(0);
    }

    private static async Task PullAsync(IPage page, ILocator from, ILocator to, float at)
    {
        var (start, end) = ((await from.BoundingBoxAsync())!, (await to.BoundingBoxAsync())!);
        await page.Mouse.MoveAsync(start.X + (start.Width / 2), start.Y + (start.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(end.X + (end.Width * at), end.Y + (end.Height / 2), new MouseMoveOptions { Steps = 8 });
    }

    private static async Task SheetsAsync(WatchedPage opened, DispatchDepot depot, string name, string sheet)
    {
        var page = opened.Page;
        await page.Locator("[role=tab]").Nth(1).ClickAsync();
        await Expect(page.Locator("[data-card=orders] tbody tr.ant-table-row")).ToHaveCountAsync(3);
        await opened.PictureAsync("dispatch-orders-" + name, whole: true);
        await page.Locator("[role=tab]").Nth(2).ClickAsync();
        await page.Locator("[role=tabpanel] .ant-select").ClickAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-act=draw-up]").ClickAsync();
        await ConfirmAsync(page);
        await Expect(page.Locator("[data-card=sheets] tbody tr.ant-table-row")).ToHaveCountAsync(1);
        await opened.PictureAsync("dispatch-sheets-" + name, whole: true);
        var printed = new WatchedPage(await page.RunAndWaitForPopupAsync(() => page.Locator("[data-act=print]").ClickAsync()));
        await Expect(printed.Page.Locator("h1")).ToHaveTextAsync(sheet);
        (await printed.Page.Locator("table").First.EvaluateAsync<string>("table => getComputedStyle(table).borderCollapse")).ShouldBe("collapse", "its style is let through");
        await printed.PictureAsync("dispatch-printed-" + name, whole: true);
        printed.Complaints.ShouldBeEmpty();
    }
}
