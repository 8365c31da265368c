using System.Globalization;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// An amount in whole minor units (fen, cents) of one currency. Arithmetic between currencies is a programming error and throws
/// <see cref="InvalidOperationException"/>; overflow throws <see cref="OverflowException"/>. Immutable.
/// </summary>
/// <remarks>Law 8: rates are <c>decimal</c>; an amount becomes Money once, where the contract says how it is rounded.</remarks>
public readonly record struct Money : IComparable<Money>
{
    /// <summary>From minor units and an ISO 4217 code of three capital letters; anything else throws <see cref="ArgumentException"/>.</summary>
    public Money(long minor, string currency)
    {
        if (!IsCurrency(currency)) throw new ArgumentException($"'{currency}' is not an ISO 4217 code of three capital letters.", nameof(currency));
        Minor = minor;
        Currency = currency;
    }

    /// <summary>The amount in minor units, signed.</summary>
    public long Minor { get; }

    /// <summary>ISO 4217 code.</summary>
    public string Currency { get => field ?? "XXX"; }

    /// <summary>How many decimals the currency writes (CNY 2, JPY 0, BHD 3): ISO 4217 minor units.</summary>
    public int Decimals => DecimalsOf(Currency);

    /// <summary>The amount in major units.</summary>
    public decimal Amount => Minor / Scale(Decimals);

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>From major units; more decimals than the currency has is refused (null), because rounding is a contract's business.</summary>
    public static Money? TryFromAmount(decimal amount, string currency)
    {
        if (!IsCurrency(currency)) return null;
        var minor = amount * Scale(DecimalsOf(currency));
        if (minor != decimal.Truncate(minor) || Math.Abs(minor) > long.MaxValue) return null;
        return new Money(decimal.ToInt64(minor), currency);
    }

    /// <summary>From major units, rounded to the minor unit the way the caller's clause says.</summary>
    public static Money Round(decimal amount, string currency, MidpointRounding rounding) =>
        new(decimal.ToInt64(Math.Round(amount * Scale(DecimalsOf(currency)), rounding)), currency);

    /// <summary>True for three capital ASCII letters.</summary>
    public static bool IsCurrency(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);

    private static int DecimalsOf(string currency) => currency switch
    {
        "JPY" or "KRW" or "VND" or "CLP" or "ISK" or "PYG" or "UGX" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        _ => 2,
    };

    private static decimal Scale(int decimals) => decimals switch { 0 => 1m, 3 => 1_000m, _ => 100m };

    private static string Same(Money a, Money b) =>
        string.Equals(a.Currency, b.Currency, StringComparison.Ordinal) ? a.Currency : throw new InvalidOperationException($"{a} and {b} are in different currencies.");

    /// <summary>Sum of two amounts of one currency.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor), Same(a, b));

    /// <summary>Difference of two amounts of one currency.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor), Same(a, b));

    /// <inheritdoc/>
    public int CompareTo(Money other) { _ = Same(this, other); return Minor.CompareTo(other.Minor); }

    /// <summary>Less than, in one currency.</summary>
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;

    /// <summary>More than, in one currency.</summary>
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;

    /// <summary>At most, in one currency.</summary>
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;

    /// <summary>At least, in one currency.</summary>
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;

    /// <summary><c>12.40 CNY</c>, invariant.</summary>
    public override string ToString() => Amount.ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " " + Currency;
}
