using KeyAccountLogistics.Kernel;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>Passwords of people: the rules for choosing one, and the framework's hasher with the work that is asked for today.</summary>
internal sealed class Passwords
{
    internal const int LengthMin = 10;
    internal const int LengthMax = 256;
    internal const int DistinctMin = 5;

    /// <summary>PBKDF2-HMAC-SHA512 rounds: OWASP's figure of 2023 for this function.</summary>
    internal const int IterationsDefault = 210_000;

    private readonly PasswordHasher<Passwords> _hasher;
    private readonly string _nobodys;

    internal Passwords(int iterations = IterationsDefault)
    {
        _hasher = new PasswordHasher<Passwords>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _nobodys = _hasher.HashPassword(this, Access.SecretText.Random(16));
    }

    internal string Hash(string password) => _hasher.HashPassword(this, password);

    /// <summary>
    /// Whether the password is the one behind the hash; null (an unknown name, a person without a password) costs the same time and is never right.
    /// </summary>
    internal Answer Verify(string? hash, string password)
    {
        if (password.Length > LengthMax) password = string.Empty;
        var result = _hasher.VerifyHashedPassword(this, hash ?? _nobodys, password);
        if (hash is null || result == PasswordVerificationResult.Failed) return Answer.Wrong;
        return result == PasswordVerificationResult.SuccessRehashNeeded ? Answer.RightButHashedWeakly : Answer.Right;
    }

    /// <summary>Null when the password may be chosen; else the fault, with what to do.</summary>
    internal static Fault? Refuse(string password, string name, string field)
    {
        if (password.Length < LengthMin)
            return new Fault.Invalid(field, "password.too_short", $"The password has {password.Length} characters; choose one of at least {LengthMin}.");
        if (password.Length > LengthMax)
            return new Fault.Invalid(field, "password.too_long", $"The password has {password.Length} characters; choose one of at most {LengthMax}.");
        if (password.Contains(name, StringComparison.OrdinalIgnoreCase))
            return new Fault.Invalid(field, "password.contains_name", "The password contains the sign-in name; choose one that does not.");
        if (password.Distinct().Count() < DistinctMin)
            return new Fault.Invalid(field, "password.too_simple", $"The password repeats fewer than {DistinctMin} characters; choose one that is harder to guess.");
        return null;
    }

    internal enum Answer
    {
        Wrong,
        Right,
        RightButHashedWeakly,
    }
}
