using System.Numerics;
using System.Text;
using KeyAccountLogistics.Contracts.Document;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// An amount ready to be computed: <see cref="AmountTerms"/> brought to one exact fraction <c>(a + b·x) ÷ d</c> of the rounding unit, so that rating is one product, one sum and one division of
/// integers. Where 64 bits do not hold it, the same fraction is taken in numbers of any size. Immutable.
/// </summary>
internal sealed class AmountRule
{
    /// <summary>The most of one amount, 10^15 minor units. Beyond it the shipment is refused as out of range, so that no sum of lines overflows.</summary>
    internal const long AmountMax = 1_000_000_000_000_000;

    private readonly BigInteger _constant;
    private readonly BigInteger _slope;
    private readonly BigInteger _denominator;
    private readonly long _a;
    private readonly long _b;
    private readonly long _d;
    private readonly long _narrowUpTo;
    private readonly long _unit;
    private readonly long _unitsMax;
    private readonly long _least;
    private readonly long _most;
    private readonly AmountRoundingMode _mode;
    private readonly byte[] _json;

    internal AmountRule(AmountTerms terms, int decimals)
    {
        Terms = terms;
        Decimals = decimals;
        _mode = terms.Rounding.Mode;
        _unit = UnitOf(terms.Rounding, decimals);
        _unitsMax = AmountMax / _unit;
        _json = Encoding.UTF8.GetBytes(terms.Json());
        var (constant, slope) = (Fraction.Zero, Fraction.Zero);
        foreach (var term in terms.Terms)
        {
            var per = Fraction.Of(term.Price) / term.Per;
            if (term.Fixed is { } part)
            {
                constant += per * part;
            }
            else
            {
                slope += per;
                constant -= per * term.From;
            }
        }
        var scale = Fraction.Of(BigInteger.Pow(10, decimals)) / _unit;
        (constant, slope) = (constant * scale, slope * scale);
        _denominator = constant.Denominator * slope.Denominator / BigInteger.GreatestCommonDivisor(constant.Denominator, slope.Denominator);
        _constant = constant.Numerator * (_denominator / constant.Denominator);
        _slope = slope.Numerator * (_denominator / slope.Denominator);
        (_a, _b, _d, _narrowUpTo) = Narrowed();
        _least = terms.Least is { } least ? Bound(least) : 0;
        _most = terms.Most is { } most ? Bound(most) : AmountMax;
    }

    internal AmountTerms Terms { get; }

    internal int Decimals { get; }

    internal ReadOnlySpan<byte> Json => _json;

    /// <summary>The amount at x in minor units; false when it is above <see cref="AmountMax"/>. x lies where every term counts zero or more.</summary>
    internal bool TryAt(long x, out long minor)
    {
        if (x > _narrowUpTo) return TryWide(x, out minor);
        var numerator = _a + (_b * x);
        if (((ulong)numerator | (ulong)_d) <= uint.MaxValue)
        {
            // Nearly every parcel's: a division of 32 bits takes a third of the time.
            var (few, left) = Math.DivRem((uint)numerator, (uint)_d);
            return Within(few + (IsUp(left, (uint)_d) ? 1L : 0L), out minor);
        }
        var (quotient, rest) = Math.DivRem(numerator, _d);
        return Within(quotient + (IsUp(rest, _d) ? 1L : 0L), out minor);
    }

    private bool IsUp(long rest, long denominator) => _mode == AmountRoundingMode.HalfUp ? rest >= denominator - rest : _mode == AmountRoundingMode.Up && rest > 0;

    private bool Within(long units, out long minor)
    {
        minor = 0;
        if (units > _unitsMax) return false;
        minor = Math.Min(Math.Max(units * _unit, _least), _most);
        return true;
    }

    private bool TryWide(long x, out long minor)
    {
        minor = 0;
        var units = Rounded(_constant + (_slope * x), _denominator, _mode);
        return units <= AmountMax && Within((long)units, out minor);
    }

    // A bound is an amount too: rounded as the amount is, so that rounding and bounding may be done in either order.
    private long Bound(decimal major)
    {
        var value = Fraction.Of(major) * Fraction.Of(BigInteger.Pow(10, Decimals)) / _unit;
        var minor = Rounded(value.Numerator, value.Denominator, _mode) * _unit;
        return minor > AmountMax ? AmountMax : (long)minor;
    }

    private (long A, long B, long D, long UpTo) Narrowed()
    {
        // Half of 64 bits' range for each of the two parts: their sum cannot leave it, nor can twice a rest.
        const long most = long.MaxValue / 4;
        if (BigInteger.Abs(_constant) > most || _slope > most || _denominator > most) return (0, 0, 1, -1);
        var upTo = _slope.IsZero ? long.MaxValue : (long)(most / _slope);
        return ((long)_constant, (long)_slope, (long)_denominator, upTo);
    }

    /// <summary>Rounds a fraction that is not negative.</summary>
    internal static BigInteger Rounded(BigInteger numerator, BigInteger denominator, AmountRoundingMode mode)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var up = mode switch
        {
            AmountRoundingMode.HalfUp => 2 * rest >= denominator,
            AmountRoundingMode.Up => rest > 0,
            AmountRoundingMode.Down => false,
            _ => throw new InvariantBrokenException("An amount is rounded in one of three ways.", mode.ToString()),
        };
        return up ? quotient + 1 : quotient;
    }

    /// <summary>The rounding unit in minor units: what the clause says, but never finer than the currency has (a hundredth of a yen is a yen).</summary>
    internal static long UnitOf(AmountRounding rounding, int decimals)
    {
        var minor = rounding.Unit;
        for (var i = 0; i < decimals; i++) minor *= 10;
        if (minor <= 1) return 1;
        Invariant.Holds(minor == decimal.Truncate(minor), "A rounding unit is a whole number of the currency's smallest.");
        return decimal.ToInt64(minor);
    }
}

/// <summary>An exact fraction of any size, reduced, its denominator above zero: for what is computed once at compilation, or slowly in a replay.</summary>
internal readonly record struct Fraction
{
    private Fraction(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        (Numerator, Denominator) = (numerator / divisor, denominator / divisor);
    }

    internal static Fraction Zero { get; } = new(0, 1);

    internal BigInteger Numerator { get; }

    internal BigInteger Denominator { get; }

    internal static Fraction Of(BigInteger whole) => new(whole, 1);

    internal static Fraction Of(long whole) => new(whole, 1);

    internal static Fraction Of(decimal number)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var mantissa = (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0];
        return new Fraction(number < 0 ? -mantissa : mantissa, BigInteger.Pow(10, (bits[3] >> 16) & 0xFF));
    }

    public static Fraction operator +(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b) => new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, long b) => new(a.Numerator * b, a.Denominator);

    public static Fraction operator /(Fraction a, long b) => new(a.Numerator, a.Denominator * b);
}
