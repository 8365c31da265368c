using KeyAccountLogistics.ServiceLevels.Scoring;
using KeyAccountLogistics.ServiceLevels.StatedFigures;

namespace KeyAccountLogistics.ServiceLevels.Published;

/// <summary>The TQCSO score of figures that somebody states in a file; no database is asked. Pure, safe on any thread.</summary>
public static class StatedScore
{
    /// <summary>
    /// Scores the figures of a JSON text: <c>{"weights": {"T": 30, …}, "indicators": {"T1": {"value": 0.987903}, "T2": {"numerator": 11293, "denominator": 11850}}}</c>.
    /// A value is a fraction (T4: hours; C2: the relative overrun, 0 or more) and counts as at least the minimum sample; a denominator of 0 means that nothing was due.
    /// The answer is one line of JSON: scores 0 to 100 to 4 decimals, values to 6. A <see cref="Fault.Invalid"/> names the field that is wrong.
    /// </summary>
    /// <param name="json">At most 1 MiB.</param>
    public static Outcome<string> Evaluate(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return StatedFile.Read(json, static file =>
        {
            var input = StatedScoreReader.Read(file);
            return ScorecardJson.Write(ScoreAccount.Of(input.Plan, input.Figures, input.KnockOuts));
        });
    }
}
