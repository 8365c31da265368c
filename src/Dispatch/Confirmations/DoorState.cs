using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Dispatch.Orders;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Confirmations;
using NodaTime;

namespace KeyAccountLogistics.Dispatch.Confirmations;

/// <summary>What is known of a parcel's door, as the fold of its facts: consents, wrong codes, attempts, an order to stop it. Arrival order changes nothing.</summary>
internal sealed class DoorState
{
    private readonly HashSet<Guid> _consents = [];
    private readonly List<Attempt> _attempts = [];
    private readonly Dictionary<string, Instant> _seen = new(StringComparer.Ordinal);

    private DoorState()
    {
    }

    internal int WrongCodes { get; private set; }

    internal IReadOnlyCollection<Attempt> Attempts => _attempts;

    /// <summary>When it was delivered; null while it was not.</summary>
    internal DispatchFact? Delivered { get; private set; }

    /// <summary>The latest order to stop, return or redirect it.</summary>
    internal DispatchFact? Intercept { get; private set; }

    /// <summary>By when the courier's phone had surely shown that order; null while it has not.</summary>
    internal Instant? SeenBy(Guid intercept) => _seen.TryGetValue(intercept.ToString("D"), out var at) ? at : null;

    /// <summary>What became of the order to stop it (Civil Code art. 829), adjudged by time and not by arrival; null when there is none.</summary>
    internal InterceptionOutcome? InterceptOutcome => Intercept is not { } order ? null
        : Interception.Judge(order.Time.Best, SeenBy(order.Id), Delivered is { } told ? (told.Time.Earliest, told.Time.Latest) : null);

    internal bool Consented(Guid consent) => _consents.Contains(consent);

    internal static bool IsOfADoor(EventKind kind) => kind is EventKind.AttemptFailed or EventKind.AtPickupPoint or EventKind.Delivered or EventKind.Refused or EventKind.ConsentRecorded
        or EventKind.CodeWrong or EventKind.CodeUnlocked or EventKind.InterceptOrdered or EventKind.InterceptSeen;

    internal static DoorState Fold(IEnumerable<DispatchFact> facts)
    {
        var ordered = facts.DistinctBy(f => f.Id).OrderBy(f => f.Time.Best).ThenBy(f => f.Id).ToList();
        var corrected = ordered.Where(f => f.Event.Corrects.Length == 16).Select(f => Uuid.From(f.Event.Corrects.Span)).ToHashSet();
        var state = new DoorState();
        foreach (var fact in ordered.Where(f => !corrected.Contains(f.Id))) state.Apply(fact);
        return state;
    }

    /// <summary>
    /// What was told of the door last, in the order of best times; null: nothing. A delivery ends it: an attempt that the clocks put behind it, which they may where a phone was started anew, does
    /// not undo it.
    /// </summary>
    internal static DispatchFact? EndOf(IEnumerable<DispatchFact> facts)
    {
        var all = facts.ToList();
        var corrected = all.Where(f => f.Event.Corrects.Length == 16).Select(f => Uuid.From(f.Event.Corrects.Span)).ToHashSet();
        return all.Where(f => IsAnEnd(f.Event.Kind) && !corrected.Contains(f.Id)).OrderBy(f => f.Event.Kind is EventKind.Delivered).ThenBy(f => f.Time.Best).ThenBy(f => f.Id).LastOrDefault();
    }

    private static bool IsAnEnd(EventKind kind) => kind is EventKind.Delivered or EventKind.AtPickupPoint or EventKind.AttemptFailed or EventKind.Refused;

    private void Apply(DispatchFact fact)
    {
        switch (fact.Event.Kind)
        {
            case EventKind.ConsentRecorded: _consents.Add(fact.Id); break;
            case EventKind.CodeWrong: WrongCodes++; break;
            case EventKind.CodeUnlocked: WrongCodes = 0; break;
            case EventKind.AttemptFailed: _attempts.Add(new Attempt(fact.Time.Earliest, fact.Time.Latest)); break;
            case EventKind.Refused: _attempts.Add(new Attempt(fact.Time.Earliest, fact.Time.Latest, Refused: true)); break;
            case EventKind.Delivered: Delivered ??= fact; break;
            case EventKind.InterceptOrdered: Intercept = fact; break;
            case EventKind.InterceptSeen:
                if (!_seen.TryGetValue(fact.Event.Reference, out var before) || fact.Time.Latest < before) _seen[fact.Event.Reference] = fact.Time.Latest;
                break;
            case EventKind.AtPickupPoint: break;
            default: throw new InvariantBrokenException("a door has nine kinds of facts", fact.Event.Kind.ToString());
        }
    }
}
