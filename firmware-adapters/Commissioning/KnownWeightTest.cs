using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Commissioning;

/// <summary>What a known weight on the platform says of unit and point.</summary>
/// <param name="Right">True when the scale shows the weight within a hundredth of it.</param>
/// <param name="Unit">The unit that would make it right, where another one would; null otherwise.</param>
/// <param name="Decimals">The decimals that would make it right, where the wire carries no point; null otherwise.</param>
public sealed record KnownWeightAnswer(bool Right, string? Unit, int? Decimals);

/// <summary>The test with a known weight: is it grams, kilograms or pounds, and where is the point? Pure.</summary>
public static class KnownWeightTest
{
    private const int WithinDivisor = 100;
    private const int DecimalsMax = 6;

    /// <summary>Compares what was shown with what lies there. The error of the scale is judged by its check with test weights; here factors are looked for.</summary>
    public static KnownWeightAnswer Judge(Mass known, in WeightReading reading)
    {
        Invariant.Holds(known > Mass.Zero, "a known weight is above zero");
        if (reading.Mass is { } shown && Near(shown, known)) return new KnownWeightAnswer(true, null, null);
        if (reading.Number is not { } number || number <= 0) return new KnownWeightAnswer(false, null, null);
        foreach (var unit in (string[])["kg", "g", "lb", "oz", "t", "mg"])
        {
            if (Mass.TryFrom(number, unit, out var mass) && Near(mass, known)) return new KnownWeightAnswer(false, unit, null);
        }
        // Digits without a point, in the unit that is set: the point is looked for.
        var digits = number;
        for (var place = 0; place < number.Scale; place++) digits *= 10;
        for (var decimals = 0; decimals <= DecimalsMax; decimals++, digits /= 10)
        {
            if (Mass.TryFrom(digits, reading.Unit ?? "kg", out var mass) && Near(mass, known)) return new KnownWeightAnswer(false, null, decimals);
        }
        return new KnownWeightAnswer(false, null, null);
    }

    private static bool Near(Mass shown, Mass known) => (shown - known).Abs() * WithinDivisor <= known;
}
