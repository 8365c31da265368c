using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Verdicts.Terms.Documents;

/// <summary>
/// Understands a document of terms: one contract version of one account. Strict: an unknown word, a missing field, a value out of range or a
/// contradiction is a mistake, and all mistakes are told at once.
/// </summary>
public static class AccountTermsReader
{
    internal const int ServicesMax = 64;
    internal const int LanesMax = 5_000;
    internal const int ClausesMax = 64;
    internal const int DivisorMax = 100_000;
    internal const int TransitDaysMax = 60;
    internal const int GatesMax = 4;
    internal const string PlaceShape = "a place code, a prefix with a star like 31*, or * alone";

    /// <summary>Reads a document.</summary>
    public static TermsReading Read(TermsNode document)
    {
        var mistakes = new List<TermsMistake>();
        if (document is not TermsNode.Map map) return TermsReading.Of([new TermsMistake("", document.Mark, "must be a map that begins with account, contract and version.")]);
        var terms = Read(new Section(map, "", mistakes));
        return mistakes.Count == 0 ? TermsReading.Of(terms!) : TermsReading.Of(mistakes.OrderBy(m => m.Mark?.Line ?? 0).ThenBy(m => m.Mark?.Column ?? 0));
    }

    private static AccountTerms? Read(Section root)
    {
        var clauses = new HashSet<ClauseId>();
        var account = root.Required<string>("account", TermsText.Code, "the account's code, without blanks");
        var names = root.Child("name", required: true, "zh and en");
        var nameZh = names?.Required<string>("zh", TermsText.Name, "the account's name in Chinese");
        var nameEn = names?.Required<string>("en", TermsText.Name, "the account's name in English");
        names?.Close();
        var contract = root.Required<string>("contract", TermsText.Code, "the contract's number like KA-2026-0001");
        var version = root.Required("version", TermsText.Whole(1, 1_000_000), "the contract's version, from 1");
        var effective = root.Child("effective", required: true, "from and, once it is known, until");
        var from = effective?.Required<NodaTime.Instant?>("from", TermsText.At, TermsText.InstantShape);
        var until = effective?.Optional<NodaTime.Instant?>("until", TermsText.At, TermsText.InstantShape);
        if (until <= from) effective!.Mistake("until", "must lie after from.");
        effective?.Close();
        var currency = root.Required<string>("currency", TermsText.Currency, "an ISO 4217 code like CNY");
        var chargeable = Chargeable(root, clauses);
        var weight = Weight(root, clauses);
        var handover = Handover(root, clauses, currency);
        var promise = Promise(root, clauses);
        var dispatch = Dispatch(root, clauses);
        root.Close();
        if (account is null || nameZh is null || nameEn is null || contract is null || version is null || from is null || currency is null) return null;
        if (chargeable.IsEmpty || weight is null || handover is null) return null;
        return new AccountTerms
        {
            Account = account,
            NameZh = nameZh,
            NameEn = nameEn,
            Contract = contract,
            Version = (uint)version.Value,
            EffectiveFrom = from.Value,
            EffectiveUntil = until,
            Currency = currency,
            Chargeable = chargeable,
            Weight = weight,
            Handover = handover,
            Promise = promise,
            Dispatch = dispatch,
        };
    }

    internal static ClauseId Clause(Section section, HashSet<ClauseId> clauses)
    {
        var id = section.Required<ClauseId?>("id", TermsText.Clause, "a clause id like W-2") ?? default;
        if (id != default && !clauses.Add(id)) section.Mistake("id", $"{id} is the id of another clause; give each its own.");
        return id;
    }

    private static ImmutableArray<ChargeableWeightTerms> Chargeable(Section root, HashSet<ClauseId> clauses)
    {
        var services = new HashSet<string>(StringComparer.Ordinal);
        var any = false;
        var read = new List<ChargeableWeightTerms>();
        foreach (var section in root.Children("chargeable", required: true, ClausesMax, "a rule with id, first and rounding"))
        {
            var id = Clause(section, clauses);
            var named = section.Texts("services", ServicesMax, TermsText.Code, "a service, or a list of them") ?? [];
            if (named.FirstOrDefault(s => !services.Add(s)) is { } twice) section.Mistake("services", $"{twice} has a rule already; a service has one.");
            if (named.Count == 0 && any) section.Mistake("services", "there is a rule for any service already; name the services of this one.");
            any |= named.Count == 0;
            var first = section.Required<Mass?>("first", TermsText.Mass, TermsText.MassShape) ?? default;
            var rounding = section.Child("rounding", required: true, "mode, step or decimals, and read_on");
            var readOn = rounding?.Word("read_on", TermsText.ReadOnWords, required: false, RoundingReadOn.Excess) ?? default;
            var mode = rounding is null ? null : Rounding(rounding);
            var volumetric = section.Child("volumetric", required: false, "divisor and side") is { } volume ? Volumetric(volume) : null;
            section.Close();
            if (mode is not null) read.Add(new(id, [.. named.Order(StringComparer.Ordinal)], first, mode, readOn, volumetric));
        }
        return [.. read.OrderBy(c => c.Clause.Value, StringComparer.Ordinal)];
    }

    internal static WeightRounding? Rounding(Section section)
    {
        var mode = section.Word("mode", TermsText.RoundingWords, required: true);
        WeightRounding? rounding = null;
        if (mode == TermsText.RoundingMode.CeilStep)
        {
            if (section.Required<Mass?>("step", TermsText.PositiveMass, "a step above zero like 0.5 kg") is { } step) rounding = new WeightRounding.CeilStep(step);
        }
        else if (mode != default)
        {
            var decimals = section.Required("decimals", TermsText.Whole(0, WeightRounding.DecimalsMax), "the decimals of a kilogram, 0 to 6");
            if (decimals is { } n) rounding = mode == TermsText.RoundingMode.TruncDecimals ? new WeightRounding.TruncDecimals(n) : new WeightRounding.HalfUpDecimals(n);
        }
        else
        {
            _ = section.Has("step") | section.Has("decimals");   // an unknown mode is one mistake, not two
        }
        section.Close();
        return rounding;
    }

    internal static VolumetricTerms Volumetric(Section section)
    {
        const string DivisorShape = "cm³ per kg, 1 to 100000, like 6000";
        var divisor = section.Required("divisor", TermsText.Whole(1, DivisorMax), DivisorShape) ?? 1;
        var side = section.Word("side", TermsText.SideWords, required: false, SideRounding.None);
        var rounding = section.Child("weight", required: false, "mode and step or decimals") is { } own ? Rounding(own) : null;
        var lanes = Lanes(section, "lanes", required: false, "divisor", TermsText.Whole(1, DivisorMax), DivisorShape);
        section.Close();
        return new(divisor, side, rounding, [.. lanes.Select(l => new LaneDivisor(l.Lane, l.Value))]);
    }

    private static List<(Lane Lane, int Value)> Lanes(Section parent, string key, bool required, string figure, Parse<int?> parse, string shape)
    {
        var lanes = new List<(Lane, int)>();
        var seen = new HashSet<Lane>();
        foreach (var section in parent.Children(key, required, LanesMax, $"a lane with from, to and {figure}"))
        {
            var lane = new Lane(
                section.Optional<string>("from", TermsText.Place, PlaceShape, "*") ?? "*",
                section.Optional<string>("to", TermsText.Place, PlaceShape, "*") ?? "*");
            if (!seen.Add(lane)) section.Mistake("to", $"the lane {lane} stands in the list already.");
            lanes.Add((lane, section.Required(figure, parse, shape) ?? 1));
            section.Close();
        }
        return lanes;
    }

    internal static WeightTerms? Weight(Section root, HashSet<ClauseId> clauses)
    {
        if (root.Child("weight", required: true, "id, absolute and percent") is not { } section) return null;
        var terms = new WeightTerms(
            Clause(section, clauses),
            section.Required<Mass?>("absolute", TermsText.Mass, TermsText.MassShape) ?? default,
            section.Required<decimal?>("percent", TermsText.Percent, "a percentage from 0 to 100") ?? 0)
        { Dispute = Dispute(section) };
        section.Close();
        return terms;
    }

    // Three words that belong together: who may answer, how long, and what silence means.
    private static DisputeTerms? Dispute(Section section)
    {
        var any = section.Has("dispute_by") | section.Has("within") | section.Has("else");
        if (!any) return null;
        var by = section.Word("dispute_by", TermsText.DisputeWords, required: true);
        var within = section.Required<NodaTime.Duration?>("within", TermsText.Span, TermsText.SpanShape);
        var silence = section.Word("else", TermsText.SilenceWords, required: true);
        return by == default || within is null || silence == default ? null : new DisputeTerms(by, within.Value, silence);
    }

    internal static HandoverTerms? Handover(Section root, HashSet<ClauseId> clauses, string? currency)
    {
        if (root.Child("handover", required: true, "id, insured_from, insured, touch and delivery") is not { } section) return null;
        var id = Clause(section, clauses);
        var amount = section.Optional<decimal?>("insured_from", TermsText.Number, "an amount like 1000.00");
        long? insuredFrom = null;
        if (amount is { } declared && currency is not null)
        {
            if (declared <= 0 || Money.TryFromAmount(declared, currency) is not { } money) section.Mistake("insured_from", $"must be above zero, with the decimals of {currency}.");
            else insuredFrom = money.Minor;
        }
        var insured = section.Words("insured", TermsText.InsuredWords) ?? [InsuredChecks.ItemByItem, InsuredChecks.Seal, InsuredChecks.Reweigh];
        var touch = section.Word("touch", TermsText.TouchWords, required: false, TouchCheck.Fragile);
        var proofs = ImmutableSortedDictionary.CreateBuilder<RiskClass, DeliveryProofs>();
        if (section.Child("delivery", required: false, "ordinary and high, each a list of proofs") is { } delivery)
        {
            foreach (var (word, risk) in TermsText.RiskWords)
            {
                if (delivery.Words(word, TermsText.ProofWords) is { } named) proofs[risk] = named.Aggregate(DeliveryProofs.None, (all, p) => all | p);
            }
            delivery.Close();
        }
        section.Close();
        return new(id, insuredFrom, insured.Aggregate(InsuredChecks.None, (all, c) => all | c), touch, proofs.ToImmutable());
    }

    /// <param name="root">The document.</param>
    /// <param name="clauses">The ids used so far.</param>
    /// <param name="defaultZone">The time zone where the document names none; null when it must.</param>
    internal static PromiseTerms? Promise(Section root, HashSet<ClauseId> clauses, string? defaultZone = null)
    {
        if (root.Child("promise", required: false, "id, cut_off, calendar, zone, transit and decided_by") is not { } section) return null;
        var id = Clause(section, clauses);
        var cutOff = section.Required<NodaTime.LocalTime?>("cut_off", TermsText.TimeOfDay, TermsText.TimeShape) ?? default;
        var zone = defaultZone is not null && !section.Has("zone") ? defaultZone : section.Required<string>("zone", TermsText.Zone, "a time zone like Asia/Shanghai");
        var calendar = section.Required<string>("calendar", TermsText.Code, "the region of a working calendar like CN");
        var transit = Lanes(section, "transit", required: true, "days", TermsText.Whole(0, TransitDaysMax), "working days, 0 to 60");
        var by = section.Optional<NodaTime.LocalTime?>("by", TermsText.TimeOfDay, TermsText.TimeShape);
        var decidedBy = section.Word("decided_by", TermsText.DecidedByWords, required: true);
        var gates = Gates(section);
        section.Close();
        return zone is null || calendar is null
            ? null
            : new(id, cutOff, zone, calendar, [.. transit.Select(t => new LaneTransit(t.Lane, t.Value))], by, decidedBy) { Gates = gates };
    }

    private static ImmutableArray<PromiseGate> Gates(Section parent)
    {
        var gates = new List<PromiseGate>();
        foreach (var section in parent.Children("gates", required: false, GatesMax, "a gate with gate, after or before, and by"))
        {
            var kind = section.Word("gate", TermsText.GateWords, required: true);
            var after = section.Optional("after", TermsText.Whole(0, TransitDaysMax), "working days after acceptance, 0 to 60");
            var before = section.Optional("before", TermsText.Whole(0, TransitDaysMax), "working days before the promised day, 0 to 60");
            var by = section.Required<NodaTime.LocalTime?>("by", TermsText.TimeOfDay, TermsText.TimeShape) ?? default;
            if (after is null == before is null) section.Mistake("gate", "counts its days either after acceptance (after: 0) or before the promised day (before: 0).");
            if (kind != default && gates.Exists(g => g.Kind == kind)) section.Mistake("gate", "stands in the list already.");
            if (kind != default) gates.Add(new(kind, after is null ? GateCount.BeforePromise : GateCount.AfterAcceptance, after ?? before ?? 0, by));
            section.Close();
        }
        return [.. gates.OrderBy(g => g.Kind)];
    }

    internal static DispatchTerms? Dispatch(Section root, HashSet<ClauseId> clauses)
    {
        if (root.Child("dispatch", required: false, "id, priority and delivery") is not { } section) return null;
        var terms = new DispatchTerms(
            Clause(section, clauses),
            section.Word("priority", TermsText.PriorityWords, required: false, DispatchPriority.Ordinary),
            (section.Words("delivery", TermsText.ConstraintWords) ?? []).Aggregate(DeliveryConstraints.None, (all, c) => all | c));
        section.Close();
        return terms;
    }
}
