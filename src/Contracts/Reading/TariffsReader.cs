using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>A tariff with what later checks need to know of where it stands.</summary>
internal sealed record TariffRead(TariffClause Clause, ZonesRead Zones);

/// <summary>Reads tariffs, and what returns and redirects cost.</summary>
internal static class TariffsReader
{
    internal static ImmutableArray<TariffRead> Read(Section root, Clauses shared)
    {
        var services = new HashSet<string>(StringComparer.Ordinal);
        var read = new List<TariffRead>();
        foreach (var section in root.Children("tariff", required: true, AccountTermsReader.ClausesMax, "a tariff with id, services, zones and prices"))
        {
            var id = shared.Id(section);
            var named = Clauses.Services(section);
            Clauses.OnePerService(section, named, services, "a tariff");
            var zones = ZonesReader.Read(section);
            var rates = PricesReader.Read(section, shared, zones);
            if (rates.IsEmpty && !section.Has("rates") && !section.Has("first") && !section.Has("brackets") && !section.Has("per_parcel"))
                section.Mistake("has no prices; write first and further, brackets, per_parcel, or rates by zone.");
            else if (rates.IsEmpty && !section.Has("rates") && section.Node("first") is TermsNode.Map first && !first.Entries.Any(e => e.Key is "price"))
                section.Mistake("first", "has no price, and no rates give one.");
            var chargeable = Chargeable(section, id, named, rates);
            var pieces = section.Word("pieces", PieceWords, required: false, PieceRule.Together);
            var minimum = shared.Amount(section, "minimum", required: false);
            var rounding = shared.Rounding(section);
            section.Close();
            if (chargeable is not null && pieces != default) read.Add(new(new TariffClause(chargeable, zones.Rule, rates, pieces, minimum, rounding), zones));
        }
        return [.. read.OrderBy(t => t.Clause.Clause.Value, StringComparer.Ordinal)];
    }

    private static ChargeableWeightTerms? Chargeable(Section section, ClauseId id, ImmutableArray<string> services, ImmutableArray<ZoneRate> rates)
    {
        var firsts = rates.Select(r => r.Price).OfType<PriceRule.FirstFurther>().ToList();
        var least = section.Optional<Mass?>("least", TermsText.Mass, TermsText.MassShape) ?? (firsts.Count > 0 ? firsts.Min(f => f.To) : Mass.Zero);
        if (section.Has("least") && firsts.Exists(f => f.To < least)) section.Mistake("least", $"lies above a first weight, whose price is then never reached; write at most {PricesReader.WriteMass(firsts.Min(f => f.To))}.");
        var (rounding, readOn) = section.Child("rounding", required: false, "mode, step or decimals, and read_on") is { } own
            ? (Read: own.Word("read_on", TermsText.ReadOnWords, required: false, RoundingReadOn.Excess), Rule: AccountTermsReader.Rounding(own)) is var (part, rule) ? (rule, part) : default
            : section.Has("rounding") ? default : Usual(section, rates, firsts);
        var volumetric = section.Child("volumetric", required: false, "divisor and side") is { } volume ? AccountTermsReader.Volumetric(volume) : null;
        return rounding is null || readOn == default ? null : new ChargeableWeightTerms(id, services, least, rounding, readOn, volumetric);
    }

    // First and further: up to the next step beyond the first weight. Otherwise to the milligram, which is no rounding. What steps could mean in two ways is asked for.
    private static (WeightRounding? Rounding, RoundingReadOn ReadOn) Usual(Section section, ImmutableArray<ZoneRate> rates, List<PriceRule.FirstFurther> firsts)
    {
        var steps = firsts.Select(f => f.Further?.Step).OfType<Mass>().Distinct().ToList();
        var stepped = rates.Select(r => r.Price).OfType<PriceRule.Brackets>().SelectMany(b => b.Rows).Any(b => b.Step is not null);
        if (steps.Count > 1 || stepped)
        {
            section.Mistake("is without rounding; prices in several steps, or brackets in steps, need it: rounding: {mode: CeilStep, step: 0.5 kg, read_on: excess}.");
            return default;
        }
        return steps.Count == 1
            ? (new WeightRounding.CeilStep(steps[0]), RoundingReadOn.Excess)
            : (new WeightRounding.HalfUpDecimals(WeightRounding.DecimalsMax), RoundingReadOn.Total);
    }

    internal static ImmutableArray<ReturnClause> Returns(Section root, Clauses shared, ImmutableArray<TariffRead> tariffs)
    {
        var read = new List<ReturnClause>();
        var services = new Dictionary<ReturnKind, HashSet<string>> { [ReturnKind.Return] = new(StringComparer.Ordinal), [ReturnKind.Redirect] = new(StringComparer.Ordinal) };
        foreach (var section in root.Children("returns", required: false, AccountTermsReader.ClausesMax, "a return or redirect with id, kind and its price"))
        {
            var id = shared.Id(section);
            var kind = section.Word("kind", ReturnWords, required: true);
            var named = Clauses.Services(section);
            if (kind != default) Clauses.OnePerService(section, named, services[kind], "a price for this");
            var percent = Clauses.Percent(section, "percent_of_forward", required: false, most: 1_000);
            var rates = PricesReader.Read(section, shared, ZonesOf(tariffs, named));
            if (section.Has("percent_of_forward") && !rates.IsEmpty) section.Mistake("percent_of_forward", "stands beside prices; keep one of the two.");
            if (!section.Has("percent_of_forward") && rates.IsEmpty && !new[] { "rates", "first", "brackets", "per_parcel" }.Any(section.Has))
                section.Mistake("is without a price; write percent_of_forward, or prices as in a tariff.");
            var rounding = shared.Rounding(section);
            section.Close();
            if (kind != default && (percent is null) != rates.IsEmpty) read.Add(new ReturnClause(id, kind, named, rates, percent, rounding));
        }
        return [.. read];
    }

    // The zones of the way out: of every tariff the clause may meet. Unknown as soon as one of them takes them as given.
    private static ZonesRead ZonesOf(ImmutableArray<TariffRead> tariffs, ImmutableArray<string> services)
    {
        var met = tariffs.Where(t => services.IsEmpty || t.Clause.Chargeable.Services.IsEmpty || t.Clause.Chargeable.Services.Intersect(services, StringComparer.Ordinal).Any()).ToList();
        var ruled = met.Where(t => t.Zones.Rule is not null).ToList();
        if (tariffs.IsEmpty || ruled.Exists(t => t.Zones.Given.IsEmpty)) return new(new ZoneRule.Given(), [], []);
        return ruled.Count == 0 ? ZonesRead.None : new(ruled[0].Zones.Rule, [.. ruled.SelectMany(t => t.Zones.Given).DistinctBy(g => g.Zone, StringComparer.Ordinal)], []);
    }
}
