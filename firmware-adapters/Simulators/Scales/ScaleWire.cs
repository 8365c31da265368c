using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Simulators.Scales;

/// <summary>What one scale shows and how it is set up to write it.</summary>
/// <param name="Indication">Gross weight and its state.</param>
/// <param name="Tare">The tare in force; above zero the indication is net.</param>
/// <param name="Unit">kg, g, lb or oz.</param>
/// <param name="Decimals">Digits after the point.</param>
public readonly record struct ScaleDisplay(Indication Indication, Mass Tare, string Unit = "kg", int Decimals = 3)
{
    internal bool Net => Tare > Mass.Zero;

    internal bool Moving => Indication.Moving;

    internal bool OutOfRange => Indication.Over || Indication.Under;

    /// <summary>Net of tare, without its sign, as displayed.</summary>
    internal string Digits => Text((Indication.Gross - Tare).Abs());

    /// <summary>The digits without their point.</summary>
    internal string Count => Digits.Replace(".", "", StringComparison.Ordinal);

    /// <summary>True when nothing but zeros is shown.</summary>
    internal bool Zero => !Digits.AsSpan().ContainsAnyInRange('1', '9');

    internal string TareDigits => Text(Tare);

    internal string GrossDigits => Text(Indication.Gross);

    /// <summary>Minus or blank; a zero has no minus.</summary>
    internal char Minus => Sign == '-' ? '-' : ' ';

    internal char Sign => Indication.Gross < Tare && Digits.AsSpan().ContainsAnyInRange('1', '9') ? '-' : '+';

    /// <summary>A minus at the digits, nothing for plus.</summary>
    internal string Signed => Sign == '-' ? "-" + Digits : Digits;

    private string Text(Mass mass)
    {
        var number = Unit switch { "g" => mass.Grams, "lb" => mass.Milligrams / 453_592.37m, "oz" => mass.Milligrams / 28_349.523125m, _ => mass.Kilograms };
        return number.ToString("F" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}

/// <summary>
/// The wire of one protocol as its manual has it: how a weight is written, what makes the scale write it, what its keys are called. Nothing here looks at
/// how the decoders read. Bytes stand as the characters of the same numbers.
/// </summary>
/// <param name="Write">One frame; null where the scale says nothing.</param>
/// <param name="Polls">Commands answered with a frame.</param>
/// <param name="Zero">Zero key.</param>
/// <param name="Tare">Tare key.</param>
/// <param name="ClearTare">Forgets the tare.</param>
/// <param name="Start">Starts repeating; null where the scale repeats from the first moment, unless it only answers.</param>
/// <param name="Streams">Repeats by itself.</param>
/// <param name="Done">What the scale says to a key that was pressed; null for nothing.</param>
public sealed record ScaleWire(
    Func<ScaleDisplay, string?> Write,
    IReadOnlyList<string> Polls,
    string? Zero = null,
    string? Tare = null,
    string? ClearTare = null,
    string? Start = null,
    bool Streams = false,
    Func<ScaleDisplay, string>? Done = null)
{
    /// <summary>The protocols written here, by their ids.</summary>
    public static IReadOnlyDictionary<string, ScaleWire> All { get; } = AsciiScaleWires.Table.Concat(CodedScaleWires.Table).ToDictionary(StringComparer.Ordinal);

    /// <summary>Commands with an answer of their own: handshakes, status.</summary>
    public IReadOnlyList<(string Command, Func<ScaleDisplay, string?> Write)> Answers { get; init; } = [];

    /// <summary>Commands that ask for one kind of weight.</summary>
    public IReadOnlyList<(string Command, Func<ScaleDisplay, string?> Write)> Weights { get; init; } = [];

    /// <summary>7 for ASCII, 8 for codes of eight bits, 0 where there is no serial line.</summary>
    public int DataBits { get; init; } = 7;

    /// <summary>What a device that gives each weight once says in its place when it is asked again; null for nothing.</summary>
    public string? InsteadOfOld { get; init; }

    /// <summary>One frame in bytes; null where the scale says nothing.</summary>
    public byte[]? Frame(in ScaleDisplay display) => Write(display) is { } text ? Encoding.Latin1.GetBytes(text) : null;
}
