using System.Text.RegularExpressions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace KeyAccountLogistics.Web;

/// <summary>Complaints and claims as people meet them: taken down, led through seven steps, decided, checked with the client, and taken up again.</summary>
[Collection(PageTests.Name)]
[Trait("Time", "long")]
public sealed class ComplaintPagesTests(Browser browser)
{
    private const string Internal = "he calls every week 7731";
    private const string Shared = "sorry, we look into it 4402";
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "en")]
    [InlineData("zh-CN", "zh")]
    public async Task A_complaint_goes_through_its_seven_steps_and_the_client_takes_it_up_again(string language, string name)
    {
        var words = new OfficeWords(language);
        await using var office = await CaseOffice.StartAsync();
        await using var service = await office.SignedInAsync(browser, "CustomerService", language, "/cases");
        var page = service.Page;

        // Taken down from the telephone; what is missing is said at its field.
        await page.GetByText(words["case.open_one"], new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-form-item-has-error #reason")).ToBeVisibleAsync();
        await page.ChooseAsync("reason", words["case_reason.delay"]);
        await page.ChooseAsync("channel", words["case_channel.phone"]);
        await page.ChooseAsync("region", words["case_region.home"]);
        await page.FormDialog().Locator("#subject").FillAsync("CASE-9999");
        await page.FormDialog().Locator("#note").FillAsync(Internal);
        await service.PictureAsync("complaint-open-" + name);
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-form-item-has-error #subject")).ToBeVisibleAsync();
        await Expect(page.FormDialog()).ToContainTextAsync(name == "en" ? "No parcel is known" : words["refused.parcel.unknown"]);
        await service.PictureAsync("complaint-open-refused-" + name);
        await NoEnglishAsync(page, name);
        await page.FormDialog().Locator("#subject").FillAsync(CaseOffice.Parcel);
        await page.SendAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/cases/P-", RegexOptions.None, MatchLimit));
        var path = new Uri(page.Url).AbsolutePath;
        await Expect(page.Locator("h1 [data-stage=received]")).ToBeVisibleAsync();
        await Expect(page.Locator("h1 a")).ToHaveAttributeAsync("href", "/parcels/" + CaseOffice.Parcel);
        await Expect(page.Locator(".clock[data-clock=first_answer]")).ToContainTextAsync(words["clock_name.first_answer"]);
        await Expect(page.Locator(".clock[data-clock=statute]")).ToContainTextAsync(words["clock_name.statute"]);
        await service.PictureAsync("complaint-received-" + name, whole: true);
        await NoEnglishAsync(page, name);

        // The first answer is one that the client reads.
        await page.Locator("[data-act=acknowledge]").ClickAsync();
        await page.FormDialog().Locator("#note").FillAsync(Shared);
        await page.FormDialog().Locator("input[type=checkbox]").UncheckAsync();
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-form-item-has-error #note")).ToBeVisibleAsync();
        await page.FormDialog().Locator("input[type=checkbox]").CheckAsync();
        await page.SendAsync();
        await Expect(page.Locator("h1 [data-stage=acknowledged]")).ToBeVisibleAsync();
        foreach (var (step, stage) in new[] { ("hear", "heard"), ("set_expectation", "expectation_set"), ("confirm_needs", "needs_confirmed"), ("offer_options", "options_offered") })
        {
            await page.ActAsync(step);
            await Expect(page.Locator($"h1 [data-stage={stage}]")).ToBeVisibleAsync();
        }
        await Expect(page.Locator("[data-card=steps] .ant-steps-item-finish")).ToHaveCountAsync(5);

        await page.Locator("[data-act=promise]").ClickAsync();
        await page.ChooseAsync("what", words["case_reason.call_back"]);
        await page.FormDialog().Locator("#due").FillAsync(DueText(office));
        await service.PictureAsync("complaint-promise-" + name);
        await page.SendAsync();
        var promise = page.Locator("[data-promise=promise-1]");
        await Expect(promise).ToHaveAttributeAsync("data-state", "open");
        // Shown in the zone it was asked in, wherever the reader's computer is.
        await Expect(promise).ToContainTextAsync("15:00");
        await Expect(page.Locator(".clock[data-clock=promise-1]")).ToBeVisibleAsync();

        await page.ActAsync("mark_serious", "third time");
        await Expect(page.Locator("[data-card=serious]")).ToBeVisibleAsync();
        await page.Locator("[data-act=decide]").ClickAsync();
        await page.FormDialog().Locator("input[type=radio][value=apology]").CheckAsync();
        await page.ChooseAsync("reason", words["case_reason.upheld"]);
        await service.PictureAsync("complaint-decide-" + name);
        await NoEnglishAsync(page, name);
        await page.SendAsync();
        await Expect(page.Locator("h1 [data-stage=acting]")).ToBeVisibleAsync();
        await service.PictureAsync("complaint-acting-" + name, whole: true);

        // Serious: not closed before its cause and what was done about it are said, nor while a promise waits.
        await RefusedAsync(page, words, name, "close.no_cause");
        await service.PictureAsync("complaint-refused-" + name);
        await page.Locator("[data-act=root_cause]").ClickAsync();
        await page.ChooseAsync("reason", words["case_reason.work_done_wrong"]);
        await page.SendAsync();
        await Expect(page.Locator("[data-card=serious]")).ToContainTextAsync(words["case_reason.work_done_wrong"]);
        await RefusedAsync(page, words, name, "close.no_action");
        await page.ActAsync("corrective_action", "the belt is padded");
        await Expect(page.Locator("[data-card=serious]")).ToContainTextAsync(words["case.corrective_said"]);
        await RefusedAsync(page, words, name, "close.promise_waits");
        await page.ActAsync("promise_done");
        await Expect(promise).ToHaveAttributeAsync("data-state", "kept");
        await page.ActAsync("verify");
        await Expect(page.Locator("h1 [data-stage=closed]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-card=steps] .ant-steps-item-finish")).ToHaveCountAsync(7);
        await service.PictureAsync("complaint-closed-" + name, whole: true);
        await NoEnglishAsync(page, name);

        await using var client = await office.SignedInAsync(browser, "ClientUser", language, path);
        await Expect(client.Page.Locator("h1 [data-stage=closed]")).ToBeVisibleAsync();
        await Expect(client.Page.Locator("#desk")).ToContainTextAsync(Shared);
        await Expect(client.Page.Locator("#desk")).Not.ToContainTextAsync(Internal);
        await Expect(client.Page.Locator("#desk")).ToContainTextAsync(words["case.note_internal"]);
        await Expect(promise).ToHaveCountAsync(1);
        (await client.Page.Locator("[data-promise]").InnerTextAsync()).ShouldContain("15:00");
        foreach (var act in new[] { "promise", "note", "owner", "verify", "decide", "root_cause" }) await Expect(client.Page.Locator($"[data-act={act}]")).ToHaveCountAsync(0);
        await client.PictureAsync("complaint-client-" + name, whole: true);
        await NoEnglishAsync(client.Page, name);
        await client.Page.SetViewportSizeAsync(390, 844);
        (await client.Page.FitsAsync()).ShouldBeTrue("the case is wider than a phone");
        await client.PictureAsync("complaint-client-narrow-" + name, whole: true);
        await client.Page.Locator("[data-act=say-reopen]").ClickAsync();
        await client.Page.ChooseAsync("reason", words["case_reason.happened_again"]);
        await client.Page.FormDialog().Locator("#note").FillAsync("again");
        await client.Page.SendAsync();
        await Expect(client.Page.Locator("h1 [data-stage=acknowledged]")).ToBeVisibleAsync();
        // What went to the authority has a clock of its own.
        await client.Page.ActAsync("say-appealed");
        await Expect(client.Page.Locator(".clock[data-clock=appeal]")).ToBeVisibleAsync();
        await client.PictureAsync("complaint-appealed-" + name);

        await office.GoAsync(page, "/cases");
        await Expect(page.Locator("[data-case]")).ToContainTextAsync(words.Before("case.reopened"));
        await page.SetViewportSizeAsync(800, 900);
        (await page.FitsAsync()).ShouldBeTrue("the list is wider than the screen");
        await service.PictureAsync("cases-complaints-" + name, whole: true);
        await office.GoAsync(page, path);
        await Expect(page.Locator("[data-card=steps]")).ToBeVisibleAsync();
        (await page.FitsAsync()).ShouldBeTrue("the case is wider than the screen");
        await service.PictureAsync("complaint-narrow-" + name, whole: true);
        service.Complaints.ShouldBeEmpty();
        client.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "en", "CN¥240.00", "CN¥600.00")]
    [InlineData("zh-CN", "zh", "¥240.00", "¥600.00")]
    public async Task A_claim_shows_what_the_rule_makes_of_it_and_is_paid_by_it(string language, string name, string payable, string insured)
    {
        var words = new OfficeWords(language);
        await using var office = await CaseOffice.StartAsync();
        await using var client = await office.SignedInAsync(browser, "ClientUser", language, "/cases");
        var page = client.Page;
        await page.GetByText(words["case.open_one"], new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.ChooseAsync("kind", words["case_kind.claim"]);
        await page.ChooseAsync("reason", words["case_reason.damage"]);
        await page.FormDialog().Locator("#subject").FillAsync(CaseOffice.Insured);
        await page.FormDialog().Locator("#worth").FillAsync("1000");
        await page.FormDialog().Locator("#loss").FillAsync("2000");
        await page.FormDialog().Locator("#proof").FillAsync("INV-88");
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-form-item-has-error #loss")).ToBeVisibleAsync();
        await client.PictureAsync("claim-refused-" + name);
        await NoEnglishAsync(page, name);
        await page.FormDialog().Locator("#loss").FillAsync("400");
        await page.SendAsync();
        var claim = page.Locator("[data-card=claim]");
        await Expect(claim).ToContainTextAsync(insured);
        await Expect(claim.Locator("[data-row=payable]")).ToContainTextAsync(payable);
        await Expect(claim.Locator("[data-rule=proportion]")).ToContainTextAsync(insured);
        await client.PictureAsync("claim-client-" + name, whole: true);
        await NoEnglishAsync(page, name, "INV-");

        // The carrier examines it, restates the loss, and decides by the rule: over its limit a second person confirms.
        await using var manager = await office.SignedInAsync(browser, "KeyAccountManager", language, new Uri(page.Url).AbsolutePath);
        await manager.Page.Locator("[data-act=assess]").ClickAsync();
        await manager.Page.FormDialog().Locator("#loss").FillAsync("300");
        await manager.PictureAsync("claim-assess-" + name);
        await manager.Page.SendAsync();
        await Expect(manager.Page.Locator("[data-card=claim] [data-row=payable]")).ToContainTextAsync("180.00");
        await manager.Page.ActAsync("examined");
        await manager.Page.Locator("[data-act=decide]").ClickAsync();
        await manager.Page.FormDialog().Locator("input[type=radio][value=pay]").CheckAsync();
        await manager.Page.ChooseAsync("reason", words["case_reason.evidence_holds"]);
        await manager.PictureAsync("claim-decide-" + name);
        await NoEnglishAsync(manager.Page, name, "INV-");
        await manager.Page.SendAsync();
        await Expect(manager.Page.Locator("h1 [data-stage=closed]")).ToBeVisibleAsync();
        await manager.PictureAsync("claim-paid-" + name, whole: true);
        await page.ReloadAsync();
        await Expect(page.Locator("h1 [data-stage=closed]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-card=claim] [data-row=payable]")).ToContainTextAsync("180.00");
        await page.SetViewportSizeAsync(800, 900);
        (await page.FitsAsync()).ShouldBeTrue("the claim is wider than the screen");
        await client.PictureAsync("claim-narrow-" + name, whole: true);
        client.Complaints.ShouldBeEmpty();
        manager.Complaints.ShouldBeEmpty();
    }

    [RequiresProgramTheory("chromium")]
    [InlineData("en-GB", "en")]
    [InlineData("zh-CN", "zh")]
    public async Task An_objection_to_a_line_of_the_scorecard_is_a_complaint_about_that_line(string language, string name)
    {
        var words = new OfficeWords(language);
        await using var office = await LevelsOffice.StartAsync();
        await using var opened = await OfficePages.SignedInAsync(browser, office.Backend.Pages, BackendFixture.NameOf("ClientUser"), BackendFixture.Password, language, 1440, 900);
        var page = opened.Page;
        await page.Clock.SetFixedTimeAsync(office.Backend.Time.Now().ToDateTimeUtc());
        await page.GotoAsync(new Uri(office.Backend.Pages, $"/levels/{BackendFixture.Account}?month={office.Month}").ToString());
        await page.Locator("[data-indicator=T2] [data-act=object]").ClickAsync();
        await Expect(page.FormDialog().Locator("#reference")).ToHaveValueAsync($"T2 {office.Month}");
        await Expect(page.FormDialog()).ToContainTextAsync(words["case_reason.scorecard"]);
        await page.FormDialog().Locator("#note").FillAsync("two of them were on time");
        await opened.PictureAsync("objection-" + name);
        await NoEnglishAsync(page, name);
        await page.SendAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/cases/P-", RegexOptions.None, MatchLimit));
        await Expect(page.Locator("h1")).ToContainTextAsync($"T2 {office.Month}");
        // It leads back to the line it is about.
        await Expect(page.Locator("h1 a")).ToHaveAttributeAsync("href", $"/levels/{BackendFixture.Account}/behind/T2?which=missed&month={office.Month}");
        await opened.PictureAsync("objection-case-" + name, whole: true);
        opened.Complaints.ShouldBeEmpty();
    }

    private static async Task RefusedAsync(IPage page, OfficeWords words, string name, string code)
    {
        await page.Locator("[data-act=verify]").ClickAsync();
        await page.FormDialog().Locator(".ant-btn-primary").ClickAsync();
        await Expect(page.FormDialog().Locator(".ant-alert-error")).ToBeVisibleAsync();
        if (name == "zh") await Expect(page.FormDialog().Locator(".ant-alert-error")).ToContainTextAsync(words["refused." + code]);
        await page.FormDialog().Locator(".ant-modal-footer .ant-btn:not(.ant-btn-primary)").ClickAsync();
        await Expect(page.FormDialog()).ToHaveCountAsync(0);
    }

    private static string DueText(CaseOffice office) =>
        NodaTime.Text.LocalDatePattern.Iso.Format(office.Backend.Time.Now().InZone(NodaTime.DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date.PlusDays(1)) + "T15:00";

    private static async Task NoEnglishAsync(IPage page, string name, params string[] allowed)
    {
        if (name == "zh") (await page.EnglishAsync(allowed)).ShouldBeEmpty();
    }
}
