using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Unit.Kernel;

/// <summary>Which Application Identifiers stand together (GS1 syntax dictionary, attributes req and ex), over one symbol and over all symbols of an item.</summary>
public sealed class Gs1PairingTests
{
    private const string Gtin = "(01)12312312312333";
    private const string Sscc = "(00)106141411234567897";

    private static Gs1Message Message(string bracketed)
    {
        Gs1Message.TryParseBracketed(bracketed, out var message, out var flaw).ShouldBeTrue(flaw?.Message);
        return message!;
    }

    [Theory]
    [InlineData("(10)ABC", "10")]                                  // 01 or 02 or …
    [InlineData("(37)5", "37")]                                    // 00, and 02 or 8026
    [InlineData(Sscc + "(37)5", "37")]
    [InlineData("(02)12312312312333", "02")]
    [InlineData(Gtin + "(250)X", "250")]                           // 01 and 21
    [InlineData(Gtin + "(392)", null)]
    [InlineData(Gtin + "(3922)1000", "3922")]                      // 01, and 30 or 31nn or …
    [InlineData(Gtin + "(7004)12", "7004")]                        // 01 with 10
    [InlineData("(8018)123456789012345675(7258)1/2", "7258")]      // 8018 with 7259
    public void A_missing_partner_is_named(string text, string? ai)
    {
        if (ai is null)
        {
            Gs1Message.TryParseBracketed(text, out _, out _).ShouldBeFalse();
            return;
        }
        var flaw = Gs1Message.PairingFlaw(Message(text)).ShouldNotBeNull();
        (flaw.Code, flaw.Ai).ShouldBe((Gs1FlawCode.Pairing, ai));
        flaw.Message.ShouldContain("on the same item");
        Message(text).Contradiction.ShouldBeNull("another symbol may carry the partner");
    }

    [Theory]
    [InlineData(Sscc)]
    [InlineData(Gtin + "(10)ABC(99)X")]
    [InlineData(Gtin + "(21)S(250)X")]
    [InlineData(Gtin + "(3103)001750(3922)1000")]
    [InlineData(Sscc + "(02)12312312312333(37)5")]
    [InlineData(Gtin + "(10)L(7004)12")]
    [InlineData("(420)310000")]
    public void What_is_paired_well_has_no_flaw(string text) => Gs1Message.PairingFlaw(Message(text)).ShouldBeNull();

    [Fact]
    public void A_partner_may_stand_in_another_symbol_of_the_item()
    {
        Gs1Message.PairingFlaw(Message("(02)12312312312333(37)5"), Message(Sscc)).ShouldBeNull();
        Gs1Message.PairingFlaw(Message("(02)12312312312333(37)5")).ShouldNotBeNull();
        Gs1Message.PairingFlaw(Message(Gtin), Message("(02)12312312312333(37)5"), Message(Sscc)).ShouldNotBeNull("content beside an article is a contradiction over the item");
    }

    [Theory]
    [InlineData(Gtin + "(37)5")]
    [InlineData(Gtin + "(02)12312312312333(37)5")]
    [InlineData(Gtin + "(3102)001750(3103)001750")]                // 310n excludes its siblings
    [InlineData(Gtin + "(21)S(235)T")]
    [InlineData("(420)310000(421)156310000")]
    [InlineData("(99)ABC(99)XYZ")]
    public void What_contradicts_inside_one_symbol_is_refused_as_a_scan(string text)
    {
        var message = Message(text);
        message.Contradiction.ShouldNotBeNull().Code.ShouldBe(Gs1FlawCode.Pairing);
        Gs1Scan.TryRead("]C1" + message.ToRaw(), out _, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(message.Contradiction);
    }

    [Fact]
    public void The_same_said_twice_is_no_contradiction() => Message(Gtin + "(10)ABC(99)X(99)X").Contradiction.ShouldBeNull();
}
