using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>What a clause says once for all its prices: the first weight, the step beyond, and which weight its tiers are read on.</summary>
internal sealed record PriceSetting(Mass? FirstTo, Mass? Step, TierReadOn ReadOn);

/// <summary>
/// Reads prices by zone: whole structures (first and further, brackets, per parcel) at the clause, meant for any zone, or in its <c>rates</c>; a rate
/// may give two figures alone (<c>first: 33.00, further: 28.30</c>), then the clause says up to which weight and in which steps.
/// </summary>
internal static class PricesReader
{
    internal const int BracketsMax = 200;
    private const int RatesMax = 5_000;

    /// <summary>The prices of a clause, checked against its zones; the any-zone price last. Empty when there are none.</summary>
    internal static ImmutableArray<ZoneRate> Read(Section clause, Clauses shared, ZonesRead zones)
    {
        var setting = Setting(clause);
        var read = new List<(ZoneRate Rate, Section Row, string Key)>();
        var own = Price(clause, shared, setting, atClause: true);
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in clause.Children("rates", required: false, RatesMax, "a price with its zones"))
        {
            var key = row.Has("zone") ? "zone" : "zones";
            if (row.Has("zone") && row.Has("zones")) row.Mistake("zone", "stands beside zones; keep one of the two.");
            var names = row.Texts(key, RatesMax, TermsText.Code, "a zone like b, or a list of them") ?? [];
            foreach (var twice in names.Where(z => !named.Add(z))) row.Mistake(key, $"{twice} has a price already; this one is never reached.");
            var price = Price(row, shared, setting, atClause: false);
            row.Close();
            if (names.Count == 0 && read.Exists(r => r.Rate.Zones.IsEmpty)) row.Mistake(key, "there is a price for any other zone already; name the zones of this one.");
            if (price is not null) read.Add((new ZoneRate([.. names.Order(StringComparer.Ordinal)], price), row, key));
        }
        if (clause.Node("rates") is TermsNode.List { Items.IsEmpty: true }) clause.Mistake("rates", "holds no price; write one, or leave rates out.");
        if (own is not null)
        {
            if (read.Find(r => r.Rate.Zones.IsEmpty) is { Row: { } other }) other.Mistake("zones", "the clause itself has the price for any other zone; name the zones of this one.");
            read.Add((new ZoneRate([], own), clause, "first"));
        }
        Against(zones, read, clause, named);
        return [.. read.Select(r => r.Rate).OrderBy(r => r.Zones.IsEmpty ? 1 : 0).ThenBy(r => r.Zones.FirstOrDefault(), StringComparer.Ordinal)];
    }

    // Each zone has a price and each price a zone.
    private static void Against(ZonesRead zones, List<(ZoneRate Rate, Section Row, string Key)> read, Section clause, HashSet<string> named)
    {
        if (read.Count == 0) return;
        var any = read.Find(r => r.Rate.Zones.IsEmpty);
        if (zones.Rule is null)
        {
            foreach (var (rate, row, key) in read.Where(r => !r.Rate.Zones.IsEmpty)) row.Mistake(key, $"no zones are given here, so the price of {string.Join(", ", rate.Zones)} is never reached; add zones, or leave the zone out.");
            return;
        }
        if (zones.Given.IsEmpty) return;   // they come with the shipment
        var given = zones.Given.Select(g => g.Zone).ToHashSet(StringComparer.Ordinal);
        foreach (var (rate, row, key) in read)
        {
            foreach (var zone in rate.Zones.Where(z => !given.Contains(z)))
            {
                var near = NearestWord.Of(zone, given) is { } word ? $"; did you mean {word}?" : ", so its price is never reached.";
                row.Mistake(key, $"no row gives the zone {zone}{near}");
            }
        }
        if (any.Row is not null && given.IsSubsetOf(named)) any.Row.Mistake(any.Key, "every zone has a price of its own, so this one is never reached.");
        if (any.Row is null)
        {
            foreach (var without in zones.Given.Where(g => !named.Contains(g.Zone))) without.Row.Mistake("zone", $"the zone {without.Zone} has no price in {clause.PathOf("rates")}.");
        }
    }

    private static PriceSetting Setting(Section clause)
    {
        Mass? to = null, step = null;
        var readOn = TierReadOn.Total;
        if (clause.Node("first") is TermsNode.Map && clause.Child("first", required: false, "to and price") is { } first) to = first.Optional<Mass?>("to", TermsText.PositiveMass, TermsText.MassShape);
        if (clause.Node("further") is TermsNode.Map && clause.Child("further", required: false, "step and price") is { } further)
        {
            step = further.Optional<Mass?>("step", TermsText.PositiveMass, TermsText.MassShape);
            if (further.Node("tier_read_on") is TermsNode.Text word) TierWords.TryGetValue(word.Value, out readOn);
        }
        return new(to, step, readOn == default ? TierReadOn.Total : readOn);
    }

    // At the clause, first and further without prices are only a setting; in a rate they must say a price.
    private static PriceRule? Price(Section section, Clauses shared, PriceSetting setting, bool atClause)
    {
        var kinds = new[] { "first", "brackets", "per_parcel" }.Where(section.Has).ToList();
        if (section.Has("further") && !section.Has("first")) section.Mistake("further", "stands without first; write the price of the first weight too.");
        if (kinds.Count > 1) section.Mistake(kinds[1], $"stands beside {kinds[0]}; a price is first and further, brackets, or per parcel.");
        if (kinds.Count == 0)
        {
            if (!atClause) section.Mistake("is without a price; write first and further, brackets, or per_parcel.");
            return null;
        }
        return kinds[0] switch
        {
            "brackets" => Brackets(section, shared),
            "per_parcel" => shared.Price(section, "per_parcel", required: true) is { } price ? new PriceRule.PerParcel(price) : null,
            _ => FirstFurther(section, shared, setting, atClause),
        };
    }

    private static PriceRule.FirstFurther? FirstFurther(Section section, Clauses shared, PriceSetting setting, bool atClause)
    {
        decimal? first;
        var to = setting.FirstTo;
        if (section.Node("first") is TermsNode.Text) first = shared.Price(section, "first", required: true);
        else
        {
            if (section.Child("first", required: true, "to and price") is not { } map) return null;
            to = map.Optional<Mass?>("to", TermsText.PositiveMass, TermsText.MassShape, to);
            first = shared.Price(map, "price", required: !atClause);
            if (to is null && !map.Has("to")) map.Mistake("to", $"is missing; write {TermsText.MassShape}.");
            map.Close();
        }
        if (to is null)
        {
            if (section.Node("first") is TermsNode.Text) section.Mistake("first", "says no weight; write first: {to: 1 kg, price: 8.00}, or first: {to: 1 kg} at the clause.");
            return null;
        }
        var mentioned = section.Has("further");
        var further = mentioned ? Further(section, shared, setting, to.Value, priced: first is not null) : null;
        if (first is null || (mentioned && further is null && !atClause)) return null;
        return new PriceRule.FirstFurther(first.Value, to.Value, further);
    }

    private static FurtherRule? Further(Section section, Clauses shared, PriceSetting setting, Mass first, bool priced)
    {
        if (section.Node("further") is TermsNode.Text)
        {
            var price = shared.Price(section, "further", required: true);
            if (setting.Step is null) section.Mistake("further", "says no step; write further: {step: 1 kg, price: 2.00}, or further: {step: 1 kg} at the clause.");
            return price is { } each && setting.Step is { } every ? new FurtherRule(every, setting.ReadOn, [new FurtherTier(null, each)]) : null;
        }
        if (section.Child("further", required: true, "step, and price or tiers") is not { } map) return null;
        var step = map.Optional<Mass?>("step", TermsText.PositiveMass, "a step above zero like 0.5 kg", setting.Step);
        if (step is null && !map.Has("step")) map.Mistake("step", "is missing; write a step above zero like 0.5 kg.");
        var readOn = map.Word("tier_read_on", TierWords, required: false, setting.ReadOn);
        var tiers = new List<FurtherTier>();
        if (map.Has("price") && map.Has("tiers")) map.Mistake("price", "stands beside tiers; keep one of the two.");
        if (map.Has("tiers")) tiers = Tiers(map, shared, readOn, first);
        else if (map.Has("price") && shared.Price(map, "price", required: true) is { } price) tiers.Add(new FurtherTier(null, price));
        else if (priced && !map.Has("price")) map.Mistake("price", "is missing; write a price like 1.00, or tiers.");
        map.Close();
        return step is null || readOn == default || tiers.Count == 0 ? null : new FurtherRule(step.Value, readOn, [.. tiers]);
    }

    private static List<FurtherTier> Tiers(Section further, Clauses shared, TierReadOn readOn, Mass first)
    {
        var tiers = new List<FurtherTier>();
        var start = readOn == TierReadOn.Excess ? Mass.Zero : first;
        var ends = new AscendingEnds(start);
        foreach (var row in further.Children("tiers", required: true, BracketsMax, "a tier with to and price"))
        {
            var to = ends.Read(row);
            var price = shared.Price(row, "price", required: true);
            row.Close();
            if (price is not null) tiers.Add(new FurtherTier(to, price.Value));
        }
        return tiers;
    }

    private static PriceRule.Brackets? Brackets(Section section, Clauses shared)
    {
        var brackets = new List<Bracket>();
        var ends = new AscendingEnds(Mass.Zero);
        foreach (var row in section.Children("brackets", required: true, BracketsMax, "a bracket with to and price"))
        {
            var to = ends.Read(row);
            if (!row.Has("price") && !row.Has("per_kg") && !row.Has("per_step")) row.Mistake("is without a price; write price, per_kg or per_step.");
            var price = shared.Price(row, "price", required: false, 0);
            var perKg = shared.Price(row, "per_kg", required: false, 0);
            var perKgOn = row.Word("per_kg_on", TermsText.ReadOnWords, required: false, RoundingReadOn.Total);
            var step = row.Optional<Mass?>("step", TermsText.PositiveMass, "a step above zero like 0.5 kg");
            var perStep = shared.Price(row, "per_step", required: false, 0);
            if (row.Has("step") != row.Has("per_step")) row.Mistake(row.Has("step") ? "step" : "per_step", "step and per_step belong together; write both or none.");
            row.Close();
            if (price is not null && perKg is not null && perStep is not null && perKgOn != default) brackets.Add(new Bracket(to, price.Value, perKg.Value, perKgOn, step, perStep.Value));
        }
        return brackets.Count == 0 ? null : new PriceRule.Brackets([.. brackets]);
    }

    /// <summary>
    /// Upper ends one after the other: each above the one before, none after an open one. A lower end may be written too, for people; it must be the upper
    /// end before.
    /// </summary>
    private sealed class AscendingEnds(Mass start)
    {
        private Mass _end = start;
        private bool _open;

        internal Mass? Read(Section row)
        {
            var from = row.Optional<Mass?>("from", TermsText.Mass, TermsText.MassShape);
            var to = row.Optional<Mass?>("to", TermsText.PositiveMass, TermsText.MassShape);
            if (_open)
            {
                row.Mistake("to", "comes after an open one and is never reached; the open one stands last.");
                return to;
            }
            if (from > _end) row.Mistake("from", $"leaves a gap: nothing holds {WriteMass(_end)} to {WriteMass(from.Value)}.");
            if (from < _end) row.Mistake("from", $"overlaps: what lies under {WriteMass(_end)} is held before.");
            if (row.Has("to"))
            {
                if (to is null) return null;
                if (to <= _end) row.Mistake("to", $"holds nothing: it must lie above {WriteMass(_end)}, where the one before ends.");
                else _end = to.Value;
            }
            else _open = true;
            return to;
        }
    }

    /// <summary>Kilograms where that is short, else grams.</summary>
    internal static string WriteMass(Mass mass) =>
        mass.Milligrams % 100_000 == 0 || mass > Mass.FromKilograms(1_000) ? TermsText.Write(mass.Kilograms) + " kg" : TermsText.Write(mass);
}
