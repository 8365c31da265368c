using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Reading;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>A text in both languages.</summary>
internal readonly record struct Said(string En, string Zh)
{
    internal static Said Same(string text) => new(text, text);
}

/// <summary>One thing a clause says: what it is about and what it says of it. Two versions are compared by <paramref name="Key"/>.</summary>
/// <param name="Key">The same in every version, in no language.</param>
/// <param name="About">What it is about: <c>first kilogram</c>.</param>
/// <param name="Is">What it says: <c>8.00 CNY</c>.</param>
/// <param name="InTable">True for a row of a table, of which there may be thousands.</param>
internal sealed record Fact(string Key, Said About, Said Is, bool InTable = false);

/// <summary>A clause in plain words.</summary>
/// <param name="Id">Its id; empty for what stands above all clauses.</param>
/// <param name="Kind">What kind of clause it is, as the document's key names it.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Facts">What it says.</param>
internal sealed record ClauseWords(string Id, string Kind, Said Title, ImmutableArray<Fact> Facts);

/// <summary>How figures are said to people.</summary>
internal sealed class Speech(string currency)
{
    private readonly string _format = Money.Zero(currency).Decimals is var d and > 0 ? "0." + new string('0', d) + "####" : "0.####";

    internal static Said Any { get; } = new("any", "任意");

    internal static Said Yes { get; } = new("yes", "是");

    internal static Said No { get; } = new("no", "否");

    internal string Figure(decimal amount) => amount.ToString(_format, CultureInfo.InvariantCulture);

    internal Said Amount(decimal amount) => new($"{Figure(amount)} {currency}", currency is "CNY" ? $"{Figure(amount)} 元" : $"{Figure(amount)} {currency}");

    internal static Said Percent(decimal percent) => Said.Same(TermsText.Write(percent) + " %");

    internal static Said Number(long number) => Said.Same(number.ToString(CultureInfo.InvariantCulture));

    internal static Said Days(int days) => Counted(days, "day", "天");

    internal static Said WorkingDays(int days) => Counted(days, "working day", "个工作日");

    internal static Said Counted(decimal number, string en, string zh) => new($"{TermsText.Write(number)} {en}{(number == 1 ? "" : "s")}", $"{TermsText.Write(number)} {zh}");

    internal static Said Weight(Mass mass) => mass.Milligrams % 100_000 == 0 && mass > Mass.Zero
        ? new($"{TermsText.Write(mass.Kilograms)} kg", $"{TermsText.Write(mass.Kilograms)} 公斤")
        : new($"{TermsText.Write(mass.Grams)} g", $"{TermsText.Write(mass.Grams)} 克");

    internal static Said Date(LocalDate date) => Said.Same(Clauses.Write(date));

    internal static Said Time(LocalTime time) => Said.Same(TermsText.Write(time));

    internal static Said Services(ImmutableArray<string> services) =>
        services.IsEmpty ? new("any service", "所有产品") : new(string.Join(", ", services), string.Join("、", services));

    internal static Said Places(Lane lane) => new($"{Place(lane.From).En} > {Place(lane.To).En}", $"{Place(lane.From).Zh} > {Place(lane.To).Zh}");

    internal static Said Place(string pattern) => pattern is "*" ? new("anywhere", "任意地点") : Said.Same(pattern);

    internal static Said List(IEnumerable<Said> items)
    {
        var all = items.ToList();
        return all.Count == 0 ? new("none", "无") : new(string.Join(", ", all.Select(i => i.En)), string.Join("、", all.Select(i => i.Zh)));
    }
}
