using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using PromiseGate = KeyAccountLogistics.Api.Custody.V1.PromiseGate;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// What a parcel adds to its account's figures: one pure function of its facts, its shipment and the contract version of its acceptance. Neither the time of asking nor the
/// order of arrival is in it, so that late facts, corrections and exclusions are handled by asking it again.
/// </summary>
internal static class ContributeParcel
{
    private const long Within72Us = 72L * 3600 * 1_000_000;
    private const long VisibleWithinUs = 60L * 1_000_000;
    private const long PodWithinUs = 24L * 3600 * 1_000_000;

    internal static Contribution Of(WholeLife life, TermsSnapshot snapshot)
    {
        if (life.Account is not { } account || life.Shipment is not { } shipment) return new Contribution();
        var way = ParcelWay.Of(life);
        var terms = TermsOf(snapshot, account, shipment, way);
        var exclusion = Exclusion.Of(life.Facts);
        var (days, pauses) = (AccountDays.Of(terms), Pauses.Of(life.Facts, way.FirstAttemptAt ?? way.Lost));
        var draft = new Draft(life, shipment, way, days, exclusion is { Confirmed: not null } left ? left : null, pauses, PromiseLapse.Of(way, shipment, pauses, days));
        var contract = shipment.Contract is { } named ? FormattableString.Invariant($"{named} v{shipment.ContractVersion}") : terms?.ToString() ?? "";
        var made = new Contribution
        {
            Account = account, Contract = contract, Product = shipment.Product, Lane = shipment.Origin.Length > 0 && shipment.Destination.Length > 0 ? $"{shipment.Origin}-{shipment.Destination}" : "",
            Depot = DepotOf(way, shipment), Courier = way.FirstAttemptAt?.Event.Actor ?? "",
        };
        if (!way.Cancelled) draft.Count();
        made.Tallies.Add(draft.Tallies.OrderBy(static t => t.Figure, StringComparer.Ordinal).ThenBy(static t => t.Day));
        if (draft.Risk() is { } risk) made.Risk = risk;
        if (exclusion is { Confirmed: null, Asked: { } asked }) made.Proposed = new Proposed { Reason = asked.Reason, By = asked.Actor, AtUs = life.Facts.First(f => ReferenceEquals(f.Event, asked)).BestUs };
        return made;
    }

    // The version that registration picked; a shipment whose acceptance was not known then falls under the one of the first fact.
    internal static AccountTerms? TermsOf(TermsSnapshot snapshot, string account, RegisteredShipment shipment, ParcelWay way)
    {
        if (shipment.Contract is { } contract && shipment.ContractVersion is { } version) return snapshot.Find(account, contract, (uint)version);
        var at = way.AcceptedUs ?? (way.Facts.Count > 0 ? way.Facts[0].BestUs : null);
        return at is { } us ? snapshot.InForce(account, Clock.FromUnixMicros(us)) : null;
    }

    private static string DepotOf(ParcelWay way, RegisteredShipment shipment) =>
        way.FirstAttemptAt?.Event.Node is { Length: > 0 } node ? node : way.Out?.Event.Node is { Length: > 0 } from ? from : shipment.Destination;

    /// <summary>True when both ends are known and not of one city (the first four digits of an administrative code).</summary>
    internal static bool IsNonLocal(RegisteredShipment shipment)
    {
        var (from, to) = (shipment.Origin, shipment.Destination);
        if (from.Length == 0 || to.Length == 0) return false;
        return IsAdministrative(from) && IsAdministrative(to) ? !from.AsSpan(0, 4).SequenceEqual(to.AsSpan(0, 4)) : !string.Equals(from, to, StringComparison.Ordinal);
    }

    // The parcel's way and what was read of it; handovers, money and consents are papers beside it.
    internal static bool IsScan(EventKind kind) => kind is >= EventKind.PickupArrived and <= EventKind.ReturnedToCustody;

    private static bool IsAdministrative(string code) => code.Length == 6 && code.All(char.IsAsciiDigit);

    private sealed class Draft(WholeLife life, RegisteredShipment shipment, ParcelWay way, AccountDays days, Exclusion? left, Pauses pauses, PromiseLapse? lapse)
    {
        // Declared lost, or thoroughly late.
        private readonly LivedFact? _lost = way.Lost ?? lapse?.Lost;

        internal List<Tally> Tallies { get; } = [];

        internal void Count()
        {
            var promise = shipment.PromisedUs is { } us ? days.Promise(us, shipment.PromiseClause is not null, pauses) : ((int Day, long DueUs)?)null;
            if (promise is { } promised)
            {
                Punctuality(promised.Day, promised.DueUs);
                Gates(promised.Day);
            }
            FirstAttempt(promise?.Day);
            Accepted();
            Signed();
            Weights();
            if (_lost is { } lost) Failure(SqiComponents.Lost, days.Day(lost.BestUs), lost);
            if (way.Damaged is { } damaged && !PackagingProved(damaged)) Failure(SqiComponents.Damaged, days.Day(damaged.BestUs), damaged);
            if (way.Overgoods is { } overgoods) Failure(SqiComponents.Overgoods, days.Day(overgoods.BestUs), overgoods);
        }

        // What lies between in and out of time counts as late and is marked (law 2).
        private void Punctuality(int day, long dueUs)
        {
            if (way.Attempt is not { } attempt)
            {
                if (_lost is { } lost) Missed(FigureCodes.Punctual, day, dueUs, lost, "lost");
                else if (lapse?.Lapsed is { } lapsed)
                {
                    // The day is over: whatever attempt comes is on another.
                    Missed(FigureCodes.Punctual, day, dueUs, lapsed, ChargedTo());
                    Missed(SqiComponents.WrongDayLate, day, dueUs, lapsed, ChargedTo());
                }
                else if (!way.Returned) LeaveOut(AddOpen(FigureCodes.Punctual, day, dueUs));
                return;
            }
            var onTime = attempt.LatestUs <= dueUs;
            var tally = Add(FigureCodes.Punctual, day, onTime ? 1 : 0, 1, attempt);
            tally.DueUs = dueUs;
            tally.InDoubt = !onTime && attempt.EarliestUs <= dueUs;
            tally.Events.Add(pauses.Events);
            LeaveOut(tally);
            if (onTime) return;
            tally.ChargedTo = ChargedTo();
            // Decided by the instant it may be late on the right day; decided by date it never is.
            var late = Failure(days.Day(attempt.BestUs) > day ? SqiComponents.WrongDayLate : SqiComponents.RightDayLate, day, attempt);
            (late.DueUs, late.InDoubt, late.ChargedTo) = (dueUs, tally.InDoubt, tally.ChargedTo);
            LeaveOut(late);
        }

        private void Missed(string figure, int day, long dueUs, LivedFact by, string chargedTo)
        {
            var missed = Add(figure, day, figure is FigureCodes.Punctual ? 0 : 1, 1, by);
            (missed.DueUs, missed.ChargedTo) = (dueUs, chargedTo);
            LeaveOut(missed);
        }

        // One figure a kind of gate, however often the way has one of it.
        private void Gates(int day)
        {
            if (shipment.Gates.IsEmpty || way.AcceptedUs is not { } accepted) return;
            foreach (var kind in GateSteps.Of(GatesNow(), accepted, Passed).GroupBy(static g => g.Gate, StringComparer.Ordinal))
            {
                var passed = kind.ToList();
                var late = passed.FindIndex(static g => !g.OnTime);
                var deciding = passed[late < 0 ? ^1 : late];
                var tally = Add(FigureCodes.OfGate(kind.Key), day, passed.Count(static g => g.OnTime), passed.Count, deciding.Fact);
                (tally.DueUs, tally.InDoubt, tally.ChargedTo) = (deciding.DueUs, deciding.InDoubt, deciding.OnTime ? "" : deciding.Fact.Event.Node);
            }
        }

        private void FirstAttempt(int? promisedDay)
        {
            if (way.Attempt is not { } attempt) return;
            var tally = Add(FigureCodes.FirstAttempt, promisedDay ?? days.Day(attempt.BestUs), attempt.Event.Kind is EventKind.Delivered ? 1 : 0, 1, attempt);
            LeaveOut(tally);
        }

        private void Accepted()
        {
            if (way.AcceptedUs is not { } accepted) return;
            var day = days.Day(accepted);
            Add(FigureCodes.FalseSignOff, day, 0, 1, null);
            Visible(day);
            var taken = way.TakenOver is { } fact ? new[] { fact.Id } : [];
            Add(FigureCodes.Parcels, day, 0, 1, null).Events.Add(taken);
            Add(FigureCodes.Loss, day, _lost is null ? 0 : 1, 1, _lost);
            if (shipment.Insured && _lost is { } lost) Add(FigureCodes.InsuredLost, day, 1, 1, lost);
            var damage = Add(FigureCodes.Damage, day, way.Damaged is null ? 0 : 1, 1, way.Damaged);
            if (way.Damaged is { } damaged && PackagingProved(damaged)) LeaveOut(damage, "packaging");
            Within72(day, accepted);
        }

        // When the journal has a fact, every reader has it: what readers see is written in the same transaction. Files and this server's own acts are no scans. All of a parcel's count on one
        // day, so that none moves from day to day as others come. A clock that leaves open how long it took counts as late (law 2).
        private void Visible(int day)
        {
            var scans = way.Facts.Where(static f => f.Source is SourceKind.Agent or SourceKind.Device && IsScan(f.Event.Kind)).ToList();
            if (scans.Count == 0) return;
            var late = scans.Where(static f => f.ReceivedUs - f.EarliestUs > VisibleWithinUs).ToList();
            var tally = Add(FigureCodes.Visible, day, scans.Count - late.Count, scans.Count, null);
            tally.InDoubt = late.Exists(static f => f.ReceivedUs - f.LatestUs <= VisibleWithinUs);
            tally.Events.Add(late.Select(static f => f.Id));
        }

        private void Within72(int day, long accepted)
        {
            if (!IsNonLocal(shipment)) return;
            var due = accepted + Within72Us;
            if (way.Signed is not { } signed)
            {
                if (_lost is { } lost) LeaveOut(Add(FigureCodes.Within72, day, 0, 1, lost));
                else if (!way.Returned) LeaveOut(AddOpen(FigureCodes.Within72, day, due));
                return;
            }
            var tally = Add(FigureCodes.Within72, day, signed.LatestUs <= due ? 1 : 0, 1, signed);
            (tally.DueUs, tally.InDoubt) = (due, signed.LatestUs > due && signed.EarliestUs <= due);
            LeaveOut(tally);
        }

        private void Signed()
        {
            if (way.Signed is not { } signed) return;
            var day = days.Day(signed.BestUs);
            Scans(day, signed);
            Proof(day, signed);
            // Signed before it was accepted is an impossible order, not a negative time.
            if (!IsNonLocal(shipment) || way.AcceptedUs is not { } accepted || signed.BestUs < accepted) return;
            LeaveOut(Add(FigureCodes.EndToEnd, day, signed.BestUs - accepted, 1, signed));
        }

        // The route's template: taken over, arrived, out, delivered; within one place nothing arrives.
        private void Scans(int day, LivedFact signed)
        {
            var within = string.Equals(shipment.Origin, shipment.Destination, StringComparison.Ordinal) && shipment.Origin.Length > 0;
            LivedFact?[] expected = within ? [way.TakenOver, way.Out, signed] : [way.TakenOver, way.Arrived, way.Out, signed];
            var captured = expected.Where(static f => f is not null).Select(static f => f!.Value.Id).ToList();
            var tally = Add(FigureCodes.Scans, day, captured.Count, expected.Length, null);
            tally.Events.Add(captured);
        }

        private void Proof(int day, LivedFact signed)
        {
            var proved = signed.Event.Proof is not null || signed.Event.Handover.Length > 0 || life.Facts.Any(f =>
                f.Event.Photo is { Subject: "signature" or "delivery" } && f.BestUs >= signed.BestUs - PodWithinUs && f.BestUs <= signed.BestUs + PodWithinUs);
            if (!proved) Failure(SqiComponents.MissingPod, day, signed);
        }

        private void Weights()
        {
            var weighed = life.Facts.Where(static f => f.Event.Weight is { Verdict: not null, Purpose: WeightPurpose.Depot or WeightPurpose.Reweigh }).ToList();
            var judged = weighed.Where(static f => f.Event.Weight.Verdict is { NoVerdict: NoVerdictReason.Unspecified, Integrity: IntegrityAnswer.Intact or IntegrityAnswer.HeldOver or IntegrityAnswer.HeldUnder }).ToList();
            if (judged.Count > 0)
            {
                var outside = judged.FindIndex(static f => f.Event.Weight.Verdict.Integrity is not IntegrityAnswer.Intact);
                Add(FigureCodes.Weights, days.Day(judged[0].BestUs), outside < 0 ? 1 : 0, 1, judged[Math.Max(outside, 0)]);
                return;
            }
            if (weighed.FirstOrDefault(static f => f.Event.Weight.Verdict.NoVerdict is NoVerdictReason.ScaleQuarantined) is { Event: not null } quarantined)
                LeaveOut(Add(FigureCodes.Weights, days.Day(quarantined.BestUs), 0, 1, quarantined), "scale_quarantined");
        }

        /// <summary>The next gate of a parcel that is still to be attempted; null for one without a promise.</summary>
        internal Risk? Risk()
        {
            if (shipment.PromisedUs is not { } promised || way.Attempt is not null || _lost is not null || way.Returned || way.Cancelled) return null;
            promised += pauses.Us;
            var due = days.Promise(shipment.PromisedUs.Value, shipment.PromiseClause is not null, pauses).DueUs;
            var risk = new Risk { Gate = "delivery", GateUs = promised, PromisedUs = promised, Missing = "attempt", DueUs = due };
            foreach (var gate in GatesNow())
            {
                if (Passed(gate.Gate) is not null) continue;
                (risk.Gate, risk.GateUs, risk.Missing) = (gate.Gate, gate.ByUs, MissingAt(gate.Gate));
                break;
            }
            if (way.Seen is { } seen) (risk.LastSeen, risk.LastSeenUs) = (seen.Event.Node, seen.BestUs);
            return risk;
        }

        private string ChargedTo()
        {
            foreach (var gate in GatesNow())
            {
                if (Passed(gate.Gate) is not { } passed || passed.BestUs > gate.ByUs) return gate.Gate;
            }
            return "delivery";
        }

        // What lay ahead when the clock stood still moves by as much.
        private IReadOnlyList<PromiseGate> GatesNow() => pauses.Us == 0
            ? shipment.Gates : [.. shipment.Gates.Select(g => g.ByUs > pauses.FirstUs ? new PromiseGate { Gate = g.Gate, ByUs = g.ByUs + pauses.Us } : g)];

        private LivedFact? Passed(string gate) => gate switch
        {
            "pickup" => way.TakenOver ?? way.Departed ?? way.Out,
            "depot_out" => way.Departed ?? way.Out,
            "hub" => way.Out ?? Last(EventKind.ArrivedNode, EventKind.DepartedNode),
            "out_for_delivery" => way.Out ?? way.Attempt,
            _ => GateSteps.ByKind(life.Facts, gate),
        };

        private LivedFact? Last(params EventKind[] kinds)
        {
            LivedFact? last = null;
            foreach (var fact in life.Facts)
            {
                if (kinds.Contains(fact.Event.Kind) && string.Equals(fact.Event.Node, shipment.Destination, StringComparison.Ordinal)) last ??= fact;
            }
            return last;
        }

        private static string MissingAt(string gate) => gate switch { "pickup" => "collected", "depot_out" or "hub" => "departed_node", _ => GateSteps.KindOf(gate) };

        private static bool PackagingProved(LivedFact damaged) => damaged.Event.Reason is "packaging";

        private Tally Failure(string component, int day, LivedFact fact) => Add(component, day, 1, 1, fact);

        private Tally Add(string figure, int day, long numerator, long denominator, LivedFact? fact)
        {
            var tally = new Tally { Figure = figure, Day = day, Numerator = numerator, Denominator = denominator };
            if (fact is { } decided) Decide(tally, decided);
            Tallies.Add(tally);
            return tally;
        }

        private Tally AddOpen(string figure, int day, long dueUs)
        {
            var tally = new Tally { Figure = figure, Day = day, Open = true, DueUs = dueUs };
            Tallies.Add(tally);
            return tally;
        }

        private static void Decide(Tally tally, in LivedFact fact)
        {
            tally.Events.Add(fact.Id);
            (tally.EarliestUs, tally.BestUs, tally.LatestUs) = (fact.EarliestUs, fact.BestUs, fact.LatestUs);
        }

        private void LeaveOut(Tally tally)
        {
            if (left is null) return;
            LeaveOut(tally, left.Asked.Reason);
            tally.Events.Add(left.Events);
        }

        private static void LeaveOut(Tally tally, string reason) => (tally.LeftOut, tally.Open, tally.InDoubt, tally.Numerator, tally.Denominator, tally.Reason) = (true, false, false, 0, 0, reason);
    }
}
