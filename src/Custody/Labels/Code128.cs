using System.Collections.Immutable;

namespace KeyAccountLogistics.Custody.Labels;

/// <summary>
/// Code 128 (ISO/IEC 15417) and GS1-128: text to the shortest row of symbol characters over code sets A, B and C, and to bars. Pure.
/// </summary>
internal sealed class Code128
{
    /// <summary>Blank modules that a reader needs on either side.</summary>
    internal const int QuietModules = 10;

    internal const int Fnc1 = 102;
    internal const int CodeC = 99;
    internal const int CodeB = 100;
    internal const int CodeA = 101;
    internal const int Shift = 98;
    internal const int StartA = 103;
    internal const int Stop = 106;

    /// <summary>The separator of GS1 element strings; becomes FNC1.</summary>
    private const char Separator = '\u001D';
    private const int LengthMax = 80;
    private const int Sets = 3;
    private const int Unreachable = int.MaxValue / 2;

    /// <summary>Widths of bars and spaces of each symbol character, bar first.</summary>
    private static readonly string[] Widths =
    [
        "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212", "112232", "122132", "122231", "113222",
        "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321",
        "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
        "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224",
        "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
        "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
        "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
    ];

    private Code128(ImmutableArray<int> characters) => Characters = characters;

    /// <summary>Start, data, check and stop characters.</summary>
    internal ImmutableArray<int> Characters { get; }

    /// <summary>Modules from the first bar to the last, without quiet zones.</summary>
    internal int Modules => (Characters.Length * 11) + 2;

    /// <summary>
    /// The symbol of <paramref name="text"/> (ASCII, up to 80 characters). As GS1-128 it begins with FNC1, and a U+001D between elements becomes FNC1. Throws
    /// <see cref="ArgumentException"/> for what it cannot hold.
    /// </summary>
    internal static Code128 Of(string text, bool gs1 = false)
    {
        if (text.Length is 0 or > LengthMax) throw new ArgumentException($"A Code 128 symbol holds 1 to {LengthMax} characters, not {text.Length}.", nameof(text));
        if (text.Any(static c => c > 127)) throw new ArgumentException("Code 128 holds ASCII only.", nameof(text));
        var steps = Shortest(text, gs1);
        var characters = new List<int>();
        var set = new[] { 1, 2, 0 }.MinBy(s => steps[0, s].Cost);
        characters.Add(StartA + set);
        if (gs1) characters.Add(Fnc1);
        for (var at = 0; at < text.Length;)
        {
            var step = steps[at, set];
            characters.AddRange(step.Emits);
            (at, set) = (at + step.Takes, step.Set);
        }
        var check = characters[0];
        for (var i = 1; i < characters.Count; i++) check += i * characters[i];
        return new Code128([.. characters, check % 103, Stop]);
    }

    /// <summary>Bars as true, spaces as false, one for each module.</summary>
    internal bool[] ToModules() => ToModules(Characters.AsSpan());

    /// <summary>The same of any row of characters from start to stop.</summary>
    internal static bool[] ToModules(ReadOnlySpan<int> characters)
    {
        var modules = new bool[(characters.Length * 11) + 2];
        var at = 0;
        foreach (var character in characters)
        {
            for (var i = 0; i < Widths[character].Length; i++)
            {
                var width = Widths[character][i] - '0';
                if (i % 2 == 0) modules.AsSpan(at, width).Fill(true);
                at += width;
            }
        }
        return modules;
    }

    /// <summary>The best next step at a place of the text in a code set, and the characters it takes to the end from there.</summary>
    private readonly record struct Step(int Cost, int[] Emits, int Takes, int Set);

    private static Step[,] Shortest(string text, bool gs1)
    {
        var steps = new Step[text.Length + 1, Sets];
        for (var at = text.Length - 1; at >= 0; at--)
        {
            // First what each set can say by itself, then what a change to a better one gives.
            for (var set = 0; set < Sets; set++) steps[at, set] = Stay(text, at, set, steps, gs1);
            var best = Enumerable.Range(0, Sets).MinBy(s => steps[at, s].Cost);
            for (var set = 0; set < Sets; set++)
            {
                // CODE A, B and C are 101, 100 and 99.
                if (steps[at, best].Cost + 1 < steps[at, set].Cost) steps[at, set] = new Step(steps[at, best].Cost + 1, [CodeA - best], 0, best);
            }
        }
        return steps;
    }

    private static Step Stay(string text, int at, int set, Step[,] steps, bool gs1)
    {
        var c = text[at];
        if (gs1 && c == Separator) return new Step(steps[at + 1, set].Cost + 1, [Fnc1], 1, set);
        if (set == 2)
        {
            if (!char.IsAsciiDigit(c) || at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1])) return new Step(Unreachable, [], 0, set);
            return new Step(steps[at + 2, set].Cost + 1, [((c - '0') * 10) + text[at + 1] - '0'], 2, set);
        }
        if (ValueIn(set, c) is { } value) return new Step(steps[at + 1, set].Cost + 1, [value], 1, set);
        return new Step(steps[at + 1, set].Cost + 2, [Shift, ValueIn(1 - set, c)!.Value], 1, set);
    }

    private static int? ValueIn(int set, char c) => set == 0 ? c < 32 ? c + 64 : c < 96 ? c - 32 : null : c >= 32 ? c - 32 : null;
}
