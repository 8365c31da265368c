using System.Globalization;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Pairing;
using KeyAccountLogistics.Verdicts.Scales;
using NodaTime;
using ScaleDoubts = KeyAccountLogistics.Verdicts.Scales.ScaleDoubts;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>Whether the scale is believed, and its check with test weights: begun by a person, led step by step, done by placing the weights, no other key needed.</summary>
internal sealed partial class Station
{
    private GuidedCheck? _check;
    private LastScaleCheck? _lastCheck;
    private readonly List<ByteString> _checkFrames = [];

    /// <summary>The scale's standing at this moment.</summary>
    private ScaleStanding Standing => JudgeStanding.Of(_scale?.DailyCheck, _lastCheck, DoubtsOfScale(), Local(_services.Clock.ServerNow));

    public Task<StationReply> BeginScaleCheckAsync(BeginScaleCheckRequest request) => RunAsync(() => OnceAsync(request.CommandId, BegunAsync), Busy);

    public Task<StationReply> EndScaleCheckAsync(EndScaleCheckRequest request) => RunAsync(() => OnceAsync(request.CommandId, EndedAsync), Busy);

    private async ValueTask<StationReply> BegunAsync()
    {
        if (_scale?.Scale is not { } scale) return Refuse("no_scale", "This station has no scale.");
        if (_scale.DailyCheck is not { } rule) return Refuse("no_test_weights", "The configuration names no test weights of this scale: add daily_check to its entry.");
        if (_check is { IsOver: false }) return Refuse("check_under_way", "A check is under way at this station.");
        _check = GuidedCheck.Begin(rule, scale);
        _checkFrames.Clear();
        await DropPairingAsync();
        return new StationReply { Done = new Done() };
    }

    private async ValueTask<StationReply> EndedAsync()
    {
        if (_check is null) return Refuse("no_check", "No check is under way at this station.");
        if (!_check.IsOver) await DropPairingAsync();
        _check = null;
        return new StationReply { Done = new Done() };
    }

    /// <summary>What lies on the platform before or after a check is no parcel: the scale must show zero first.</summary>
    private ValueTask DropPairingAsync() => PairAsync(new PairingInput.Sample(_services.Clock.Elapsed, SampleKind.Lost, null));

    private async ValueTask CheckSampleAsync(SampleKind kind, WeightReading reading)
    {
        var before = _check!;
        _check = before.Take(kind, reading.IsLoad ? reading.Mass : null, _pairingOptions!.ZeroBand);
        if (_check.Steps.Count > before.Steps.Count) _checkFrames.Add(ByteString.CopyFrom(reading.Raw.Span));
        if (!_check.IsOver) return;
        var fact = CheckedFact(_check);
        // Not accepted: the check counts for nothing, as if it had not been done.
        if (!(await RecordAsync(fact)).Accepted) _check = null;
        else FoldChecked(fact, _services.Clock.ServerNow);
        await DropPairingAsync();
    }

    private ParcelEvent CheckedFact(GuidedCheck check)
    {
        var fact = _facts.New(EventKind.ScaleChecked, Actor);
        fact.Device = _scale!.Settings.Id;
        fact.Reason = check.Phase == CheckPhase.Passed ? "" : "check_failed";
        fact.ScaleCheck = new ScaleCheck { Scale = FactMaker.ToWire(check.Scale), Passed = check.Phase == CheckPhase.Passed, Protocol = _scale.Settings.Protocol };
        for (var i = 0; i < check.Steps.Count; i++)
        {
            var step = check.Steps[i];
            fact.ScaleCheck.Steps.Add(new ScaleCheckStep
            {
                NominalMg = step.Nominal.Milligrams, ShownMg = step.Shown.Milligrams, LimitMg = step.Limit.Milligrams, Frames = { _checkFrames[i] },
            });
        }
        return fact;
    }

    // The day of a check is told by the server's time, as its standing is.
    private void FoldChecked(ParcelEvent fact, Instant at)
    {
        if (_scale is not null && string.Equals(fact.Device, _scale.Settings.Id, StringComparison.Ordinal))
            _lastCheck = new LastScaleCheck(Local(at), fact.ScaleCheck.Passed);
    }

    private ScaleDoubts DoubtsOfScale() =>
        _scale is null || _services.Doubts.Find(_services.Configuration.Depot, _scale.Settings.Id) is not { } doubt
            ? ScaleDoubts.None
            : new ScaleDoubts(doubt.Quarantined, doubt.CheckAskedUs == 0 ? null : Local(Clock.FromUnixMicros(doubt.CheckAskedUs)));

    private LocalDateTime Local(Instant instant) => instant.InZone(_services.Configuration.Zone).LocalDateTime;

    private Instruction? CheckInstruction()
    {
        if (_check is { IsOver: false } check)
        {
            if (check.OtherWeight is not null) return Say("check_other_weight", ("next_mg", Number(check.Next!.Value.Milligrams)));
            return Say("check_" + ReasonCode.Of(check.Phase), ("next_mg", Number(check.Next!.Value.Milligrams)));
        }
        if (_pairingOptions is null) return null;
        return Standing switch
        {
            ScaleStanding.CheckMissed => Say("scale_check_due"),
            ScaleStanding.CheckFailed => Say("scale_check_failed"),
            ScaleStanding.Quarantined => Say("scale_quarantined"),
            _ => null,
        };

        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    private static ScaleCheckProgress RenderCheck(GuidedCheck check)
    {
        var progress = new ScaleCheckProgress
        {
            Phase = ReasonCode.Of(check.Phase), NextMg = check.Next?.Milligrams ?? 0, Total = check.Rule.TestWeights.Count, OtherWeightMg = check.OtherWeight?.Milligrams ?? 0,
        };
        foreach (var step in check.Steps)
        {
            progress.Weights.Add(new CheckedWeight
            {
                NominalMg = step.Nominal.Milligrams, ShownMg = step.Shown.Milligrams, LimitMg = step.Limit.Milligrams, Passed = step.Passed, Drifting = step.Drifting,
            });
        }
        return progress;
    }
}
