using System.Collections.Frozen;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// When a promise's clock stood still: while a parcel was held for a coded reason that is not the carrier's, released by another person than the one who held it (domain.md 2.3 rule 6: a cause that is
/// not the carrier's takes a second person). A hold without such a reason, without a second person, or after the first attempt never stops the clock. Pure.
/// </summary>
/// <param name="Us">How long in all: the time that is certain, by the clocks of both facts (law 2).</param>
/// <param name="FirstUs">When the first began; gates before it are where they were.</param>
/// <param name="Events">The facts that say so.</param>
/// <param name="Spans">From when to when each was, as certain.</param>
/// <param name="HeldSinceUs">Since when it stands now, for such a reason; null when it does not.</param>
internal sealed record Pauses(long Us, long FirstUs, IReadOnlyList<ByteString> Events, IReadOnlyList<(long FromUs, long UntilUs)> Spans, long? HeldSinceUs)
{
    internal static readonly Pauses None = new(0, 0, [], [], null);

    /// <summary>Asked for by the client or the consignee, waiting for money the client owes, or in an authority's hands.</summary>
    internal static readonly FrozenSet<string> Reasons = FrozenSet.Create(StringComparer.Ordinal, "client_request", "consignee_request", "payment_open", "customs", "authority");

    /// <param name="facts">In order.</param>
    /// <param name="until">The first valid attempt, or the loss; null while there is none.</param>
    internal static Pauses Of(IReadOnlyList<LivedFact> facts, LivedFact? until)
    {
        var (us, first, held) = (0L, 0L, (LivedFact?)null);
        List<ByteString>? events = null;
        List<(long, long)> spans = [];
        foreach (var fact in facts)
        {
            if (until is { } end && fact.Id == end.Id) break;
            if (fact.Event.Kind is EventKind.Held) held ??= Reasons.Contains(ReasonOf(fact.Event)) ? fact : null;
            if (fact.Event.Kind is not EventKind.Released || held is not { } began) continue;
            held = null;
            var certain = fact.EarliestUs - began.LatestUs;
            if (certain <= 0 || fact.Event.Actor.Length == 0 || began.Event.Actor.Length == 0 || string.Equals(fact.Event.Actor, began.Event.Actor, StringComparison.Ordinal)) continue;
            us += certain;
            if (events is null) (events, first) = ([], began.BestUs);
            spans.Add((began.LatestUs, fact.EarliestUs));
            events.Add(began.Id);
            events.Add(fact.Id);
        }
        return events is null && held is null ? None : new Pauses(us, first, events ?? [], spans, held?.BestUs);
    }

    /// <summary>What a promise of a day moves by: the nights it was held. A hold within a day leaves the day as it is.</summary>
    internal int Nights(AccountDays days) => Spans.Sum(s => days.Day(s.UntilUs) - days.Day(s.FromUs));

    private static string ReasonOf(ParcelEvent held) => held.Hold?.Reason is { Length: > 0 } reason ? reason : held.Reason;
}
