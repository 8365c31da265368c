using KeyAccountLogistics.Custody.Labels;

namespace KeyAccountLogistics.Unit.Custody.Labels;

/// <summary>Code 128 by its symbol characters: examples of the standard, and that no shorter row says the same.</summary>
public sealed class Code128Tests
{
    [Theory]
    [InlineData("AIM", new[] { 104, 33, 41, 45 })]
    [InlineData("123456", new[] { 105, 12, 34, 56 })]
    [InlineData("12345", new[] { 105, 12, 34, 100, 21 })]
    [InlineData("ab1234567890cd", new[] { 104, 65, 66, 99, 12, 34, 56, 78, 90, 100, 67, 68 })]
    [InlineData("A\tb", new[] { 103, 33, 73, 98, 66 })]
    [InlineData("\t\t", new[] { 103, 73, 73 })]
    public void Texts_take_the_shortest_row_of_characters(string text, int[] expected)
    {
        var symbol = Code128.Of(text);
        Said(symbol).Text.ShouldBe(text);
        symbol.Characters.Length.ShouldBe(expected.Length + 2);
        // Where several rows are equally short, which one is taken does not matter.
        if (text.All(static c => c is >= ' ' and <= '_') && text.Length != 5) symbol.Characters[..^2].ShouldBe(expected);
    }

    [Fact]
    public void A_waybill_of_ours_has_fourteen_characters() => Code128.Of("KAL2610120000017").Modules.ShouldBe((14 * 11) + 2);

    [Fact]
    public void An_SSCC_begins_with_FNC1_and_is_digits_in_pairs()
    {
        var symbol = Code128.Of("00106141411234567897", gs1: true);
        symbol.Characters[..2].ShouldBe([105, Code128.Fnc1]);
        symbol.Characters.Length.ShouldBe(2 + 10 + 2);
    }

    [Fact]
    public void Elements_of_variable_length_are_separated_by_FNC1()
    {
        var symbol = Code128.Of("10AB\u001D3712", gs1: true);
        symbol.Characters.Count(static c => c == Code128.Fnc1).ShouldBe(2);
        Said(symbol).Text.ShouldBe("\u001D10AB\u001D3712");
    }

    [Fact]
    public void Every_ASCII_text_says_itself_and_none_is_longer_than_staying_in_one_set()
    {
        var random = new Random(128);
        for (var i = 0; i < 2_000; i++)
        {
            var alphabet = (i % 4) switch { 0 => 128, 1 => 96, 2 => 64, _ => 58 };
            var text = new string([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => (char)random.Next(i % 4 == 3 ? 48 : 0, alphabet))]);
            var symbol = Code128.Of(text);
            Said(symbol).Text.ShouldBe(text);
            symbol.Characters.Length.ShouldBeLessThanOrEqualTo((text.Length * 2) + 3);
            symbol.Characters.Length.ShouldBe(3 + Best(text), text);
        }
    }

    [Fact]
    public void Each_character_is_eleven_modules_of_three_bars_and_unlike_every_other()
    {
        var patterns = Enumerable.Range(0, 96).Select(static value => string.Concat(Code128.Of(((char)(value < 64 ? value + 32 : value - 64)).ToString()).ToModules().Skip(11).Take(11).Select(static m => m ? '1' : '0'))).ToList();
        patterns.Distinct(StringComparer.Ordinal).Count().ShouldBe(96);
        patterns.ShouldAllBe(static p => p[0] == '1' && p[10] == '0' && p.Count(static c => c == '1') % 2 == 0);
    }

    [Fact]
    public void What_it_cannot_hold_is_refused()
    {
        Should.Throw<ArgumentException>(static () => Code128.Of(""));
        Should.Throw<ArgumentException>(static () => Code128.Of("收件人"));
        Should.Throw<ArgumentException>(static () => Code128.Of(new string('7', 81)));
    }

    /// <summary>Reads the characters back by the standard's table; checks start, check and stop.</summary>
    private static (string Text, int Sets) Said(Code128 symbol)
    {
        var characters = symbol.Characters;
        characters[^1].ShouldBe(106);
        characters[^2].ShouldBe((characters[0] + Enumerable.Range(1, characters.Length - 3).Sum(i => i * characters[i])) % 103);
        var (set, sets, shifted, text) = (characters[0] - 103, 1, false, "");
        foreach (var c in characters.AsSpan(1, characters.Length - 3))
        {
            if (c == 102) text += '\u001D';
            else if (set == 2 && c < 100) text += c.ToString("00", System.Globalization.CultureInfo.InvariantCulture);
            else if (c == 98 && set < 2) shifted = true;
            else if (c >= 99) (set, sets) = (101 - c, sets + 1);
            else
            {
                var isA = (set == 0) != shifted;
                text += (char)(isA && c >= 64 ? c - 64 : c + 32);
                shifted = false;
            }
        }
        return (text, sets);
    }

    /// <summary>The least number of characters between start and check, by trying every way forward.</summary>
    private static int Best(string text)
    {
        var costs = new int[text.Length + 1, 3];
        for (var at = text.Length - 1; at >= 0; at--)
        {
            var own = new int[3];
            for (var set = 0; set < 3; set++)
            {
                var c = text[at];
                var fits = set == 0 ? c < 96 : c >= 32;
                own[set] = set == 2
                    ? at + 1 < text.Length && char.IsAsciiDigit(c) && char.IsAsciiDigit(text[at + 1]) ? 1 + costs[at + 2, 2] : 10_000
                    : (fits ? 1 : 2) + costs[at + 1, set];
            }
            for (var set = 0; set < 3; set++) costs[at, set] = Enumerable.Range(0, 3).Min(other => own[other] + (other == set ? 0 : 1));
        }
        return Enumerable.Range(0, 3).Min(set => costs[0, set]);
    }
}
