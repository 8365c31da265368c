using System.Globalization;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// An amount of mass in signed whole milligrams, as opposed to the number a scale printed, which a reading keeps beside it as sent.
/// Range ±9.2e15 g (all of <see cref="long"/> in milligrams); arithmetic is overflow-checked and throws <see cref="OverflowException"/>. Immutable, safe to share between threads.
/// </summary>
/// <remarks>Law 8 of the design: no <c>double</c> touches weight. Other units are rounded to the milligram half away from zero.</remarks>
public readonly record struct Mass : IComparable<Mass>
{
    private const decimal MilligramsPerPound = 453_592.37m;      // exact, International Yard and Pound Agreement, 1959
    private const decimal MilligramsPerOunce = 28_349.523125m;   // a sixteenth of it

    private Mass(long milligrams) => Milligrams = milligrams;

    /// <summary>The mass in whole milligrams; negative when a scale shows less than its zero.</summary>
    public long Milligrams { get; }

    /// <summary>No mass at all; never the answer to "no reading" (law 3), which is an absent value.</summary>
    public static Mass Zero => default;

    /// <summary>The mass in grams, exact to the milligram.</summary>
    public decimal Grams => Milligrams / 1_000m;

    /// <summary>The mass in kilograms, exact to the milligram.</summary>
    public decimal Kilograms => Milligrams / 1_000_000m;

    /// <summary>From whole milligrams.</summary>
    public static Mass FromMilligrams(long milligrams) => new(milligrams);

    /// <summary>From grams, rounded to the milligram half away from zero. Throws <see cref="OverflowException"/> beyond the range.</summary>
    public static Mass FromGrams(decimal grams) => Rounded(grams * 1_000m);

    /// <summary>From kilograms, rounded to the milligram half away from zero. Throws <see cref="OverflowException"/> beyond the range.</summary>
    public static Mass FromKilograms(decimal kilograms) => Rounded(kilograms * 1_000_000m);

    /// <summary>
    /// From a number and the unit a device sent beside it: kg, g, mg, t, lb, oz (case and surrounding blanks do not matter).
    /// False when the unit is not one of these, or the amount is out of range: a reading without a known unit has no mass.
    /// </summary>
    public static bool TryFrom(decimal number, ReadOnlySpan<char> unit, out Mass mass)
    {
        mass = default;
        unit = unit.Trim();
        decimal factor;
        if (unit.Equals("kg", StringComparison.OrdinalIgnoreCase)) factor = 1_000_000m;
        else if (unit.Equals("g", StringComparison.OrdinalIgnoreCase)) factor = 1_000m;
        else if (unit.Equals("mg", StringComparison.OrdinalIgnoreCase)) factor = 1m;
        else if (unit.Equals("t", StringComparison.OrdinalIgnoreCase)) factor = 1_000_000_000m;
        else if (unit.Equals("lb", StringComparison.OrdinalIgnoreCase)) factor = MilligramsPerPound;
        else if (unit.Equals("oz", StringComparison.OrdinalIgnoreCase)) factor = MilligramsPerOunce;
        else return false;
        if (Math.Abs(number) > (long.MaxValue + 1m) / factor) return false;   // before the product, which could leave even decimal
        var milligrams = Math.Round(number * factor, MidpointRounding.AwayFromZero);
        if (milligrams is < long.MinValue or > long.MaxValue) return false;
        mass = new Mass(decimal.ToInt64(milligrams));
        return true;
    }

    private static Mass Rounded(decimal milligrams) => new(decimal.ToInt64(Math.Round(milligrams, MidpointRounding.AwayFromZero)));

    /// <summary>The mass without its sign.</summary>
    public Mass Abs() => new(Math.Abs(Milligrams));

    /// <summary>The larger of two masses.</summary>
    public static Mass Max(Mass a, Mass b) => a >= b ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Mass other) => Milligrams.CompareTo(other.Milligrams);

    /// <summary>Sum; overflow throws.</summary>
    public static Mass operator +(Mass a, Mass b) => new(checked(a.Milligrams + b.Milligrams));

    /// <summary>Difference; overflow throws.</summary>
    public static Mass operator -(Mass a, Mass b) => new(checked(a.Milligrams - b.Milligrams));

    /// <summary>The opposite; overflow throws.</summary>
    public static Mass operator -(Mass a) => new(checked(-a.Milligrams));

    /// <summary>A whole multiple; overflow throws.</summary>
    public static Mass operator *(Mass a, long times) => new(checked(a.Milligrams * times));

    /// <summary>Less than.</summary>
    public static bool operator <(Mass a, Mass b) => a.Milligrams < b.Milligrams;

    /// <summary>More than.</summary>
    public static bool operator >(Mass a, Mass b) => a.Milligrams > b.Milligrams;

    /// <summary>At most.</summary>
    public static bool operator <=(Mass a, Mass b) => a.Milligrams <= b.Milligrams;

    /// <summary>At least.</summary>
    public static bool operator >=(Mass a, Mass b) => a.Milligrams >= b.Milligrams;

    /// <summary>Kilograms with at least three decimals, invariant: <c>2.345 kg</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kilograms:0.000###} kg");
}
