using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>Elements of a page, built as a tree: what is well-formed and escaped does not hang on anybody's care.</summary>
internal static class Markup
{
    // These have no end tag in HTML; every other element must have one.
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal) { "meta", "br", "col", "rect", "line", "path" };

    internal static XElement E(string name, params object?[] content) => new(name, content.Select(static c => c is string text ? Clean(text) : c));

    internal static XElement C(string name, string @class, params object?[] content)
    {
        var element = E(name, content);
        element.SetAttributeValue("class", @class);
        return element;
    }

    /// <summary>Without what no XML may hold: a name with a control character is shown without it.</summary>
    internal static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!XmlConvert.IsXmlChar(text[i])) return Slowly(text);
        }
        return text;
    }

    /// <summary>The text of a page, without a declaration: it is HTML, and happens to be XML.</summary>
    internal static string Write(XElement page)
    {
        foreach (var element in page.DescendantsAndSelf().Where(static e => e.IsEmpty && !Void.Contains(e.Name.LocalName))) element.Value = "";
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static string Slowly(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) clean.Append(text[i]).Append(text[++i]);
        }
        return clean.ToString();
    }
}
