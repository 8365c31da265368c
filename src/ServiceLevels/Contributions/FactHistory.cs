using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>Everything that was told of one fact of an account's service. Pure: what stands does not depend on what came first.</summary>
/// <param name="Key">What it is called.</param>
/// <param name="Told">Its events, and the corrections that concern them, in any order.</param>
internal sealed record FactHistory(FactKey Key, IReadOnlyList<LivedFact> Told)
{
    /// <summary>What counts now: the highest revision, of equals the later by (best time, id); null when everything was taken out.</summary>
    internal LivedFact? Standing
    {
        get
        {
            var taken = Corrected();
            LivedFact? standing = null;
            foreach (var fact in Told.Where(f => FactKey.Of(f.Event) == Key && !taken.Contains(f.Id)))
            {
                if (standing is not { } other || IsAfter(fact, other)) standing = fact;
            }
            return standing;
        }
    }

    /// <summary>A correction: only this server and files tell of an account's service, so only they take it back; one of the ledger moves money and nothing else.</summary>
    internal static bool IsCorrection(ParcelEvent e) => e is { Kind: EventKind.Corrected, Money: null, Corrects.Length: 16 } && e.Corrects != e.Id;

    // Latest first, as in a parcel's life: a correction that is itself corrected has no effect, and what it corrected counts again.
    private HashSet<ByteString> Corrected()
    {
        var corrected = new HashSet<ByteString>();
        foreach (var fact in Told.Where(static f => IsCorrection(f.Event)).OrderByDescending(static f => f.BestUs).ThenByDescending(static f => f.Id, Comparer<ByteString>.Create(static (a, b) => a.Span.SequenceCompareTo(b.Span))))
        {
            if (!corrected.Contains(fact.Id)) corrected.Add(fact.Event.Corrects);
        }
        return corrected;
    }

    private static bool IsAfter(in LivedFact fact, in LivedFact other)
    {
        var (mine, others) = (fact.Event.Service.Revision, other.Event.Service.Revision);
        if (mine != others) return mine > others;
        return fact.BestUs != other.BestUs ? fact.BestUs > other.BestUs : fact.Id.Span.SequenceCompareTo(other.Id.Span) > 0;
    }
}
