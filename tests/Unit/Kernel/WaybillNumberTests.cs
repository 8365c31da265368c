using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel;
using NodaTime;
using Shouldly;
using Xunit;

namespace KeyAccountLogistics.Unit.Kernel;

public sealed class WaybillNumberTests
{
    private static readonly WaybillScheme Scheme = WaybillScheme.Of("KAL", "KBL");

    private static readonly Gen<WaybillNumber> Numbers =
        from day in Seeded.Ints(0, 36_524)
        from serial in Seeded.Ints(0, WaybillNumber.SerialMax)
        select Scheme.Issue(new LocalDate(2000, 1, 1).PlusDays(day), serial);

    [Fact]
    public void The_number_of_the_domain_document_5_3_is_one_of_ours()
    {
        Scheme.TryParse("KAL2610120000017", out var number, out var flaw).ShouldBeTrue(flaw.ToString());
        number.Prefix.ShouldBe("KAL");
        number.IssuedOn.ShouldBe(new LocalDate(2026, 10, 12));
        number.Serial.ShouldBe(1);
        Scheme.Issue(new LocalDate(2026, 10, 12), 1).ShouldBe(number);
    }

    [Theory]
    [InlineData("KAL2610120000017")]
    [InlineData(" kal261012 0000017\r\n")]
    [InlineData("KAL-261012-0000017")]
    [InlineData("KAL‑261012—0000017")]
    [InlineData("ＫＡＬ２６１０１２０００００１７")]
    [InlineData("ｋａｌ　２６１０１２－０００００１７")]
    [InlineData("\uFEFFKAL\u200B2610120000017")]
    public void Reads_what_people_and_input_methods_make_of_a_number(string keyed)
    {
        Scheme.TryRead(keyed, out var number, out var flaw).ShouldBeTrue(flaw.ToString());
        number.Text.ShouldBe("KAL2610120000017");
    }

    [Theory]
    [InlineData("", WaybillFlaw.Empty)]
    [InlineData("KAL261012000001", WaybillFlaw.Length)]
    [InlineData("KAL26101200000170", WaybillFlaw.Length)]
    [InlineData("K4L2610120000017", WaybillFlaw.Prefix)]
    [InlineData("SFE2610120000017", WaybillFlaw.Prefix)]
    [InlineData("AKL2610120000017", WaybillFlaw.Prefix)]
    [InlineData("KAL261O120000017", WaybillFlaw.Characters)]
    [InlineData("KAL2610120000018", WaybillFlaw.CheckDigit)]
    [InlineData("KAL2601120000017", WaybillFlaw.CheckDigit)]
    public void Says_what_is_wrong(string text, WaybillFlaw expected)
    {
        Scheme.TryParse(text, out var number, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(expected);
        number.ShouldBe(default);
        flaw.Explain().ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void A_number_with_a_right_check_digit_and_no_such_day_is_refused_as_a_date()
    {
        // 30 February with each last digit: exactly one has the right check digit, and that one fails on the date.
        var flaws = Enumerable.Range(0, 10).Select(last => Scheme.TryParse($"KAL260230000001{last}", out _, out var flaw) ? WaybillFlaw.None : flaw).ToList();
        flaws.Count(flaw => flaw is WaybillFlaw.Date).ShouldBe(1);
        flaws.Count(flaw => flaw is WaybillFlaw.CheckDigit).ShouldBe(9);
    }

    [Fact]
    public void Strict_parsing_takes_only_the_canonical_text()
    {
        Scheme.TryParse("kal2610120000017", out _, out _).ShouldBeFalse();
        Scheme.TryParse("KAL261012 0000017", out _, out _).ShouldBeFalse();
        Scheme.TryParse(null, out _, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(WaybillFlaw.Empty);
    }

    [Fact]
    public void A_text_without_end_is_refused_and_not_looked_at()
    {
        Scheme.TryRead(new string(' ', 201), out _, out var flaw).ShouldBeFalse();
        flaw.ShouldBe(WaybillFlaw.Length);
    }

    [Fact]
    public void Every_issued_number_reads_back() => Seeded.Holds(Numbers, number =>
        Scheme.TryParse(number.Text, out var again, out _) && again == number && Scheme.Issue(number.IssuedOn, number.Serial) == number);

    [Fact]
    public void Every_single_wrong_character_is_found() => Seeded.Holds(Numbers, number =>
    {
        for (var at = 0; at < number.Text.Length; at++)
        {
            foreach (var wrong in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            {
                var text = number.Text.ToCharArray();
                // KBL is read as ours too: that one letter is the price of a second prefix, and Damm's start digit tells the two apart.
                if (text[at] == wrong) continue;
                text[at] = wrong;
                if (Scheme.TryParse(new string(text), out _, out _)) return false;
            }
        }
        return true;
    }, tests: 200);

    [Fact]
    public void Every_swap_of_neighbours_is_found() => Seeded.Holds(Numbers, number =>
    {
        for (var at = 0; at + 1 < number.Text.Length; at++)
        {
            var text = number.Text.ToCharArray();
            if (text[at] == text[at + 1]) continue;
            (text[at], text[at + 1]) = (text[at + 1], text[at]);
            if (Scheme.TryParse(new string(text), out _, out _)) return false;
        }
        return true;
    });

    [Theory]
    [InlineData("KA")]
    [InlineData("kal")]
    [InlineData("K1L")]
    [InlineData("")]
    public void A_prefix_that_is_not_three_capitals_is_a_configuration_error(string prefix) =>
        Should.Throw<ArgumentException>(() => WaybillScheme.Of(prefix)).Message.ShouldContain("three capital letters");

    [Fact]
    public void Issuing_outside_its_range_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Scheme.Issue(new LocalDate(2100, 1, 1), 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Scheme.Issue(new LocalDate(2026, 1, 1), 1_000_000));
        Should.Throw<ArgumentOutOfRangeException>(() => Scheme.Issue(new LocalDate(2026, 1, 1), -1));
    }

    [Fact]
    public void A_default_number_is_no_number()
    {
        Should.Throw<InvalidOperationException>(() => default(WaybillNumber).Text);
        default(WaybillNumber).ToString().ShouldBe("");
    }
}
