using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.ServiceLevels.Warnings;

/// <summary>一票否决: what caps a grade whatever the points are also calls for an act at once (domain.md 3.3). It closes when none stands: found again, corrected, fulfilled, or a new month.</summary>
internal static class KnockOutWarning
{
    /// <param name="knockOuts">What the month's score so far is capped by.</param>
    /// <param name="sums">The sums it was found in, by figure.</param>
    internal static WarningAnswer Of(IReadOnlyList<KnockOut> knockOuts, IReadOnlyDictionary<string, CounterSums> sums)
    {
        if (knockOuts.Count == 0) return new WarningAnswer.Clear(WarningFamily.Budget, []);
        List<WarningFigure> evidence = [new("knock_outs", knockOuts.Count)];
        foreach (var one in knockOuts) evidence.AddRange(EvidenceOf(one, sums.GetValueOrDefault(FigureOf(one))));
        return new WarningAnswer.Raised(WarningFamily.Budget, WarningReason.KnockOut, WarningLevel.Act, [.. evidence], [.. knockOuts.Select(FigureOf)]);
    }

    private static WarningFigure[] EvidenceOf(KnockOut one, CounterSums of) => one switch
    {
        KnockOut.InsuredParcelLost => [new("insured_lost", of.Numerator)],
        KnockOut.PrivacyBreach => [new("privacy_breach", of.Numerator)],
        KnockOut.FalseEventsProved => [new("false_events_proved", of.Numerator)],
        _ => [new("obligations_met", of.Numerator), new("obligations_due", of.Denominator)],
    };

    // Each can be followed to its facts.
    private static string FigureOf(KnockOut one) => one switch
    {
        KnockOut.InsuredParcelLost => FigureCodes.InsuredLost,
        KnockOut.PrivacyBreach => FigureCodes.PrivacyBreach,
        KnockOut.FalseEventsProved => FigureCodes.FalseEventsProved,
        _ => FigureCodes.Fulfilled,
    };
}
