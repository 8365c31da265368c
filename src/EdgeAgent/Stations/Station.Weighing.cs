using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Pairing;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using PairingState = KeyAccountLogistics.Verdicts.Pairing.PairingState;
using Wire = KeyAccountLogistics.Api.Custody.V1;
using DeviceState = KeyAccountLogistics.FirmwareAdapters.Sessions.DeviceState;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>Readings to samples, samples and scans to pairs, pairs to judged weights.</summary>
internal sealed partial class Station
{
    private const int WeighingsRemembered = 16;

    private readonly StabilityWindow? _stability;
    private readonly ResolutionLearner _resolution = new();
    private readonly WeighingWindow _window = new();
    private readonly Dictionary<long, ParcelEvent> _weighings = [];
    private PairingState _pairing = PairingState.Start;
    private WeightReading? _lastReading;
    private StabilityFlag _lastStability;
    private bool _reweighAsked;

    private async ValueTask OnWeighedAsync(StationInput.Weighed weighed)
    {
        if (_pairingOptions is null || _stability is null) return;
        var reading = weighed.Reading;
        _resolution.Add(in reading);
        // Equilibrium is within one e (OIML R 76-1, 4.4.2): a wire with more digits than the scale has steps must not keep a flickering last step from ever being called stable.
        _lastStability = _stability.Add(in reading, Mass.Max(_resolution.Current ?? Mass.Zero, _scale!.Scale!.Interval), weighed.At.ToTimeSpan());
        if (KindOf(in reading, _lastStability) is not { } kind) return;
        if (IsZeroContradicted(kind, reading.Mass))
        {
            kind = SampleKind.Moving;
            Warn(NotEmpty);
        }
        _window.Add(weighed.At, in reading);
        _lastReading = reading;
        if (_check is { IsOver: false })
        {
            await CheckSampleAsync(kind, reading);
            return;
        }
        await PairAsync(new PairingInput.Sample(weighed.At, kind, reading.IsLoad ? reading.Mass : null));
    }

    /// <summary>What a reading says of the platform; null when it says nothing of it (an acknowledgement, a tare value).</summary>
    private static SampleKind? KindOf(in WeightReading reading, StabilityFlag stability) => reading.Condition switch
    {
        Condition.Over => SampleKind.Over,
        Condition.Under => SampleKind.Negative,
        Condition.Fault => SampleKind.Lost,
        _ when reading.IsLoad => stability == StabilityFlag.Stable ? SampleKind.Stable : SampleKind.Moving,
        _ => null,
    };

    private async ValueTask ScaleGoneAsync(DeviceChange change)
    {
        if (_pairingOptions is null) return;
        _lastReading = null;
        _stability?.Reset();
        if (change.From == DeviceState.Live) await PairAsync(new PairingInput.Sample(_services.Clock.Elapsed, SampleKind.Lost, null));
    }

    private async ValueTask PairAsync(PairingInput input)
    {
        var before = _pairing.Phase;
        (_pairing, var outputs) = ScanWeightPairing.Next(_pairing, input, _pairingOptions!);
        if (_pairing.Phase == PairingPhase.WaitingForWeight && before is PairingPhase.Idle or PairingPhase.WaitingForZero) ClearJudgedOfLast();
        foreach (var output in outputs) await TakeAsync(output);
    }

    private ValueTask TakeAsync(PairingOutput output)
    {
        switch (output)
        {
            case PairingOutput.Paired paired: return JudgePairAsync(paired);
            case PairingOutput.Withdrawn withdrawn: return CorrectAsync(withdrawn.Weighing, "pairing_withdrawn");
            case PairingOutput.Repeated: MarkScanRepeated(); break;
            case PairingOutput.Stepped: Warn("two_parcels"); break;
            case PairingOutput.WeightUnused { Why: UnpairedReason.NoScan } unused: Show(NotJudged("unlabelled", "warn", unused.Mass)); break;
            case PairingOutput.WeightUnused { Why: UnpairedReason.SteppedWhileLoaded } unused: Show(NotJudged("two_parcels", "warn", unused.Mass)); break;
            case PairingOutput.ScanUnused { Why: UnpairedReason.OverCapacity } unused: Show(NotJudged("no_verdict_over_capacity", "warn", null, unused.Code)); break;
            case PairingOutput.ScanUnused { Why: UnpairedReason.NeedsZero } unused: Show(NotJudged("no_verdict_no_return_to_zero", "warn", null, unused.Code)); break;
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>One scan and one load belong together: journalled with its verdict and its frames, then shown.</summary>
    private async ValueTask JudgePairAsync(PairingOutput.Paired paired)
    {
        if (paired.Replaces is not null) await CorrectAsync(paired.Weighing, "pairing_replaced");
        if (!Manned) return;
        var readings = _window.Between(paired.LeftZeroAt, paired.StableAt);
        var atRest = readings.Count > 0 ? readings[^1] : default;
        var reading = WeighReading.FromScale(_scale!.Scale!, paired.Mass, stable: true, returnedToZero: true, standing: Standing);
        var weight = new Weight
        {
            MassMg = paired.Mass.Milligrams,
            NumberSent = atRest.Number?.ToString(CultureInfo.InvariantCulture) ?? "",
            UnitSent = atRest.Unit ?? "",
            StabilityComputed = atRest.Stability == StabilityFlag.NotReported,
            TareMg = atRest.Tare?.Milligrams ?? 0,
            Scale = FactMaker.ToWire(_scale.Scale!),
            Protocol = _scale.Settings.Protocol,
        };
        foreach (var each in readings) weight.Frames.Add(ByteString.CopyFrom(each.Raw.Span));
        var fact = await JudgeAsync(paired.Code, weight, reading, _scale.Settings.Id, null, _window.Trace(paired.LeftZeroAt));
        if (fact is null)
        {
            // Not accepted: the load must be weighed again, nothing may look as if it had been.
            (_pairing, _) = ScanWeightPairing.Next(_pairing, new PairingInput.Discard(_services.Clock.Elapsed), _pairingOptions!);
            return;
        }
        _weighings[paired.Weighing] = fact;
        _weighings.Remove(paired.Weighing - WeighingsRemembered);
    }

    /// <summary>Judges, journals (with the hold that follows) and shows one weight; null when the journal refused it.</summary>
    private async ValueTask<ParcelEvent?> JudgeAsync(string code, Weight weight, WeighReading reading, string device, ByteString? id, IReadOnlyList<int> trace)
    {
        var parcel = _services.Manifest.Find(code);
        var terms = _services.Terms.Now;
        var verdict = JudgeWeight.Decide(parcel, _services.Manifest.Version != 0, _services.Doubts, terms, reading, Today, _services.Clock.ServerNow);
        var again = _services.Seen.Find(code, _services.Clock.MonotonicMicros, _services.Clock.Stamp().WallMicros);
        weight.Purpose = PurposeOf(again is not null);
        weight.Verdict = JudgeWeight.ToWire(verdict, parcel);
        var duplicate = again is not null && !_reweighAsked && _handover is null && JudgeWeight.IsWeight(weight.Verdict);
        var fact = _facts.New(EventKind.Weighed, Actor, code, id);
        fact.Device = device;
        fact.TermsVersion = terms.Version;
        fact.Handover = _handover?.Id ?? "";
        fact.Reason = duplicate ? HoldReasons.Duplicate : "";
        fact.Weight = weight;
        var facts = new List<ParcelEvent> { fact };
        if (HoldReasonOf(weight, duplicate ? again : null, reading) is { } hold) facts.Add(_facts.Held(code, Actor, hold, Configuration.HoldPlace));
        var answer = await RecordAsync(facts);
        if (!answer.Accepted)
        {
            Show(NotJudged("not_accepted", "stop", Mass.FromMilligrams(weight.MassMg), code));
            return null;
        }
        _reweighAsked = false;
        if (JudgeWeight.IsWeight(weight.Verdict)) _services.Seen.Note(code, new SeenParcel(Id, _services.Clock.MonotonicMicros, fact.CapturedAtUs, Mass.FromMilligrams(weight.MassMg)));
        await ShowJudgedAsync(fact, parcel, duplicate, facts.Count > 1, trace, verdict);
        return fact;
    }

    private async ValueTask ShowJudgedAsync(ParcelEvent fact, ManifestParcel? parcel, bool duplicate, bool held, IReadOnlyList<int> trace, Verdicts.Weighing.WeighVerdict verdict)
    {
        if (held) _around?.Photograph(fact.Parcel);
        var judged = JudgedOf(fact, parcel);
        if (duplicate && !string.Equals(judged.Tone, "stop", StringComparison.Ordinal)) (judged.Tone, judged.Headline) = (held ? "stop" : "warn", "duplicate");
        judged.TraceG.AddRange(trace);
        Count(judged, held);
        Show(judged);
        JudgedNow?.Invoke(judged);
        if (_handover is not null) await HandoverWeighedAsync(fact.Parcel, verdict);
    }

    /// <summary>
    /// Why the parcel is kept apart because of this weighing. A second parcel under the same code shows itself by a weight that the same parcel could not have.
    /// </summary>
    private string? HoldReasonOf(Weight weight, SeenParcel? duplicateOf, WeighReading reading)
    {
        if (weight.Verdict.Integrity == Wire.IntegrityAnswer.HeldOver) return HoldReasons.WeightOver;
        if (weight.Verdict.Integrity == Wire.IntegrityAnswer.HeldUnder) return HoldReasons.WeightUnder;
        if (weight.Verdict.NoVerdict == Wire.NoVerdictReason.UnknownParcel) return HoldReasons.UnknownParcel;
        if (duplicateOf is not { } before || reading.Scale is not { } scale) return null;
        var mass = Mass.FromMilligrams(weight.MassMg);
        return (mass - before.Mass).Abs() > scale.InServiceError(mass) + scale.InServiceError(before.Mass) ? HoldReasons.Duplicate : null;
    }

    private WeightPurpose PurposeOf(bool weighedBefore) => Configuration.Purpose switch
    {
        StationPurpose.Pickup => WeightPurpose.Pickup,
        StationPurpose.Delivery => WeightPurpose.Delivery,
        StationPurpose.Reweigh => WeightPurpose.Reweigh,
        _ => weighedBefore || _handover is not null ? WeightPurpose.Reweigh : WeightPurpose.Depot,
    };

    /// <summary>A weighing no longer stands as it was journalled: corrected by a fact that names it, never changed.</summary>
    private async ValueTask CorrectAsync(long weighing, string reason)
    {
        if (!_weighings.Remove(weighing, out var wrong)) return;
        await RecordAsync(_facts.Corrected(wrong.Id, wrong.Parcel, Actor, reason));
        _services.Seen.Forget(wrong.Parcel);
    }

    private Judged NotJudged(string headline, string tone, Mass? mass, string parcel = "") => new()
    {
        Headline = headline,
        Tone = tone,
        Parcel = parcel,
        MassMg = mass?.Milligrams ?? 0,
        AtUs = _services.Clock.Stamp().WallMicros,
    };
}
