using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.FirmwareAdapters.Readings;

/// <summary>Units as devices write them, as shared constants so that a reading allocates none.</summary>
internal static class MassUnits
{
    /// <summary>Whole pounds, a colon and ounces: two numbers, and so no unit of a single one.</summary>
    internal const string PoundsOunces = "lb:oz";

    private static readonly (string Written, string Unit)[] Known =
    [
        ("kg", "kg"), ("g", "g"), ("mg", "mg"), ("t", "t"), ("lb", "lb"), ("oz", "oz"),
        ("KG", "kg"), ("G", "g"), ("MG", "mg"), ("T", "t"), ("LB", "lb"), ("OZ", "oz"), ("Kg", "kg"), ("lbs", "lb"),
        ("Lb", "lb"), ("Oz", "oz"), ("lb:oz", PoundsOunces),
        ("pcs", "pcs"), ("PCS", "pcs"), ("pc", "pcs"), ("PC", "pcs"), ("%", "%"),
    ];

    /// <summary>The canonical spelling of the unit at hand (blanks around it do not count), or null.</summary>
    internal static string? Canonical(ReadOnlySpan<byte> written)
    {
        written = written.Trim((byte)' ');
        foreach (var (text, unit) in Known)
        {
            if (Same(written, text)) return unit;
        }
        return null;
    }

    /// <summary>The canonical spelling of a unit of mass from a setting, or null.</summary>
    internal static string? Canonical(string written)
    {
        foreach (var (text, unit) in Known)
        {
            if (string.Equals(text, written, StringComparison.Ordinal) && Mass.TryFrom(1, unit, out _)) return unit;
        }
        return null;
    }

    private static bool Same(ReadOnlySpan<byte> written, string text)
    {
        if (written.Length != text.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (written[i] != text[i]) return false;
        }
        return true;
    }
}
