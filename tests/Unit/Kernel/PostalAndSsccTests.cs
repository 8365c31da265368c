using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Kernel.Gs1;
using Shouldly;
using Xunit;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class PostalAndSsccTests
{
    // Golden numbers of domain.md 5.1 and devices.md 3.
    [Theory]
    [InlineData("EB000717595HK")]
    [InlineData("EB000717618HK")]
    [InlineData("RR473124829GB")]
    [InlineData("EE471108151FR")]
    [InlineData("RB123456785GB")]
    [InlineData("rb 123 456 785 us")]
    public void An_S10_identifier_with_a_right_check_digit_is_read(string text)
    {
        S10Code.TryRead(text, out var code, out var flaw).ShouldBeTrue(flaw.ToString());
        code.Text.Length.ShouldBe(13);
        code.Country.ShouldBe(code.Text[^2..]);
    }

    [Theory]
    [InlineData("EB000717594HK", S10Flaw.CheckDigit)]
    [InlineData("EB000717535HK", S10Flaw.CheckDigit)]
    [InlineData("RB123456786US", S10Flaw.CheckDigit)]
    [InlineData("RB123456785XX", S10Flaw.Country)]
    [InlineData("RB12345678GB", S10Flaw.Shape)]
    [InlineData("R1123456785GB", S10Flaw.Shape)]
    [InlineData("RB12345678OGB", S10Flaw.Shape)]
    public void An_S10_identifier_that_is_wrong_is_refused_with_the_reason(string text, S10Flaw expected)
    {
        S10Code.TryRead(text, out _, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(expected);
    }

    [Fact]
    public void The_S10_check_digits_ten_and_eleven_become_0_and_5()
    {
        // 11 minus a remainder of 1 or 0 is no digit: the standard writes 0 and 5.
        var tens = Enumerable.Range(0, 100_000_000 / 9973).Select(i => (i * 9973).ToString("D8")).Where(serial => Remainder(serial) == 1).Take(50).ToList();
        var elevens = Enumerable.Range(0, 100_000_000 / 9973).Select(i => (i * 9973).ToString("D8")).Where(serial => Remainder(serial) == 0).Take(50).ToList();
        tens.Count.ShouldBe(50);
        elevens.Count.ShouldBe(50);
        tens.TrueForAll(serial => S10Code.TryRead("RR" + serial + "0CN", out _, out _)).ShouldBeTrue();
        elevens.TrueForAll(serial => S10Code.TryRead("RR" + serial + "5CN", out _, out _)).ShouldBeTrue();
    }

    private static int Remainder(string serial) => serial.Zip([8, 6, 4, 2, 3, 5, 9, 7], (digit, weight) => (digit - '0') * weight).Sum() % 11;

    // Golden numbers of domain.md 5.4.
    [Theory]
    [InlineData("095287654321012346")]
    [InlineData("106141411234567897")]
    [InlineData("080020080000012346")]
    [InlineData("1 0614141 123456789 7")]
    public void An_SSCC_with_a_right_check_digit_is_read(string text) => Sscc.TryRead(text, out _).ShouldBeTrue();

    [Theory]
    [InlineData("106141411234567890")]
    [InlineData("10614141123456789")]
    [InlineData("10614141123456789A")]
    [InlineData("")]
    public void An_SSCC_that_is_wrong_is_refused(string text) => Sscc.TryRead(text, out _).ShouldBeFalse();

    [Fact]
    public void An_issued_SSCC_reads_back()
    {
        Sscc.Issue("10614141123456789").Text.ShouldBe("106141411234567897");
        Should.Throw<ArgumentException>(() => Sscc.Issue("123"));
        Should.Throw<ArgumentException>(() => Sscc.Issue("1061414112345678X"));
    }

    [Fact]
    public void The_GS1_check_digit_finds_every_wrong_digit() => Seeded.Holds(Seeded.Longs(0, 99_999_999_999_999_999), number =>
    {
        var right = Sscc.Issue(number.ToString("D17")).Text;
        for (var at = 0; at < right.Length; at++)
        {
            for (var wrong = '0'; wrong <= '9'; wrong++)
            {
                if (wrong != right[at] && Gs1CheckDigit.IsRight(right[..at] + wrong + right[(at + 1)..])) return false;
            }
        }
        return true;
    }, tests: 300);

    [Fact]
    public void Every_wrong_digit_of_an_S10_serial_is_found_but_where_two_remainders_share_the_check_digit_5() => Seeded.Holds(Seeded.Ints(0, 99_999_999), number =>
    {
        var serial = number.ToString("D8");
        var check = Enumerable.Range(0, 10).Single(digit => S10Code.TryRead($"RR{serial}{digit}CN", out S10Code _, out S10Flaw _));
        for (var at = 0; at < 8; at++)
        {
            for (var wrong = '0'; wrong <= '9'; wrong++)
            {
                var other = serial[..at] + wrong + serial[(at + 1)..];
                // Remainders 6 and 0 both give 5; only there a wrong digit can hide.
                if (wrong != serial[at] && check != 5 && S10Code.TryRead($"RR{other}{check}CN", out S10Code _, out S10Flaw _)) return false;
            }
        }
        return true;
    }, tests: 300);
}
