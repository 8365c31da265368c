using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.SignIn;

namespace KeyAccountLogistics.Unit.Server;

public sealed class PasswordsTests
{
    private readonly Passwords _passwords = new(iterations: 1_000);

    [Theory]
    [InlineData("short9!xy", "password.too_short")]
    [InlineData("li.wei-2026-x", "password.contains_name")]
    [InlineData("xxLI.WEIxx123", "password.contains_name")]
    [InlineData("aabbaabbaabb", "password.too_simple")]
    public void Refuses_a_weak_choice_and_names_the_field(string password, string code)
    {
        var fault = Passwords.Refuse(password, "li.wei", "new_password").ShouldBeOfType<Fault.Invalid>();
        fault.Code.ShouldBe(code);
        fault.Field.ShouldBe("new_password");
    }

    [Fact]
    public void Accepts_ten_characters() => Passwords.Refuse("abcdefghij", "li.wei", "password").ShouldBeNull();

    [Fact]
    public void Refuses_a_password_that_would_cost_the_server_time() =>
        Passwords.Refuse(string.Concat(Enumerable.Repeat("abcde", 60)), "li.wei", "password")!.Code.ShouldBe("password.too_long");

    [Fact]
    public void Knows_the_right_one_from_a_wrong_one_and_from_nobodys()
    {
        var hash = _passwords.Hash("correct horse");
        _passwords.Verify(hash, "correct horse").ShouldBe(Passwords.Answer.Right);
        _passwords.Verify(hash, "correct horsf").ShouldBe(Passwords.Answer.Wrong);
        _passwords.Verify(null, "correct horse").ShouldBe(Passwords.Answer.Wrong);
    }

    [Fact]
    public void A_hash_of_fewer_rounds_is_right_and_asks_to_be_made_anew() =>
        new Passwords(iterations: 2_000).Verify(_passwords.Hash("correct horse"), "correct horse").ShouldBe(Passwords.Answer.RightButHashedWeakly);

    [Theory]
    [InlineData("12345", "pin.malformed")]
    [InlineData("1234567890123", "pin.malformed")]
    [InlineData("12a456", "pin.malformed")]
    [InlineData("١٢٣٤٥٦", "pin.malformed")]
    [InlineData("777777", "pin.too_simple")]
    [InlineData("234567", "pin.too_simple")]
    [InlineData("987654", "pin.too_simple")]
    public void Refuses_a_weak_PIN(string pin, string code) => PinVerifier.Refuse(pin, "pin")!.Code.ShouldBe(code);

    [Fact]
    public void A_PIN_matches_its_own_verifier_only()
    {
        PinVerifier.Refuse("482915", "pin").ShouldBeNull();
        var verifier = PinVerifier.Make("482915", iterations: 1_000);
        verifier.Matches("482915").ShouldBeTrue();
        verifier.Matches("482916").ShouldBeFalse();
        PinVerifier.Make("482915", iterations: 1_000).Salt.ShouldNotBe(verifier.Salt);
    }
}
