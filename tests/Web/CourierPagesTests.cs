using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The courier's phone, in a real browser: thirty doors without network, killed in between, and every confirmation arrives once. It has a browser of its own, and waits more than it works: beside the pages.</summary>
public sealed class CourierPagesTests : IDisposable
{
    private readonly string _storage = Directory.CreateTempSubdirectory("kal-phone-").FullName;

    /// <summary>
    /// A courier's day. He checks his vehicle, the depot sends him out with thirty stops, and at the first door the network is gone. After twenty doors and ten photos the phone kills the
    /// browser. Opened anew, still without network, it says what waits; he goes on to the last door. Back at the depot everything goes up, each once.
    /// </summary>
    [RequiresProgramFact("chromium")]
    public async Task Thirty_doors_without_network_survive_a_kill_and_arrive_once()
    {
        var language = "zh-CN";
        await using var depot = await CourierDepot.StartAsync();
        var (done, pictures) = (0, 0);
        var phone = await PhoneBrowser.StartAsync(_storage, language);
        try
        {
            await SignInAsync(phone, depot);
            await CheckVehicleAsync(phone, picture: false);
            await WaitSentAsync(phone.Page);
            await depot.SendOutAsync();
            await phone.Page.ReloadAsync();
            await Expect(phone.Page.Locator(".card.stop")).ToHaveCountAsync(30);
            await phone.PictureAsync("courier-run-" + language);
            await phone.Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
            // What it was asking for when it was opened has come: a new token whose answer is lost ends the session.
            await phone.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            depot.Line.Cut();
            for (; done < 20; done++) pictures += await DoorAsync(phone, depot, done, language, photo: done % 2 == 0);
            await Expect(phone.Page.Locator(".queue-line")).ToHaveAttributeAsync("data-pictures", pictures.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await phone.Page.Locator(".queue-line").ClickAsync();
            await phone.PictureAsync("courier-queue-" + language);
            phone.Complaints.ShouldBeEmpty();
            phone.Kill();
        }
        finally
        {
            await phone.DisposeAsync();
        }

        phone = await PhoneBrowser.StartAsync(_storage, language);
        try
        {
            await phone.Page.GotoAsync(new Uri(depot.Line.Address, "/courier").ToString());
            await Expect(phone.Page.Locator(".card.stop[data-state=open]")).ToHaveCountAsync(10);
            await Expect(phone.Page.Locator(".queue-line")).ToHaveAttributeAsync("data-pictures", pictures.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await Expect(phone.Page.Locator(".queue-line")).ToContainTextAsync("待上传");
            await phone.PictureAsync("courier-reopened-" + language);
            // The last ten doors in the other language.
            await phone.Page.Locator("header .language").First.ClickAsync();
            language = "en-GB";
            await Expect(phone.Page.Locator(".queue-line")).ToContainTextAsync("waiting since");
            await phone.PictureAsync("courier-reopened-" + language);
            for (; done < 30; done++) await DoorAsync(phone, depot, done, language, photo: false);
            await Expect(phone.Page.Locator(".card.stop[data-state=open]")).ToHaveCountAsync(0);
            depot.Line.Mend();
            await WaitSentAsync(phone.Page);
            await phone.Page.Locator("nav a[href='/courier/cash']").ClickAsync();
            await phone.PictureAsync("courier-cash-" + language);
            await phone.Page.Locator(".queue-line").ClickAsync();
            await phone.PictureAsync("courier-queue-" + language);
            await phone.Page.Locator("nav a[href='/courier/cash']").ClickAsync();
            (await phone.Page.Locator("[data-cash]").GetAttributeAsync("data-cash")).ShouldBe(((7 * 12_050) + (3 * 800)).ToString(System.Globalization.CultureInfo.InvariantCulture));
            phone.Complaints.ShouldBeEmpty();
        }
        finally
        {
            await phone.DisposeAsync();
        }
        await ArrivedOnceAsync(depot);
    }

    /// <summary>Everything that is not taken is said at once, in the courier's language: the code, the parcel of another run, an order to stop that came while he was out.</summary>
    [RequiresProgramFact("chromium")]
    public async Task What_may_not_be_done_is_said_at_the_door()
    {
        await using var depot = await CourierDepot.StartAsync();
        await using var phone = await PhoneBrowser.StartAsync(_storage, "zh-CN", await FilmOfAsync(depot, CourierDepot.CodeOf(5)));
        var page = phone.Page;
        await SignInAsync(phone, depot);
        await CheckVehicleAsync(phone, picture: true);
        await WaitSentAsync(page);
        await depot.SendOutAsync();
        await page.ReloadAsync();
        await Expect(page.Locator(".card.stop")).ToHaveCountAsync(30);

        // A parcel that is not in this run.
        await page.Locator("nav a[href='/courier/scan']").ClickAsync();
        await page.Locator("input[name=code]").FillAsync("ROUND-999");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".notice.bad")).ToContainTextAsync("ROUND-999");
        await phone.PictureAsync("courier-another-run-zh-CN");

        // One that is, by the camera.
        await page.Locator(".camera button.main").ClickAsync();
        await Expect(page.Locator("[data-page=stop]")).ToHaveAttributeAsync("data-stop", CourierDepot.CodeOf(5));

        // Five wrong codes lock an insured parcel.
        await OpenStopAsync(page, CourierDepot.CodeOf(3));
        await page.Locator("[data-act=good]").ClickAsync();
        var right = await depot.DeliveryCodeAsync(CourierDepot.CodeOf(3));
        var wrong = right == "111111" ? "222222" : "111111";
        var code = page.Locator("input[name^=code-]");
        for (var i = 0; i < 5; i++)
        {
            await code.FillAsync(wrong);
            await Expect(page.Locator(".code-field .bad, .missing")).ToContainTextAsync(["取件码"]);
            await Expect(page.Locator(".queue-line")).ToBeVisibleAsync();
            if (i == 0) await phone.PictureAsync("courier-code-zh-CN", whole: true);
            if (i < 4)
            {
                await Expect(page.Locator(".code-field .bad")).ToContainTextAsync(FormattableString.Invariant($"{4 - i}"));
                await code.FillAsync("");
            }
        }
        await Expect(code).ToBeDisabledAsync();
        await Expect(page.Locator(".missing")).ToContainTextAsync("网点解锁");

        // The sender wants one back: the next contact brings it, and the door says so.
        await depot.InterceptAsync(CourierDepot.CodeOf(0));
        await page.Locator(".queue-line").ClickAsync();
        await page.Locator("[data-page=queue] button.main").ClickAsync();
        await OpenStopAsync(page, CourierDepot.CodeOf(0));
        await Expect(page.Locator(".stop-it").First).ToContainTextAsync("拦截");
        await phone.PictureAsync("courier-intercepted-zh-CN");
        await page.Locator("[data-act=good]").ClickAsync();
        await Expect(page.Locator("[data-act=confirm]")).ToBeDisabledAsync();
        await page.Locator("button.plain").Last.ClickAsync();
        // Then it was not delivered, with reason and action.
        await page.Locator("[data-act=bad]").ClickAsync();
        await Expect(page.Locator("[data-act=confirm]")).ToBeDisabledAsync();
        await page.Locator("input[name=refused]").Nth(1).CheckAsync();
        await page.Locator("input[value=not_wanted]").CheckAsync();
        await page.Locator("input[value=return]").CheckAsync();
        await phone.PictureAsync("courier-failed-zh-CN", whole: true);
        await page.Locator("[data-act=confirm]").ClickAsync();
        await Expect(page.Locator($".card.stop[data-stop='{CourierDepot.CodeOf(0)}'][data-state=failed]")).ToBeVisibleAsync();
        await WaitSentAsync(page);
        (await depot.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.InterceptSeen}")).ShouldBe(1);
        (await depot.Backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.CodeWrong}")).ShouldBe(5);
        phone.Complaints.ShouldBeEmpty();
    }

    private static async Task SignInAsync(PhoneBrowser phone, CourierDepot depot)
    {
        await phone.Page.GotoAsync(new Uri(depot.Line.Address, "/courier").ToString());
        await phone.Page.Locator("input[name=name]").FillAsync(BackendFixture.NameOf("Courier"));
        await phone.Page.Locator("input[name=password]").FillAsync(BackendFixture.Password);
        await phone.Page.Keyboard.PressAsync("Enter");
        await Expect(phone.Page.Locator("[data-page=run]")).ToBeVisibleAsync();
    }

    private static async Task CheckVehicleAsync(PhoneBrowser phone, bool picture)
    {
        var page = phone.Page;
        await page.Locator("nav a[href='/courier/vehicle']").ClickAsync();
        foreach (var group in new[] { "tyres", "running", "battery", "tools" }) await page.Locator($"[data-group={group}] label").First.ClickAsync();
        if (picture) await phone.PictureAsync("courier-vehicle-zh-CN");
        await page.Locator("[data-act=confirm]").ClickAsync();
        await Expect(page.Locator("[data-page=vehicle] .notice")).ToContainTextAsync(CourierDepot.Vehicle);
        await page.Locator("nav a[href='/courier']").ClickAsync();
    }

    private static async Task WaitSentAsync(IPage page)
    {
        await Expect(page.Locator(".queue-line.up")).ToBeVisibleAsync();
        await Expect(page.Locator(".queue-line")).ToHaveAttributeAsync("data-waiting", "0");
        await Expect(page.Locator(".queue-line")).ToHaveAttributeAsync("data-pictures", "0");
    }

    private static async Task OpenStopAsync(IPage page, string stop)
    {
        await page.Locator("nav a[href='/courier']").ClickAsync();
        await page.Locator($".card.stop[data-stop='{stop}']").ClickAsync();
    }

    // The next door on top of the run: given or picked up, with what that door asks for. Answers how many pictures were taken.
    private static async Task<int> DoorAsync(PhoneBrowser phone, CourierDepot depot, int number, string language, bool photo)
    {
        var page = phone.Page;
        await page.Locator("nav a[href='/courier']").ClickAsync();
        var card = page.Locator(".card.stop[data-state=open]").First;
        var stop = await card.GetAttributeAsync("data-stop") ?? "";
        await card.ClickAsync();
        if (number is 0 or 20) await phone.PictureAsync("courier-stop-" + language);
        await page.Locator("[data-act=good]").ClickAsync();
        var pictures = 0;
        if (photo)
        {
            await page.Locator("input[name=photo]").SetInputFilesAsync(new FilePayload { Name = "door.png", MimeType = "image/png", Buffer = await page.ScreenshotAsync() });
            await Expect(page.Locator(".photo img")).ToBeVisibleAsync();
            pictures++;
        }
        if (await page.Locator("input[name=count]").CountAsync() > 0)
        {
            await page.Locator(".tick").First.ClickAsync();
            await page.Locator(".tick").Nth(1).ClickAsync();
            await phone.PictureAsync("courier-pickup-" + language, whole: true);
        }
        else
        {
            pictures += await GiveAsync(phone, depot, stop, language);
        }
        await page.Locator("[data-act=confirm]").ClickAsync();
        await Expect(page.Locator("[data-page=run]")).ToBeVisibleAsync();
        return pictures;
    }

    private static async Task<int> GiveAsync(PhoneBrowser phone, CourierDepot depot, string stop, string language)
    {
        var page = phone.Page;
        await page.Locator("input[name=inspection]").CheckAsync();
        if (await page.Locator("input[name=paid]").CountAsync() > 0) await page.Locator("input[name=paid]").CheckAsync();
        if (await page.Locator("input[name^=weight-]").CountAsync() > 0) await page.Locator("input[name^=weight-]").FillAsync("1.000");
        var code = page.Locator("input[name^=code-]");
        if (await code.CountAsync() > 0) await code.FillAsync(await depot.DeliveryCodeAsync(stop));
        if (await page.Locator(".signature canvas").CountAsync() > 0) await SignAsync(page);
        if (await page.Locator("input[name^=weight-]").CountAsync() > 0) await phone.PictureAsync($"courier-door-{language}", whole: true);
        return await page.Locator(".signature canvas").CountAsync();
    }

    private static async Task SignAsync(IPage page)
    {
        var box = (await page.Locator(".signature canvas").BoundingBoxAsync())!;
        await page.Locator(".signature canvas").ScrollIntoViewIfNeededAsync();
        box = (await page.Locator(".signature canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 20, box.Y + 40);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 120, box.Y + 90, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 30, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".signature .good")).ToBeVisibleAsync();
    }

    private static async Task ArrivedOnceAsync(CourierDepot depot)
    {
        var database = depot.Backend.Database;
        (await database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.Delivered}")).ShouldBe(28);
        (await database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.PickupDone}")).ShouldBe(2);
        (await database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.MoneyCollected}")).ShouldBe(7);
        (await database.ScalarAsync("SELECT COUNT(*) FROM dispatch_refused_fact")).ShouldBe(0);
    }

    // What the camera sees: the parcel's printed label.
    private static async Task<string> FilmOfAsync(CourierDepot depot, string parcel)
    {
        var label = await new Labels.LabelsClient(await depot.Backend.AsAdministratorAsync()).PrintAsync(new PrintLabelRequest { Code = parcel, Format = "png" });
        await using var studio = await PhoneBrowser.StartAsync(Directory.CreateTempSubdirectory("kal-studio-").FullName, "zh-CN");
        await studio.Page.SetViewportSizeAsync(640, 480);
        await studio.Page.SetContentAsync($"<body style='margin:0;background:#fff'><img style='height:880px;margin:-40px 0 0 20px' src='data:image/png;base64,{Convert.ToBase64String(label.Content.Span)}'></body>");
        var film = Path.Combine(Directory.CreateTempSubdirectory("kal-film-").FullName, "label.mjpeg");
        await studio.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.ChangeExtension(film, "jpg"), Type = ScreenshotType.Jpeg, Quality = 90, Scale = ScreenshotScale.Css });
        File.Move(Path.ChangeExtension(film, "jpg"), film);
        return film;
    }

    public void Dispose() => Directory.Delete(_storage, recursive: true);
}
