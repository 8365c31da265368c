using System.Globalization;
using System.Numerics;

namespace KeyAccountLogistics.ServiceLevels.Figures;

/// <summary>
/// An exact number: one whole number over another. Scores are sums of quotients, and a decimal cuts a quotient off after 28 digits: an account whose score is exactly 90 may
/// then have 89.999… and the lower grade. Nothing is rounded until <see cref="Round"/>.
/// </summary>
internal readonly struct Fraction : IEquatable<Fraction>, IComparable<Fraction>
{
    // One less than the denominator, so that the default is 0/1 and not 0/0.
    private readonly BigInteger _beneath;

    private Fraction(BigInteger numerator, BigInteger denominator)
    {
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0) common = -common;
        Numerator = numerator / common;
        _beneath = denominator / common - 1;
    }

    internal static Fraction Zero => default;

    /// <summary>Signed.</summary>
    internal BigInteger Numerator { get; }

    /// <summary>At least 1; shares no factor with the numerator.</summary>
    internal BigInteger Denominator => _beneath + 1;

    internal int Sign => Numerator.Sign;

    /// <summary>A quotient; the denominator must not be 0.</summary>
    internal static Fraction Of(Fraction numerator, Fraction denominator)
    {
        Invariant.Holds(denominator.Sign != 0, "Nothing is divided by zero.");
        return new(numerator.Numerator * denominator.Denominator, numerator.Denominator * denominator.Numerator);
    }

    /// <summary>To so many decimals, half away from zero: what is shown, never what is reckoned with. Throws <see cref="OverflowException"/> beyond what a decimal holds.</summary>
    internal decimal Round(int decimals)
    {
        var scale = BigInteger.Pow(10, decimals);
        var whole = (2 * BigInteger.Abs(Numerator) * scale + Denominator) / (2 * Denominator);
        // The digits with their place, so that the zeros stay: a column of scores has as many decimals in each row.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits((decimal)whole, bits);
        return new decimal(bits[0], bits[1], bits[2], Sign < 0 && !whole.IsZero, (byte)decimals);
    }

    /// <summary>The greatest whole number that is not above it.</summary>
    internal BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var rest);
        return rest.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>The least whole number that is not below it.</summary>
    internal BigInteger Ceiling() => -(-this).Floor();

    /// <summary>For statistics alone, which estimate anyway.</summary>
    internal double ToDouble() => Math.ScaleB((double)((Numerator << 64) / Denominator), -64);

    public static implicit operator Fraction(long whole) => new(whole, BigInteger.One);

    public static implicit operator Fraction(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var digits = (new BigInteger(unchecked((uint)bits[2])) << 64) | (new BigInteger(unchecked((uint)bits[1])) << 32) | unchecked((uint)bits[0]);
        return new(number < 0 ? -digits : digits, BigInteger.Pow(10, number.Scale));
    }

    public static Fraction operator -(Fraction of) => new(-of.Numerator, of.Denominator);

    public static Fraction operator +(Fraction left, Fraction right) => new(left.Numerator * right.Denominator + right.Numerator * left.Denominator, left.Denominator * right.Denominator);

    public static Fraction operator -(Fraction left, Fraction right) => left + -right;

    public static Fraction operator *(Fraction left, Fraction right) => new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Fraction operator /(Fraction left, Fraction right) => Of(left, right);

    public static bool operator <(Fraction left, Fraction right) => left.CompareTo(right) < 0;

    public static bool operator >(Fraction left, Fraction right) => left.CompareTo(right) > 0;

    public static bool operator <=(Fraction left, Fraction right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Fraction left, Fraction right) => left.CompareTo(right) >= 0;

    public static bool operator ==(Fraction left, Fraction right) => left.Equals(right);

    public static bool operator !=(Fraction left, Fraction right) => !left.Equals(right);

    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public bool Equals(Fraction other) => Numerator == other.Numerator && _beneath == other._beneath;

    public override bool Equals(object? obj) => obj is Fraction other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Numerator, _beneath);

    public override string ToString() => _beneath.IsZero ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
