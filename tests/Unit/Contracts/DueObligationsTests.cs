using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Obligations;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>SEED-03-FULFIL100: what is due when, from the versions in force.</summary>
public sealed class DueObligationsTests
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    [Fact]
    public void A_report_of_each_month_is_due_on_the_fifth_of_the_next_and_a_forecast_by_quarter()
    {
        var due = DueObligations.Of([Version(1, null, null)], new LocalDate(2026, 9, 1), new LocalDate(2026, 11, 30)).ToList();
        due.Select(o => (o.Clause.Clause.Value, o.PeriodFirst, o.PeriodLast, o.Due)).ShouldBe(
        [
            ("O-1", new LocalDate(2026, 8, 1), new LocalDate(2026, 8, 31), new LocalDate(2026, 9, 5)),
            ("O-1", new LocalDate(2026, 9, 1), new LocalDate(2026, 9, 30), new LocalDate(2026, 10, 5)),
            ("O-2", new LocalDate(2026, 7, 1), new LocalDate(2026, 9, 30), new LocalDate(2026, 10, 15)),
            ("O-1", new LocalDate(2026, 10, 1), new LocalDate(2026, 10, 31), new LocalDate(2026, 11, 5)),
        ]);
    }

    [Fact]
    public void A_period_is_owed_once_under_the_version_in_force_on_its_last_day()
    {
        ContractVersion[] versions = [Version(1, new LocalDate(2026, 7, 1), new LocalDate(2026, 8, 31)), Version(2, new LocalDate(2026, 8, 31), new LocalDate(2026, 10, 10))];
        DueObligations.Of(versions, new LocalDate(2026, 1, 1), new LocalDate(2026, 12, 31)).Where(o => o.Clause.Every == TermPeriod.Month).Select(o => (o.Version.Version, o.PeriodLast))
            .ShouldBe([(1u, new LocalDate(2026, 7, 31)), (2u, new LocalDate(2026, 8, 31)), (2u, new LocalDate(2026, 9, 30))]);
    }

    [Fact]
    public void Asked_day_by_day_it_is_what_the_whole_span_gives()
    {
        var (first, days) = (new LocalDate(2025, 11, 20), 400);
        ContractVersion[] versions = [Version(1, null, null)];
        var whole = DueObligations.Of(versions, first, first.PlusDays(days - 1)).Select(o => (o.Clause.Clause.Value, o.Due)).ToList();
        Enumerable.Range(0, days).SelectMany(d => DueObligations.Of(versions, first.PlusDays(d), first.PlusDays(d))).Select(o => (o.Clause.Clause.Value, o.Due)).ShouldBe(whole);
        whole.Count.ShouldBe(13 + 4 + 1);
    }

    private static ContractVersion Version(uint number, LocalDate? from, LocalDate? until) => DrawnContract.Plain() with
    {
        Version = number, EffectiveFrom = from is { } f ? Zone.AtStartOfDay(f).ToInstant() : null, EffectiveUntil = until is { } u ? Zone.AtStartOfDay(u).ToInstant() : null,
        Obligations =
        [
            new ObligationClause(ClauseId.Parse("O-1"), ObligationParty.Carrier, "月报", "report", TermPeriod.Month, 5), new ObligationClause(ClauseId.Parse("O-2"), ObligationParty.Client, "预测", "forecast", TermPeriod.Quarter, 15),
            new ObligationClause(ClauseId.Parse("O-3"), ObligationParty.Carrier, "年会", "review", TermPeriod.Year, 90),
        ],
    };
}
