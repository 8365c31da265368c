using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>Reads a text as a value; false when it is not one.</summary>
internal delegate bool Parse<T>(string text, [NotNullWhen(true)] out T? value);

/// <summary>
/// One map of a document while it is read: every field asked for once, every mistake noted with its path, and whatever nobody asked for reported as
/// an unknown word when it is closed.
/// </summary>
internal sealed class Section
{
    private readonly TermsNode.Map _map;
    private readonly string _path;
    private readonly List<TermsMistake> _mistakes;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly ISet<string>? _known;

    /// <param name="map">The map.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="mistakes">Where mistakes are noted.</param>
    /// <param name="known">Collects the paths of every field asked for, items of lists without their number; null when nobody wants to know.</param>
    internal Section(TermsNode.Map map, string path, List<TermsMistake> mistakes, ISet<string>? known = null)
    {
        (_map, _path, _mistakes, _known) = (map, path, mistakes, known);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (!seen.Add(entry.Key)) Mistake(entry.Mark, PathOf(entry.Key), "stands here twice; keep one.");
        }
    }

    /// <summary>Where the map itself begins.</summary>
    internal TermsMark? Mark => _map.Mark;

    /// <summary>What stands under a key, unread; null when absent.</summary>
    internal TermsNode? Node(string key) => Find(key)?.Value;

    /// <summary>A mistake of the whole map.</summary>
    internal void Mistake(string message) => Mistake(_map.Mark, _path, message);

    internal string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    internal bool Has(string key) => Find(key) is not null;

    /// <summary>A scalar that must be there.</summary>
    internal T? Required<T>(string key, Parse<T> parse, string shape)
    {
        if (Find(key) is { } entry) return Read(entry, parse, shape);
        Mistake(_map.Mark, PathOf(key), $"is missing; write {shape}.");
        return default;
    }

    /// <summary>A scalar that may be absent.</summary>
    internal T? Optional<T>(string key, Parse<T> parse, string shape, T? absent = default) =>
        Find(key) is { } entry ? Read(entry, parse, shape) : absent;

    /// <summary>One word of a closed set.</summary>
    internal T? Word<T>(string key, IReadOnlyDictionary<string, T> words, bool required, T? absent = default)
    {
        if (Find(key) is not { } entry)
        {
            if (required) Mistake(_map.Mark, PathOf(key), $"is missing; write one of {string.Join(", ", words.Keys)}.");
            return absent;
        }
        return WordAt(entry.Value, PathOf(key), words);
    }

    /// <summary>Several words of a closed set, in a list; null when absent.</summary>
    internal IReadOnlyList<T>? Words<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        if (Find(key) is not { } entry) return null;
        if (entry.Value is not TermsNode.List list)
        {
            Mistake(entry.Value.Mark, PathOf(key), $"must be a list of words: [{string.Join(", ", words.Keys)}].");
            return null;
        }
        var found = new List<T>();
        for (var i = 0; i < list.Items.Length; i++) found.Add(WordAt(list.Items[i], Indexed(key, i), words));
        return found;
    }

    /// <summary>A map within; null when absent or not a map.</summary>
    internal Section? Child(string key, bool required, string holds)
    {
        if (Find(key) is { } entry) return AsSection(entry.Value, PathOf(key), holds);
        if (required) Mistake(_map.Mark, PathOf(key), $"is missing; it holds {holds}.");
        return null;
    }

    /// <summary>The items of a list of maps; empty when absent or not a list.</summary>
    internal IReadOnlyList<Section> Children(string key, bool required, int most, string holds)
    {
        if (Find(key) is not { } entry)
        {
            if (required) Mistake(_map.Mark, PathOf(key), $"is missing; it is a list, each item {holds}.");
            return [];
        }
        if (entry.Value is not TermsNode.List list || (required && list.Items.IsEmpty))
        {
            Mistake(entry.Value.Mark, PathOf(key), $"must be a list with at least one item, each {holds}.");
            return [];
        }
        if (list.Items.Length > most)
        {
            Mistake(list.Mark, PathOf(key), string.Create(CultureInfo.InvariantCulture, $"has {list.Items.Length} items; at most {most} are read."));
            return [];
        }
        return [.. list.Items.Select((item, i) => AsSection(item, Indexed(key, i), holds)).OfType<Section>()];
    }

    /// <summary>A list of texts, or one text alone; null when absent.</summary>
    internal IReadOnlyList<string>? Texts(string key, int most, Parse<string> parse, string shape)
    {
        if (Find(key) is not { } entry) return null;
        var items = entry.Value is TermsNode.List list ? list.Items : [entry.Value];
        if (items.Length > most)
        {
            Mistake(entry.Value.Mark, PathOf(key), string.Create(CultureInfo.InvariantCulture, $"has {items.Length} items; at most {most} are read."));
            return null;
        }
        return [.. items.Select((item, i) => At(item, entry.Value is TermsNode.List ? Indexed(key, i) : PathOf(key), parse, shape)).OfType<string>()];
    }

    /// <summary>A mistake that only shows when fields are put together.</summary>
    internal void Mistake(string key, string message) => Mistake(Find(key)?.Value.Mark ?? _map.Mark, PathOf(key), message);

    /// <summary>Reports what nobody asked for.</summary>
    internal void Close()
    {
        foreach (var entry in _map.Entries)
        {
            if (_asked.Contains(entry.Key)) continue;
            var known = _asked.Order(StringComparer.Ordinal).ToList();
            var hint = NearestWord.Of(entry.Key, known) is { } near ? $"did you mean {near}?" : $"known here: {string.Join(", ", known)}.";
            Mistake(entry.Mark, PathOf(entry.Key), $"is not known; {hint}");
        }
    }

    private TermsEntry? Find(string key)
    {
        _asked.Add(key);
        _known?.Add(string.Concat(PathOf(key).Split('[').Select((part, i) => i == 0 ? part : "[" + part[part.IndexOf(']', StringComparison.Ordinal)..])));
        foreach (var entry in _map.Entries)
        {
            if (string.Equals(entry.Key, key, StringComparison.Ordinal)) return entry;
        }
        return null;
    }

    private T? Read<T>(TermsEntry entry, Parse<T> parse, string shape) => At(entry.Value, PathOf(entry.Key), parse, shape);

    private T? At<T>(TermsNode node, string path, Parse<T> parse, string shape)
    {
        if (node is TermsNode.Text text)
        {
            if (parse(text.Value, out var value)) return value;
            Mistake(node.Mark, path, text.Value.Length == 0 ? $"is empty; write {shape}." : $"'{Shortened(text.Value)}' does not fit; write {shape}.");
        }
        else
        {
            Mistake(node.Mark, path, $"must be {shape}.");
        }
        return default;
    }

    private T? WordAt<T>(TermsNode node, string path, IReadOnlyDictionary<string, T> words)
    {
        if (node is TermsNode.Text text)
        {
            if (words.TryGetValue(text.Value, out var value)) return value;
            var near = NearestWord.Of(text.Value, words.Keys) is { } word ? $"; did you mean {word}?" : ".";
            Mistake(node.Mark, path, $"'{Shortened(text.Value)}' is not known{near} Known: {string.Join(", ", words.Keys)}.");
        }
        else
        {
            Mistake(node.Mark, path, $"must be one of {string.Join(", ", words.Keys)}.");
        }
        return default;
    }

    private Section? AsSection(TermsNode node, string path, string holds)
    {
        if (node is TermsNode.Map map) return new Section(map, path, _mistakes, _known);
        Mistake(node.Mark, path, $"must be a map that holds {holds}.");
        return null;
    }

    private string Indexed(string key, int index) => string.Create(CultureInfo.InvariantCulture, $"{PathOf(key)}[{index}]");

    private void Mistake(TermsMark? mark, string path, string message) => _mistakes.Add(new(path, mark, message));

    private static string Shortened(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
