using Grpc.Core;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.ServiceLevels.Warnings;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.WarningsBed;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>Every rule of a night from facts to the list and back, on both engines: it is raised, goes on, closes by itself and says so.</summary>
public sealed class WarningsTests
{
    private const string InvoiceOne = "INV-2026-09-1", InvoiceTwo = "INV-2026-10-1";

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_04_WARN4_arrears_rise_name_their_invoices_and_close_when_they_are_paid(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.TellAsync(EventKind.ReceivableStood, InvoiceOne, s => (s.AmountMinor, s.DueUs, s.Currency) = (4_500_000, Us(10, 10), "CNY"));
        await bed.TellAsync(EventKind.ReceivableStood, InvoiceTwo, s => (s.AmountMinor, s.DueUs) = (100_000, Us(11, 30)));
        await bed.NightAsync(Yesterday);
        var overdue = await bed.StandingAsync("overdue");
        (overdue.Family, overdue.Reason, overdue.Level, overdue.Owner, overdue.CaseId).ShouldBe(("arrears", "overdue", "watch", bed.Manager, ""));
        overdue.Subjects.ShouldBe([new WarningSubject { Kind = "invoice", Name = InvoiceOne }]);
        (overdue.Evidence["days_1_30_minor"], overdue.Evidence["not_due_minor"], overdue.Evidence["oldest_days"], overdue.Evidence["currency"]).ShouldBe(("4500000", "100000", "10", "CNY"));
        (overdue.DueUs - overdue.SinceUs).ShouldBe(72 * 3_600_000_000L);
        var used = await bed.StandingAsync("credit");
        (used.Reason, used.Level, used.Evidence["use"], used.Evidence["limit_minor"], used.Evidence["unbilled"]).ShouldBe(("credit_used", "watch", "0.92", "5000000", "not_known"));

        // Thirty days overdue: it asks for an act, and there is less time than there was.
        bed.Bed.Backend.Advance(TimeSpan.FromDays(1));
        await bed.NightAsync(new LocalDate(2026, 11, 8));
        var risen = await bed.StandingAsync("overdue");
        (risen.Id, risen.Level, risen.Evidence["oldest_days"], risen.SinceUs).ShouldBe((overdue.Id, "act", "30", overdue.SinceUs));
        // Since that act was asked for, and before what was promised first.
        risen.DueUs.ShouldBeInRange(overdue.SinceUs + 47 * 3_600_000_000L, overdue.SinceUs + 49 * 3_600_000_000L);
        (await bed.ListAsync(closed: true)).Count(w => RuleOf(w) == "overdue").ShouldBe(1, "it goes on, and is not told twice");

        await bed.TellAsync(EventKind.ReceivableStood, InvoiceOne, s => (s.Revision, s.AmountMinor, s.DueUs, s.DoneUs, s.Currency) = (2, 4_500_000, Us(10, 10), Us(10, 19), "CNY"));
        await bed.NightAsync(new LocalDate(2026, 11, 9));
        (await bed.ClosedAsync("overdue")).ShouldBe(["cause_gone"]);
        (await bed.ClosedAsync("credit")).ShouldBe(["cause_gone"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_04_WARN4_progress_of_the_committed_volume_and_of_plan_steps(Engine engine)
    {
        await using var bed = await StartAsync(engine, more: "commitments: [{id: V-1, period: month, basis: parcels, at_least: 3100, per_missing: 0.80}]");
        for (var day = new LocalDate(2026, 10, 1); day <= Yesterday; day = day.PlusDays(1)) await bed.ParcelsAsync(day, 80);
        await bed.TellAsync(EventKind.PlanStep, "STEP-1", s => (s.Title, s.DueUs) = ("Open the second dock", Us(10, 15)));
        await bed.NightAsync(Yesterday);
        var behind = await bed.StandingAsync("committed");
        (behind.Family, behind.Reason, behind.Level, behind.Evidence["committed"], behind.Evidence["expected"], behind.Evidence["so_far"], behind.Evidence["behind"])
            .ShouldBe(("progress", "volume_behind", "watch", "3100", "1900", "1520", "0.2"));
        var late = await bed.StandingAsync("steps");
        (late.Level, late.Evidence["longest_days"], late.Evidence["late"]).ShouldBe(("watch", "5", "1"));
        late.Subjects.ShouldBe([new WarningSubject { Kind = "step", Name = "Open the second dock" }]);
        await bed.ParcelsAsync(Yesterday, 80 + 380);
        await bed.TellAsync(EventKind.PlanStep, "STEP-1", s => (s.Revision, s.Title, s.DueUs, s.DoneUs) = (2, "Open the second dock", Us(10, 15), Us(10, 19)));
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.ClosedAsync("steps")).ShouldBe(["cause_gone"]);
        (await bed.ClosedAsync("committed")).ShouldBe(["cause_gone"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_04_WARN4_cost_above_the_budget_of_the_months_lines_which_too_few_do_not_say(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.CountAsync(Yesterday, FigureCodes.LinesWithBudget, 0, 19);
        await bed.CountAsync(Yesterday, FigureCodes.Overrun, 20_000, 100_000);
        await bed.NightAsync(Yesterday);
        (await bed.StandsAsync("cost")).ShouldBeFalse("nineteen lines say nothing");
        await bed.CountAsync(Yesterday, FigureCodes.LinesWithBudget, 0, 25);
        await bed.NightAsync(Yesterday);
        var cost = await bed.StandingAsync("cost");
        (cost.Family, cost.Reason, cost.Level, cost.Evidence["over"], cost.Evidence["billed_minor"], cost.Evidence["lines"]).ShouldBe(("cost", "over_budget", "act", "0.2", "120000", "25"));
        // A month of its own has too few lines yet: it does not say, and the warning stands.
        await bed.NightAsync(new LocalDate(2026, 11, 1));
        (await bed.StandingAsync("cost")).Id.ShouldBe(cost.Id);
        await bed.CountAsync(Yesterday, FigureCodes.Overrun, 2_000, 100_000);
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.ClosedAsync("cost")).ShouldBe(["cause_gone"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_00_VOLATILITY_of_volume_and_of_the_index_and_volume_against_the_weeks_before(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        for (var i = 57; i >= 1; i--)
        {
            var day = Yesterday.PlusDays(-i);
            await bed.ParcelsAsync(day, i % 2 == 0 ? 90 : 110);
            await bed.CountAsync(day, SqiComponents.RightDayLate, i % 2, 100);
        }
        await bed.ParcelsAsync(Yesterday, 200);
        await bed.CountAsync(Yesterday, SqiComponents.RightDayLate, 40, 200);
        await bed.NightAsync(Yesterday);
        var above = await bed.StandingAsync("volatility");
        (above.Family, above.Reason, above.Level, above.Evidence["today"], above.Evidence["mean"]).ShouldBe(("volatility", "above_usual", "act", "200", "100"));
        var index = await bed.StandingAsync("index");
        (index.Family, index.Reason, index.Evidence["today"]).ShouldBe(("sqi", "index_above", "200"));
        // The next day is as usual; a day without parcels has no index and says nothing of it.
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.StandingAsync("volatility")).Reason.ShouldBe("below_usual", "none at all is below what is usual");
        (await bed.StandingAsync("index")).Id.ShouldBe(index.Id);
        await bed.ParcelsAsync(Yesterday.PlusDays(1), 100);
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.ClosedAsync("volatility")).ShouldBe(["cause_gone"]);
        (await bed.ClosedAsync("index")).ShouldBe(["cause_gone"]);

        for (var i = 1; i <= 28; i++) await bed.ParcelsAsync(Yesterday.PlusDays(i), 40);
        await bed.NightAsync(Yesterday.PlusDays(28));
        var fell = await bed.StandingAsync("volume");
        (fell.Family, fell.Reason, fell.Level).ShouldBe(("change", "volume_changed", "act"));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_04_WARN4_a_change_of_the_client_stands_until_its_owner_takes_note(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        bed.Bed.Backend.Advance(TimeSpan.FromMinutes(1));
        var (manager, colleague) = (await bed.AccountsAsync(Roles.KeyAccountManager), await bed.AccountsAsync(Roles.SalesManager));
        // What its owner writes down he knows of.
        Good(await manager.PutSiteAsync(new PutSiteCommand { CommandId = BackendFixture.NewCommandId(), Account = Account, Site = new SiteView { Code = "S-1", Name = "仓库", Place = "310115" } }));
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.StandsAsync("changed")).ShouldBeFalse();
        Good(await colleague.PutSiteAsync(new PutSiteCommand { CommandId = BackendFixture.NewCommandId(), Account = Account, Site = new SiteView { Code = "S-2", Name = "二号仓", Place = "330106" } }));
        await bed.NightAsync(Yesterday.PlusDays(1));
        var moved = await bed.StandingAsync("changed");
        (moved.Family, moved.Reason, moved.Level, moved.Evidence["not_noted"]).ShouldBe(("change", "account_changed", "watch", "1"));
        var subject = moved.Subjects.ShouldHaveSingleItem();
        subject.Kind.ShouldBe("change");
        subject.Name.ShouldStartWith("address/2026-10-20/");
        // Whose the client is asks for an act at once.
        var read = await manager.ReadAsync(new ReadAccountRequest { Account = Account });
        Good(await colleague.EditAsync(new EditAccountCommand
        {
            CommandId = BackendFixture.NewCommandId(), Account = Account, NameZh = read.Summary.NameZh, NameEn = read.Summary.NameEn, Grade = "A", Ownership = "foreign", CreditLimitMinor = 5_000_000, CreditCurrency = "CNY", Revision = read.Revision,
        }));
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.StandingAsync("changed")).Level.ShouldBe("act");

        // Somebody else's word is kept, and is not the owner's.
        await ActAsync(bed, Roles.SalesManager, moved.Id, "told the depot");
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.StandsAsync("changed")).ShouldBeTrue();
        var acted = await ActAsync(bed, Roles.KeyAccountManager, moved.Id, "called them, visit on Friday");
        (acted.Done, acted.Owner).ShouldBe(("called them, visit on Friday", bed.Manager));
        acted.Acts.Select(a => (a.Who, a.Words)).ShouldBe([(bed.Bed.Backend.People[Roles.SalesManager], "told the depot"), (bed.Manager, "called them, visit on Friday")]);
        acted.Acts.ShouldAllBe(a => a.AtUs > 0);
        await bed.NightAsync(Yesterday.PlusDays(1));
        (await bed.ClosedAsync("changed")).ShouldBe(["cause_gone"]);
        (await bed.ListAsync(closed: true)).Single(w => w.Id == moved.Id).Acts.Count.ShouldBe(2, "what was done stays");
        (await Should.ThrowAsync<RpcException>(() => ActAsync(bed, Roles.KeyAccountManager, moved.Id, "late"))).Status.Detail.ShouldContain("its cause is gone");
        (await Should.ThrowAsync<RpcException>(() => ActAsync(bed, Roles.KeyAccountManager, "no such warning", "late"))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_02_NEGLECT_and_SEED_01_SCISSORS_from_contacts_and_no_client_reads_of_them(Engine engine)
    {
        await using var bed = await StartAsync(engine, live: "2026-08-01");
        // Live since long and never spoken with, as far as is written.
        await bed.NightAsync(Yesterday);
        var never = await bed.StandingAsync("contact");
        (never.Family, never.Reason, never.Level, never.Evidence["days_without"], never.Evidence["days_allowed"], never.Evidence["last_contact"]).ShouldBe(("neglect", "not_contacted", "act", "80", "2", "none_recorded"));
        (await bed.StandsAsync("scissors")).ShouldBeFalse("no contact on either side says nothing");
        for (var i = 1; i <= 30; i++)
        {
            var at = Us(5, 1) + i * 2 * 86_400_000_000L;
            await bed.TellAsync(EventKind.ClientContact, $"VISIT-{i}", s => s.BeganUs = at);
        }
        await bed.TellAsync(EventKind.ClientContact, "VISIT-LAST", s => s.BeganUs = Us(10, 16));
        await bed.NightAsync(Yesterday);
        var seldom = await bed.StandingAsync("contact");
        (seldom.Id, seldom.Level, seldom.Evidence["days_without"], seldom.Evidence["last_contact"]).ShouldBe((never.Id, "watch", "4", "2026-10-16"));
        seldom.DueUs.ShouldBe(never.DueUs, "what was promised stays promised");
        var scissors = await bed.StandingAsync("scissors");
        (scissors.Reason, scissors.Level, scissors.Evidence["contacts_before"], scissors.Evidence["contacts_after"], scissors.Evidence["days_after"]).ShouldBe(("contact_fell", "act", "30", "1", "80"));
        (await bed.ListAsync(role: Roles.ClientUser)).ShouldBeEmpty();

        for (var i = 1; i <= 30; i++)
        {
            var at = Us(9, 1) + i * 86_400_000_000L;
            await bed.TellAsync(EventKind.ClientContact, $"CALL-{i}", s => s.BeganUs = at);
        }
        await bed.TellAsync(EventKind.ClientContact, "CALL-LAST", s => s.BeganUs = Us(10, 19));
        await bed.NightAsync(Yesterday);
        (await bed.ClosedAsync("contact")).ShouldBe(["cause_gone"]);
        (await bed.ClosedAsync("scissors")).ShouldBe(["cause_gone"]);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task SEED_03_PCR_what_stands_together_opens_the_regress_and_closes_when_it_weighs_less(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        // Neglect alone does not reach it; with half the volume gone it does.
        await bed.NightAsync(Yesterday);
        (await bed.StandsAsync("contact")).ShouldBeTrue();
        (await bed.StandsAsync("regress")).ShouldBeFalse();
        for (var i = 0; i < 56; i++) await bed.ParcelsAsync(Yesterday.PlusDays(-i), i < 28 ? 40 : 100);
        await bed.NightAsync(Yesterday);
        var risk = await bed.StandingAsync("regress");
        (risk.Family, risk.Reason, risk.Level, risk.Evidence["score"], risk.Evidence["threshold"], risk.Evidence["points_neglect"], risk.Evidence["points_change"]).ShouldBe(("regress", "regress_risk", "act", "5", "5", "2", "3"));
        risk.Subjects.Select(s => s.Kind).Distinct(StringComparer.Ordinal).ShouldBe(["warning"]);
        risk.CaseId.ShouldBe($"R-{Account}-1");
        (await bed.ListAsync(role: Roles.ClientUser)).ShouldAllBe(w => w.Family != "regress" && w.Family != "neglect");
        var cases = new Api.Cases.V1.Cases.CasesClient(await bed.Bed.Backend.AsAsync(Roles.KeyAccountManager));
        var opened = await cases.ReadAsync(new ReadCaseRequest { CaseId = risk.CaseId });
        opened.Signs.Select(s => s.Code).Order(StringComparer.Ordinal).ShouldBe(["not_contacted", "volume_changed"]);
        opened.Signs.ShouldAllBe(s => s.Reference.StartsWith(Account + ".", StringComparison.Ordinal));
        (await cases.ListAsync(new ListCasesRequest())).Cases.Count.ShouldBe(1, "asked again it opens no other");

        await bed.TellAsync(EventKind.ClientContact, "VISIT-1", s => s.BeganUs = Us(10, 19));
        await bed.NightAsync(Yesterday);
        (await bed.ClosedAsync("regress")).ShouldBe(["cause_gone"]);
        (await cases.ReadAsync(new ReadCaseRequest { CaseId = risk.CaseId })).Summary.State.ShouldBe("open", "a person closes the case");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_new_owner_has_the_warnings_that_stand_and_an_account_without_a_record_is_its_roles(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.NightAsync(Yesterday);
        (await bed.StandingAsync("contact")).Owner.ShouldBe(bed.Manager);
        var heir = bed.Bed.Backend.People[Roles.SalesManager];
        Good(await (await bed.AccountsAsync(Roles.SalesManager)).ChangeOwnerAsync(new ChangeOwnerCommand
        {
            CommandId = BackendFixture.NewCommandId(), Account = Account, Person = heir, Reason = "new region", HandedOver = { "contacts", "contracts", "open_cases", "promises", "visits" },
        }));
        await bed.NightAsync(Yesterday);
        (await bed.StandingAsync("contact")).Owner.ShouldBe(heir);
        await using var scope = bed.Bed.Backend.Services.CreateScopeAs(Caller.System);
        await scope.ServiceProvider.GetRequiredService<KeepWarnings>().RunAsync([BackendFixture.OtherAccount], [(BackendFixture.OtherAccount, "steps", new WarningAnswer.Raised(WarningFamily.Progress, WarningReason.StepsLate, WarningLevel.Watch, [], []))], "1", CancellationToken.None);
        var unowned = (await (await bed.WarningsAsync(Roles.Administrator)).ListAsync(new ListWarningsRequest { PageSize = 200 })).Warnings.Single(w => w.Account == BackendFixture.OtherAccount);
        unowned.Owner.ShouldBe("KeyAccountManager");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_caps_the_grade_is_told_at_once_and_closes_when_none_stands(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.CountAsync(Yesterday.PlusDays(-5), FigureCodes.InsuredLost, 1, 1);
        await bed.CountAsync(Yesterday, FigureCodes.Fulfilled, 8, 10);
        // Last month's is last month's.
        await bed.CountAsync(new LocalDate(2026, 9, 30), FigureCodes.PrivacyBreach, 1, 1);
        await bed.NightAsync(Yesterday);
        var capped = await bed.StandingAsync("knock_out");
        (capped.Family, capped.Reason, capped.Level, capped.Owner, capped.DueUs - capped.SinceUs).ShouldBe(("budget", "knock_out", "act", bed.Manager, 24 * 3_600_000_000L));
        (capped.Evidence["knock_outs"], capped.Evidence["insured_lost"], capped.Evidence["obligations_met"], capped.Evidence["obligations_due"]).ShouldBe(("2", "1", "8", "10"));
        capped.Subjects.ShouldBe([new WarningSubject { Kind = "indicator", Name = "insured_lost" }, new WarningSubject { Kind = "indicator", Name = "S4" }]);
        (await bed.ListAsync(role: Roles.ClientUser)).ShouldBeEmpty();
        // The parcel is found; what was not fulfilled still stands.
        await bed.CountAsync(Yesterday.PlusDays(-5), FigureCodes.InsuredLost, 0, 0);
        await bed.NightAsync(Yesterday);
        var still = await bed.StandingAsync("knock_out");
        (still.Id, still.Evidence["knock_outs"], still.Subjects.Single().Name).ShouldBe((capped.Id, "1", "S4"));
        await bed.CountAsync(Yesterday, FigureCodes.Fulfilled, 9, 10);
        await bed.NightAsync(Yesterday);
        (await bed.ClosedAsync("knock_out")).ShouldBe(["cause_gone"]);
    }

    /// <summary>What is kept of any row of answers is what <see cref="StandingWarning.Next"/> says of it.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task What_is_kept_is_what_the_rule_of_a_standing_warning_says(Engine engine)
    {
        const int accounts = 60, days = 15, seed = 20261019;
        await using var bed = await LevelsBed.StartAsync(engine);
        var drawn = new Random(seed);
        string[] names = [.. Enumerable.Range(0, accounts).Select(static i => FormattableString.Invariant($"KA-P-{i:000}"))];
        var stands = names.ToDictionary(static n => n, static _ => (StandingWarning?)null, StringComparer.Ordinal);
        await using var scope = bed.Backend.Services.CreateScopeAs(Caller.System);
        var (keep, opened) = (scope.ServiceProvider.GetRequiredService<KeepWarnings>(), 0);
        for (var d = 1; d <= days; d++)
        {
            var day = new LocalDate(2026, 10, d);
            var answers = names.Select(n => (n, "steps", AnswerOf(drawn.Next(4), drawn.Next(1000)))).ToList();
            // Twice under one name: once.
            for (var again = 0; again < 2; again++) (await keep.RunAsync(names, answers, FormattableString.Invariant($"d{d}"), CancellationToken.None)).ShouldBeNull();
            foreach (var (name, _, answer) in answers)
            {
                var next = StandingWarning.Next(stands[name], answer, day);
                if (next is { Stands: true } && stands[name] is not { Stands: true }) opened++;
                stands[name] = next;
            }
            var rows = await bed.Backend.Database.RowsAsync("SELECT account, evidence, level, id FROM level_warning WHERE closed_us IS NULL ORDER BY account", r => $"{r.GetString(0)} {r.GetString(1)} {r.GetValue(2)} {r.GetString(3)}");
            rows.ShouldBe(stands.Where(static s => s.Value is { Stands: true }).OrderBy(static s => s.Key, StringComparer.Ordinal)
                .Select(static s => FormattableString.Invariant($"{s.Key} {{\"late\":\"{s.Value!.Latest.Evidence[0].Value}\"}} {(int)s.Value.Latest.Level} {s.Key}.steps.d{s.Value.Since.Day}")));
        }
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM level_warning")).ShouldBe(opened);
        (await bed.Backend.Database.ScalarAsync("SELECT COUNT(*) FROM level_warning WHERE closed_us IS NOT NULL AND closed_because <> 'cause_gone'")).ShouldBe(0);

        static WarningAnswer AnswerOf(int kind, int figure) => kind switch
        {
            0 => new WarningAnswer.Clear(WarningFamily.Progress, []),
            1 => new WarningAnswer.Unknown(WarningFamily.Progress, "x"),
            _ => new WarningAnswer.Raised(WarningFamily.Progress, WarningReason.StepsLate, kind == 2 ? WarningLevel.Watch : WarningLevel.Act, [new WarningFigure("late", figure)], ["a step"]),
        };
    }

    private static async Task<WarningView> ActAsync(WarningsBed bed, string role, string id, string words) =>
        await (await bed.WarningsAsync(role)).ActAsync(new ActOnWarningCommand { CommandId = BackendFixture.NewCommandId(), Id = id, Done = words });
}
