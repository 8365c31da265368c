using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Handovers;

/// <summary>A check that a line still needs before it can be accepted.</summary>
public enum LineCheck
{
    /// <summary>Its code scanned.</summary>
    Scan = 1,

    /// <summary>Its packaging looked at.</summary>
    Packaging = 2,

    /// <summary>Its seal read.</summary>
    Seal = 3,

    /// <summary>Shaken and touched.</summary>
    Touch = 4,

    /// <summary>Weighed again.</summary>
    Reweigh = 5,

    /// <summary>Its amounts confirmed against the ticket.</summary>
    Amount = 6,
}

/// <summary>
/// The decisions of a handover (law 7): exactly two parties, each parcel scanned against the expected set, counts and money agreed, custody moved
/// once. Pure; the caller journals the steps of a <see cref="HandoverDecision.Done"/>.
/// </summary>
public static class HandoverRules
{
    /// <summary>The most parcels of one handover.</summary>
    public const int ParcelsMax = 5_000;

    /// <summary>Begins a handover.</summary>
    /// <param name="opened">What is asked for.</param>
    /// <param name="inOpenHandovers">The open handover of each parcel that is in one already, by parcel code.</param>
    public static HandoverDecision Open(HandoverStep.Opened opened, IReadOnlyDictionary<string, string> inOpenHandovers)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentNullException.ThrowIfNull(inOpenHandovers);
        if (!opened.Kind.Fits(opened.Giver, opened.Receiver) || opened.Giver.Id.Length == 0 || opened.Receiver.Id.Length == 0)
        {
            return Refuse(HandoverRefusalReason.PartiesDoNotFit, null, ("giver", opened.Giver.ToString()), ("receiver", opened.Receiver.ToString()));
        }
        if (opened.Expected.IsDefaultOrEmpty) return Refuse(HandoverRefusalReason.NothingExpected, null);
        if (opened.Expected.Length > ParcelsMax)
        {
            return Refuse(HandoverRefusalReason.TooManyParcels, null, ("parcels", Text(opened.Expected.Length)), ("limit", Text(ParcelsMax)));
        }
        return FlawOf(opened.Expected, inOpenHandovers) ?? (HandoverDecision)new HandoverDecision.Done(HandoverState.Begin(opened), [opened]);
    }

    /// <summary>Records how one parcel was found. A line after the count opens the count again.</summary>
    public static HandoverDecision CheckLine(HandoverState state, HandoverLine line, ParcelNow now, Instant at, string actor)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(now);
        if (!state.IsOpen) return Refuse(HandoverRefusalReason.Closed, line.Parcel, ("phase", ReasonCode.Of(state.Phase)));
        var expected = state.ExpectedByCode.GetValueOrDefault(line.Parcel);
        if (line.Result == LineResult.Over)
        {
            return expected is null ? Record(state, line, at, actor) : Refuse(HandoverRefusalReason.ExpectedNotOver, line.Parcel);
        }
        if (expected is null) return Refuse(HandoverRefusalReason.NotExpected, line.Parcel);
        if (line.Result == LineResult.Accepted && WhyNotAccepted(state, expected, line, now) is { } refusal) return refusal;
        return line.Result is LineResult.Damaged or LineResult.Held or LineResult.Refused && string.IsNullOrWhiteSpace(line.Reason)
            ? Refuse(HandoverRefusalReason.ReasonMissing, line.Parcel)
            : Record(state, line, at, actor);
    }

    /// <summary>The giver's count: what was expected and not found is listed as short, and the totals are fixed.</summary>
    public static HandoverDecision Count(HandoverState state, Instant at, string actor)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsOpen) return Refuse(HandoverRefusalReason.Closed, null, ("phase", ReasonCode.Of(state.Phase)));
        var steps = state.Outstanding.Select(HandoverStep (e) => new HandoverStep.LineChecked(at, actor, new HandoverLine(e.Parcel, LineResult.Short))).ToList();
        var listed = steps.Aggregate(state, (s, step) => s.Apply(step));
        steps.Add(new HandoverStep.Counted(at, actor, listed.Totals));
        return Done(state, steps);
    }

    /// <summary>One side's word; the second one moves custody.</summary>
    /// <param name="state">The handover.</param>
    /// <param name="word">The side's confirmation, with the totals that side saw.</param>
    /// <param name="at">When.</param>
    /// <param name="termsOf">The handover terms of a parcel's account, for the proof of delivery; null where none are known.</param>
    public static HandoverDecision Confirm(HandoverState state, Confirmation word, Instant at, Func<string, HandoverTerms?> termsOf)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(termsOf);
        if (!state.IsOpen) return Refuse(HandoverRefusalReason.Closed, null, ("phase", ReasonCode.Of(state.Phase)));
        if (WhyNotNow(state, word) is { } order) return order;
        var party = word.Side == Side.Giver ? state.Opened.Giver : state.Opened.Receiver;
        if (string.IsNullOrWhiteSpace(word.Person) || (party.Kind == PartyKind.Courier && !string.Equals(party.Id, word.Person, StringComparison.Ordinal)))
        {
            return Refuse(HandoverRefusalReason.NotThatCourier, null, ("expected", party.Id), ("found", word.Person));
        }
        if (word.Totals != state.Totals) return RefuseTotals(state.Totals, word.Totals);
        return WhyNotProved(state, word, termsOf) ?? Done(state, [new HandoverStep.Confirmed(at, word.Person, word)]);
    }

    /// <summary>Gives the handover up; nothing moves.</summary>
    public static HandoverDecision Abandon(HandoverState state, string reason, Instant at, string actor)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!state.IsOpen) return Refuse(HandoverRefusalReason.Closed, null, ("phase", ReasonCode.Of(state.Phase)));
        return string.IsNullOrWhiteSpace(reason)
            ? Refuse(HandoverRefusalReason.ReasonMissing, null)
            : Done(state, [new HandoverStep.Abandoned(at, actor, reason)]);
    }

    /// <summary>The checks that parcel needs in that kind of handover, in the order in which a person makes them.</summary>
    public static ImmutableArray<LineCheck> ChecksFor(HandoverKind kind, ExpectedParcel expected, HandoverTerms? terms)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var care = terms ?? HandoverTerms.Strictest;
        var checks = ImmutableArray.CreateBuilder<LineCheck>();
        checks.Add(LineCheck.Scan);
        if (expected.Insured && care.Insured.HasFlag(InsuredChecks.ItemByItem)) checks.Add(LineCheck.Packaging);
        if (expected.Insured && care.Insured.HasFlag(InsuredChecks.Seal)) checks.Add(LineCheck.Seal);
        if (expected.Fragile && (care.Touch == TouchCheck.Fragile || (care.Touch == TouchCheck.FragileInsured && expected.Insured))) checks.Add(LineCheck.Touch);
        if (expected.Insured && care.Insured.HasFlag(InsuredChecks.Reweigh) && kind.HasScale()) checks.Add(LineCheck.Reweigh);
        if (expected.HasAmounts) checks.Add(LineCheck.Amount);
        return checks.ToImmutable();
    }

    /// <summary>The checks still open on a line that is to be accepted; empty when it can be.</summary>
    public static ImmutableArray<LineCheck> Missing(HandoverKind kind, ExpectedParcel expected, HandoverLine line, ParcelNow now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return [.. ChecksFor(kind, expected, now.Terms).Where(check => WhyNotPassed(check, expected, line, now) is not null)];
    }

    private static HandoverDecision? WhyNotAccepted(HandoverState state, ExpectedParcel expected, HandoverLine line, ParcelNow now)
    {
        // A held parcel goes nowhere but to where parcels are held.
        if (now.HoldReason is { } hold && state.Opened.Receiver.Kind is not (PartyKind.Depot or PartyKind.Hub))
        {
            return Refuse(HandoverRefusalReason.ParcelHeld, line.Parcel, ("hold", hold));
        }
        if (now.Reweigh is WeighVerdict.Judged { Held: true } held) return Refuse(HandoverRefusalReason.WeightHeld, line.Parcel, FiguresOf(held));
        return ChecksFor(state.Opened.Kind, expected, now.Terms).Select(check => WhyNotPassed(check, expected, line, now)).FirstOrDefault(r => r is not null);
    }

    private static HandoverDecision? WhyNotPassed(LineCheck check, ExpectedParcel expected, HandoverLine line, ParcelNow now) => check switch
    {
        LineCheck.Scan => now.Scanned ? null : Refuse(HandoverRefusalReason.NotScanned, line.Parcel),
        LineCheck.Packaging => line.PackagingOk ? null : Refuse(HandoverRefusalReason.PackagingNotSound, line.Parcel),
        LineCheck.Touch => line.TouchOk ? null : Refuse(HandoverRefusalReason.TouchNotPassed, line.Parcel),
        LineCheck.Seal when string.IsNullOrWhiteSpace(line.SealFound) => Refuse(HandoverRefusalReason.SealMissing, line.Parcel, ("expected", expected.Seal)),

        // Where no seal is registered yet, the first handover registers the one it finds.
        LineCheck.Seal => expected.Seal.Length == 0 || string.Equals(expected.Seal, line.SealFound, StringComparison.Ordinal)
            ? null
            : Refuse(HandoverRefusalReason.SealDiffers, line.Parcel, ("expected", expected.Seal), ("found", line.SealFound)),
        LineCheck.Reweigh => now.Reweigh switch
        {
            WeighVerdict.Judged { Figures.Typed: true } => Refuse(HandoverRefusalReason.ReweighTyped, line.Parcel),
            WeighVerdict.Judged when line.Reweighed => null,
            WeighVerdict.NoVerdict none => Refuse(HandoverRefusalReason.ReweighMissing, line.Parcel, ("why", ReasonCode.Of(none.Why))),
            _ => Refuse(HandoverRefusalReason.ReweighMissing, line.Parcel),
        },
        LineCheck.Amount => WhyNotTheTicket(expected, line),
        _ => throw new Kernel.InvariantBrokenException("A line has six checks.", check.ToString()),
    };

    private static HandoverDecision? WhyNotTheTicket(ExpectedParcel expected, HandoverLine line) =>
        line.CodMinor == expected.CodMinor && line.FreightCollectMinor == expected.FreightCollectMinor
        && string.Equals(line.Currency, expected.Currency, StringComparison.Ordinal)
            ? null
            : Refuse(
                HandoverRefusalReason.AmountsDiffer,
                line.Parcel,
                ("expected_cod_minor", Text(expected.CodMinor)),
                ("found_cod_minor", Text(line.CodMinor)),
                ("expected_freight_collect_minor", Text(expected.FreightCollectMinor)),
                ("found_freight_collect_minor", Text(line.FreightCollectMinor)),
                ("expected_currency", expected.Currency),
                ("found_currency", line.Currency));

    private static HandoverDecision? FlawOf(ImmutableArray<ExpectedParcel> parcels, IReadOnlyDictionary<string, string> inOpenHandovers)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? currency = null;
        foreach (var expected in parcels)
        {
            if (!seen.Add(expected.Parcel)) return Refuse(HandoverRefusalReason.ListedTwice, expected.Parcel);
            if (inOpenHandovers.TryGetValue(expected.Parcel, out var other))
            {
                return Refuse(HandoverRefusalReason.InAnotherHandover, expected.Parcel, ("handover", other));
            }
            if (!expected.HasAmounts) continue;
            currency ??= expected.Currency;
            if (!Kernel.Money.IsCurrency(expected.Currency) || !string.Equals(currency, expected.Currency, StringComparison.Ordinal))
            {
                return Refuse(HandoverRefusalReason.CurrencyUnclear, expected.Parcel, ("expected", currency), ("found", expected.Currency));
            }
        }
        return null;
    }

    private static HandoverDecision? WhyNotNow(HandoverState state, Confirmation word)
    {
        if (word.Side == Side.Giver)
        {
            return state.Phase switch
            {
                HandoverPhase.Open => Refuse(HandoverRefusalReason.NotCounted, null),
                HandoverPhase.ConfirmedGiver => Refuse(HandoverRefusalReason.AlreadyConfirmed, null, ("person", state.GiverConfirmed!.Person)),
                _ => null,
            };
        }
        if (state.Phase == HandoverPhase.Open) return Refuse(HandoverRefusalReason.NotCounted, null);
        if (state.Phase == HandoverPhase.Counted) return Refuse(HandoverRefusalReason.GiverFirst, null);
        return string.Equals(state.GiverConfirmed!.Person, word.Person, StringComparison.Ordinal)
            ? Refuse(HandoverRefusalReason.SamePerson, null, ("person", word.Person))
            : null;
    }

    // The proof of a delivery is the receiver's; the most that any of the parcels asks for is asked for all, since one person takes them at one door.
    private static HandoverDecision? WhyNotProved(HandoverState state, Confirmation word, Func<string, HandoverTerms?> termsOf)
    {
        if (state.Opened.Kind != HandoverKind.CourierToConsignee || word.Side != Side.Receiver) return null;
        var given = word.Proofs | word.Method switch
        {
            ConfirmationMethod.Pin => DeliveryProofs.Code,
            ConfirmationMethod.Signature => DeliveryProofs.Signature,
            _ => DeliveryProofs.None,
        };
        foreach (var expected in state.Opened.Expected)
        {
            if (state.Lines.GetValueOrDefault(expected.Parcel) is not { Result: LineResult.Accepted }) continue;
            var terms = termsOf(expected.Parcel) ?? HandoverTerms.Strictest;
            var lacking = terms.ProofFor(expected.Insured ? RiskClass.High : RiskClass.Ordinary) & ~given;
            if (lacking != DeliveryProofs.None)
            {
                return Refuse(HandoverRefusalReason.ProofMissing, expected.Parcel, ("missing", WordsOf(lacking)), ("clause", terms.Clause.Value));
            }
        }
        return null;
    }

    private static string WordsOf(DeliveryProofs proofs) =>
        string.Join(' ', Enum.GetValues<DeliveryProofs>().Where(p => p != DeliveryProofs.None && proofs.HasFlag(p)).Select(p => ReasonCode.Of(p)));

    private static HandoverDecision Record(HandoverState state, HandoverLine line, Instant at, string actor) =>
        Done(state, [new HandoverStep.LineChecked(at, actor, line)]);

    private static HandoverDecision.Done Done(HandoverState state, IReadOnlyList<HandoverStep> steps)
    {
        var next = steps.Aggregate(state, (s, step) => s.Apply(step));
        Kernel.Invariant.Holds(next.Misplaced.Length == state.Misplaced.Length, "A step that the rules allow fits the fold.");
        return new(next, [.. steps]);
    }

    private static HandoverDecision.Refused RefuseTotals(HandoverTotals expected, HandoverTotals found) => Refuse(
        HandoverRefusalReason.TotalsDiffer,
        null,
        ("expected_accepted", Text(expected.Accepted)),
        ("found_accepted", Text(found.Accepted)),
        ("expected_excepted", Text(expected.Excepted)),
        ("found_excepted", Text(found.Excepted)),
        ("expected_cod_minor", Text(expected.CodMinor)),
        ("found_cod_minor", Text(found.CodMinor)),
        ("expected_freight_collect_minor", Text(expected.FreightCollectMinor)),
        ("found_freight_collect_minor", Text(found.FreightCollectMinor)),
        ("expected_currency", expected.Currency),
        ("found_currency", found.Currency));

    private static (string, string)[] FiguresOf(WeighVerdict.Judged held) =>
    [
        ("measured_mg", Text(held.Figures.Measured.Milligrams)),
        ("handed_on_mg", Text(held.Figures.HandedOn!.Value.Milligrams)),
        ("limit_mg", Text(held.Figures.IntegrityLimit!.Value.Milligrams)),
        ("clause", held.Figures.Clause.Value),
        ("contract", held.Figures.Contract),
        ("contract_version", Text(held.Figures.ContractVersion)),
    ];

    private static HandoverDecision.Refused Refuse(HandoverRefusalReason reason, string? parcel, params ReadOnlySpan<(string Name, string Value)> figures)
    {
        var named = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in figures) named[name] = value;
        return new(new HandoverRefusal(reason, parcel, named.ToImmutable()));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
