using System.Globalization;
using System.Text;

namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>
/// GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax 1.5), as opposed to any other web address: any host and any path may stand before the primary key, then key,
/// qualifiers in order, and attributes in the query: <c>https://any.host/00/106141411234567897?3301=000250</c>. Nothing is fetched; a link is only read.
/// </summary>
public static class DigitalLink
{
    private const string UriCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%";

    /// <summary>True for a text that starts as a Digital Link may: http or https, all small or all capitals, as the standard has it.</summary>
    public static bool IsUri(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SchemeLength(text) > 0;
    }

    /// <summary>Reads the elements of a link: key and qualifiers first, attributes after. False with the flaw otherwise.</summary>
    public static bool TryParse(string uri, out Gs1Message? message, out Gs1Flaw? flaw)
    {
        ArgumentNullException.ThrowIfNull(uri);
        message = null;
        if (uri.Length > Gs1Message.LengthMax) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Length, $"A link has at most {Gs1Message.LengthMax} characters.");
        if (!TrySplit(uri, out var path, out var query, out flaw)) return false;
        if (FindKey(path, out var pairs) is not { } key)
            return Gs1Message.Refuse(out flaw, Gs1FlawCode.NoPrimaryKey, "No GS1 primary key stands in the path: a web address, but no Digital Link.");
        var elements = new List<Gs1Element>();
        foreach (var (ai, value) in pairs)
        {
            if (!Add(elements, ai, Unescape(value, isQuery: false), out flaw)) return false;
        }
        var inPath = elements.ConvertAll(element => element.Ai);
        if (!IsSequence(key, inPath[1..]))
            return Gs1Message.Refuse(out flaw, Gs1FlawCode.Qualifiers, $"({key.Ai}) may not be qualified by {string.Join(", ", inPath.Skip(1))} in this order.");
        if (!AddAttributes(elements, query, key, inPath, out flaw)) return false;
        message = Gs1Message.Of(elements);
        return true;
    }

    private static int SchemeLength(string text)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "HTTPS://", "http://", "HTTP://"])
        {
            if (text.StartsWith(scheme, StringComparison.Ordinal)) return scheme.Length;
        }
        return 0;
    }

    private static bool TrySplit(string uri, out string path, out string query, out Gs1Flaw? flaw)
    {
        (path, query, flaw) = ("", "", null);
        if (uri.AsSpan().ContainsAnyExcept(UriCharacters)) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Uri, "The address holds characters that a URI may not.");
        var scheme = SchemeLength(uri);
        if (scheme == 0) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Uri, "A Digital Link starts with http:// or https://.");
        var slash = uri.IndexOf('/', scheme);
        if (slash <= scheme) return Gs1Message.Refuse(out flaw, Gs1FlawCode.Uri, "A Digital Link has a host and a path.");
        if (uri.AsSpan(scheme, slash - scheme).ContainsAny("_~?#@!$&'()*+,;=%"))
            return Gs1Message.Refuse(out flaw, Gs1FlawCode.Uri, "The host holds characters that it may not.");
        var rest = uri[slash..];
        if (rest.IndexOf('#') is >= 0 and var fragment) rest = rest[..fragment];
        var mark = rest.IndexOf('?');
        (path, query) = mark < 0 ? (rest, "") : (rest[..mark], rest[(mark + 1)..]);
        return true;
    }

    /// <summary>The path is read from its end in pairs until a pair starts with a primary key: what stands before it is the host's own business.</summary>
    private static ApplicationIdentifier? FindKey(string path, out List<(string Ai, string Value)> pairs)
    {
        pairs = [];
        var segments = path.Split('/');   // the first is empty: the path starts with a slash
        for (var i = segments.Length - 2; i >= 1; i -= 2)
        {
            if (ApplicationIdentifierTable.Find(segments[i]) is not { } ai) return null;
            pairs.Insert(0, (segments[i], segments[i + 1]));
            if (ai.IsLinkKey) return ai;
        }
        return null;
    }

    private static bool AddAttributes(List<Gs1Element> elements, string query, ApplicationIdentifier key, List<string> inPath, out Gs1Flaw? flaw)
    {
        flaw = null;
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) continue;
            var name = parameter[..equals];
            if (name.Length > 0 && !IdentifierText.IsDigits(name)) continue;   // the host's own parameters
            if (ApplicationIdentifierTable.Find(name) is not { } ai)
                return Gs1Message.Refuse(out flaw, Gs1FlawCode.UnknownAi, $"({name}) in the query is no Application Identifier.", name);
            if (!ai.IsLinkAttribute) return Gs1Message.Refuse(out flaw, Gs1FlawCode.NotAnAttribute, $"({name}) may not stand in the query.", name);
            if (CouldStandInPath(key, inPath, name))
                return Gs1Message.Refuse(out flaw, Gs1FlawCode.NotAnAttribute, $"({name}) qualifies ({key.Ai}), so it belongs in the path.", name);
            if (!Add(elements, name, Unescape(parameter[(equals + 1)..], isQuery: true), out flaw)) return false;
        }
        return true;
    }

    private static bool Add(List<Gs1Element> elements, string ai, string value, out Gs1Flaw? flaw)
    {
        if (elements.Count == Gs1Message.ElementsMax) return Gs1Message.Refuse(out flaw, Gs1FlawCode.TooMany, $"A link has at most {Gs1Message.ElementsMax} elements.");
        if (elements.Exists(element => string.Equals(element.Ai, ai, StringComparison.Ordinal)))
            return Gs1Message.Refuse(out flaw, Gs1FlawCode.Duplicate, $"({ai}) stands twice.", ai);
        if (!Gs1Message.TryMake(ai, value, out var element, out flaw)) return false;
        elements.Add(element!);
        return true;
    }

    // Qualifiers may be left out but not change their order.
    private static bool IsSequence(ApplicationIdentifier key, List<string> qualifiers)
    {
        if (qualifiers.Count == 0) return true;
        foreach (var allowed in key.QualifierSequences)
        {
            var next = 0;
            foreach (var qualifier in allowed)
            {
                if (next < qualifiers.Count && string.Equals(qualifier, qualifiers[next], StringComparison.Ordinal)) next++;
            }
            if (next == qualifiers.Count) return true;
        }
        return false;
    }

    private static bool CouldStandInPath(ApplicationIdentifier key, List<string> inPath, string ai)
    {
        for (var at = 1; at <= inPath.Count; at++)
        {
            List<string> tried = [.. inPath[1..at], ai, .. inPath[at..]];
            if (IsSequence(key, tried)) return true;
        }
        return false;
    }

    /// <summary>Undoes percent-encoding byte by byte; a percent sign without two hexadecimal digits stands for itself. In a query a plus is a blank.</summary>
    private static string Unescape(string text, bool isQuery)
    {
        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                value.Append((char)byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                value.Append(isQuery && text[i] == '+' ? ' ' : text[i]);
            }
        }
        return value.ToString();
    }
}
