using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.Writing;

/// <summary>A version as commented YAML that a person reads and edits; reading it back gives an equal version.</summary>
internal static class ContractYaml
{
    private const int LineMax = 130;

    private static readonly FrozenDictionary<string, string> Headings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["renewal"] = "How the term goes on. 续约",
        ["tariff"] = "Freight: zones, the weight that is billed, prices by zone. 运费",
        ["returns"] = "What a way back or a redirect costs on top. 退回与改寄",
        ["surcharges"] = "Surcharges, in the order of the bill. 附加费",
        ["discounts"] = "Discounts on freight. 折扣",
        ["insurance"] = "Insured value. 保价",
        ["cod"] = "Cash on delivery. 代收货款",
        ["freight_collect"] = "Freight paid by the consignee. 到付",
        ["rebates"] = "What a whole period gives back. 返利",
        ["commitments"] = "What the client commits to. 保底量",
        ["price_lock"] = "Until then no price rises. 价格锁定",
        ["guard"] = "Limits of what may be agreed. 折扣与毛利底线",
        ["credit"] = "Monthly settlement. 月结",
        ["weight"] = "What two weights may differ by, and who may dispute. 重量",
        ["handover"] = "What a handover must show. 交接",
        ["promise"] = "How a promise is made. 时限",
        ["dispatch"] = "What dispatch must respect. 派送",
        ["service"] = "How the service is scored. 服务质量",
        ["obligations"] = "What is due regularly. 定期事项",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static string Write(ContractVersion version)
    {
        var text = new StringBuilder();
        foreach (var entry in ContractNodes.Of(version).Entries)
        {
            if (Headings.TryGetValue(entry.Key, out var heading)) text.Append(CultureInfo.InvariantCulture, $"\n# {heading}\n");
            Entry(text, entry, 0);
        }
        return text.ToString();
    }

    private static void Entry(StringBuilder text, TermsEntry entry, int indent)
    {
        text.Append(entry.Key).Append(':');
        if (entry.Value is TermsNode.Text or TermsNode.List { Items.IsEmpty: true } || Fits(entry.Value, indent + entry.Key.Length + 2))
        {
            text.Append(' ');
            Flow(text, entry.Value);
            text.Append('\n');
            return;
        }
        text.Append('\n');
        Block(text, entry.Value, indent + 2);
    }

    private static void Block(StringBuilder text, TermsNode node, int indent)
    {
        if (node is TermsNode.Map map)
        {
            foreach (var entry in map.Entries)
            {
                text.Append(' ', indent);
                Entry(text, entry, indent);
            }
            return;
        }
        foreach (var item in ((TermsNode.List)node).Items)
        {
            text.Append(' ', indent).Append("- ");
            if (item is not TermsNode.Map within || Fits(item, indent + 2))
            {
                Flow(text, item);
                text.Append('\n');
                continue;
            }
            for (var i = 0; i < within.Entries.Length; i++)
            {
                if (i > 0) text.Append(' ', indent + 2);
                Entry(text, within.Entries[i], indent + 2);
            }
        }
    }

    // Rows belong on lines of their own; a table in one line is not read by anybody.
    private static bool Fits(TermsNode node, int used)
    {
        if (node is TermsNode.List { Items: [TermsNode.Map, _, ..] } || (node is TermsNode.Map map && map.Entries.Any(e => e.Value is TermsNode.List { Items: [TermsNode.Map, ..] }))) return false;
        var flow = new StringBuilder();
        Flow(flow, node);
        return used + flow.Length <= LineMax;
    }

    private static void Flow(StringBuilder text, TermsNode node)
    {
        switch (node)
        {
            case TermsNode.Text scalar:
                Scalar(text, scalar.Value);
                break;
            case TermsNode.List list:
                text.Append('[');
                for (var i = 0; i < list.Items.Length; i++)
                {
                    if (i > 0) text.Append(", ");
                    Flow(text, list.Items[i]);
                }
                text.Append(']');
                break;
            case TermsNode.Map map:
                text.Append('{');
                for (var i = 0; i < map.Entries.Length; i++)
                {
                    if (i > 0) text.Append(", ");
                    text.Append(map.Entries[i].Key).Append(": ");
                    Flow(text, map.Entries[i].Value);
                }
                text.Append('}');
                break;
        }
    }

    private static void Scalar(StringBuilder text, string value)
    {
        if (IsPlain(value))
        {
            text.Append(value);
            return;
        }
        text.Append('"');
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') text.Append('\\').Append((char)rune.Value);
            else if (rune.Value is >= ' ' and < 127 || (rune.IsBmp && Rune.IsLetterOrDigit(rune))) text.Append(rune.ToString());
            else if (rune.IsBmp) text.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else text.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }
        text.Append('"');
    }

    // What every reader of YAML takes for the same text without quotes.
    private static bool IsPlain(string value)
    {
        if (value.Length == 0 || value[^1] == ' ' || value is "null" or "Null" or "NULL" or "yes" or "no" or "on" or "off" or "Yes" or "No" or "On" or "Off") return false;
        if (!char.IsAsciiLetterOrDigit(value[0]) && !IsHan(value[0]) && !(value[0] == '-' && value.Length > 1 && char.IsAsciiDigit(value[1]))) return false;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var fits = char.IsAsciiLetterOrDigit(c) || IsHan(c) || c is '-' or '_' or '.' or '+' or '/' or '(' or ')' || (c == ' ' && value[i - 1] != ' ');
            if (!fits) return false;
        }
        return true;
    }

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
