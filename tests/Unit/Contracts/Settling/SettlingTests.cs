using FsCheck.Fluent;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Contracts.Settling;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Rating;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Unit.Contracts.Settling;

// domain.md 4.5; SEED-03-REBATE, SEED-03-LONGTERM.
public sealed class SettlingTests
{
    private static readonly PeriodVolume Month = new(12_000, 10_104_000);

    [Theory]
    [InlineData("Retroactive", "3031.20 CNY")]
    [InlineData("Marginal", "505.45 CNY")]      // 2,001 parcels at the mean of 8.42
    public void SEED_03_REBATE_twelve_thousand_parcels(string mode, string amount) =>
        PeriodSettlement.Rebate(Rebate(Enum.Parse<RebateMode>(mode)), Month, "CNY").ToString().ShouldBe(amount);

    [Theory]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 1)]
    [InlineData(10_001, 2)]
    public void The_ten_thousandth_parcel_belongs_to_the_tier(int parcels, int parcelsInTier)
    {
        var volume = new PeriodVolume(parcels, parcels * 1_000L);
        PeriodSettlement.Rebate(Rebate(RebateMode.Marginal), volume, "CNY").Minor.ShouldBe(parcelsInTier * 30);
        PeriodSettlement.Rebate(Rebate(RebateMode.Retroactive), volume, "CNY").Minor.ShouldBe(parcelsInTier == 0 ? 0 : volume.FreightMinor * 3 / 100);
    }

    [Fact]
    public void Tiers_may_be_read_on_freight()
    {
        RebateTier[] tiers = [new(0, 0), new(50_000, 2), new(100_000, 4)];
        var clause = Rebate(RebateMode.Marginal) with { Basis = VolumeBasis.Freight, Tiers = [.. tiers] };
        PeriodSettlement.Rebate(clause, Month, "CNY").ToString().ShouldBe("1041.60 CNY");                                                  // 50,000 × 2 % + 1,040 × 4 %
        PeriodSettlement.Rebate(clause with { Mode = RebateMode.Retroactive }, Month, "CNY").ToString().ShouldBe("4041.60 CNY");
        PeriodSettlement.Rebate(clause, default, "CNY").Minor.ShouldBe(0);
    }

    [Fact]
    public void A_commitment_not_kept_costs_the_missing_parcels_or_a_part_of_the_missing_freight()
    {
        var parcels = new CommitmentClause(ClauseId.Parse("M-1"), TermPeriod.Month, VolumeBasis.Parcels, 12_500, 0.5m, AmountRounding.Cent);
        PeriodSettlement.Shortfall(parcels, Month, "CNY").ToString().ShouldBe("250.00 CNY");
        PeriodSettlement.Shortfall(parcels with { AtLeast = 12_000 }, Month, "CNY").Minor.ShouldBe(0);
        var freight = parcels with { Basis = VolumeBasis.Freight, AtLeast = 110_000, PerMissing = 10 };
        PeriodSettlement.Shortfall(freight, Month, "CNY").ToString().ShouldBe("896.00 CNY");
    }

    [Fact]
    public void The_year_end_bonus_is_a_rebate_of_the_year()
    {
        var bonus = Rebate(RebateMode.Retroactive) with { Clause = ClauseId.Parse("B-1"), Period = TermPeriod.Year, Tiers = [new RebateTier(3, 1)] };
        var version = DrawnContract.Plain() with { Rebates = [bonus] };
        SettledShipment[] shipments = [.. new[] { "2026-01-01", "2026-06-30", "2026-12-31", "2027-01-01" }.Select(d => Shipment(d, 10_000))];
        PeriodSettlement.Of(version, TermPeriod.Month, new LocalDate(2026, 1, 5), shipments).ShouldBeEmpty();
        var line = PeriodSettlement.Of(version, TermPeriod.Year, new LocalDate(2026, 1, 5), shipments).ShouldHaveSingleItem();
        (line.From, line.Until, line.Volume, line.Amount.ToString()).ShouldBe((new LocalDate(2026, 1, 1), new LocalDate(2026, 12, 31), new PeriodVolume(3, 30_000), "-3.00 CNY"));
        line.TextEn.ShouldBe("Rebate: 3 parcels, freight 300.00 CNY, tier of 1 %, gives back 3.00 CNY");
    }

    [Fact]
    public void SEED_02_REWARD_only_marked_shipments_of_the_named_services_count()
    {
        var clause = Rebate(RebateMode.Retroactive) with { Tiers = [new RebateTier(0, 10)], Mark = "pre_sorted", Services = ["standard"] };
        SettledShipment[] shipments =
        [
            Shipment("2026-01-01", 1_000) with { Marks = ["pre_sorted"] }, Shipment("2026-01-02", 1_000), Shipment("2026-01-03", 1_000) with { Marks = ["pre_sorted"], Service = "express" },
        ];
        PeriodSettlement.Of(DrawnContract.Plain() with { Rebates = [clause] }, TermPeriod.Month, new LocalDate(2026, 1, 1), shipments).ShouldHaveSingleItem().Amount.Minor.ShouldBe(-100);
    }

    [Theory]
    [InlineData("2026-03-31", "Month", "2026-03-01", "2026-03-31")]
    [InlineData("2026-02-01", "Quarter", "2026-01-01", "2026-03-31")]
    [InlineData("2024-02-29", "Month", "2024-02-01", "2024-02-29")]
    [InlineData("2026-12-31", "Year", "2026-01-01", "2026-12-31")]
    public void A_day_lies_in_one_period(string day, string period, string from, string until) =>
        PeriodSettlement.Bounds(Enum.Parse<TermPeriod>(period), Date(day)).ShouldBe((Date(from), Date(until)));

    [Fact]
    public void Two_orders_of_arrival_give_the_same_rebate() => Seeded.Holds(Gen.Choose(0, int.MaxValue), seed =>
    {
        var random = new Random(seed);
        var rebate = Rebate(random.Next(2) == 0 ? RebateMode.Marginal : RebateMode.Retroactive) with
        {
            Basis = random.Next(2) == 0 ? VolumeBasis.Parcels : VolumeBasis.Freight,
            Tiers = [new RebateTier(0, random.Next(3)), new RebateTier(1 + random.Next(20), 3), new RebateTier(30 + random.Next(20), 5.5m)],
        };
        var version = DrawnContract.Plain() with { Rebates = [rebate] };
        SettledShipment[] shipments = [.. Enumerable.Range(0, random.Next(60)).Select(_ => Shipment("2026-01-15", random.Next(5_000)))];
        var one = PeriodSettlement.Of(version, TermPeriod.Month, new LocalDate(2026, 1, 1), shipments);
        random.Shuffle(shipments);
        return one.SequenceEqual(PeriodSettlement.Of(version, TermPeriod.Month, new LocalDate(2026, 1, 1), shipments));
    }, tests: 300);

    [Theory]
    [InlineData(600, 1_000, 400, 240)]
    [InlineData(600, 1_000, 1_000, 600)]
    [InlineData(2_000, 1_000, 1_000, 1_000)]
    [InlineData(2_000, 1_000, 300, 300)]
    [InlineData(1_000, 1_000, 5_000, 1_000)]
    public void Insured_value_pays_its_proportion_of_the_loss_and_never_more(long insured, long worth, long loss, long pays) =>
        InsuredLoss.Pays(insured * 100, worth * 100, loss * 100).ShouldBe(pays * 100);

    [Theory]
    [InlineData("2026-09-30T10:00", 3, "2026-10-10")]    // the holiday week; 2026-10-10 is a working Saturday
    [InlineData("2026-10-12T17:59", 1, "2026-10-13")]
    [InlineData("2026-10-12T18:01", 1, "2026-10-14")]
    [InlineData("2026-10-17T10:00", 0, "2026-10-19")]
    [InlineData("2026-10-12T10:00", 0, "2026-10-12")]
    public void Cash_goes_to_the_shipper_after_working_days(string collected, int days, string date) => Remitted(collected, new RemitCycle.WorkingDays(days)).ShouldBe(Date(date));

    [Theory]
    [InlineData("2026-10-12T10:00", "2026-10-16")]
    [InlineData("2026-10-16T10:00", "2026-10-23")]
    [InlineData("2026-10-15T18:30", "2026-10-23")]       // counts as the Friday
    public void Or_on_the_next_Friday(string collected, string date) => Remitted(collected, new RemitCycle.Weekly(IsoDayOfWeek.Friday)).ShouldBe(Date(date));

    private static LocalDate Remitted(string collected, RemitCycle cycle)
    {
        var clause = new CodClause(ClauseId.Parse("C-1"), 5, 3, null, null, cycle, new LocalTime(18, 0), AmountRounding.Cent);
        var at = NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm").Parse(collected).Value.InZoneLeniently(DrawnContract.China).ToInstant();
        return CodRemittance.DateOf(clause, at, DrawnContract.China, WorkingCalendar.China).Date;
    }

    private static RebateClause Rebate(RebateMode mode) =>
        new(ClauseId.Parse("B-1"), TermPeriod.Month, VolumeBasis.Parcels, mode, [], null, [new RebateTier(0, 0), new RebateTier(10_000, 3), new RebateTier(30_000, 5)], AmountRounding.Cent);

    private static SettledShipment Shipment(string day, long freight) => new("standard", [], Date(day), 1, freight);

    private static LocalDate Date(string text) => NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;
}
