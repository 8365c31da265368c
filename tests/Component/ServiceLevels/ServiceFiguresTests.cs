using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using NodaTime;
using static KeyAccountLogistics.Component.ServiceLevels.LevelsBed;
using static KeyAccountLogistics.Component.ServiceLevels.ServiceFactTests;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>From the facts of an account's service to its scorecard over the wire: every indicator of the catalogue, what it drills down to, and counting again.</summary>
public sealed class ServiceFiguresTests
{
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Each_of_the_22_indicators_is_counted_and_counting_again_agrees(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await ToldAsync(bed);
        var manager = await bed.AsAsync(Roles.KeyAccountManager);
        var card = await manager.GetAsync(October);
        var indicators = card.Dimensions.SelectMany(d => d.Indicators).ToDictionary(i => i.Indicator, StringComparer.Ordinal);
        indicators.Keys.ShouldBe(IndicatorCatalogue.All.Select(i => i.Code), ignoreOrder: true);
        foreach (var i in indicators.Values) (decimal.Parse(i.Denominator, System.Globalization.CultureInfo.InvariantCulture) > 0, i.ReasonCode is "" or "too_few").ShouldBe((true, true), $"{i.Indicator} {i.Reason}");
        string Figure(string code) => $"{indicators[code].Numerator}/{indicators[code].Denominator}";
        string.Join(' ', new[] { "T5", "Q6", "C1", "C2", "C3", "S1", "S2", "S3", "S4", "O1", "O2", "O3", "O4" }.Select(c => $"{c} {Figure(c)}"))
            .ShouldBe("T5 1/2 Q6 1/2 C1 1/2 C2 0.12/16.4 C3 10/25 S1 1/1 S2 0/1 S3 1/1 S4 1/2 O1 1/2 O2 1/2 O3 1/1 O4 1/1");
        (indicators["C2"].Value, indicators["C3"].Value, indicators["T5"].Open, indicators["T5"].Excluded).ShouldBe(("0.007317", "0.400000", 1, 1));
        // S4 has its sample and is at half: the grade is capped as by the incident.
        card.KnockOuts.ShouldBe(["privacy_breach", "contract_unfulfilled"]);
        await bed.AgreesAsync();
        (await RebuildAsync(bed, dryRun: true)).ShouldBe(0);

        var sqi = (await manager.SqiAsync(new GetSqiRequest { Account = October.Account, From = October.From, To = October.To })).Days.SelectMany(d => d.ByComponent).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Value), StringComparer.Ordinal);
        foreach (var component in new[] { "traces", "invoice_adjustment", "complaints_reopened", "complaints_unresolved", "linehaul_delay", "abandoned_calls" }) sqi.GetValueOrDefault(component).ShouldBe(1, component);

        foreach (var (figure, kind, subject) in new[]
        {
            ("T5", "query", "Q-2"), ("C1", "invoice_line", "L-2"), ("C2", "invoice_line", "L-1"), ("C3", "remittance", "R-2"), ("O2", "notice", "N-2"), ("S2", "complaint", "CP-1"), ("S3", "complaint", "CP-1"),
            ("Q6", "complaint", "CP-1"), ("S4", "obligation", "OB-2"), ("linehaul_delay", "trip", "T-1"), ("abandoned_calls", "call", "CALL-1"), ("privacy_breach", "incident", "I-1"), ("O1", "parcel", "SERVICETWO"),
        })
        {
            var behind = (await bed.BehindAsync(figure)).ShouldHaveSingleItem(figure);
            (behind.Kind, behind.Subject, behind.Events.Count).ShouldBe((kind, subject, 1), figure);
        }
        var complaint = (await bed.BehindAsync("S2")).Single();
        (complaint.Parcel, complaint.Title, complaint.Contract).ShouldBe(("SERVICEONE", "left at the gate", "K-" + October.Account + " v1"));
        (await bed.BehindAsync("T5", "excluded")).ShouldHaveSingleItem().Reason.ShouldBe("malformed");
        (await bed.BehindAsync("O4", "met")).ShouldHaveSingleItem().Kind.ShouldBe("message");
        (await manager.BudgetsAsync(new GetBudgetsRequest { Account = October.Account, From = October.From, To = October.To })).Budgets.Single(b => b.Indicator == "S4").Failed.ShouldBe(1);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_later_word_and_a_correction_change_the_figures_and_published_days_are_restated(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await bed.RegisterAsync(BackendFixture.Account, "SERVICEONE");
        await bed.AppendAsync(Told(1, EventKind.ClientQuery, "Q-1", At(9, 9), s => s.BeganUs = Us(9, 9)), Told(2, EventKind.ObligationStood, "OB-1", At(11, 9), s => s.DueUs = Us(10, 9)));
        (await bed.FigureAsync("T5")).ShouldBe("0/0 excluded 0 in doubt 0 open 1");
        (await bed.IndicatorAsync("T5")).ReasonCode.ShouldBe("nothing_decided");
        await bed.CloseAsync(new LocalDate(2026, 10, 9));
        await bed.AppendAsync(Told(3, EventKind.ClientQuery, "Q-1", At(9, 10), s => (s.Revision, s.BeganUs, s.DoneUs) = (1, Us(9, 9), Us(9, 9) + 60_000_000)));
        (await bed.FigureAsync("T5")).ShouldBe("1/1 excluded 0 in doubt 0 open 0");
        (await bed.FigureAsync("S4")).ShouldBe("0/1 excluded 0 in doubt 0 open 0");
        await bed.AppendAsync(Correction(90, 2));
        (await bed.FigureAsync("S4")).ShouldBe("0/0 excluded 0 in doubt 0 open 0");
        (await bed.IndicatorAsync("S4")).ReasonCode.ShouldBe("no_obligations");
        await bed.CloseAsync(new LocalDate(2026, 10, 10));
        (await bed.Backend.Database.ScalarAsync("SELECT denominator FROM level_published WHERE figure = 'T5' AND first_denominator = 0")).ShouldBe(1);
        await bed.AgreesAsync();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_extract_holds_the_facts_and_whatever_is_left_out_of_them_is_found(Engine engine)
    {
        await using var bed = await StartAsync(engine);
        await ToldAsync(bed);
        await bed.AppendAsync(Told(70, EventKind.ClientQuery, "Q-9", At(9, 9), s => s.BeganUs = Us(9, 9)), Correction(91, 70), Correction(92, 91));
        await bed.FollowedAsync();
        var zip = await ProofTests.ProveAsync(await bed.AsAsync(Roles.ClientUser), BackendFixture.Account);
        var answer = await ProofTests.CheckAsync(zip);
        answer.Findings.ShouldBeEmpty();
        answer.Agrees.ShouldBeTrue();
        var withoutLast = await ProofTests.CheckAsync(ProofTests.WithoutSubject(zip, "150:" + BackendFixture.Account + ":Q-2"));
        withoutLast.Findings.ShouldContain(f => f == "T5 denominator: the result says 2, the events give 1.");
        var moved = await ProofTests.CheckAsync(ProofTests.WithOtherSubject(zip, "150:" + BackendFixture.Account + ":Q-2", "150:" + BackendFixture.Account + ":Q-7"));
        moved.Findings.ShouldContain(f => f.EndsWith("tells of another fact.", StringComparison.Ordinal));
    }

    private static long Us(int day, int hour, int minute = 0) => At(day, hour, minute).ToUnixTimeTicks() / 10;

    private static async Task ToldAsync(LevelsBed bed)
    {
        await bed.RegisterAsync(BackendFixture.Account, "SERVICEONE", "SERVICETWO");
        var phone = JournalSource.Device("phone-service");
        await bed.AppendAsync(phone, BatchClock.Unproven, At(8, 10), Fact(1, EventKind.Collected, "SERVICEONE", At(8, 10)));
        // The phone's clock cannot say how long this took: since its last contact it was two hours.
        await bed.AppendAsync(phone, BatchClock.Unproven, At(8, 12), Fact(2, EventKind.Collected, "SERVICETWO", At(8, 11)));
        await bed.AppendAsync(
            Delivered(3, "SERVICEONE", At(9, 12)), Delivered(4, "SERVICETWO", At(9, 12)),
            Fact(5, EventKind.Weighed, "SERVICEONE", At(8, 13)).With(e => e.Weight = new Weight { Purpose = WeightPurpose.Depot, MassMg = 1_000_000, Verdict = new WeighVerdict { Integrity = IntegrityAnswer.Intact } }));
        await bed.AppendAsync(JournalSource.Server, BatchClock.Server, bed.Backend.Time.Now(), Ordered(6), new ParcelEvent { Id = IdOf(7), Kind = EventKind.PickupDone, Reference = "PO-SERVICE", CapturedAtUs = Us(8, 10), Door = new DoorVisit { Parcels = 2 } });
        await bed.AppendAsync(
            Told(20, EventKind.ClientQuery, "Q-1", At(9, 10), s => (s.BeganUs, s.DoneUs) = (Us(9, 9), Us(9, 9, 20))), Told(21, EventKind.ClientQuery, "Q-2", At(9, 10), s => (s.BeganUs, s.Failed) = (Us(9, 9), true)),
            Told(22, EventKind.ClientQuery, "Q-3", At(9, 9), s => s.BeganUs = Us(9, 9)), Told(23, EventKind.ClientQuery, "Q-4", At(9, 9), static _ => { }),
            Told(24, EventKind.InvoiceLine, "L-1", At(9, 9), s => (s.BeganUs, s.AmountMinor, s.BudgetMinor, s.HasBudget) = (Us(9, 9), 842, 820, true)),
            Told(25, EventKind.InvoiceLine, "L-2", At(9, 9), s => (s.BeganUs, s.AmountMinor, s.BudgetMinor, s.HasBudget, s.Failed, s.DoneUs) = (Us(9, 9), 810, 820, true, true, Us(10, 9))),
            Told(26, EventKind.RemittanceDue, "R-1", At(9, 9), s => (s.DueUs, s.DoneUs, s.AmountMinor) = (Us(9, 9), Us(9, 9), 1_000)), Told(27, EventKind.RemittanceDue, "R-2", At(9, 10), s => (s.DueUs, s.AmountMinor) = (Us(9, 9), 1_500)),
            Told(28, EventKind.ExceptionNotice, "N-1", At(9, 10), s => (s.BeganUs, s.DoneUs) = (Us(9, 9), Us(9, 9, 5))), Told(29, EventKind.ExceptionNotice, "N-2", At(9, 10), s => (s.BeganUs, s.DoneUs, s.Failed) = (Us(9, 9), Us(9, 9, 5), true)),
            Told(30, EventKind.ImprovementAction, "A-1", At(9, 10), s => (s.DueUs, s.DoneUs) = (Us(9, 9), Us(8, 9))), Told(31, EventKind.ClientMessage, "M-1", At(9, 10), s => (s.BeganUs, s.DoneUs) = (Us(9, 9), Us(9, 9, 1))),
            Told(32, EventKind.LinehaulTrip, "T-1", At(9, 12), s => (s.DueUs, s.DoneUs) = (Us(9, 9), Us(9, 11))), Told(33, EventKind.ClientCall, "CALL-1", At(9, 12), s => (s.BeganUs, s.DoneUs, s.Failed) = (Us(9, 9), Us(9, 10), true)),
            Told(34, EventKind.ServiceIncident, "I-1", At(9, 12), s => (s.BeganUs, s.Failed) = (Us(9, 9), true)).With(e => e.Reason = "privacy_breach"),
            Told(35, EventKind.ComplaintStood, "CP-1", At(20, 11), s => (s.Parcel, s.Title, s.Complaint) = ("SERVICEONE", "left at the gate", new Complaint
            {
                About = "unauthorised_drop", Found = "upheld", OpenedUs = Us(9, 9), AnswerDueUs = Us(10, 9), AnsweredUs = Us(9, 10), StatuteDueUs = Us(16, 9), ClosedUs = Us(17, 9), ReopenedUs = Us(18, 9),
            })),
            Told(36, EventKind.ObligationStood, "OB-1", At(9, 12), s => (s.DueUs, s.DoneUs) = (Us(9, 9), Us(9, 8))), Told(37, EventKind.ObligationStood, "OB-2", At(9, 12), s => s.DueUs = Us(9, 9)),
            Told(38, EventKind.ReceivableStood, "INV-1", At(9, 12), s => s.DueUs = Us(9, 9)));
        await bed.FollowedAsync();
    }

    private static ParcelEvent Ordered(int id) => new()
    {
        Id = IdOf(id), Kind = EventKind.PickupOrdered, Reference = "PO-SERVICE", CapturedAtUs = Us(8, 8),
        Pickup = new PickupOrder { Account = BackendFixture.Account, Site = "S1", Depot = "HGH01", FromUs = Us(8, 9), UntilUs = Us(8, 12), Parcels = 2 },
    };
}

internal static class FactMore
{
    internal static ParcelEvent With(this ParcelEvent fact, Action<ParcelEvent> more)
    {
        more(fact);
        return fact;
    }
}
