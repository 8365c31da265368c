using System.Text.RegularExpressions;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>The station page as the agent serves it, worked by keyboard and scanner alone.</summary>
[Collection(PageTests.Name)]
public sealed class StationPageTests(SharedDepotBench shared, Browser browser) : IClassFixture<SharedDepotBench>
{
    private readonly DepotBench _bench = shared.Bench;

    private Task<WatchedPage> SignedInAsync(string language = "zh-CN", int width = 1280, int height = 800) => SignedInAsync(browser, _bench, language, width, height);

    internal static async Task<WatchedPage> SignedInAsync(Browser browser, DepotBench bench, string language = "zh-CN", int width = 1280, int height = 800)
    {
        var opened = await browser.OpenAsync(language, width, height);
        await opened.Page.GotoAsync(bench.StationPage.ToString());
        await Expect(opened.Page.Locator("option")).ToHaveCountAsync(1);
        await opened.Page.Keyboard.TypeAsync(DepotBench.Clerk);
        await opened.Page.Keyboard.PressAsync("Enter");
        await opened.Page.Keyboard.TypeAsync(BackendFixture.Pin);
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        await bench.TidyAsync();
        return opened;
    }

    private static ILocator Verdict(WatchedPage opened, string code) => opened.Page.Locator($"section.verdict[data-parcel='{code}']");

    private static ILocator Next(WatchedPage opened) => opened.Page.Locator(".next");

    /// <summary>Puts a parcel on the scale and takes it off when the page shows the verdict.</summary>
    private async Task JudgedAsync(WatchedPage opened, string code, decimal kg, string tone, string headline, string picture)
    {
        await _bench.PlaceAsync(code, kg);
        var verdict = Verdict(opened, code);
        await Expect(verdict).ToHaveAttributeAsync("data-tone", tone);
        await Expect(verdict.Locator("h1")).ToHaveTextAsync(headline);
        await Expect(verdict.Locator(".icon")).ToBeVisibleAsync();
        (await IsWholeAsync(verdict)).ShouldBeTrue($"the verdict '{headline}' is cut off");
        await opened.PictureAsync(picture);
        await _bench.ClearAsync();
    }

    private static Task<bool> IsWholeAsync(ILocator box) =>
        box.EvaluateAsync<bool>("box => box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1");

    [RequiresProgramFact("chromium")]
    public async Task Each_verdict_is_said_in_words_with_its_tone_its_figures_and_what_to_do()
    {
        await using var opened = await SignedInAsync();
        await opened.PictureAsync("station-ready-zh");
        var codes = await Task.WhenAll(
            _bench.RegisterAsync(declaredKg: 2.000m),
            _bench.RegisterAsync(declaredKg: 2.000m),
            _bench.RegisterAsync(declaredKg: 3.000m),
            _bench.RegisterAsync(declaredKg: 2.100m),
            _bench.RegisterAsync(pickedUpKg: 10.000m),
            _bench.RegisterAsync(declaredKg: 0.100m),
            _bench.RegisterAsync(declaredKg: 1.000m),
            _bench.RegisterAsync(declaredKg: 29.000m));
        await JudgedAsync(opened, codes[0], 2.010m, "good", "通过", "station-within-zh");
        await Expect(opened.Page.Locator(".verdict-figures").First).ToContainTextAsync("申报 2.000 kg，差 +0.010 kg，允差 10 g；计费 2.0 kg");
        await JudgedAsync(opened, codes[1], 2.020m, "warn", "重于申报", "station-over-zh");
        await JudgedAsync(opened, codes[2], 1.200m, "warn", "轻于申报", "station-under-zh");
        await JudgedAsync(opened, codes[3], 2.400m, "good", "通过", "station-same-bill-zh");
        await Expect(opened.Page.Locator(".verdict-line strong").First).ToHaveTextAsync("不变");

        var held = codes[4];
        await _bench.PlaceAsync(held, 10.050m);
        await Expect(Verdict(opened, held)).ToHaveAttributeAsync("data-tone", "stop");
        await Expect(Verdict(opened, held).Locator("h1")).ToHaveTextAsync("滞留：偏重");
        await Expect(Verdict(opened, held).Locator(".verdict-line").Last).ToContainTextAsync("上一环节 10.000 kg，差 +0.050 kg，允差 40 g");
        await Expect(Next(opened)).ToContainTextAsync($"{held} 单独存放：HOLD-1");
        await opened.PictureAsync("station-held-zh");
        await _bench.ClearAsync();

        await JudgedAsync(opened, codes[5], 0.150m, "warn", "低于最小称量", "station-below-minimum-zh");
        await JudgedAsync(opened, _bench.NextCode(), 1.500m, "stop", "未知快件", "station-unknown-zh");
        var twice = codes[6];
        await JudgedAsync(opened, twice, 1.000m, "good", "通过", "station-once-zh");

        // The same code within a second is one scan read twice; later it is the parcel coming again.
        await _bench.UntilAsync(static s => s.NowUs - s.Scan.AtUs > 1_500_000, "the first scan is more than a second ago");
        await JudgedAsync(opened, twice, 1.000m, "warn", "重复扫描", "station-duplicate-zh");
        await JudgedAsync(opened, codes[7], 30.600m, "warn", "超出量程", "station-over-capacity-zh");
        await Expect(opened.Page.Locator(".counts")).ToContainTextAsync(new Regex("滞留 [2-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_new_parcel_in_hand_takes_the_old_verdict_s_place_before_it_is_weighed()
    {
        await using var opened = await SignedInAsync("en-GB");
        await JudgedAsync(opened, await _bench.RegisterAsync(declaredKg: 1.000m), 1.000m, "good", "Accepted", "station-accepted-en");
        var next = await _bench.RegisterAsync(pickedUpKg: 2.450m);
        await _bench.Scanner.ScanAsync(next);
        var awaiting = opened.Page.Locator($"section.verdict[data-awaiting='{next}']");
        await Expect(awaiting.Locator("h1")).ToHaveTextAsync("Weigh it");
        await Expect(Next(opened)).ToContainTextAsync("Put it on the scale");
        await opened.PictureAsync("station-weigh-it-en");
        await _bench.Scale.PlaceAsync(Mass.FromKilograms(2.150m));
        await Expect(Verdict(opened, next).Locator("h1")).ToHaveTextAsync("HOLD: too light");
        await opened.PictureAsync("station-held-en");
        await _bench.ClearAsync();

        // A load without a code belongs to no parcel, and is not given to the next one either.
        await _bench.Scale.PlaceAsync(Mass.FromKilograms(3m));
        await Expect(opened.Page.Locator("section.verdict h1")).ToHaveTextAsync("Scan it");
        await opened.PictureAsync("station-scan-it-en");
        await Expect(opened.Page.Locator("section.verdict h1")).ToHaveTextAsync("No code for this weight");
        await opened.PictureAsync("station-no-code-en");
        await Expect(Next(opened)).ToContainTextAsync("Take it off the scale");
        await _bench.ClearAsync();
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Two_codes_for_one_weight_are_asked_about_and_chosen_by_a_key()
    {
        await using var opened = await SignedInAsync("en-GB");
        var one = await _bench.RegisterAsync(declaredKg: 4.000m);
        var other = await _bench.RegisterAsync(declaredKg: 4.000m);
        await _bench.PlaceAsync(one, 4.000m);
        await Expect(Verdict(opened, one)).ToBeVisibleAsync();
        await _bench.Scanner.ScanAsync(other);
        var dialog = opened.Page.Locator("dialog[open]");
        await Expect(dialog).ToContainTextAsync("Which parcel is on the scale?");
        await opened.PictureAsync("station-ambiguous-en");
        await Expect(dialog.Locator(".choice label").Nth(1)).ToContainTextAsync(other);
        await opened.Page.Keyboard.PressAsync("2");
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Verdict(opened, other)).ToHaveAttributeAsync("data-tone", "good");
        await _bench.ClearAsync();
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "is not a weight in kg", "typed by hand: Scale broken", "No device took part")]
    [InlineData("zh-CN", "不是有效重量", "手工录入：秤故障", "没有设备参与")]
    public async Task A_weight_typed_by_hand_needs_a_reason_and_is_marked_for_ever(string language, string notAWeight, string marked, string noDevice)
    {
        await using var opened = await SignedInAsync(language);
        var code = await _bench.RegisterAsync(declaredKg: 2.500m);
        await opened.Page.Keyboard.PressAsync("F2");
        var dialog = opened.Page.Locator("dialog[open]");
        await Expect(dialog.Locator("input[name=code]")).ToBeFocusedAsync();
        await opened.Page.Keyboard.TypeAsync(code);
        await opened.Page.Keyboard.PressAsync("Tab");
        await opened.Page.Keyboard.TypeAsync("two kilos");

        // Enter goes on to what is missing: no reason is assumed.
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("input[type=radio]:checked")).ToHaveCountAsync(0);
        await Expect(dialog.Locator("input[type=radio]").First).ToBeFocusedAsync();
        await opened.Page.Keyboard.PressAsync("1");
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator(".problem")).ToContainTextAsync(notAWeight);
        await opened.PictureAsync("station-typing-" + language);
        await dialog.Locator("input[name=kg]").FocusAsync();
        await opened.Page.Keyboard.PressAsync("Control+A");
        await opened.Page.Keyboard.TypeAsync("2,5");
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Verdict(opened, code)).ToHaveAttributeAsync("data-tone", "warn");
        await Expect(Verdict(opened, code).Locator(".tag-typed")).ToBeVisibleAsync();
        (await IsWholeAsync(Verdict(opened, code))).ShouldBeTrue("the verdict is cut off");
        await opened.PictureAsync("station-typed-" + language);
        opened.Complaints.ShouldBeEmpty();

        await DepotBench.WaitAsync(() => _bench.Agent.Unsent == 0, "the backend has it");
        await using var office = await OfficePages.SignedInAsync(browser, _bench.Backend.Pages, BackendFixture.NameOf("Auditor"), BackendFixture.Password, language);
        await office.Page.GotoAsync(new Uri(_bench.Backend.Pages, "/parcels/" + code).ToString());
        var weighed = office.Page.Locator(".timeline-entry[data-kind='41']");
        await Expect(weighed).ToContainTextAsync(marked);
        await office.PictureAsync("parcel-typed-" + language, whole: true);
        await weighed.Locator("button.entry").ClickAsync();
        await weighed.Locator("button[data-raw]").ClickAsync();
        await Expect(office.Page.Locator(".raw-event")).ToContainTextAsync(noDevice);
        office.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_handover_goes_by_keyboard_and_scanner_until_both_sides_have_confirmed()
    {
        await using var opened = await SignedInAsync();
        var codes = await Task.WhenAll(
            _bench.RegisterAsync(declaredKg: 1.000m),
            _bench.RegisterAsync(declaredKg: 1.000m, with: static line => line.CodMinor = 12_900),
            _bench.RegisterAsync(declaredKg: 2.000m, with: static line =>
            {
                line.DeclaredValueMinor = 320_000;
                line.Fragile = true;
                line.Seal = "771234";
            }),
            _bench.RegisterAsync(declaredKg: 1.000m, with: static line => line.FreightCollectMinor = 1_500));
        var (plain, cod, insured, absent) = (codes[0], codes[1], codes[2], codes[3]);
        var page = opened.Page;
        var dialog = page.Locator("dialog[open]");
        var board = page.Locator("section.board");

        // Who, and what: by keys, the sign-in name and the scanner.
        await page.Keyboard.PressAsync("F6");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("nobody");
        foreach (var code in codes)
        {
            await _bench.Scanner.ScanAsync(code);
            await Expect(dialog.Locator(".scanned")).ToContainTextAsync(code);
        }
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator(".problem")).ToContainTextAsync("没有此姓名或工牌");
        await opened.PictureAsync("handover-refused-zh");
        await dialog.Locator("input[name=other]").FocusAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(BackendFixture.NameOf("Courier"));
        await opened.PictureAsync("handover-opening-zh");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(board).ToHaveAttributeAsync("data-state", "open");
        await Expect(board.Locator(".count b").First).ToHaveTextAsync("4");
        await opened.PictureAsync("handover-open-zh");

        // An ordinary parcel needs its scan and nothing else; COD needs its amount confirmed.
        await _bench.Scanner.ScanAsync(plain);
        await Expect(Line(board, plain)).ToHaveAttributeAsync("data-result", "1");
        await _bench.Scanner.ScanAsync(cod);
        await Expect(Next(opened)).ToContainTextAsync("核对应收金额");
        await Expect(Next(opened)).ToContainTextAsync("129.00");
        await opened.PictureAsync("handover-amount-zh");
        await _bench.Scanner.ScanAsync("KAL:CMD:CONFIRM");
        await Expect(Line(board, cod)).ToHaveAttributeAsync("data-result", "1");
        await Expect(board.Locator(".board-money")).ToContainTextAsync("129.00");

        // Insured and fragile: weighed here, then seal, packaging and touch in one dialog.
        await _bench.PlaceAsync(insured, 2.000m);
        await Expect(Line(board, insured)).Not.ToContainTextAsync("复重");
        await Expect(Line(board, insured)).ToContainTextAsync("封签");
        await opened.PictureAsync("handover-insured-zh");
        await page.Keyboard.PressAsync("F6");
        await Expect(dialog.Locator("input[name=parcel]")).ToHaveValueAsync(insured);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("1");
        await _bench.Scanner.ScanAsync("SEAL-771230");
        await Expect(dialog.Locator("input[name=seal]")).ToHaveValueAsync("771230");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator(".problem")).ToContainTextAsync("封签是 771230，应为 771234");
        await opened.PictureAsync("handover-seal-differs-zh");
        await _bench.Scanner.ScanAsync("SEAL-771234");
        await Expect(dialog.Locator("input[name=seal]")).ToHaveValueAsync("771234");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Line(board, insured)).ToHaveAttributeAsync("data-result", "1");
        await _bench.ClearAsync();

        // The fourth is not there: the count says so.
        await page.Keyboard.PressAsync("F8");
        await Expect(board).ToHaveAttributeAsync("data-state", "counted");
        await Expect(Line(board, absent)).ToContainTextAsync("短少");
        await opened.PictureAsync("handover-counted-zh");

        // Each side confirms its own by PIN; a wrong one and the wrong courier are refused in words.
        await page.Keyboard.PressAsync("F9");
        await Expect(dialog).ToContainTextAsync("交出方确认");
        await Expect(dialog.Locator(".totals")).ToContainTextAsync("129.00");
        await ConfirmAsync(page, DepotBench.Clerk, BackendFixture.Pin);
        await Expect(board).ToHaveAttributeAsync("data-state", "confirmed_giver");
        await page.Keyboard.PressAsync("F9");
        await Expect(dialog).ToContainTextAsync("接收方确认");
        await ConfirmAsync(page, BackendFixture.NameOf("Courier"), "000000");
        await Expect(dialog.Locator(".problem")).ToContainTextAsync("PIN 错误，还可尝试 4 次");
        await opened.PictureAsync("handover-wrong-pin-zh");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("F9");
        await ConfirmAsync(page, BackendFixture.NameOf("Courier"), BackendFixture.Pin);
        await Expect(board).ToHaveAttributeAsync("data-state", "confirmed");
        await Expect(board).ToContainTextAsync("交接完成");
        await Expect(board.Locator(".count").Nth(1)).ToContainTextAsync("3");
        await Expect(board.Locator(".count").Nth(3)).ToContainTextAsync("1");
        await Expect(board.Locator(".board-money")).ToContainTextAsync("129.00");
        await opened.PictureAsync("handover-confirmed-zh");
        opened.Complaints.ShouldBeEmpty();

        // The next scan puts the receipt away.
        await _bench.Scanner.ScanAsync(absent);
        await Expect(board).ToHaveCountAsync(0);
        await _bench.ClearAsync();
    }

    private static ILocator Line(ILocator board, string code) => board.Locator($"li[data-line='{code}']");

    private static async Task ConfirmAsync(IPage page, string who, string pin)
    {
        await page.Keyboard.TypeAsync(who);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync(pin);
        await page.Keyboard.PressAsync("Enter");
    }

    [RequiresProgramFact("chromium")]
    public async Task A_waybill_problem_a_hold_and_the_help_are_a_key_away()
    {
        await using var opened = await SignedInAsync("en-GB");
        var page = opened.Page;
        var dialog = page.Locator("dialog[open]");
        await page.Keyboard.PressAsync("F1");
        await Expect(dialog).ToContainTextAsync("Put it apart: three low notes");
        await opened.PictureAsync("station-help-en");
        await page.Keyboard.PressAsync("F7");
        await Expect(dialog).ToContainTextAsync("单独存放");
        await page.Keyboard.PressAsync("F7");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);

        var torn = await _bench.RegisterAsync(declaredKg: 1.000m);
        await page.Keyboard.PressAsync("F4");
        await page.Keyboard.PressAsync("3");
        await Expect(dialog).ToContainTextAsync("a delivery certificate replaces the stub");
        await opened.PictureAsync("station-problem-en");
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog.Locator("input[data-required]")).ToBeFocusedAsync();
        await _bench.Scanner.ScanAsync(torn);
        await Expect(dialog.Locator("input[data-required]")).ToHaveValueAsync(torn);
        await page.Keyboard.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(Next(opened)).ToContainTextAsync($"Put {torn} apart: HOLD-1");
        await opened.PictureAsync("station-problem-done-en");

        await page.Keyboard.PressAsync("F3");
        await _bench.Scanner.ScanAsync(torn);
        await opened.PictureAsync("station-hold-en");
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("F7");
        await Expect(Next(opened)).ToContainTextAsync("下一步");
        await page.Keyboard.PressAsync("F9");
        await Expect(dialog).ToHaveCountAsync(0);
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_pulled_cable_is_said_with_its_device_and_what_to_do()
    {
        await using var opened = await SignedInAsync("en-GB");
        _bench.Scale.Unplug();
        var pill = opened.Page.Locator(".pill[data-device=scale]");
        await Expect(pill).ToHaveAttributeAsync("data-state", new Regex("lost|absent", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(Next(opened)).ToContainTextAsync("check the cable, or type by hand (F2)");
        await Expect(opened.Page.Locator(".weight-figure")).Not.ToContainTextAsync(new Regex("[0-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await opened.PictureAsync("station-scale-lost-en");
        _bench.Scale.Replug();
        await Expect(pill).ToHaveAttributeAsync("data-state", "live");
        await Expect(opened.Page.Locator(".weight-figure")).ToContainTextAsync("0.000");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task A_wrong_pin_says_how_often_one_may_still_try_and_an_unknown_station_which_there_are()
    {
        await using var opened = await browser.OpenAsync("en-GB", 1280, 800);
        await opened.Page.GotoAsync(new Uri(_bench.Agent.StationAddress!, "/station/S9").ToString());
        await Expect(opened.Page.Locator("[role=alert]")).ToContainTextAsync("no station S9");
        await opened.PictureAsync("station-sign-in-unknown-en");
        await opened.Page.Keyboard.TypeAsync(BackendFixture.NameOf("StationHead"));
        await opened.Page.Keyboard.PressAsync("Enter");
        await opened.Page.Keyboard.TypeAsync("111111");
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(opened.Page.Locator("[role=alert]")).ToContainTextAsync("The PIN is wrong. 4 attempts are left.");
        await opened.PictureAsync("station-sign-in-wrong-pin-en");
        opened.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramFact("chromium")]
    public async Task Two_pages_of_one_person_work_side_by_side_and_another_person_takes_the_station_over()
    {
        await using var first = await SignedInAsync("en-GB");
        await using var second = await SignedInAsync("en-GB");
        var code = await _bench.RegisterAsync(declaredKg: 1.000m);
        await _bench.PlaceAsync(code, 1.000m);
        await Expect(Verdict(first, code)).ToBeVisibleAsync();
        await Expect(Verdict(second, code)).ToBeVisibleAsync();
        await _bench.ClearAsync();

        await using var other = await browser.OpenAsync("en-GB");
        await other.Page.GotoAsync(_bench.StationPage.ToString());
        await Expect(other.Page.Locator("option")).ToHaveCountAsync(1);
        await other.Page.Keyboard.TypeAsync(BackendFixture.NameOf("StationHead"));
        await other.Page.Keyboard.PressAsync("Enter");
        await other.Page.Keyboard.TypeAsync(BackendFixture.Pin);
        await other.Page.Keyboard.PressAsync("Enter");
        await Expect(other.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        await Expect(first.Page.Locator("main.station-sign-in")).ToContainTextAsync("Your session at this station has ended");
        await first.PictureAsync("station-taken-over-en");
        await other.Page.Keyboard.PressAsync("F12");
        await Expect(other.Page.Locator("main.station-sign-in")).ToContainTextAsync("You have left the station");
        foreach (var each in (WatchedPage[])[first, second, other]) each.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData(1024, 768)]
    [InlineData(1920, 1080)]
    [InlineData(420, 800)]
    public async Task Nothing_is_cut_off_at_the_screens_that_depots_have(int width, int height)
    {
        await using var opened = await SignedInAsync("en-GB", width, height);
        var code = await _bench.RegisterAsync(pickedUpKg: 2.450m, with: static line =>
        {
            line.CodMinor = 1_250_000;
            line.Fragile = true;
        });
        await _bench.PlaceAsync(code, 2.150m);
        var verdict = Verdict(opened, code);
        await Expect(verdict).ToHaveAttributeAsync("data-tone", "stop");
        await opened.PictureAsync($"station-held-{width}");
        (await IsWholeAsync(verdict)).ShouldBeTrue("the verdict is cut off");
        (await IsWholeAsync(Next(opened))).ShouldBeTrue("what to do next is cut off");
        (await opened.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue("the page is wider than the screen");
        await _bench.ClearAsync();
        opened.Complaints.ShouldBeEmpty();
    }
}

/// <summary>What the station does and says when the line, or its agent, has gone.</summary>
[Collection(PageTests.Name)]
public sealed class CutOffStationTests(Browser browser)
{
    [RequiresProgramFact("chromium")]
    public async Task With_the_line_cut_the_page_loads_judges_and_counts_what_waits_and_without_its_agent_it_shows_no_old_weight()
    {
        await using var bench = await DepotBench.StartAsync();
        await using var opened = await StationPageTests.SignedInAsync(browser, bench, "en-GB");
        var code = await bench.RegisterAsync(declaredKg: 2.000m);
        await bench.CutLineAsync();
        var link = opened.Page.Locator(".pill[data-link]");
        await Expect(link).Not.ToHaveAttributeAsync("data-link", "connected");
        await opened.Page.ReloadAsync();
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "live");
        await bench.PlaceAsync(code, 2.000m);
        await Expect(opened.Page.Locator($"section.verdict[data-parcel='{code}']")).ToHaveAttributeAsync("data-tone", "good");
        await Expect(link).ToContainTextAsync("waiting");
        await opened.PictureAsync("station-line-cut-en");
        opened.Complaints.ShouldBeEmpty();

        await bench.Agent.DisposeAsync();
        await Expect(opened.Page.Locator("main.kiosk")).ToHaveAttributeAsync("data-line", "lost");
        await Expect(opened.Page.Locator("[data-lost=agent]")).ToContainTextAsync("No connection to the depot's agent");
        await Expect(opened.Page.Locator(".weight-figure")).Not.ToContainTextAsync(new Regex("[0-9]", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await opened.PictureAsync("station-lost-en");
    }
}
