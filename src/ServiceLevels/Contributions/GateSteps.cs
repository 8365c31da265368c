using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>A gate that was passed.</summary>
/// <param name="Gate">Its kind, without the number of the passing: <c>departed_node</c>.</param>
/// <param name="Fact">What passed it.</param>
/// <param name="DueUs">The last instant at which its step was in time.</param>
/// <param name="OnTime">Whether the whole interval of the step is in time.</param>
/// <param name="InDoubt">In or out of time, by how the clocks are read; counts as late (law 2).</param>
internal readonly record struct PassedGate(string Gate, LivedFact Fact, long DueUs, bool OnTime, bool InDoubt);

/// <summary>
/// Where a way loses its time: each gate is charged with its own step, from the gate that was passed before to itself, against the time that the plan gives that step. Who gets a parcel
/// late and passes it on as fast as planned is in time; who loses what others had gained is not. A gate nobody knows to be passed is judged by nobody, and its time joins the next
/// step's. Pure.
/// </summary>
internal static class GateSteps
{
    internal static IEnumerable<PassedGate> Of(IReadOnlyList<PromiseGate> gates, long acceptedUs, Func<string, LivedFact?> passed)
    {
        var (plannedUs, earliestUs, bestUs, latestUs) = (acceptedUs, acceptedUs, acceptedUs, acceptedUs);
        foreach (var gate in gates)
        {
            if (passed(gate.Gate) is not { } fact) continue;
            var step = gate.ByUs - plannedUs;
            var (longest, shortest) = (fact.LatestUs - earliestUs, fact.EarliestUs - latestUs);
            yield return new PassedGate(KindOf(gate.Gate), fact, bestUs + step, longest <= step, longest > step && shortest <= step);
            (plannedUs, earliestUs, bestUs, latestUs) = (gate.ByUs, fact.EarliestUs, fact.BestUs, fact.LatestUs);
        }
    }

    /// <summary><c>departed_node</c> of <c>departed_node#2</c>.</summary>
    internal static string KindOf(string gate) => gate.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? gate[..at] : gate;

    /// <summary>The fact that passes a gate named after a kind of event, the numbered one of its kind; null when there is none yet or the gate is named otherwise.</summary>
    internal static LivedFact? ByKind(IReadOnlyList<LivedFact> facts, string gate)
    {
        if (!EventWords.TryRead(KindOf(gate), out var kind)) return null;
        var number = gate.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 && int.TryParse(gate.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 1;
        foreach (var fact in facts)
            if (fact.Event.Kind == kind && --number == 0) return fact;
        return null;
    }
}
