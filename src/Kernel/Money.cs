using System.Globalization;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// An amount in whole minor units (fen, cents) of one currency. Arithmetic between currencies is a programming error and throws
/// <see cref="InvalidOperationException"/>; overflow throws <see cref="OverflowException"/>. Immutable. A default value is no amount and throws when asked (law 3).
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
    public string Currency { get => field ?? throw new InvalidOperationException("A default Money is no amount: it has no currency."); }

    /// <summary>How many decimals the currency writes (CNY 2, JPY 0, BHD 3): ISO 4217 minor units; 2 for a code not in its list of others.</summary>
    public int Decimals => DecimalsOf(Currency);

    /// <summary>The amount in major units.</summary>
    public decimal Amount => Minor / Scale(Decimals);

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>From major units; null for more decimals than the currency has (rounding is a contract's business), no currency, or an amount out of range.</summary>
    public static Money? TryFromAmount(decimal amount, string currency)
    {
        if (!IsCurrency(currency)) return null;
        var scale = Scale(DecimalsOf(currency));
        if (Math.Abs(amount) > (long.MaxValue + 1m) / scale) return null;   // before the product, which could leave even decimal
        var minor = amount * scale;
        return minor == decimal.Truncate(minor) && minor is >= long.MinValue and <= long.MaxValue ? new Money(decimal.ToInt64(minor), currency) : null;
    }

    /// <summary>From major units, rounded to the minor unit the way the caller's clause says.</summary>
    public static Money Round(decimal amount, string currency, MidpointRounding rounding) =>
        new(decimal.ToInt64(Math.Round(amount * Scale(DecimalsOf(currency)), rounding)), currency);

    /// <summary>True for three capital ASCII letters.</summary>
    public static bool IsCurrency(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);

    private static int DecimalsOf(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "UYI" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        "CLF" or "UYW" => 4,
        _ => 2,
    };

    private static decimal Scale(int decimals) => decimals switch { 0 => 1m, 3 => 1_000m, 4 => 10_000m, _ => 100m };

    private static string Same(Money a, Money b) =>
        string.Equals(a.Currency, b.Currency, StringComparison.Ordinal) ? a.Currency : throw new InvalidOperationException($"{a} and {b} are in different currencies.");

    /// <summary>Sum of two amounts of one currency.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor), Same(a, b));

    /// <summary>Difference of two amounts of one currency.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor), Same(a, b));

    /// <summary>The opposite; overflow throws.</summary>
    public static Money operator -(Money a) => new(checked(-a.Minor), a.Currency);

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
