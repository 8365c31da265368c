using System.Security.Cryptography;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>
/// What is kept of a person's station PIN, and what travels to the agents of the person's depots (law 6): PBKDF2-HMAC-SHA256 over a salt of its own.
/// </summary>
internal sealed record PinVerifier(byte[] Salt, byte[] Verifier, int Iterations)
{
    internal const int DigitsMin = 6;
    internal const int DigitsMax = 12;

    /// <summary>OWASP's figure of 2023 for this function.</summary>
    internal const int IterationsDefault = 600_000;

    internal static PinVerifier Make(string pin, int iterations = IterationsDefault)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PinVerifier(salt, Derive(pin, salt, iterations), iterations);
    }

    internal bool Matches(string pin) => CryptographicOperations.FixedTimeEquals(Verifier, Derive(pin, Salt, Iterations));

    /// <summary>Null when the PIN may be chosen: 6 to 12 digits, not all the same, not a run up or down.</summary>
    internal static Fault? Refuse(string pin, string field)
    {
        if (pin.Length is < DigitsMin or > DigitsMax || !pin.All(char.IsAsciiDigit))
            return new Fault.Invalid(field, "pin.malformed", $"A PIN is {DigitsMin} to {DigitsMax} digits.");
        var steps = pin.Zip(pin.Skip(1), (a, b) => b - a).Distinct().ToArray();
        return steps is [0] or [1] or [-1]
            ? new Fault.Invalid(field, "pin.too_simple", "The PIN is one digit repeated or a run such as 123456; choose another.")
            : null;
    }

    private static byte[] Derive(string pin, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(pin, salt, iterations, HashAlgorithmName.SHA256, 32);
}
