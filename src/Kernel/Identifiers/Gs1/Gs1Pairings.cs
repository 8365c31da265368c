namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>
/// The dictionary's rules about which AIs stand together (attributes <c>req</c> and <c>ex</c>). They hold over everything printed on one item: what contradicts inside one symbol is
/// wrong whatever the others say, what is missing in it may stand in another symbol.
/// </summary>
internal static class Gs1Pairings
{
    /// <summary>An AI twice with different values, or two that exclude each other; null when there is neither.</summary>
    internal static Gs1Flaw? Contradiction(IReadOnlyList<Gs1Element> elements)
    {
        for (var i = 0; i < elements.Count; i++)
        {
            var excluded = ApplicationIdentifierTable.Find(elements[i].Ai)!.Excludes;
            for (var j = 0; j < elements.Count; j++)
            {
                var same = string.Equals(elements[i].Ai, elements[j].Ai, StringComparison.Ordinal);
                if (same && j > i && !string.Equals(elements[i].Value, elements[j].Value, StringComparison.Ordinal))
                    return Flaw(elements[i], "stands twice with different values");
                if (!same && Array.Exists(excluded, pattern => Matches(pattern, elements[j].Ai)))
                    return Flaw(elements[i], $"may not stand with ({elements[j].Ai}) {elements[j].Title}");
            }
        }
        return null;
    }

    /// <summary>An AI whose partners are not among these elements; null when every one has them.</summary>
    internal static Gs1Flaw? Missing(IReadOnlyList<Gs1Element> elements)
    {
        foreach (var element in elements)
        {
            foreach (var alternatives in ApplicationIdentifierTable.Find(element.Ai)!.Requires)
            {
                if (!Array.Exists(alternatives, all => Array.TrueForAll(all, pattern => elements.Any(other => Matches(pattern, other.Ai)))))
                    return Flaw(element, $"needs {string.Join(" or ", alternatives.Select(all => string.Join(" with ", all.Select(ai => $"({ai})"))))} on the same item");
            }
        }
        return null;
    }

    private static bool Matches(string pattern, string ai)
    {
        if (pattern.Length != ai.Length) return false;
        for (var i = 0; i < ai.Length; i++)
        {
            if (pattern[i] != 'n' && pattern[i] != ai[i]) return false;
        }
        return true;
    }

    private static Gs1Flaw Flaw(Gs1Element element, string what) => new(Gs1FlawCode.Pairing, element.Ai, $"({element.Ai}) {element.Title} {what}.");
}
