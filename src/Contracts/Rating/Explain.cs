using System.Globalization;
using System.Text;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// The sentences of a charge, as a client understands them: what was counted, at what price, what it makes. Made from the rule that gave the amount and what it was asked for, so a sentence cannot say
/// anything else than the bill.
/// </summary>
internal static class Explain
{
    /// <summary>Kilograms without zeros at the end: <c>2.5</c>.</summary>
    internal static string Kilograms(long milligrams) => Mass.FromMilligrams(milligrams).Kilograms.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>An amount with the currency's decimals: <c>12.40</c>.</summary>
    internal static string Amount(long minor, int decimals) => AppendAmount(new StringBuilder(16), minor, decimals).ToString();

    /// <summary>Writes the sentence of a line.</summary>
    internal static void Line(StringBuilder text, in RatedLine line, in RateResult result, string currency, int decimals, bool zh)
    {
        var unit = zh && string.Equals(currency, "CNY", StringComparison.Ordinal) ? "元" : " " + currency;
        Name(text, line, result, zh);
        text.Append(zh ? "：" : ": ");
        if (line.Rule is not { } rule)
        {
            text.Append(line.X).Append(zh ? "件分别计费" : " pieces, each by itself");
        }
        else
        {
            var terms = rule.Terms.Terms;
            for (var i = 0; i < terms.Length; i++)
            {
                if (i > 0) text.Append(" + ");
                Term(text, terms[i], line.X, decimals, unit, zh);
            }
            Bounds(text, rule.Terms, line.Minor, decimals, unit, zh);
        }
        AppendAmount(text.Append(" = "), line.Minor, decimals).Append(unit);
    }

    internal static ChargeLine Line(in RatedLine line, in RateResult result, string currency, int decimals)
    {
        var text = new StringBuilder(96);
        Line(text, line, result, currency, decimals, zh: true);
        var zh = text.ToString();
        Line(text.Clear(), line, result, currency, decimals, zh: false);
        return new ChargeLine(line.Clause, TraceWords.Of(line.Kind), new Money(line.Minor, currency), zh, text.ToString());
    }

    private static void Name(StringBuilder text, in RatedLine line, in RateResult result, bool zh)
    {
        var label = line.Rule?.Terms.Label ?? "";
        switch (line.Kind)
        {
            case ChargeKind.Freight:
                text.Append(zh ? "运费，计费重量" : "Freight, chargeable weight ");
                AppendKilograms(text, result.BillsMg).Append(" kg");
                if (result.Basis == ChargeBasis.Volumetric) text.Append(zh ? "（体积重量）" : " (by volume)");
                break;
            case ChargeKind.Return:
                text.Append(zh ? "退回" : "Return");
                break;
            case ChargeKind.Redirect:
                text.Append(zh ? "改寄" : "Redirect");
                break;
            case ChargeKind.Discount:
                text.Append(zh ? "运费折扣" : "Discount on freight");
                if (label.Length > 0) text.Append(zh ? "（" : " (").Append(label).Append(zh ? "）" : ")");
                break;
            case ChargeKind.Surcharge:
                Surcharge(text, label, zh);
                break;
            case ChargeKind.Insurance:
                text.Append(zh ? "保价费" : "Insured value");
                break;
            case ChargeKind.Cod:
                text.Append(zh ? "代收货款手续费" : "Cash on delivery");
                break;
            case ChargeKind.FreightCollect:
                text.Append(zh ? "到付手续费" : "Freight collect");
                break;
            default:
                throw new InvariantBrokenException("A line is of a closed set.", line.Kind.ToString());
        }
    }

    private static void Surcharge(StringBuilder text, string label, bool zh)
    {
        var (word, from) = label.IndexOf(' ') is var at and > 0 ? (label[..at], label[(at + 1)..]) : (label, "");
        text.Append((word, zh) switch
        {
            ("fuel", true) => "燃油附加费",
            ("fuel", false) => "Fuel surcharge",
            ("always", true) => "附加费",
            ("always", false) => "Surcharge",
            ("remote", true) => "偏远附加费",
            ("remote", false) => "Remote area surcharge",
            ("oversize", true) => "超限附加费",
            ("oversize", false) => "Oversize surcharge",
            (_, true) => $"附加费（{word}）",
            _ => $"Surcharge ({word})",
        });
        if (from.Length > 0) text.Append(zh ? "（" : " (rate from ").Append(from).Append(zh ? "起的费率）" : ")");
    }

    private static void Term(StringBuilder text, in PriceTerm term, long x, int decimals, string unit, bool zh)
    {
        var part = term.Fixed ?? (x - term.From);
        switch (term.What)
        {
            case TermKind.First:
                text.Append(zh ? "首重" : "first ");
                AppendKilograms(text, term.To ?? 0).Append(" kg ");
                Price(text, term.Price, unit);
                break;
            case TermKind.Further or TermKind.PerStep:
                text.Append(zh ? "续重" : "further ");
                if (part % term.Per == 0)
                {
                    text.Append(part / term.Per).Append(zh ? "步×" : part == term.Per ? " step × " : " steps × ");
                    Price(text, term.Price, unit);
                }
                else
                {
                    AppendKilograms(text, part).Append(" kg × ");
                    Price(text, term.Price, unit);
                }
                AppendKilograms(text.Append('/'), term.Per).Append(" kg");
                break;
            case TermKind.Bracket:
                text.Append(zh ? "区间价" : "bracket");
                if (term.To is { } to) AppendKilograms(text.Append(zh ? "（至" : " (to "), to).Append(zh ? " kg）" : " kg)");
                Price(text.Append(' '), term.Price, unit);
                break;
            case TermKind.PerKg:
                AppendKilograms(text, part).Append(" kg × ");
                Price(text, term.Price, unit);
                break;
            case TermKind.Piece:
                text.Append(part).Append(zh ? "件 × " : part == 1 ? " piece × " : " pieces × ");
                Price(text, term.Price, unit);
                break;
            case TermKind.Shipment:
                text.Append(zh ? "每票 " : "per shipment ");
                Price(text, term.Price, unit);
                break;
            case TermKind.Percent or TermKind.PerMille:
                AppendAmount(text, part, decimals).Append(unit).Append(" × ");
                text.Append(CultureInfo.InvariantCulture, $"{term.Price:0.############}").Append(term.What == TermKind.Percent ? " %" : " ‰");
                break;
            default:
                throw new InvariantBrokenException("A term is of a closed set.", term.What.ToString());
        }
    }

    private static void Bounds(StringBuilder text, AmountTerms terms, long minor, int decimals, string unit, bool zh)
    {
        var amount = minor / (ExtraTerms.PerHundred(decimals) / 100m);
        if (terms.Least is { } least && amount <= least) Price(text.Append(zh ? "，最低 " : ", at least "), least, unit);
        if (terms.Most is { } most && amount >= most) Price(text.Append(zh ? "，最高 " : ", at most "), most, unit);
    }

    // At least two decimals, as prices are written; more where the contract has more.
    private static void Price(StringBuilder text, decimal price, string unit) => text.Append(CultureInfo.InvariantCulture, $"{price:0.00##########}").Append(unit);

    private static StringBuilder AppendKilograms(StringBuilder text, long milligrams)
    {
        text.Append(milligrams / 1_000_000);
        var rest = milligrams % 1_000_000;
        if (rest == 0) return text;
        text.Append('.');
        for (var unit = 100_000L; rest > 0; unit /= 10)
        {
            text.Append((char)('0' + (rest / unit)));
            rest %= unit;
        }
        return text;
    }

    private static StringBuilder AppendAmount(StringBuilder text, long minor, int decimals)
    {
        if (minor < 0) text.Append('-');
        var (value, unit) = (Math.Abs(minor), ExtraTerms.PerHundred(decimals) / 100);
        text.Append(value / unit);
        if (decimals == 0) return text;
        text.Append('.');
        var rest = value % unit;
        for (unit /= 10; unit > 0; unit /= 10)
        {
            text.Append((char)('0' + (rest / unit)));
            rest %= unit;
        }
        return text;
    }
}
