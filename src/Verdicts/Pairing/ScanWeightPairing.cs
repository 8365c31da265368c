using System.Collections.Immutable;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Verdicts.Pairing;

/// <summary>
/// Which scan belongs to which weight: one parcel at a time, a return to zero between parcels, and a pair only where exactly one code lies in the
/// window of the load (from <see cref="PairingOptions.ScanBefore"/> before it was placed to <see cref="PairingOptions.ScanAfter"/> after it came to rest).
/// Anything else is shown as ambiguous, or the scale must return to zero; nothing is guessed. Pure: time comes with each input.
/// </summary>
/// <remarks>A scan after the parcel was taken off never counts for it: it cannot be told from the scan of the next one.</remarks>
public static class ScanWeightPairing
{
    /// <summary>The state after one input, and what it produced.</summary>
    public static (PairingState State, ImmutableArray<PairingOutput> Outputs) Next(PairingState state, PairingInput input, PairingOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        Invariant.Holds(options.ZeroBand >= Mass.Zero && options.StepMin >= options.ZeroBand, "What is zero is not a load.");
        var step = new Step(state with { Now = Duration.Max(state.Now, input.At) }, options);
        step.Expire();
        switch (input)
        {
            case PairingInput.Sample sample: step.See(sample); break;
            case PairingInput.Scan scan: step.Scan(scan.Code); break;
            case PairingInput.Choose choose: step.Choose(choose.Code); break;
            case PairingInput.Done done: step.Done(done.Code); break;
            case PairingInput.Discard: step.Discard(); break;
            case PairingInput.Tick: break;
            default: throw new InvariantBrokenException("A pairing has six kinds of inputs.", input.GetType().Name);
        }
        return (step.State, step.Outputs);
    }

    // One step under way: the state is replaced as the input is worked through, the outputs are collected.
    private sealed class Step(PairingState state, PairingOptions options)
    {
        private readonly ImmutableArray<PairingOutput>.Builder _outputs = ImmutableArray.CreateBuilder<PairingOutput>();

        internal PairingState State { get; private set; } = state;

        internal ImmutableArray<PairingOutput> Outputs => _outputs.ToImmutable();

        internal void Expire()
        {
            if (IsTooLate && State.Scans.IsEmpty)
            {
                DropLoad(UnpairedReason.NoScan);
                State = State with { NeedsZero = NeedsZeroReason.NotScannedInTime };
            }
            if (State.Load is not null) return;
            DropScans(UnpairedReason.NoWeight, s => s.At < State.Now - options.ScanBefore);
        }

        internal void See(PairingInput.Sample sample)
        {
            State = State with { Shown = sample.Mass, LooksLoaded = sample.Kind == SampleKind.Over || sample.Mass > options.StepMin };
            switch (sample)
            {
                case { Kind: SampleKind.Over }: Spoil(NeedsZeroReason.OverCapacity, UnpairedReason.OverCapacity); break;
                case { Kind: SampleKind.Lost }: Spoil(NeedsZeroReason.ScaleLost, UnpairedReason.ScaleLost); break;
                case { Kind: SampleKind.Negative }: OffZero(NeedsZeroReason.Negative); break;
                case { Kind: SampleKind.Stable, Mass: { } mass }: Rest(mass); break;
                case { Kind: SampleKind.Moving, Mass: { } moving } when moving <= options.StepMin: break;
                case { Kind: SampleKind.Moving }: LeaveZero(); break;
            }
        }

        internal void Scan(string code)
        {
            if (string.IsNullOrEmpty(code)) return;
            var scan = new WaitingScan(code, State.Now);
            var repeated = State.LastTaken is { } last && Is(last, code) && State.Now - last.At <= options.Duplicate;
            if (State.Load is { Paired: { } paired, Gone: false } && Is(paired, code)) repeated = true;
            if (State.Load is not { Gone: true })
            {
                // Outside the window of the load the code counts as scanned when it was.
                repeated |= State.Scans.Any(s => Is(s, code)) || (State.Load?.Contest.Any(s => Is(s, code)) ?? false);
                if (!IsTooLate) State = State with { Scans = [.. State.Scans.Select(s => Is(s, code) ? scan : s)] };
            }
            if (repeated)
            {
                State = State with { LastTaken = scan };
                _outputs.Add(new PairingOutput.Repeated(code));
                return;
            }
            Resolve();
            if (WhyNotTaken() is { } why)
            {
                _outputs.Add(new PairingOutput.ScanUnused(code, scan.At, why));
                return;
            }
            State = State with { LastTaken = scan };
            if (State.Load is { Paired: { } holder } load)
            {
                State = State with { Load = load with { Contest = load.Contest.Add(scan) } };
                _outputs.Add(new PairingOutput.Contested(load.Weighing, holder.Code, code));
            }
            else
            {
                State = State with { Scans = State.Scans.Add(scan) };
                PairIfCertain(chosen: false);
            }
        }

        internal void Choose(string code)
        {
            if (State.Load is { Paired: { } paired } load && !load.Contest.IsEmpty)
            {
                if (Is(paired, code))
                {
                    _outputs.Add(new PairingOutput.Upheld(load.Weighing, code));
                    Settle(load, paired);
                }
                else if (load.Contest.FirstOrDefault(s => Is(s, code)) is { } other)
                {
                    _outputs.Add(new PairingOutput.Paired(load.Weighing, code, load.Mass, load.LeftZeroAt, load.StableAt, other.At, Chosen: true, paired.Code));
                    Settle(load, other);
                }
            }
            else if (State.Scans.Length > 1 && State.Scans.Any(s => Is(s, code)))
            {
                DropScans(UnpairedReason.NotChosen, s => !Is(s, code));
                PairIfCertain(chosen: true);
            }
        }

        // Only while no load has come to rest: what lies there may be that parcel, and then a person says so.
        internal void Done(string code)
        {
            if (State.Load is not null) return;
            var last = State.LastTaken;
            DropScans(UnpairedReason.NotNeeded, s => Is(s, code));
            State = State with { LastTaken = last };   // the same code again at once is still the same act of the scanner
        }

        internal void Discard()
        {
            var lies = State.Load is { Gone: false };
            DropLoad(UnpairedReason.NotChosen, withdraw: true);
            DropScans(UnpairedReason.NotChosen);
            if (lies) State = State with { NeedsZero = NeedsZeroReason.Discarded };
        }

        private bool IsTooLate => State.Load is { Weighed: true, Paired: null, Gone: false } load && State.Now > load.StableAt + options.ScanAfter;

        private UnpairedReason? WhyNotTaken()
        {
            if (State.NeedsZero is not null) return UnpairedReason.NeedsZero;
            if (IsTooLate) return UnpairedReason.TooLate;
            var candidates = State.Load is { Paired: not null } load ? load.Contest.Length + 1 : State.Scans.Length;
            return candidates >= options.CandidatesMax ? UnpairedReason.TooMany : null;
        }

        private void Rest(Mass mass)
        {
            if (mass < -options.ZeroBand) OffZero(NeedsZeroReason.Negative);
            else if (mass <= options.ZeroBand) AtZero();
            else if (mass <= options.StepMin) OffZero(NeedsZeroReason.OffZero);
            else AtRest(mass);
        }

        private void AtZero()
        {
            State = State with { NeedsZero = null };
            TakeOff(UnpairedReason.NoScan);
        }

        // Neither zero nor a load: dirt, a drifting zero, a platform lifted. What was weighed before it stays weighed.
        private void OffZero(NeedsZeroReason reason)
        {
            TakeOff(reason == NeedsZeroReason.Negative ? UnpairedReason.Negative : UnpairedReason.NoScan);
            State = State with { NeedsZero = reason };
        }

        private void TakeOff(UnpairedReason unscanned)
        {
            if (State.Load is not { Gone: false } load) return;
            if (load.Weighed && (!load.Contest.IsEmpty || State.Scans.Length > 1))
            {
                State = State with { Load = load with { Gone = true } };
                return;
            }
            DropLoad(unscanned);

            // Taken off before it came to rest: its scan must not wait for the next parcel's weight.
            if (!load.Weighed) DropScans(UnpairedReason.NoWeight);
        }

        private void LeaveZero()
        {
            if (State.NeedsZero is not null) return;
            Resolve();
            if (State.Load is null) State = State with { Load = new Load(State.Now) };
        }

        private void AtRest(Mass mass)
        {
            if (State.NeedsZero is not null) return;
            LeaveZero();
            var load = State.Load!;
            if (!load.Weighed)
            {
                State = State with
                {
                    Weighings = State.Weighings + 1,
                    Load = load with { Weighing = State.Weighings + 1, Mass = mass, StableAt = State.Now },
                };
                PairIfCertain(chosen: false);
            }
            else if ((mass - load.Mass).Abs() > options.StepMin)
            {
                if (load.Paired is { } paired) _outputs.Add(new PairingOutput.Stepped(load.Weighing, paired.Code, load.Mass, mass));
                Spoil(NeedsZeroReason.SteppedWhileLoaded, UnpairedReason.SteppedWhileLoaded);
            }
        }

        private void Spoil(NeedsZeroReason needsZero, UnpairedReason why)
        {
            DropLoad(why);
            DropScans(why);
            State = State with { NeedsZero = needsZero };
        }

        // The next load or scan has come and nobody said which code the last one was: then it was none.
        private void Resolve()
        {
            if (State.Load is not { Gone: true }) return;
            DropLoad(UnpairedReason.Unresolved);
            DropScans(UnpairedReason.Unresolved);
        }

        private void PairIfCertain(bool chosen)
        {
            if (State.Load is not { Weighed: true, Paired: null } load || State.Scans.Length != 1) return;
            var scan = State.Scans[0];
            _outputs.Add(new PairingOutput.Paired(load.Weighing, scan.Code, load.Mass, load.LeftZeroAt, load.StableAt, scan.At, chosen, null));
            State = State with { Scans = [] };
            Settle(load, scan);
        }

        private void Settle(Load load, WaitingScan scan)
        {
            foreach (var other in load.Contest.Where(other => other != scan)) _outputs.Add(new PairingOutput.ScanUnused(other.Code, other.At, UnpairedReason.NotChosen));
            State = State with { Load = load.Gone ? null : load with { Paired = scan, Contest = [] } };
        }

        private void DropLoad(UnpairedReason why, bool withdraw = false)
        {
            if (State.Load is not { } load) return;
            if (load.Paired is { } paired)
            {
                if (withdraw || !load.Contest.IsEmpty) _outputs.Add(new PairingOutput.Withdrawn(load.Weighing, paired.Code));
                foreach (var scan in load.Contest) _outputs.Add(new PairingOutput.ScanUnused(scan.Code, scan.At, why));
            }
            else if (load.Weighed)
            {
                _outputs.Add(new PairingOutput.WeightUnused(load.Weighing, load.Mass, why));
            }
            State = State with { Load = null };
        }

        private void DropScans(UnpairedReason why, Func<WaitingScan, bool>? which = null)
        {
            var dropped = which is null ? State.Scans : [.. State.Scans.Where(which)];
            if (dropped.IsEmpty) return;
            foreach (var scan in dropped) _outputs.Add(new PairingOutput.ScanUnused(scan.Code, scan.At, why));
            State = State with { Scans = State.Scans.RemoveRange(dropped), LastTaken = null };
        }

        private static bool Is(WaitingScan scan, string code) => string.Equals(scan.Code, code, StringComparison.Ordinal);
    }
}
