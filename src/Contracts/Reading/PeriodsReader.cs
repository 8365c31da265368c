using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Contracts.Document;
using KeyAccountLogistics.Verdicts.Terms.Documents;
using static KeyAccountLogistics.Contracts.Reading.WordLists;

namespace KeyAccountLogistics.Contracts.Reading;

/// <summary>Reads what counts by period, and what both sides owe beyond the single parcel.</summary>
internal static class PeriodsReader
{
    private const int IndicatorsMax = 200;
    private const decimal FigureMax = 1_000_000_000m;

    private static readonly string[] Dimensions = ["T", "Q", "C", "S", "O"];

    internal static ImmutableArray<RebateClause> Rebates(Section root, Clauses shared)
    {
        var read = new List<RebateClause>();
        foreach (var section in root.Children("rebates", required: false, AccountTermsReader.ClausesMax, "a rebate with id, period, basis, mode and tiers"))
        {
            var id = shared.Id(section);
            var period = section.Word("period", PeriodWords, required: true);
            var basis = section.Word("basis", BasisWords, required: true);
            var mode = section.Word("mode", RebateWords, required: true);
            var services = Clauses.Services(section);
            var mark = Clauses.Mark(section, "mark", required: false);
            var tiers = Tiers(section, shared, basis);
            var rounding = shared.Rounding(section);
            section.Close();
            if (period != default && basis != default && mode != default && !tiers.IsEmpty) read.Add(new RebateClause(id, period, basis, mode, services, mark, tiers, rounding));
        }
        return [.. read];
    }

    // Of parcels 10000 begins a tier and 9999 ends the one before; of freight the end of one is the beginning of the next.
    private static ImmutableArray<RebateTier> Tiers(Section parent, Clauses shared, VolumeBasis basis)
    {
        var tiers = new List<RebateTier>();
        (decimal Next, bool Open)? end = null;
        decimal? before = null;
        foreach (var row in parent.Children("tiers", required: true, PricesReader.BracketsMax, "a tier with from and percent"))
        {
            var from = basis == VolumeBasis.Parcels ? Clauses.Whole(row, "from", required: true, 0, int.MaxValue, "parcels") : shared.Amount(row, "from", required: true);
            var to = basis == VolumeBasis.Parcels ? Clauses.Whole(row, "to", required: false, 0, int.MaxValue, "parcels") : shared.Amount(row, "to", required: false);
            var percent = Clauses.Percent(row, "percent", required: true);
            row.Close();
            if (from is not { } start) continue;
            if (before is null && start != 0) row.Mistake("from", "leaves a gap: the first tier begins with 0 (0 percent for none).");
            else if (start <= before) row.Mistake("from", $"does not lie above {TermsText.Write(before.Value)}; tiers ascend.");
            else if (end is { Open: false } known && start > known.Next) row.Mistake("from", $"leaves a gap: nothing holds {TermsText.Write(known.Next)}.");
            else if (end is { Open: false } told && start < told.Next) row.Mistake("from", $"overlaps: the tier before ends only under {TermsText.Write(told.Next)}.");
            if (to < start) row.Mistake("to", "lies below from.");
            end = to is { } last ? (basis == VolumeBasis.Parcels ? last + 1 : last, false) : (0, true);
            before = start;
            if (percent is not null) tiers.Add(new RebateTier(start, percent.Value));
        }
        if (end is { Open: false }) parent.Mistake("tiers", "must end with an open tier; leave to out in the last one.");
        return [.. tiers];
    }

    internal static ImmutableArray<CommitmentClause> Commitments(Section root, Clauses shared)
    {
        var read = new List<CommitmentClause>();
        foreach (var section in root.Children("commitments", required: false, AccountTermsReader.ClausesMax, "a commitment with id, period, basis, at_least and per_missing"))
        {
            var id = shared.Id(section);
            var period = section.Word("period", PeriodWords, required: true);
            var basis = section.Word("basis", BasisWords, required: true);
            var least = basis == VolumeBasis.Parcels ? Clauses.Whole(section, "at_least", required: true, 1, int.MaxValue, "parcels") : shared.Amount(section, "at_least", required: true, aboveZero: true);
            var missing = basis == VolumeBasis.Freight ? Clauses.Percent(section, "per_missing", required: true) : shared.Price(section, "per_missing", required: true);
            var rounding = shared.Rounding(section);
            section.Close();
            if (period != default && basis != default && least is not null && missing is not null) read.Add(new CommitmentClause(id, period, basis, least.Value, missing.Value, rounding));
        }
        return [.. read];
    }

    internal static PriceLockClause? PriceLock(Section root, Clauses shared)
    {
        if (root.Child("price_lock", required: false, "id and until") is not { } section) return null;
        var id = shared.Id(section);
        var until = Clauses.Date(section, "until", required: true);
        section.Close();
        return until is { } date ? new PriceLockClause(id, date) : null;
    }

    internal static GuardClause? Guard(Section root, Clauses shared)
    {
        if (root.Child("guard", required: false, "id, discount_most and margin_least") is not { } section) return null;
        var id = shared.Id(section);
        var discount = Clauses.Percent(section, "discount_most", required: true);
        var margin = Clauses.Percent(section, "margin_least", required: false);
        section.Close();
        return discount is { } most ? new GuardClause(id, most, margin) : null;
    }

    internal static CreditClause? Credit(Section root, Clauses shared)
    {
        if (root.Child("credit", required: false, "id, bill_day, due_days, limit and dispute_days") is not { } section) return null;
        var id = shared.Id(section);
        var billDay = Clauses.Whole(section, "bill_day", required: true, 1, 28, "a day of the month");
        var dueDays = Clauses.Whole(section, "due_days", required: true, 0, 365, "days until payment");
        var limit = shared.Amount(section, "limit", required: false, aboveZero: true);
        var disputeDays = Clauses.Whole(section, "dispute_days", required: true, 0, 365, "days in which a line may be disputed");
        section.Close();
        return billDay is null || dueDays is null || disputeDays is null ? null : new CreditClause(id, billDay.Value, dueDays.Value, limit, disputeDays.Value);
    }

    internal static RenewalClause? Renewal(Section root, Clauses shared)
    {
        if (root.Child("renewal", required: false, "id, automatic, months and notice_days") is not { } section) return null;
        var id = shared.Id(section);
        var automatic = section.Required<bool?>("automatic", Truth, "true or false");
        var months = Clauses.Whole(section, "months", required: true, 1, 120, "months");
        var notice = Clauses.Whole(section, "notice_days", required: true, 0, 365, "days before the end");
        section.Close();
        return automatic is null || months is null || notice is null ? null : new RenewalClause(id, automatic.Value, months.Value, notice.Value);
    }

    internal static ServiceClause? Service(Section root, Clauses shared)
    {
        if (root.Child("service", required: false, "id, weights, sqi_profile and indicators") is not { } section) return null;
        var id = shared.Id(section);
        var weights = ImmutableSortedDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        if (section.Child("weights", required: true, $"weights of {string.Join(", ", Dimensions)} that add to 100") is { } given)
        {
            var whole = true;
            foreach (var dimension in Dimensions)
            {
                if (Clauses.Number(given, dimension, required: false, 0, 100) is { } weight) weights[dimension] = weight;
                else whole &= !given.Has(dimension);
            }
            var sum = weights.Values.Sum();
            if (whole && sum != 100) section.Mistake("weights", $"add to {TermsText.Write(sum)}; they must add to 100.");
            given.Close();
        }
        var profile = section.Optional<string>("sqi_profile", TermsText.Code, "the profile of the service quality index: A, B, C or one of your own", "A");
        var indicators = Indicators(section);
        section.Close();
        return profile is null ? null : new ServiceClause(id, weights.ToImmutable(), profile, indicators);
    }

    private static ImmutableArray<IndicatorTarget> Indicators(Section parent)
    {
        var read = new List<IndicatorTarget>();
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in parent.Children("indicators", required: false, IndicatorsMax, "an indicator with code, target, threshold and floor"))
        {
            var code = row.Required<string>("code", TermsText.Code, "an indicator like T1");
            var target = Clauses.Number(row, "target", required: true, -FigureMax, FigureMax);
            var threshold = Clauses.Number(row, "threshold", required: true, -FigureMax, FigureMax);
            var floor = Clauses.Number(row, "floor", required: true, -FigureMax, FigureMax);
            var weight = Clauses.Number(row, "weight", required: false, 0, 100);
            var sample = Clauses.Whole(row, "minimum_sample", required: false, 0, 1_000_000, "parcels");
            row.Close();
            if (code is not null && !codes.Add(code)) row.Mistake("code", $"{code} stands in the list already.");
            if (target is not { } best || threshold is not { } good || floor is not { } worst || code is null) continue;
            if (best == good) row.Mistake("threshold", string.Create(CultureInfo.InvariantCulture, $"is the target itself ({good}); between 100 and 60 points there must be a way."));
            else if (good == worst) row.Mistake("floor", string.Create(CultureInfo.InvariantCulture, $"is the threshold itself ({worst}); between 60 and 0 points there must be a way."));
            else if (best > good != good > worst) row.Mistake("floor", "turns back: target, threshold and floor go in one direction.");
            else read.Add(new IndicatorTarget(code, best, good, worst, weight, sample));
        }
        return [.. read.OrderBy(i => i.Code, StringComparer.Ordinal)];
    }

    internal static ImmutableArray<ObligationClause> Obligations(Section root, Clauses shared)
    {
        var read = new List<ObligationClause>();
        foreach (var section in root.Children("obligations", required: false, AccountTermsReader.ClausesMax, "something due with id, by, what, every and due_day"))
        {
            var id = shared.Id(section);
            var by = section.Word("by", PartyWords, required: true);
            var what = section.Child("what", required: true, "zh and en");
            var zh = what?.Required<string>("zh", TermsText.Name, "what is due, in Chinese");
            var en = what?.Required<string>("en", TermsText.Name, "what is due, in English");
            what?.Close();
            var every = section.Word("every", PeriodWords, required: true);
            var dueDay = Clauses.Whole(section, "due_day", required: true, 1, 90, "the day of the period after");
            section.Close();
            if (by != default && zh is not null && en is not null && every != default && dueDay is not null) read.Add(new ObligationClause(id, by, zh, en, every, dueDay.Value));
        }
        return [.. read];
    }
}
