using FsCheck;
using FsCheck.Fluent;
using KeyAccountLogistics.Kernel.Gs1;

namespace KeyAccountLogistics.Unit.Kernel;

/// <summary>Element strings in the raw form (FNC1 as 0x1D, written ^ here) and in brackets, by the GS1 dictionary of 2026-01-27.</summary>
public sealed class Gs1MessageTests
{
    private static bool Parse(string caretForm, out Gs1Message? message, out Gs1Flaw? flaw) =>
        Gs1Message.TryParse(caretForm.TrimStart('^').Replace('^', Gs1Message.Separator), out message, out flaw);

    [Theory]
    [InlineData("^991234")]
    [InlineData("^0112345678901231")]
    [InlineData("^0112345678901231991234")]                  // fixed length runs into the next AI
    [InlineData("^242123456^10ABC123")]
    [InlineData("^81111234^10ABC123")]
    [InlineData("^800112341234512398^0112345678901231")]      // five components
    [InlineData("^7007211225211231")]                        // optional second date
    [InlineData("^7007211225")]
    [InlineData("^800302112345678900ABC")]
    [InlineData("^800302112345678900^10ABC123")]             // optional last component absent
    [InlineData("^7230123")]
    [InlineData("^235ABCDEFGHIJKLMNOPQRSTUVWXYZ12")]
    [InlineData("^423528528528")]
    [InlineData("^00106141411234567897420310000")]
    [InlineData("^11991225")]
    [InlineData("^11991200")]                                // day 00: some time in the month
    [InlineData("^3103001250")]                              // net weight 1.250 kg
    [InlineData("^43022F%20Building%203^4307CN")]
    [InlineData("^4309" + "0953211238" + "1803211238")]
    [InlineData("^8007DE89370400440532013000")]              // an IBAN
    [InlineData("^8013" + "1987654Ad4X4bL5ttr2310c2K")]      // a GMN with its check pair, GS1 General Specifications 7.9.5
    [InlineData("^8014" + "1987654Ad4X4bL5ttr2310c2K")]
    [InlineData("^3910" + "99912")]
    [InlineData("^7040" + "1ABC")]
    [InlineData("^7258" + "1/3")]
    [InlineData("^7041PX")]                                  // a pallet
    public void A_right_message_is_read_and_written_back(string caretForm)
    {
        Parse(caretForm, out var message, out var flaw).ShouldBeTrue(flaw?.Message);
        message!.ToCaretForm().ShouldBe(caretForm);
        Gs1Message.TryParseBracketed(message.ToString(), out var again, out flaw).ShouldBeTrue(flaw?.Message);
        again!.Elements.ShouldBe(message.Elements);
        Gs1Message.TryParse(message.ToRaw(), out again, out flaw).ShouldBeTrue(flaw?.Message);
        again!.Elements.ShouldBe(message.Elements);
    }

    [Theory]
    [InlineData("^0112345678901231^991234", "^0112345678901231991234")]   // a separator too many
    [InlineData("^242123456^", "^242123456")]
    [InlineData("^0112345678901231^", "^0112345678901231")]
    public void A_separator_too_many_is_tolerated(string caretForm, string written)
    {
        Parse(caretForm, out var message, out var flaw).ShouldBeTrue(flaw?.Message);
        message!.ToCaretForm().ShouldBe(written);
    }

    [Theory]
    [InlineData("", Gs1FlawCode.Empty)]
    [InlineData("^7041ZO", Gs1FlawCode.Content)]
    [InlineData("^", Gs1FlawCode.Empty)]
    [InlineData("^891234", Gs1FlawCode.UnknownAi)]
    [InlineData("^9", Gs1FlawCode.UnknownAi)]
    [InlineData("^99~ABC", Gs1FlawCode.Characters)]
    [InlineData("^99", Gs1FlawCode.Length)]
    [InlineData("^01A2345678901231", Gs1FlawCode.Characters)]
    [InlineData("^0112345678901234", Gs1FlawCode.Content)]
    [InlineData("^011234567890123", Gs1FlawCode.Length)]
    [InlineData("^01123456789012312", Gs1FlawCode.UnknownAi)]             // the rest '2' starts no AI
    [InlineData("^011234567890123^10A", Gs1FlawCode.Length)]
    [InlineData("^2421234567", Gs1FlawCode.Length)]
    [InlineData("^8111123", Gs1FlawCode.Length)]
    [InlineData("^811112345", Gs1FlawCode.Length)]
    [InlineData("^70072112252", Gs1FlawCode.Length)]
    [InlineData("^800302112345678901ABC", Gs1FlawCode.Content)]
    [InlineData("^800312112345678900", Gs1FlawCode.Content)]              // must start with a zero
    [InlineData("^723012", Gs1FlawCode.Length)]
    [InlineData("^423999", Gs1FlawCode.Content)]                          // no such country
    [InlineData("^4235285", Gs1FlawCode.Length)]
    [InlineData("^11991325", Gs1FlawCode.Content)]
    [InlineData("^11250229", Gs1FlawCode.Content)]                        // 2025 is no leap year
    [InlineData("^7006260200", Gs1FlawCode.Content)]                      // this date needs a day
    [InlineData("^7003260101" + "2460", Gs1FlawCode.Content)]
    [InlineData("^4307XX", Gs1FlawCode.Content)]
    [InlineData("^3910" + "00112", Gs1FlawCode.Content)]                  // no such currency
    [InlineData("^8006" + "12345678901231" + "0302", Gs1FlawCode.Content)]   // piece 3 of 2
    [InlineData("^8007DE89370400440532013001", Gs1FlawCode.Content)]
    [InlineData("^8013" + "1987654Ad4X4bL5ttr2310c2L", Gs1FlawCode.Content)]
    [InlineData("^4302A%2", Gs1FlawCode.Content)]
    [InlineData("^4321" + "2", Gs1FlawCode.Content)]
    [InlineData("^401ABC123", Gs1FlawCode.Content)]                       // a company prefix has four digits at least
    [InlineData("^4309" + "1800000001" + "0000000000", Gs1FlawCode.Content)]
    [InlineData("^7258" + "3/1", Gs1FlawCode.Content)]
    [InlineData("^8011" + "012", Gs1FlawCode.Content)]
    [InlineData("^7241" + "11", Gs1FlawCode.Content)]
    [InlineData("^8001" + "00001234512398", Gs1FlawCode.Content)]
    [InlineData("^8001" + "12341234512328", Gs1FlawCode.Content)]
    [InlineData("^7252" + "3", Gs1FlawCode.Content)]
    [InlineData("^4330" + "012345X", Gs1FlawCode.Content)]
    public void A_wrong_message_is_refused_with_its_flaw(string caretForm, Gs1FlawCode expected)
    {
        Parse(caretForm, out var message, out var flaw).ShouldBeFalse();
        message.ShouldBeNull();
        flaw!.Code.ShouldBe(expected, flaw.Message);
        flaw.Message.ShouldEndWith(".");
    }

    [Theory]
    [InlineData("(01)12345678901231(10)12345", "^01123456789012311012345")]
    [InlineData("(10)12345(11)991225", "^1012345^11991225")]
    [InlineData("(10)12345\\(11)991225", "^1012345(11)991225")]
    [InlineData("(10)12345\\(", "^1012345(")]
    [InlineData("(00)106141411234567897(420)310000", "^00106141411234567897420310000")]
    public void Brackets_are_read(string bracketed, string caretForm)
    {
        Gs1Message.TryParseBracketed(bracketed, out var message, out var flaw).ShouldBeTrue(flaw?.Message);
        message!.ToCaretForm().ShouldBe(caretForm);
        message.ToString().ShouldBe(bracketed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1(12345")]
    [InlineData("(10)(11)98765")]
    [InlineData("(10)12345(11)")]
    [InlineData("(1A)12345")]
    [InlineData("()12345")]
    [InlineData("(12345)12345")]
    [InlineData("(15")]
    [InlineData("(01)123456789012312(10)12345")]
    [InlineData("(10)12345^")]
    [InlineData("(17)9(90)217")]                                          // must not run together to 17990217
    public void Wrong_brackets_are_refused(string bracketed) => Gs1Message.TryParseBracketed(bracketed, out _, out _).ShouldBeFalse();

    [Fact]
    public void A_message_has_a_limit_of_elements_and_of_characters()
    {
        Parse("^" + string.Join('^', Enumerable.Repeat("9912", 64)), out _, out _).ShouldBeTrue();
        Parse("^" + string.Join('^', Enumerable.Repeat("9912", 65)), out _, out var flaw).ShouldBeFalse();
        flaw!.Code.ShouldBe(Gs1FlawCode.TooMany);
        Gs1Message.TryParseBracketed(string.Concat(Enumerable.Repeat("(99)12", 65)), out _, out flaw).ShouldBeFalse();
        flaw!.Code.ShouldBe(Gs1FlawCode.TooMany);
        Parse("^99" + new string('1', 9_000), out _, out flaw).ShouldBeFalse();
        flaw!.Code.ShouldBe(Gs1FlawCode.Length);
    }

    [Fact]
    public void The_table_is_whole()
    {
        ApplicationIdentifierTable.All.Count.ShouldBe(541);
        // Every check that a component names exists: the switch throws for another.
        foreach (var check in ApplicationIdentifierTable.All.SelectMany(ai => ai.Components).SelectMany(part => part.Checks).Distinct(StringComparer.Ordinal))
            Should.NotThrow(() => Gs1ContentChecks.Holds(check, "0000000000"));
    }

    [Fact]
    public void Whatever_a_scanner_sends_there_is_an_answer_and_what_is_read_reads_again() => Seeded.Holds(
        from pieces in Gen.Elements("00", "01", "10", "11", "21", "3103", "420", "8003", "7007", "99", "0", "1", "23", "456789", "ABC", "\u001D", "(", "%", "快", "106141411234567897").ListOf()
        select string.Concat(pieces),
        text => !Gs1Message.TryParse(text, out var message, out var flaw)
            ? flaw is not null
            : Gs1Message.TryParse(message!.ToRaw(), out var again, out _) && again!.Elements.SequenceEqual(message.Elements),
        tests: 5_000);
}
