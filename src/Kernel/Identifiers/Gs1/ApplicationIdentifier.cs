using System.Globalization;

namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>What the GS1 dictionary says of one Application Identifier.</summary>
internal sealed record ApplicationIdentifier(
    string Ai, bool NeedsSeparator, bool IsLinkAttribute, bool IsLinkKey, string[][] QualifierSequences, Gs1Component[] Components, string Title)
{
    /// <summary>Each entry must hold: one of its alternatives, of which each is AIs that all stand there (<c>n</c> is any digit).</summary>
    internal string[][][] Requires { get; init; } = [];

    /// <summary>AIs that may not stand beside this one (<c>n</c> is any digit); it never excludes itself.</summary>
    internal string[] Excludes { get; init; } = [];

    internal int LengthMin => Components.Sum(part => part.IsOptional ? 0 : part.LengthMin);

    internal int LengthMax => Components.Sum(part => part.LengthMax);

    /// <summary>
    /// Validates components from the start of <paramref name="value"/>; gives how many characters they took, or 0 with the flaw. What is left over is the caller's matter.
    /// </summary>
    internal int Consume(ReadOnlySpan<char> value, out Gs1Flaw? flaw)
    {
        flaw = null;
        if (value.IsEmpty) return Refuse(out flaw, Gs1FlawCode.Length, "has no value");
        var taken = 0;
        foreach (var part in Components)
        {
            var rest = value[taken..];
            var piece = rest.Length > part.LengthMax ? rest[..part.LengthMax] : rest;
            if (part.IsOptional && piece.IsEmpty) continue;
            if (piece.Length < part.LengthMin) return Refuse(out flaw, Gs1FlawCode.Length, FormattableString.Invariant($"needs {LengthMin} to {LengthMax} characters"));
            if (!part.HasOnlyItsCharacters(piece)) return Refuse(out flaw, Gs1FlawCode.Characters, $"holds characters that it may not in '{piece}'");
            foreach (var check in part.Checks)
            {
                if (!Gs1ContentChecks.Holds(check, piece)) return Refuse(out flaw, Gs1FlawCode.Content, $"fails the check '{check}' with '{piece}'");
            }
            taken += piece.Length;
        }
        return taken;
    }

    private int Refuse(out Gs1Flaw flaw, Gs1FlawCode code, string what)
    {
        flaw = new Gs1Flaw(code, Ai, $"({Ai}) {Title} {what}.");
        return 0;
    }
}

/// <summary>One part of an AI's value.</summary>
internal sealed record Gs1Component(char CharacterSet, int LengthMin, int LengthMax, bool IsOptional, string[] Checks)
{
    private const string Set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private const string Set39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Set64 = "-0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

    internal bool HasOnlyItsCharacters(ReadOnlySpan<char> piece) => CharacterSet switch
    {
        'N' => !piece.ContainsAnyExceptInRange('0', '9'),
        'X' => !piece.ContainsAnyExcept(Set82),
        'Y' => !piece.ContainsAnyExcept(Set39),
        _ => !piece.ContainsAnyExcept(Set64) && !piece.TrimEnd('=').Contains('=') && piece.Length - piece.TrimEnd('=').Length <= 2,
    };

    /// <summary>From the dictionary's notation, e.g. <c>N13,csum</c>, <c>X..20</c>, <c>[N4],hhmi</c>.</summary>
    internal static Gs1Component Parse(string notation)
    {
        var parts = notation.Split(',');
        var shape = parts[0].Trim('[', ']');
        var variable = shape.Contains("..", StringComparison.Ordinal);
        var max = int.Parse(shape[(variable ? 3 : 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        return new Gs1Component(shape[0], variable ? 1 : max, max, parts[0].StartsWith('['), parts[1..]);
    }
}

/// <summary>The dictionary's table, read once from the embedded resource.</summary>
internal static class ApplicationIdentifierTable
{
    private static readonly Dictionary<string, ApplicationIdentifier> ByAi = Read();

    // The length of an AI follows from its first two digits.
    private static readonly Dictionary<string, int> LengthByPrefix = ByAi.Keys.GroupBy(ai => ai[..2], StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Select(ai => ai.Length).Distinct().Single(), StringComparer.Ordinal);

    internal static IReadOnlyCollection<ApplicationIdentifier> All => ByAi.Values;

    internal static ApplicationIdentifier? Find(ReadOnlySpan<char> ai) => ByAi.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(ai, out var found) ? found : null;

    /// <summary>The AI that a message goes on with; null when there is none.</summary>
    internal static ApplicationIdentifier? AtStartOf(ReadOnlySpan<char> message) =>
        message.Length >= 2 && LengthByPrefix.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(message[..2], out var length) && message.Length >= length
            ? Find(message[..length])
            : null;

    private static Dictionary<string, ApplicationIdentifier> Read()
    {
        var table = new Dictionary<string, ApplicationIdentifier>(StringComparer.Ordinal);
        using var resource = typeof(ApplicationIdentifierTable).Assembly.GetManifestResourceStream("gs1.ais")!;
        using var reader = new StreamReader(resource);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var columns = line.Split('\t');
            Invariant.Holds(columns.Length == 6, "A row of the AI table has six columns.");
            foreach (var ai in Range(columns[0])) table.Add(ai, Row(ai, columns));
        }
        return table;
    }

    private static ApplicationIdentifier Row(string ai, string[] columns)
    {
        var key = columns[3];
        var sequences = key.StartsWith("dlpkey=", StringComparison.Ordinal)
            ? key["dlpkey=".Length..].Split('|').Select(sequence => sequence.Split(',')).ToArray()
            : [];
        return new ApplicationIdentifier(
            ai, !columns[1].Contains('*'), columns[1].Contains('?'), key.StartsWith("dlpkey", StringComparison.Ordinal), sequences,
            [.. columns[2].Split(' ').Select(Gs1Component.Parse)], columns[5])
        {
            Requires = [.. Pairings(columns[4], "req=").Select(rule => rule.Split(',').Select(all => all.Split('+')).ToArray())],
            Excludes = [.. Pairings(columns[4], "ex=").SelectMany(rule => rule.Split(','))],
        };
    }

    private static IEnumerable<string> Pairings(string column, string kind) =>
        column.Split(' ').Where(rule => rule.StartsWith(kind, StringComparison.Ordinal)).Select(rule => rule[kind.Length..]);

    private static IEnumerable<string> Range(string column)
    {
        if (column.Split('-') is not [var first, var last]) return [column];
        var from = int.Parse(first, NumberStyles.None, CultureInfo.InvariantCulture);
        var to = int.Parse(last, NumberStyles.None, CultureInfo.InvariantCulture);
        return Enumerable.Range(from, to - from + 1).Select(number => number.ToString("D" + first.Length, CultureInfo.InvariantCulture));
    }
}
