using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Unit.Dispatch;

/// <summary>A parcel's goods money from the door to the shipper, as the journal is told of it (C3).</summary>
public sealed class RemittanceTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 10, 12, 2, 0);
    private static readonly RemittanceDue Due = new("KA-2026-0001", 3, "C-1", Start + Duration.FromHours(38));

    // Each fact comes an hour after the one before; its number is its id.
    private static Remittance? After(params ParcelEvent[] facts)
    {
        var purse = new Purse();
        foreach (var fact in facts) purse.Come(fact);
        return LinesOf(purse, "P1") is { Count: > 0 } lines ? Remittance.Of(lines) : null;
    }

    internal static List<PayableLine> LinesOf(Purse purse, string parcel) =>
    [
        .. purse.Postings.SelectMany(p => p.Lines.Where(l => l.Place.Account == LedgerAccount.ShipperPayable && l.Parcel == parcel).Select(l => new PayableLine(p.Event, p.Origin, l.Minor, HourOf(p.Event))))
    ];

    private static long HourOf(Guid fact) => (Start + Duration.FromHours(Enumerable.Range(0, 400).First(n => Purse.Id(n) == fact))).ToUnixMicros();

    private static long At(int hour) => (Start + Duration.FromHours(hour)).ToUnixMicros();

    private static ParcelEvent Collected(int id, long cod, int? corrects = null) => Purse.Fact(id, EventKind.MoneyCollected, Purse.Collected("P1", cod), corrects);

    private static ParcelEvent Paid(int id, long minor) => Purse.Fact(id, EventKind.MoneyRemitted, new MoneyMove { Currency = "CNY", Slip = "R-1", Items = { Purse.Item("P1", MoneyPurpose.Cod, minor) } });

    [Fact]
    public void Unpaid_it_is_told_once_its_time_has_passed_and_paid_at_once()
    {
        var owed = After(Collected(1, 10_000))!;
        owed.ShouldBe(new Remittance(At(1), 10_000, 0, WasPaid: false, Entries: 1));
        Told(owed, Due.Due).ShouldBeNull();
        var late = Told(owed, Due.Due + Duration.FromTicks(10))!;
        (late.Kind, late.Reference, late.Service).ShouldBe((EventKind.RemittanceDue, "P1/CNY", new ServiceFact
        {
            Account = "ACME", Revision = 1, Parcel = "P1", Contract = "KA-2026-0001", ContractVersion = 3, BeganUs = At(1), DueUs = Due.Due.ToUnixMicros(), AmountMinor = 10_000, Currency = "CNY",
        }));
        var paid = Told(After(Collected(1, 10_000), Paid(5, 10_000))!, Start + Duration.FromHours(5))!;
        (paid.Service.DoneUs, paid.Service.Revision, paid.Id == late.Id).ShouldBe((At(5), 2u, false));
        After(Paid(5, 10_000)).ShouldBeNull("what was never collected is not due");
    }

    [Fact]
    public void A_remittance_that_is_put_right_is_told_again_before_its_time_too_and_each_time_under_a_higher_revision()
    {
        ParcelEvent[] way = [Collected(1, 10_000), Paid(2, 10_000), Purse.Fact(3, EventKind.Corrected, null, 2), Paid(4, 10_000)];
        var told = Enumerable.Range(2, 3).Select(n => Told(After(way[..n])!, Start + Duration.FromHours(n))!.Service).ToList();
        told.Select(s => (s.Revision, s.DoneUs, s.AmountMinor)).ShouldBe([(2u, At(2), 10_000L), (3u, 0L, 10_000L), (4u, At(4), 10_000L)]);
    }

    [Fact]
    public void A_collection_that_is_put_right_is_due_as_it_is_now()
    {
        // One zero too many, put right by the phone after it was told as late.
        var right = After(Collected(1, 7_000), Collected(2, 700, corrects: 1))!;
        right.ShouldBe(new Remittance(At(2), 700, 0, WasPaid: false, Entries: 2));
        // Paid before it was put right: all of it has been paid, and more.
        var over = After(Collected(1, 7_000), Paid(2, 7_000), Collected(3, 700, corrects: 1))!;
        (over.Minor, over.PaidUs, over.Entries).ShouldBe((700, At(2), 3));
        // Taken back whole: nothing is due any more, and what was told late is told so.
        var none = After(Collected(1, 7_000), Purse.Fact(2, EventKind.Corrected, null, 1))!;
        none.ShouldBe(new Remittance(At(1), 0, 0, WasPaid: false, Entries: 2));
        Told(none, Due.Due + Duration.FromHours(1))!.Service.ShouldSatisfyAllConditions(s => s.AmountMinor.ShouldBe(0), s => s.Revision.ShouldBe(2u));
    }

    [Fact]
    public void Paid_in_parts_it_is_done_when_the_last_part_is()
    {
        var part = After(Collected(1, 500), Paid(2, 500), Collected(3, 200))!;
        (part.Minor, part.PaidUs, part.WasPaid).ShouldBe((700, 0, true));
        var whole = After(Collected(1, 500), Paid(2, 500), Collected(3, 200), Paid(4, 200))!;
        (whole.CollectedUs, whole.Minor, whole.PaidUs).ShouldBe((At(1), 700, At(4)));
    }

    private static ParcelEvent? Told(Remittance money, Instant now) => money.Fact("ACME", "P1", "CNY", Due, now);
}
