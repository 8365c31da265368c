using System.Globalization;
using KeyAccountLogistics.Kernel;
using NodaTime;
using NodaTime.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace KeyAccountLogistics.EdgeAgent.Configuration;

/// <summary>
/// One mapping of the file being read: every getter notes what is wrong and goes on with a harmless value, so that one reading finds every mistake.
/// Keys nobody asked for are mistakes too: a misspelt setting must not be silently ignored.
/// </summary>
internal sealed class YamlReader
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly YamlNode _node;
    private readonly string _path;
    private readonly List<string> _mistakes;

    public YamlReader(YamlNode node, string path, List<string> mistakes)
    {
        _node = node;
        _path = path;
        _mistakes = mistakes;
        if (node is not YamlMappingNode mapping)
        {
            Mistake(node, "", "must be a list of settings (name: value)");
            return;
        }
        foreach (var (key, value) in mapping.Children) _entries[key.ToString()] = (key, value);
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    public string Text(string name) => OptionalText(name) ?? Missing(name, "");

    public string? OptionalText(string name)
    {
        _asked.Add(name);
        if (!_entries.TryGetValue(name, out var entry)) return null;
        if (entry.Value is YamlScalarNode { Value: { Length: > 0 } text }) return text;
        Mistake(entry.Value, name, "must have a value");
        return null;
    }

    /// <summary>A text that a function turns into a value, or explains why it does not.</summary>
    public T Read<T>(string name, T fallback, Func<string, (T Value, string? Wrong)> read)
    {
        if (OptionalText(name) is not { } text) return fallback;
        var (value, wrong) = read(text);
        if (wrong is null) return value;
        Mistake(_entries[name].Value, name, wrong);
        return fallback;
    }

    public T Required<T>(string name, T fallback, Func<string, (T Value, string? Wrong)> read) => Has(name) ? Read(name, fallback, read) : Missing(name, fallback);

    public int Number(string name, int fallback, int min, int max) => Read(name, fallback, text =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? (number, null)
            : (fallback, string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {min} to {max}")));

    public bool YesNo(string name, bool fallback) => Read(name, fallback, text => text.ToLowerInvariant() switch
    {
        "yes" or "true" => (true, null),
        "no" or "false" => (false, (string?)null),
        _ => (fallback, $"'{text}' is neither yes nor no"),
    });

    public Mass Mass(string name, Mass fallback, bool required) => required ? Required(name, fallback, ReadMass) : Read(name, fallback, ReadMass);

    public Duration Duration(string name, Duration fallback, Duration min, Duration max) => Read(name, fallback, text =>
    {
        var value = ReadDuration(text);
        if (value is null) return (fallback, $"'{text}' is not a time like 500ms, 20s, 15min or 12h");
        return value >= min && value <= max
            ? (value.Value, null)
            : (fallback, string.Create(CultureInfo.InvariantCulture, $"'{text}' must lie between {min.TotalSeconds:0.###}s and {max.TotalSeconds:0.###}s"));
    });

    public LocalDate? Date(string name) => Read<LocalDate?>(name, null, static text =>
        LocalDatePattern.Iso.Parse(text) is { Success: true } parsed ? (parsed.Value, null) : (null, $"'{text}' is not a date like 2026-12-31"));

    public YamlReader? Section(string name)
    {
        _asked.Add(name);
        return _entries.TryGetValue(name, out var entry) ? new YamlReader(entry.Value, Inside(name), _mistakes) : null;
    }

    public IReadOnlyList<YamlReader> List(string name, int countMin, int countMax)
    {
        _asked.Add(name);
        if (!_entries.TryGetValue(name, out var entry))
        {
            if (countMin > 0) _ = Missing(name, 0);
            return [];
        }
        if (entry.Value is not YamlSequenceNode sequence)
        {
            Mistake(entry.Value, name, "must be a list (one '- ' for each)");
            return [];
        }
        if (sequence.Children.Count < countMin || sequence.Children.Count > countMax)
            Mistake(entry.Value, name, string.Create(CultureInfo.InvariantCulture, $"has {sequence.Children.Count} entries; {countMin} to {countMax} are possible"));
        return [.. sequence.Children.Take(countMax).Select((node, i) => new YamlReader(node, Inside(name) + "[" + i.ToString(CultureInfo.InvariantCulture) + "]", _mistakes))];
    }

    /// <summary>Every entry as text, for settings whose names only the protocol knows.</summary>
    public IReadOnlyDictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in _entries.Keys)
        {
            if (OptionalText(name) is { } text) texts[name] = text;
        }
        return texts;
    }

    /// <summary>To be called last: what nobody asked for.</summary>
    public void NothingElse()
    {
        foreach (var (name, entry) in _entries)
        {
            if (!_asked.Contains(name)) Mistake(entry.Key, name, $"is not known here; known are: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    public void Mistake(string name, string what) => Mistake(_entries.TryGetValue(name, out var entry) ? entry.Value : _node, name, what);

    private T Missing<T>(string name, T fallback)
    {
        Mistake(_node, name, "is missing");
        return fallback;
    }

    private void Mistake(YamlNode at, string name, string what) =>
        _mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"line {at.Start.Line}: {(name.Length > 0 ? Inside(name) : _path)} {what}."));

    private string Inside(string name) => _path.Length == 0 ? name : _path + "." + name;

    public static (Mass Value, string? Wrong) ReadMass(string text)
    {
        var space = text.LastIndexOf(' ');
        return space > 0 && decimal.TryParse(text.AsSpan(0, space), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && Kernel.Mass.TryFrom(number, text.AsSpan(space + 1), out var mass)
            ? (mass, null)
            : (default, $"'{text}' is not a mass with its unit, like '10 g' or '30 kg'");
    }

    private static Duration? ReadDuration(string text)
    {
        (string Unit, double Seconds)[] units = [("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600)];
        foreach (var (unit, seconds) in units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            return double.TryParse(text.AsSpan(0, text.Length - unit.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and < 1_000_000 ? NodaTime.Duration.FromSeconds(number * seconds) : null;
        }
        return null;
    }

    /// <summary>The root of a file; a file that is no YAML is one mistake.</summary>
    public static YamlReader? Root(TextReader text, List<string> mistakes)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count == 1) return new YamlReader(stream.Documents[0].RootNode, "", mistakes);
            mistakes.Add("The file is empty, or has more than one document.");
        }
        catch (YamlException wrong)
        {
            mistakes.Add(string.Create(CultureInfo.InvariantCulture, $"line {wrong.Start.Line}, column {wrong.Start.Column}: this is no YAML: {wrong.Message}"));
        }
        return null;
    }
}
