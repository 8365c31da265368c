using KeyAccountLogistics.Contracts.Watching;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts.Versions;

/// <summary>SEED-04-CONTRACTMGT: term and expiry are told before their day.</summary>
public sealed class DueAlertsTests
{
    private static readonly LocalDate End = new(2026, 12, 31);

    private static readonly WatchedVersion Yearly = new("A", "KA-1", 1, new LocalDate(2026, 1, 1), End, 0, 60, null);

    private static readonly Dictionary<string, LocalDate> Agreed = new(StringComparer.Ordinal) { ["A"] = new LocalDate(2030, 1, 1) };

    [Theory]
    [InlineData("2026-10-31", null)]
    [InlineData("2026-11-01", "expires 2026-12-31")]   // 60 days before
    [InlineData("2026-12-31", "expires 2026-12-31")]
    [InlineData("2027-01-01", null)]
    public void An_end_is_told_so_many_days_before(string today, string? told) => On(today, Yearly).ShouldBe(told);

    [Theory]
    [InlineData("2026-11-15", "renews 2026-12-31")]
    [InlineData("2027-03-01", null)]
    [InlineData("2027-11-15", "renews 2027-12-31")]
    [InlineData("2031-11-15", "renews 2031-12-31")]
    public void What_renews_by_itself_is_told_before_the_end_of_every_term(string today, string? told) =>
        On(today, Yearly with { RenewsMonths = 12 }, new Dictionary<string, LocalDate>(StringComparer.Ordinal) { ["A"] = new LocalDate(2040, 1, 1) }).ShouldBe(told);

    [Fact]
    public void A_term_that_ends_on_a_31st_keeps_its_day() =>
        On("2026-06-20", Yearly with { LastDay = new LocalDate(2026, 1, 31), RenewsMonths = 1, NoticeDays = 20 }).ShouldBe("renews 2026-06-30");

    [Theory]
    [InlineData("2026-05-01", null)]
    [InlineData("2026-05-02", "agreement_expires 2026-07-01")]
    [InlineData("2026-07-01", "agreement_expires 2026-07-01")]
    [InlineData("2026-07-02", "agreement_missing 2026-07-01")]
    [InlineData("2026-10-02", "agreement_missing 2026-07-01")]
    public void An_agreement_is_told_sixty_days_before_and_missed_afterwards(string today, string? told) =>
        On(today, Yearly, new Dictionary<string, LocalDate>(StringComparer.Ordinal) { ["A"] = new LocalDate(2026, 7, 1) }).ShouldBe(told);

    [Fact]
    public void The_end_of_a_price_lock_is_told() => On("2026-06-20", Yearly with { PriceLock = new LocalDate(2026, 7, 1) }).ShouldBe("price_lock_ends 2026-07-01");

    private static string? On(string today, WatchedVersion version, Dictionary<string, LocalDate>? agreed = null)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value;
        var due = DueAlerts.On(day, [version], agreed ?? Agreed).ToList();
        return due.Count == 0 ? null : string.Join("; ", due.Select(d => $"{d.Kind} {NodaTime.Text.LocalDatePattern.Iso.Format(d.Due)}"));
    }
}
