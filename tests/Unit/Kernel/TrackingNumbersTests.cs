using System.Diagnostics;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Kernel.Carriers;

namespace KeyAccountLogistics.Unit.Kernel;

/// <summary>Whose number a text may be (issue 3, section 3; devices.md 3). The 280 numbers of the data are in the acceptance project.</summary>
public sealed class TrackingNumbersTests
{
    private static readonly WaybillScheme Own = WaybillScheme.Of("KAL");

    private static IReadOnlyList<NumberCandidate> Identify(string text) => TrackingNumbers.Identify(text, Own);

    [Theory]
    [InlineData("KAL2610120000017", "own", "waybill")]
    [InlineData("kal 261012 000001 7", "own", "waybill")]
    [InlineData("]C0KAL2610120000017", "own", "waybill")]
    [InlineData("https://ns.kal.example/track?n=KAL2610120000017", "own", "waybill")]
    [InlineData("KAL2610120000017-002", "own", "waybill")]
    [InlineData("RB123456785GB", "s10", "S10")]
    [InlineData("LX123456785CN", "s10", "S10")]                                   // also a DHL E-Commerce shape, which has no check
    [InlineData("106141411234567897", "gs1", "SSCC")]
    [InlineData("00106141411234567897", "gs1", "SSCC")]
    [InlineData("(00)106141411234567897(420)310000", "gs1", "GS1 element string")]
    [InlineData("]C100106141411234567897", "gs1", "GS1 element string")]
    [InlineData("https://id.gs1.org/00/106141411234567897", "gs1", "GS1 Digital Link")]
    [InlineData("1Z5R89390357567127", "ups", "UPS")]
    [InlineData("１Ｚ５Ｒ８９３９０３５７５６７１２７", "ups", "UPS")]                 // typed with a Chinese input method
    [InlineData("320610804900", "purolator", "Purolator (12)")]                   // also FedEx: a first digit 0 to 5 says more
    [InlineData("4201028200009261290113185417468510", "usps", "USPS IMpb C")]     // also FedEx 34
    public void The_most_telling_format_comes_first(string text, string carrier, string format)
    {
        var best = Identify(text)[0];
        (best.Carrier, best.Format, best.Valid).ShouldBe((carrier, format, true));
    }

    /// <summary>devices.md 3, Chinese carriers: shapes only.</summary>
    [Theory]
    [InlineData("SF1234567890123", "sf")]
    [InlineData("YT1234567890123", "yto")]
    [InlineData("75123456789012", "zto")]
    [InlineData("77123456789012", "sto")]
    [InlineData("43123456789012345", "sto")]
    [InlineData("312345678901234", "yunda")]
    [InlineData("5123456789012", "yunda")]
    [InlineData("9123456789012", "ems")]
    [InlineData("PA12345678901", "ems")]
    [InlineData("JDAB12345678901", "jd")]
    [InlineData("JT1234567890123", "jt")]
    [InlineData("DPK123456789012", "deppon")]
    [InlineData("621123456789012", "cainiao")]
    public void A_Chinese_carriers_number_is_known_by_its_shape_and_has_no_check(string text, string carrier)
    {
        var candidate = Identify(text).Single(c => c.Carrier == carrier);
        (candidate.Valid, candidate.HasCheck).ShouldBe((true, false));
        Identify(text + "A").ShouldNotContain(c => c.Carrier == carrier);
        Identify(carrier is "sto" ? text[..13] : text[..^1]).ShouldNotContain(c => c.Carrier == carrier);   // STO's has 14 to 17 digits
    }

    [Theory]
    [InlineData("KAL2610120000018", "own")]
    [InlineData("1Z5R89390357567128", "ups")]
    [InlineData("RB123456786US", "s10")]
    [InlineData("RB123456785XX", "s10")]                                          // the digits hold, no post does
    [InlineData("106141411234567890", "gs1")]
    [InlineData("(00)106141411234567890", "gs1")]
    [InlineData("https://id.gs1.org/00/106141411234567890", "gs1")]
    public void A_check_that_does_not_hold_is_listed_as_invalid(string text, string carrier)
    {
        Identify(text).ShouldContain(c => c.Carrier == carrier && !c.Valid);
        Identify(text).ShouldNotContain(c => c.Carrier == carrier && c.Valid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("hello")]
    [InlineData("https://example.com/")]
    [InlineData("(99")]
    [InlineData("快件")]
    public void What_has_no_shape_known_here_has_no_candidates(string text) => Identify(text).ShouldBeEmpty();

    [Fact]
    public void Parts_stand_in_the_order_of_the_number()
    {
        Identify("1Z 5R8939 03 5756712 7")[0].Parts.Select(part => $"{part.Name}={part.Value}").ShouldBe(["SerialNumber=5R8939035756712", "ShipperId=5R8939", "ServiceType=03", "PackageId=5756712", "CheckDigit=7"]);
        Identify("420 22153 9101026837331000039521").Single(c => c.Format is "USPS Legacy").Parts.Select(part => part.Name)
            .ShouldBe(["RoutingApplicationId", "DestinationZip", "SerialNumber", "ApplicationIdentifier", "ServiceType", "ShipperId", "PackageId", "CheckDigit"]);
        Identify("KAL2610120000017-002")[0].Parts.Select(part => part.Value).ShouldBe(["KAL", "2026-10-12", "000001", "7", "002"]);
    }

    /// <summary>Mod 10, Luhn and modulo 37,36 find every single wrong digit; the others (S10 has two remainders for its 0 and its 5) most of them.</summary>
    [Theory]
    [InlineData("09980000020033F", "dpd", "DPD (14)")]
    [InlineData("0073938000549297", "canada_post", "Canada Post (16)")]
    [InlineData("320595463938", "purolator", "Purolator (12)")]
    public void A_single_wrong_digit_is_found(string number, string carrier, string format)
    {
        for (var i = 0; i < number.Length; i++)
        {
            if (!char.IsAsciiDigit(number[i])) continue;
            foreach (var digit in "0123456789".Where(digit => digit != number[i]))
            {
                var wrong = number[..i] + digit + number[(i + 1)..];
                Identify(wrong).ShouldNotContain(c => c.Carrier == carrier && c.Format == format && c.Valid, wrong);
            }
        }
    }

    [Fact]
    public void Any_text_is_answered_and_valid_comes_before_invalid()
    {
        var texts =
            from length in Seeded.Ints(0, 60)
            from characters in Gen.ArrayOf(Gen.Elements("0123456789012345678901ABJKLSTXYZ -.()]/:?快\u001D".ToCharArray()), length)
            select new string(characters);
        Seeded.Holds(texts, text => Identify(text).SkipWhile(c => c.Valid).All(c => !c.Valid), tests: 3_000);
    }

    [Fact]
    public void A_hostile_text_costs_no_time()
    {
        var clock = Stopwatch.StartNew();
        foreach (var text in new[] { new string('1', 200), new string(' ', 100_000) + "1", string.Concat(Enumerable.Repeat("9 4 ", 50)), "GM" + new string('A', 198), new string('(', 5_000), "https://a/" + new string('/', 8_000) })
            for (var i = 0; i < 20; i++) _ = Identify(text);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
