using System.Globalization;
using System.Text;
using System.Text.Json;

namespace KeyAccountLogistics.ServiceLevels.StatedFigures;

/// <summary>What a person's file says wrongly, with the path of the field; <see cref="StatedFile"/> turns it into a fault.</summary>
internal sealed class StatedMistakeException(string field, string message) : Exception(message)
{
    internal string Field { get; } = field;
}

/// <summary>Reads a text of stated figures. Limits: 1 MiB, eight levels deep.</summary>
internal static class StatedFile
{
    internal const int CharactersMax = 1024 * 1024;

    private const int DepthMax = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DepthMax };

    /// <summary>What <paramref name="read"/> makes of the text, or a fault that names the field.</summary>
    internal static Outcome<T> Read<T>(string json, Func<StatedObject, T> read)
    {
        if (json.Length > CharactersMax) return Invalid("file", string.Create(CultureInfo.InvariantCulture, $"it has {json.Length} characters; at most {CharactersMax} are read."));
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return read(StatedObject.Of(document.RootElement, ""));
        }
        catch (JsonException e)
        {
            // The library's own sentence, which has line and column, without its path for programs.
            return Invalid("file", $"it is not JSON as is expected here: {e.Message}");
        }
        catch (StatedMistakeException e)
        {
            return Invalid(e.Field, e.Message);
        }
    }

    private static Fault.Invalid Invalid(string field, string message) => new(field, "figures.invalid", $"{field}: {message}");
}

/// <summary>An object of the file, whose every member somebody must have read by <see cref="Close"/>: a word mistyped is a mistake, not a default.</summary>
internal sealed class StatedObject
{
    // Beyond it nothing is a count of parcels, fen or hours.
    private const decimal NumberMax = 1_000_000_000_000_000m;
    private const decimal WholeMax = 1_000_000_000_000m;
    private const int CountDecimalsMax = 6;
    private const int MembersMax = 1_000;

    private readonly string _path;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private StatedObject(string path) => _path = path;

    internal IEnumerable<string> Names => _members.Keys;

    internal static StatedObject Of(JsonElement element, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object) throw new StatedMistakeException(path.Length == 0 ? "file" : path, $"it is {Word(element)}, and must be an object.");
        var read = new StatedObject(path);
        foreach (var member in element.EnumerateObject())
        {
            var name = Decoded(path, () => member.Name);
            if (!read._members.TryAdd(name, member.Value)) throw read.Mistake(name, "it stands there twice.");
            if (read._members.Count > MembersMax) throw new StatedMistakeException(path.Length == 0 ? "file" : path, string.Create(CultureInfo.InvariantCulture, $"it has more than {MembersMax} members."));
        }
        return read;
    }

    internal StatedMistakeException Mistake(string name, string message) => new(PathOf(name), message);

    internal StatedObject? Object(string name) => Take(name) is { } element ? Of(element, PathOf(name)) : null;

    internal StatedObject Required(string name) => Object(name) ?? throw Mistake(name, "it is missing.");

    /// <summary>A number of 0 or more, with at most six decimals: a count, an amount, hours.</summary>
    internal decimal? Count(string name)
    {
        if (Number(name) is not { } number) return null;
        return decimal.Round(number, CountDecimalsMax) == number ? number : throw Mistake(name, $"it has more than {CountDecimalsMax} decimals.");
    }

    /// <summary>A whole number from 0 to 10¹².</summary>
    internal long? Whole(string name)
    {
        if (Number(name) is not { } number) return null;
        if (number > WholeMax) throw Mistake(name, $"it is out of range: 0 to {Shown(WholeMax)}.");
        return decimal.Truncate(number) == number ? decimal.ToInt64(number) : throw Mistake(name, $"{Shown(number)} is not a whole number.");
    }

    /// <summary>A number of 0 or more.</summary>
    internal decimal? Number(string name)
    {
        if (Take(name) is not { } element) return null;
        if (element.ValueKind is not JsonValueKind.Number) throw Mistake(name, $"it is {Word(element)}, and must be a number.");
        if (!element.TryGetDecimal(out var number) || Math.Abs(number) > NumberMax) throw Mistake(name, $"it is out of range: 0 to {Shown(NumberMax)}.");
        return number < 0 ? throw Mistake(name, $"{Shown(number)} is negative.") : number;
    }

    internal string? Text(string name)
    {
        if (Take(name) is not { } element) return null;
        return element.ValueKind is JsonValueKind.String ? Decoded(PathOf(name), element.GetString) : throw Mistake(name, $"it is {Word(element)}, and must be a text.");
    }

    internal IEnumerable<string> Texts(string name)
    {
        if (Take(name) is not { } element) yield break;
        if (element.ValueKind is not JsonValueKind.Array || element.GetArrayLength() > MembersMax) throw Mistake(name, $"it is {Word(element)}, and must be a list of words.");
        foreach (var item in element.EnumerateArray()) yield return item.ValueKind is JsonValueKind.String ? Decoded(PathOf(name), item.GetString) : throw Mistake(name, $"it holds {Word(item)}, and must be a list of words.");
    }

    /// <summary>Text that is there for people and changes nothing.</summary>
    internal void Labels(params ReadOnlySpan<string> names)
    {
        foreach (var name in names) Text(name);
    }

    /// <summary>Refuses what nobody read; <paramref name="known"/> says what could have stood there.</summary>
    internal void Close(string known)
    {
        if (_members.Keys.FirstOrDefault(name => !_read.Contains(name)) is { } unknown) throw Mistake(unknown, $"it is not known; known are {known}.");
    }

    private JsonElement? Take(string name)
    {
        _read.Add(name);
        return _members.TryGetValue(name, out var element) ? element : null;
    }

    // Half of a surrogate pair, escaped, is JSON to the parser and no text.
    private static string Decoded(string path, Func<string?> read)
    {
        try
        {
            return read()!;
        }
        catch (InvalidOperationException)
        {
            throw new StatedMistakeException(path.Length == 0 ? "file" : path, "it holds a text that is no Unicode.");
        }
    }

    // A name comes from a file and may be anything; a sentence shows it on one line.
    private string PathOf(string name)
    {
        var shown = Printable(name);
        return _path.Length == 0 ? shown : $"{_path}.{shown}";
    }

    private static string Printable(string name)
    {
        const int most = 40;
        var shown = new StringBuilder();
        foreach (var c in name.AsSpan(0, Math.Min(name.Length, most))) shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        if (name.Length > most) shown.Append('…');
        return shown.Length == 0 ? "\"\"" : shown.ToString();
    }

    private static string Shown(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Word(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        _ => "true or false",
    };
}
