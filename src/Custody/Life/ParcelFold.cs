using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.Custody.Life;

/// <summary>
/// A parcel's state as a pure function of its events in the order of (adjudged best time, id), as opposed to what was last written about it. Arrival order and the way
/// batches are cut change nothing; the same event twice counts once; a corrected event no longer counts.
/// </summary>
/// <remarks>
/// Two ways to the same state: <see cref="Fold"/> over all events, and <see cref="TryApply"/> of one more, which is the fast path and declines whenever it cannot be certain
/// to give what the fold would give.
/// </remarks>
internal static class ParcelFold
{
    /// <summary>Raised when the fold gives other states for the same events; states of another format are folded anew.</summary>
    internal const int Format = 1;

    /// <summary>The state of a parcel of which nothing has happened.</summary>
    internal static ParcelState Empty() => new() { Format = Format };

    /// <summary>Folds all events of one parcel; any order, repetitions allowed.</summary>
    internal static ParcelState Fold(IEnumerable<LifeFact> facts)
    {
        var ordered = InOrder(facts);
        var corrected = Corrections.Of(ordered);
        var state = Empty();
        state.Corrected.AddRange(corrected.Keys.Order(ByteOrder.Instance));
        foreach (var fact in ordered) Step(state, fact, corrected.ContainsKey(fact.Id));
        return state;
    }

    /// <summary>
    /// Adds one event to a state, in place. False, and nothing changed, when the whole must be folded: the event lies before the last one, corrects another, or may be one
    /// that is already in.
    /// </summary>
    internal static bool TryApply(ParcelState state, in LifeFact fact)
    {
        if (state.Format != Format) return false;
        if (!fact.Event.Corrects.IsEmpty) return false;
        if (state.LastEvent.Length > 0 && LifeOrder.Compare(fact.BestUs, fact.Id, state.LastBestUs, state.LastEvent) <= 0) return false;
        if (state.Seen.Contains(Trace(fact.Id))) return false;
        Step(state, fact, state.Corrected.Contains(fact.Id));
        return true;
    }

    /// <summary>The events once each (of repetitions the earliest), sorted.</summary>
    internal static List<LifeFact> InOrder(IEnumerable<LifeFact> facts)
    {
        var sorted = facts.ToList();
        sorted.Sort(LifeOrder.Instance);
        var met = new HashSet<ByteString>(sorted.Count);
        sorted.RemoveAll(f => !met.Add(f.Id));
        return sorted;
    }

    private static void Step(ParcelState state, in LifeFact fact, bool corrected)
    {
        state.LastBestUs = fact.BestUs;
        state.LastEvent = fact.Id;
        state.Seen.Add(Trace(fact.Id));
        if (corrected) return;
        state.Events++;
        var order = OrderRules.Judge(state, fact);
        CustodyMoves.Apply(state, fact, order);
        HoldRules.Apply(state, fact);
        WeightChain.Apply(state, fact);
        OrderRules.Advance(state, fact, order);
    }

    // Not a key: a hit only sends the parcel to the full fold, which compares whole ids.
    private static uint Trace(ByteString id)
    {
        var hash = 2166136261u;
        unchecked
        {
            foreach (var b in id.Span) hash = (hash ^ b) * 16777619u;
        }
        return hash;
    }

    internal static void Raise(ParcelState state, string code, in LifeFact fact, ByteString? other = null, string detail = "")
    {
        state.ExceptionsTotal++;
        if (state.Exceptions.Count >= LifeLimits.ExceptionsKept) return;
        state.Exceptions.Add(new ExceptionRecord { Code = code, Event = fact.Id, OtherEvent = other ?? ByteString.Empty, AtUs = fact.BestUs, Detail = detail });
    }
}

/// <summary>Which events no longer count because a later one puts them right.</summary>
internal static class Corrections
{
    /// <summary>
    /// Corrected id and the id of the event that corrects it. Latest first, so that a correction which is itself corrected has no effect, and what it corrected counts again.
    /// </summary>
    internal static Dictionary<ByteString, ByteString> Of(List<LifeFact> ordered)
    {
        var corrected = new Dictionary<ByteString, ByteString>();
        for (var i = ordered.Count - 1; i >= 0; i--)
        {
            var e = ordered[i].Event;
            if (e.Corrects.IsEmpty || e.Corrects == e.Id || corrected.ContainsKey(e.Id)) continue;
            corrected.TryAdd(e.Corrects, e.Id);
        }
        return corrected;
    }
}

/// <summary>Bytes in ascending order.</summary>
internal sealed class ByteOrder : IComparer<ByteString>
{
    internal static readonly ByteOrder Instance = new();

    public int Compare(ByteString? x, ByteString? y) => (x ?? ByteString.Empty).Span.SequenceCompareTo((y ?? ByteString.Empty).Span);
}

/// <summary>What one parcel's state keeps at most (law 10). What is beyond stays in the journal; counts stay exact.</summary>
internal static class LifeLimits
{
    internal const int ExceptionsKept = 32;
    internal const int HoldsKept = 32;
    internal const int WeightsKept = 64;
    internal const int TextLength = 120;

    internal static string Clip(string text) => text.Length <= TextLength ? text : text[..TextLength];
}
