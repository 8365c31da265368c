using System.Text;

namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>One Application Identifier with its value, e.g. (00) with an SSCC. <paramref name="Title"/> is GS1's short title.</summary>
public sealed record Gs1Element(string Ai, string Value, string Title);

/// <summary>
/// GS1 element strings: what one symbol says in Application Identifiers, read from the raw form of a scanner (FNC1 as 0x1D), the bracketed form people write, or a Digital
/// Link. Every element satisfies the GS1 dictionary (lengths, characters, check digits, dates). Which AIs must or must not stand together is asked apart
/// (<see cref="Contradiction"/>, <see cref="PairingFlaw"/>), since it holds over all symbols of an item. Immutable.
/// </summary>
public sealed class Gs1Message
{
    /// <summary>Longest message read, in characters.</summary>
    public const int LengthMax = 8_191;

    /// <summary>Most elements of one message.</summary>
    public const int ElementsMax = 64;

    /// <summary>The character that scanners send for FNC1 inside a message.</summary>
    public const char Separator = '\u001D';

    private readonly List<Gs1Element> _elements;

    private Gs1Message(List<Gs1Element> elements) => _elements = elements;

    /// <summary>The elements in the order of the message; at least one.</summary>
    public IReadOnlyList<Gs1Element> Elements => _elements;

    /// <summary>The value of the first element with this AI; null when there is none.</summary>
    public string? Value(string ai) => _elements.Find(element => string.Equals(element.Ai, ai, StringComparison.Ordinal))?.Value;

    /// <summary>The logistic unit, when the message names one by AI (00).</summary>
    public Sscc? LogisticUnit => Value("00") is { } digits && Sscc.TryRead(digits, out var sscc) ? sscc : null;

    /// <summary>What cannot be true of any item: an AI twice with different values, or two that exclude each other. Null when there is nothing.</summary>
    public Gs1Flaw? Contradiction => Gs1Pairings.Contradiction(_elements);

    /// <summary>
    /// What the dictionary's pairings find wrong with everything that is printed on one item: a contradiction, or an AI whose partner is on none of its symbols. Null when all
    /// is well.
    /// </summary>
    public static Gs1Flaw? PairingFlaw(params ReadOnlySpan<Gs1Message> symbolsOfTheItem)
    {
        var all = new List<Gs1Element>();
        foreach (var symbol in symbolsOfTheItem) all.AddRange(symbol._elements);
        return Gs1Pairings.Contradiction(all) ?? Gs1Pairings.Missing(all);
    }

    /// <summary>As a scanner sends it after the symbology identifier; separators only where an element needs one.</summary>
    public string ToRaw() => Join(Separator.ToString());

    /// <summary>The same with <c>^</c> for FNC1, and one in front: the notation of the GS1 syntax engine.</summary>
    public string ToCaretForm() => "^" + Join("^");

    /// <summary>As people read it: <c>(00)106141411234567897(420)310000</c>; an opening bracket inside a value is written <c>\(</c>.</summary>
    public override string ToString() =>
        string.Concat(_elements.Select(element => $"({element.Ai}){element.Value.Replace("(", "\\(", StringComparison.Ordinal)}"));

    /// <summary>Reads the raw form: no symbology identifier, FNC1 as <see cref="Separator"/>, a leading one tolerated. False with the flaw otherwise.</summary>
    public static bool TryParse(string raw, out Gs1Message? message, out Gs1Flaw? flaw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        message = null;
        var rest = raw.AsSpan();
        if (rest.Length > LengthMax) return Refuse(out flaw, Gs1FlawCode.Length, $"A message has at most {LengthMax} characters.");
        if (rest is [Separator, ..]) rest = rest[1..];
        if (rest.IsEmpty) return Refuse(out flaw, Gs1FlawCode.Empty, "There is no data behind the symbology identifier.");
        var elements = new List<Gs1Element>();
        while (!rest.IsEmpty)
        {
            if (elements.Count == ElementsMax) return Refuse(out flaw, Gs1FlawCode.TooMany, $"A message has at most {ElementsMax} elements.");
            if (!TryTakeElement(ref rest, out var element, out flaw)) return false;
            elements.Add(element!);
        }
        flaw = null;
        message = new Gs1Message(elements);
        return true;
    }

    private static bool TryTakeElement(ref ReadOnlySpan<char> rest, out Gs1Element? element, out Gs1Flaw? flaw)
    {
        element = null;
        if (ApplicationIdentifierTable.AtStartOf(rest) is not { } ai)
            return Refuse(out flaw, Gs1FlawCode.UnknownAi, $"No Application Identifier starts '{rest[..Math.Min(4, rest.Length)]}'.");
        var value = rest[ai.Ai.Length..];
        var end = value.IndexOf(Separator);
        if (end >= 0) value = value[..end];
        if (!ai.NeedsSeparator && value.Length > ai.LengthMax) value = value[..ai.LengthMax];
        var taken = ai.Consume(value, out flaw);
        if (taken == 0) return false;
        if (taken < value.Length) return Refuse(out flaw, Gs1FlawCode.Length, FormattableString.Invariant($"({ai.Ai}) {ai.Title} goes on after its {taken} characters."), ai.Ai);
        element = new Gs1Element(ai.Ai, value.ToString(), ai.Title);
        rest = rest[(ai.Ai.Length + taken)..];
        if (rest is [Separator, ..]) rest = rest[1..];   // also where none was needed: printers add them
        return true;
    }

    /// <summary>Reads the bracketed form; <c>\(</c> is an opening bracket inside a value. False with the flaw otherwise.</summary>
    public static bool TryParseBracketed(string text, out Gs1Message? message, out Gs1Flaw? flaw)
    {
        ArgumentNullException.ThrowIfNull(text);
        message = null;
        if (text.Length > LengthMax) return Refuse(out flaw, Gs1FlawCode.Length, $"A message has at most {LengthMax} characters.");
        if (text.Length == 0) return Refuse(out flaw, Gs1FlawCode.Empty, "There is no text.");
        var elements = new List<Gs1Element>();
        var at = 0;
        while (at < text.Length)
        {
            var close = text[at] == '(' ? text.IndexOf(')', at) : -1;
            if (close < 0) return Refuse(out flaw, Gs1FlawCode.UnknownAi, "Bracketed text is (AI)value, repeated.");
            var name = text[(at + 1)..close];
            var value = TakeBracketedValue(text, close + 1, out at);
            if (elements.Count == ElementsMax) return Refuse(out flaw, Gs1FlawCode.TooMany, $"A message has at most {ElementsMax} elements.");
            if (!TryMake(name, value, out var element, out flaw)) return false;
            elements.Add(element!);
        }
        flaw = null;
        message = new Gs1Message(elements);
        return true;
    }

    private static string TakeBracketedValue(string text, int from, out int next)
    {
        var value = new StringBuilder();
        for (next = from; next < text.Length && text[next] != '('; next++)
        {
            if (text[next] == '\\' && next + 1 < text.Length && text[next + 1] == '(') next++;
            value.Append(text[next]);
        }
        return value.ToString();
    }

    /// <summary>One element whose AI and value are already apart; the whole value must satisfy the dictionary.</summary>
    internal static bool TryMake(string name, string value, out Gs1Element? element, out Gs1Flaw? flaw)
    {
        element = null;
        if (ApplicationIdentifierTable.Find(name) is not { } ai) return Refuse(out flaw, Gs1FlawCode.UnknownAi, $"({name}) is no Application Identifier.", name);
        var taken = ai.Consume(value, out flaw);
        if (taken == 0) return false;
        if (taken < value.Length) return Refuse(out flaw, Gs1FlawCode.Length, FormattableString.Invariant($"({name}) {ai.Title} goes on after its {taken} characters."), name);
        element = new Gs1Element(name, value, ai.Title);
        return true;
    }

    internal static Gs1Message Of(List<Gs1Element> elements) => new(elements);

    internal static bool Refuse(out Gs1Flaw? flaw, Gs1FlawCode code, string message, string? ai = null)
    {
        flaw = new Gs1Flaw(code, ai, message);
        return false;
    }

    private string Join(string separator)
    {
        var text = new StringBuilder();
        for (var i = 0; i < _elements.Count; i++)
        {
            if (i > 0 && ApplicationIdentifierTable.Find(_elements[i - 1].Ai)!.NeedsSeparator) text.Append(separator);
            text.Append(_elements[i].Ai).Append(_elements[i].Value);
        }
        return text.ToString();
    }
}

/// <summary>Why a text is no GS1 message: a stable code for programs, the AI where one is concerned, a sentence for people.</summary>
public sealed record Gs1Flaw(Gs1FlawCode Code, string? Ai, string Message);

/// <summary>The kinds of <see cref="Gs1Flaw"/>.</summary>
public enum Gs1FlawCode
{
    /// <summary>Nothing to read.</summary>
    Empty,

    /// <summary>No such Application Identifier.</summary>
    UnknownAi,

    /// <summary>A value or message is too short or too long.</summary>
    Length,

    /// <summary>Characters outside the set of the AI.</summary>
    Characters,

    /// <summary>A check digit, date or code list does not hold.</summary>
    Content,

    /// <summary>Too many elements.</summary>
    TooMany,

    /// <summary>An AI twice in a Digital Link.</summary>
    Duplicate,

    /// <summary>AIs that contradict each other, or one whose partner is missing.</summary>
    Pairing,

    /// <summary>Not an http(s) URI with a host and a path.</summary>
    Uri,

    /// <summary>A URI whose path holds no GS1 primary key.</summary>
    NoPrimaryKey,

    /// <summary>Qualifiers that do not belong to the key, or out of order.</summary>
    Qualifiers,

    /// <summary>An AI in the query that may not stand there.</summary>
    NotAnAttribute,

    /// <summary>No symbology identifier in front.</summary>
    NoSymbologyIdentifier,

    /// <summary>A symbology identifier that carries no GS1 data.</summary>
    UnknownSymbology,
}
