using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Words;

/// <summary>One difference between two versions.</summary>
/// <param name="Clause">The clause; empty for what stands above all clauses.</param>
/// <param name="Kind">Whether it came, went or changed.</param>
/// <param name="Text">The whole difference: <c>T-3: first kilogram 8.00 -> 8.50 CNY</c>.</param>
internal sealed record ContractChange(string Clause, ChangeKind Kind, Said Text);

/// <summary>What a difference is.</summary>
internal enum ChangeKind
{
    /// <summary>A clause, or a thing it says, that was not there.</summary>
    Added = 1,

    /// <summary>One that is no longer there.</summary>
    Removed = 2,

    /// <summary>One that says something else.</summary>
    Changed = 3,
}

/// <summary>Two versions compared in words, and whether the later one raises a price.</summary>
/// <param name="Changes">In the order of the later document, what went last.</param>
/// <param name="Raised">
/// The clauses by which some shipment may cost more, each with why. Careful: a change whose effect on the price cannot be told from the two texts
/// (a rounding of another kind, zones by other rows) is among them, because announcing in vain costs less than raising unannounced.
/// </param>
internal sealed record ContractDiff(ImmutableArray<ContractChange> Changes, ImmutableArray<PriceRise> Raised)
{
    /// <summary>True when some price may rise: the change is announced ten days ahead (domain.md 4.2, article 22), and a price lock forbids it.</summary>
    public bool RaisesAPrice => !Raised.IsEmpty;

    /// <summary>Compares two versions of one contract.</summary>
    internal static ContractDiff Between(ContractVersion earlier, ContractVersion later)
    {
        var before = ContractWords.Of(earlier).ToDictionary(c => c.Id, StringComparer.Ordinal);
        var changes = new List<ContractChange>();
        foreach (var clause in ContractWords.Of(later))
        {
            if (!before.Remove(clause.Id, out var old)) changes.Add(Whole(clause, ChangeKind.Added));
            else if (!string.Equals(old.Kind, clause.Kind, StringComparison.Ordinal)) changes.AddRange([Whole(old, ChangeKind.Removed), Whole(clause, ChangeKind.Added)]);
            else changes.AddRange(Within(old, clause));
        }
        changes.AddRange(before.Values.Select(gone => Whole(gone, ChangeKind.Removed)));
        return new([.. changes], PriceRises.Between(earlier, later));
    }

    private static ContractChange Whole(ClauseWords clause, ChangeKind kind)
    {
        var facts = clause.Facts.Where(f => !f.InTable && f.Key is not ("services" or "amount_rounding")).Take(3).ToList();
        var (en, zh) = (string.Join(", ", facts.Select(f => $"{f.About.En} {f.Is.En}")), string.Join("，", facts.Select(f => $"{f.About.Zh} {f.Is.Zh}")));
        return kind == ChangeKind.Added
            ? new(clause.Id, kind, new($"{clause.Id}: added: {clause.Title.En} ({en})", $"{clause.Id}：新增{clause.Title.Zh}（{zh}）"))
            : new(clause.Id, kind, new($"{clause.Id}: removed: {clause.Title.En} ({en})", $"{clause.Id}：删除{clause.Title.Zh}（{zh}）"));
    }

    private static IEnumerable<ContractChange> Within(ClauseWords before, ClauseWords after)
    {
        var (en, zh) = after.Id.Length == 0 ? ("", "") : ($"{after.Id}: ", $"{after.Id}：");
        var old = before.Facts.GroupBy(f => f.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var fact in after.Facts)
        {
            if (!old.Remove(fact.Key, out var was))
            {
                yield return new(after.Id, ChangeKind.Added, new($"{en}added: {fact.About.En} {fact.Is.En}", $"{zh}新增：{fact.About.Zh} {fact.Is.Zh}"));
            }
            else if (was.Is != fact.Is || was.About != fact.About)
            {
                // A row whose words changed too (an end moved) is told whole on both sides; a figure alone with its unit once.
                var sameAbout = was.About == fact.About;
                var (from, to) = sameAbout ? (Short(was.Is, fact.Is), fact.Is) : (new($"{was.About.En} {was.Is.En}", $"{was.About.Zh} {was.Is.Zh}"), new($"{fact.About.En} {fact.Is.En}", $"{fact.About.Zh} {fact.Is.Zh}"));
                yield return new(after.Id, ChangeKind.Changed, sameAbout
                    ? new($"{en}{fact.About.En} {from.En} -> {to.En}", $"{zh}{fact.About.Zh} {from.Zh} → {to.Zh}")
                    : new($"{en}{from.En} -> {to.En}", $"{zh}{from.Zh} → {to.Zh}"));
            }
        }
        foreach (var gone in before.Facts.Where(f => old.ContainsKey(f.Key)))
            yield return new(after.Id, ChangeKind.Removed, new($"{en}removed: {gone.About.En} {gone.Is.En}", $"{zh}删除：{gone.About.Zh} {gone.Is.Zh}"));
    }

    private static bool IsFigure(string text) => text.All(c => char.IsAsciiDigit(c) || c == '.');

    private static Said Short(Said was, Said now) => new(WithoutUnit(was.En, now.En), WithoutUnit(was.Zh, now.Zh));

    // 8.00 CNY -> 8.50 CNY is read as 8.00 -> 8.50 CNY; only where figure and unit are all there is.
    private static string WithoutUnit(string was, string now)
    {
        var (a, b) = (was.Split(' '), now.Split(' '));
        return a.Length == 2 && b.Length == 2 && string.Equals(a[1], b[1], StringComparison.Ordinal) && IsFigure(a[0]) && IsFigure(b[0]) ? a[0] : was;
    }
}
