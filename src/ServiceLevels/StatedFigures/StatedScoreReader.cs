using System.Collections.Immutable;
using KeyAccountLogistics.ServiceLevels.Indicators;
using KeyAccountLogistics.ServiceLevels.Scoring;

namespace KeyAccountLogistics.ServiceLevels.StatedFigures;

/// <summary>What a file of stated figures says: how to score, what on, and what caps the grade.</summary>
internal sealed record StatedScoreInput(ScorePlan Plan, ImmutableArray<IndicatorFigures> Figures, ImmutableArray<KnockOut> KnockOuts);

/// <summary>
/// Reads <c>{"weights": {"T": 30, …}, "targets": {"T1": {…}}, "indicators": {"T2": {"numerator": 11293, "denominator": 11850, "excluded": 150}}, "knock_outs": […]}</c>.
/// Without weights and targets the catalogue's hold.
/// </summary>
internal static class StatedScoreReader
{
    private static readonly Dictionary<string, KnockOut> KnockOutWords = new(StringComparer.Ordinal)
    {
        ["insured_parcel_lost"] = KnockOut.InsuredParcelLost,
        ["privacy_breach"] = KnockOut.PrivacyBreach,
        ["false_events_proved"] = KnockOut.FalseEventsProved,
    };

    private static readonly Dictionary<string, ValueKind> KindWords = new(StringComparer.Ordinal)
    {
        ["share"] = ValueKind.Share, ["per_million"] = ValueKind.PerMillion, ["hours"] = ValueKind.MeanHours, ["overrun"] = ValueKind.Overrun,
    };

    internal static string Word(KnockOut knockOut) => knockOut is KnockOut.ContractUnfulfilled ? "contract_unfulfilled" : KnockOutWords.First(w => w.Value == knockOut).Key;

    internal static StatedScoreInput Read(StatedObject file)
    {
        file.Labels("account", "contract", "period", "note");
        var weights = Weights(file.Object("weights"));
        var targets = Targets(file.Object("targets"));
        var plan = ScorePlan.Of(weights, targets).Match(p => p, fault => throw new StatedMistakeException(((Fault.Invalid)fault).Field, fault.Message));
        var figures = Figures(file.Required("indicators"), plan);
        var knockOuts = file.Texts("knock_outs")
            .Select(word => KnockOutWords.TryGetValue(word, out var known) ? known : throw file.Mistake("knock_outs", $"they hold a word that is not known; known are {string.Join(", ", KnockOutWords.Keys)}."))
            .ToImmutableArray();
        file.Close("weights, targets, indicators, knock_outs, account, contract, period and note");
        return new(plan, figures, knockOuts);
    }

    private static ImmutableSortedDictionary<ServiceDimension, decimal> Weights(StatedObject? given)
    {
        if (given is null) return ScorePlan.DefaultWeights;
        var weights = ImmutableSortedDictionary.CreateBuilder<ServiceDimension, decimal>();
        foreach (var dimension in Enum.GetValues<ServiceDimension>())
        {
            if (given.Number(Indicator.Letter(dimension)) is { } weight) weights[dimension] = weight;
        }
        given.Close("T, Q, C, S and O");
        return weights.ToImmutable();
    }

    private static ImmutableArray<Indicator> Targets(StatedObject? given)
    {
        var targets = ImmutableArray.CreateBuilder<Indicator>();
        foreach (var code in given?.Names ?? [])
        {
            if (Indicator.DimensionOf(code) is null) throw given!.Mistake(code, "it is no code of an indicator: a letter of TQCSO and a number from 1 to 99.");
            var target = given!.Required(code);
            var known = IndicatorCatalogue.ByCode.GetValueOrDefault(code);
            var kind = target.Text("kind") is not { } word ? known?.Kind ?? ValueKind.Share
                : known is not null ? throw target.Mistake("kind", "the catalogue says it; only an indicator of the contract's own has one.")
                : KindWords.TryGetValue(word, out var said) ? said : throw target.Mistake("kind", $"it is not known; known are {string.Join(", ", KindWords.Keys)}.");
            var levels = new IndicatorLevels(
                Level("target"), Level("threshold"), Level("floor"),
                target.Number("weight") ?? known?.Levels.Weight ?? throw target.Mistake("weight", "it is missing, and the catalogue has no such indicator."),
                target.Whole("minimum_sample") ?? known?.Levels.MinimumSample ?? 1);
            target.Close("target, threshold, floor, weight, minimum_sample and kind");
            targets.Add(known is null ? IndicatorCatalogue.OfContract(code, kind, levels) : known with { Levels = levels });

            decimal Level(string name) => target.Count(name) ?? throw target.Mistake(name, "it is missing.");
        }
        return targets.ToImmutable();
    }

    private static ImmutableArray<IndicatorFigures> Figures(StatedObject given, ScorePlan plan)
    {
        var figures = ImmutableArray.CreateBuilder<IndicatorFigures>();
        foreach (var code in given.Names)
        {
            if (plan.Find(code) is not { } indicator) throw given.Mistake(code, "it is no indicator of the catalogue, and \"targets\" add none of that code.");
            var own = given.Required(code);
            var read = OfIndicator(code, own);
            if (ScoreAccount.Flaw(indicator, read) is var (field, message)) throw own.Mistake(field, message + ".");
            figures.Add(read);
        }
        return figures.ToImmutable();
    }

    private static IndicatorFigures OfIndicator(string code, StatedObject own)
    {
        own.Labels("note");
        var (value, numerator, denominator) = (own.Number("value"), own.Count("numerator"), own.Count("denominator"));
        var (sample, excluded) = (own.Whole("sample"), own.Whole("excluded"));
        own.Close("value, or numerator and denominator; sample, excluded and note");
        if (value is { } stated)
        {
            if (numerator is not null || denominator is not null) throw own.Mistake("value", "it stands beside a numerator or denominator; say one or the other.");
            return new IndicatorFigures.Stated(code, stated, sample, excluded);
        }
        if (denominator is null) throw own.Mistake("denominator", numerator is null ? "it is missing, and so is a value." : "it is missing.");
        // With nothing due there is nothing to count.
        if (numerator is null && denominator is not 0) throw own.Mistake("numerator", "it is missing.");
        return new IndicatorFigures.Counted(code, numerator ?? 0, denominator.Value, sample, excluded);
    }
}
