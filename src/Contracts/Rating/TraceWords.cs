using System.Collections.Frozen;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>The spelling of closed sets in traces and answers: <c>NetFreight</c> is <c>net_freight</c>, both ways.</summary>
internal static class TraceWords
{
    internal static string Of<T>(T value)
        where T : struct, Enum => Spelled<T>.Words[value];

    /// <summary>The value of a word; null when it is none.</summary>
    internal static T? Read<T>(string word)
        where T : struct, Enum => Spelled<T>.Values.TryGetValue(word, out var value) ? value : null;

    private static class Spelled<T>
        where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> Words = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => Verdicts.ReasonCode.Of(v));
        internal static readonly FrozenDictionary<string, T> Values = Words.ToFrozenDictionary(w => w.Value, w => w.Key, StringComparer.Ordinal);
    }
}
