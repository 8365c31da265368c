using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Unit.Custody;

public sealed class ReadShipmentTests
{
    private static readonly WaybillScheme Own = WaybillScheme.Of("KAL");

    public static TheoryData<string, string, Action<ShipmentLine>> Flaws() => new()
    {
        { "waybill", "waybill.unreadable", s => s.Waybill = "AB" },
        { "waybill", "waybill.unreadable", s => s.Waybill = "KAL2610120000018" },
        { "account", "field.missing", s => s.Account = "" },
        { "product", "field.malformed", s => s.Product = new string('x', 121) },
        { "pieces", "pieces.range", s => s.Pieces = 1_000 },
        { "declared_mg", "mass.negative", s => s.DeclaredMg = -1 },
        { "length_mm", "sides.range", s => s.LengthMm = 100 },
        { "accepted_at", "instant.range", s => s.AcceptedAtUs = -1 },
        { "cod_amount", "money.negative", s => s.CodMinor = -1 },
        { "currency", "currency.unknown", s => s.CodMinor = 100 },
        { "currency", "currency.unknown", s => s.Currency = "Yuan" },
        { "gates", "gates.no_start", s => Bring(s, 0, ("arrived_node", 2)) },
        { "gates", "gates.unknown", s => Bring(s, 1, ("arrived", 2)) },
        { "gates", "gates.unknown", s => Bring(s, 1, ("arrived_node#0", 2)) },
        { "gates", "gates.twice", s => Bring(s, 1, ("arrived_node", 2), ("arrived_node", 3)) },
        { "gates", "gates.order", s => Bring(s, 3, ("arrived_node", 2)) },
        { "gates", "gates.many", s => Bring(s, 1, [.. Enumerable.Range(1, 33).Select(n => ("arrived_node#" + n.ToString(System.Globalization.CultureInfo.InvariantCulture), 100L + n))]) },
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public void A_line_that_cannot_be_registered_names_its_field(string field, string code, Action<ShipmentLine> spoil)
    {
        var line = Good();
        spoil(line);
        var flaw = ReadShipment.TryRead(1, line, Own, TermsSnapshot.Empty, out var shipment).ShouldNotBeNull();
        (flaw.Field, flaw.Code).ShouldBe((field, code));
        flaw.Message.ShouldNotBeEmpty();
        shipment.ShouldBeNull();
    }

    private static void Bring(ShipmentLine line, long accepted, params (string Gate, long By)[] gates)
    {
        line.AcceptedAtUs = accepted;
        line.Gates.Add(gates.Select(static g => new KeyAccountLogistics.Api.Custody.V1.PromiseGate { Gate = g.Gate, ByUs = g.By }));
    }

    [Fact]
    public void Milestones_that_the_shipment_brings_are_kept_in_their_order()
    {
        var line = Good();
        Bring(line, 1, ("pickup", 1), ("departed_node", 2), ("arrived_node", 2), ("departed_node#2", 5), ("out_for_delivery", 7), ("delivered", 9));
        PromiseGates.Parser.ParseFrom(Read(line).Picked.Gates!).Gates.ShouldBe(line.Gates);
    }

    [Fact]
    public void Small_letters_and_blanks_are_the_same_waybill_and_the_same_content()
    {
        var written = Good();
        written.Waybill = " order-0001 ";
        Read(written).Waybill.ShouldBe("ORDER-0001");
        Read(written).Content.ShouldBe(Read(Good()).Content);
    }

    [Fact]
    public void Other_content_is_told_by_every_field_but_the_personal_ones()
    {
        var (other, personal) = (Good(), Good());
        other.DeclaredMg = 1;
        personal.Personal = new PersonalDetails { ConsigneeName = "张三" };
        Read(other).Content.ShouldNotBe(Read(Good()).Content);
        Read(personal).Content.ShouldBe(Read(Good()).Content);
    }

    [Fact]
    public void Several_pieces_have_numbers_of_their_own()
    {
        var three = Good();
        three.Pieces = 3;
        Read(three).ParcelCodes.ShouldBe(["ORDER-0001-001", "ORDER-0001-002", "ORDER-0001-003"]);
        Read(Good()).ParcelCodes.ShouldBe(["ORDER-0001"]);
    }

    [Fact]
    public void Without_terms_a_declared_value_means_insured_and_no_promise_is_made()
    {
        var line = Good();
        (line.DeclaredValueMinor, line.Currency, line.AcceptedAtUs) = (1, "CNY", 1);
        var picked = Read(line).Picked;
        (picked.Insured, picked.Contract, picked.PromisedUs).ShouldBe((true, null, null));
    }

    private static NewShipment Read(ShipmentLine line)
    {
        ReadShipment.TryRead(1, line, Own, TermsSnapshot.Empty, out var shipment).ShouldBeNull();
        return shipment!;
    }

    private static ShipmentLine Good() => new() { Waybill = "ORDER-0001", Account = "KA-1", Product = "STANDARD", Origin = "HZ01", Destination = "SH02" };
}
