using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Pairing;
using NodaTime;
using PairingState = KeyAccountLogistics.Api.Edge.V1.PairingState;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>What is shown: always the present truth, with codes and figures for the page to put into words.</summary>
internal sealed partial class Station
{
    private const int RecentMax = 12;
    private static readonly Duration WarningShownFor = Duration.FromSeconds(8);
    private static readonly Duration WeightStaleAfter = Duration.FromSeconds(1.5);

    private readonly List<Judged> _recent = [];
    private Judged? _judged;
    private bool _judgedIsOfPresentLoad;
    private Counts _today = new();
    private LocalDate _todayIs;
    private (Instruction Instruction, Duration At)? _warning;
    private ulong _revision;

    /// <summary>The whole state, made on the station's own task.</summary>
    public Task<StationState> StateAsync() => RunAsync(() => new ValueTask<StationState>(Render()), new StationState { Station = Id, Depot = _services.Configuration.Depot });

    private StationState Render()
    {
        RollDay();
        var state = new StationState
        {
            Revision = ++_revision,
            Station = Id,
            Depot = _services.Configuration.Depot,
            NowUs = _services.Clock.Stamp().WallMicros,
            Weight = RenderWeight(),
            Pairing = RenderPairing(),
            Instruction = RenderInstruction(),
            Link = RenderLink(),
            Today = _today.Clone(),
        };
        if (Person is { } person) (state.Person, state.PersonName) = (person.Person.Id, person.Person.DisplayName);
        if (_lastScan is not null) state.Scan = _lastScan.Clone();
        if (_judged is not null) state.Judged = _judged.Clone();
        if (RenderHandover() is { } handover) state.Handover = handover;
        if (_check is not null) state.Check = RenderCheck(_check);
        if (_pairingOptions is not null) state.ScaleStanding = ReasonCode.Of(Standing);
        foreach (var device in _devices.Values) state.Devices.Add(device.Clone());
        foreach (var judged in _recent) state.Recent.Add(judged.Clone());
        return state;
    }

    private LiveWeight RenderWeight()
    {
        var live = new LiveWeight { State = "none", NeedsZero = _pairing.NeedsZero is not null, IntervalMg = _scale?.Scale?.Interval.Milligrams ?? 0 };
        if (_pairingOptions is null || _lastReading is not { } reading) return live;
        live.State = LiveStateOf(in reading);
        if (reading.Mass is { } mass && live.State is "moving" or "settling" or "stable" or "zero" or "negative") live.MassMg = mass.Milligrams;
        live.Text = reading.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";
        live.Unit = reading.Unit ?? "";
        live.TraceG.AddRange(_window.Trace());
        return live;
    }

    private string LiveStateOf(in WeightReading reading)
    {
        if (_window.LastAt is { } last && _services.Clock.Elapsed - last > WeightStaleAfter) return "stale";
        if (reading.Condition == Condition.Over) return "over";
        if (reading.Condition == Condition.Under) return "under";
        if (reading.Condition == Condition.Fault || reading.Mass is not { } mass) return "fault";
        var stable = _lastStability == StabilityFlag.Stable;
        if (mass < -_pairingOptions!.ZeroBand) return "negative";
        if (stable) return mass <= _pairingOptions.ZeroBand ? "zero" : "stable";
        return _window.IsSettling(_scale!.Scale!.Interval * 3) ? "settling" : "moving";
    }

    private PairingState RenderPairing()
    {
        var shown = new PairingState { State = ReasonCode.Of(_pairing.Phase), Parcel = _pairing.Parcel ?? "" };
        shown.Candidates.AddRange(_pairing.Candidates);
        return shown;
    }

    private Link RenderLink()
    {
        var link = _services.Link.ToWire();
        link.Unsent = _services.Journal.UnsentCount;
        link.TermsVersion = _services.Terms.Now.Version;
        return link;
    }

    /// <summary>What to do next, the most pressing first.</summary>
    private Instruction RenderInstruction()
    {
        if (_services.Journal.Refusing is { } refusing) return Say("call_supervisor", ("reason", refusing.Code));
        if (!Manned) return Say("sign_in");
        if (_pairing.Phase == PairingPhase.Ambiguous) return Say("choose_parcel");
        foreach (var device in Configuration.Devices)
        {
            var health = _devices[device.Settings.Id];
            if (!string.Equals(health.State, "live", StringComparison.Ordinal))
                return Say(device.Kind == DeviceKind.Scale ? "scale_absent" : "scanner_absent", ("device", health.Device), ("state", health.State), ("reason", health.Reason));
        }
        if (_warning is { } warning && _services.Clock.Elapsed - warning.At <= WarningShownFor) return warning.Instruction.Clone();
        if (CheckInstruction() is { } ofCheck) return ofCheck;
        if (_judgedIsOfPresentLoad && _judged is { Tone: "stop" } stop) return Say("put_apart", ("parcel", stop.Parcel), ("place", Configuration.HoldPlace), ("reason", stop.Headline));
        if (HandoverInstruction() is { } ofHandover) return ofHandover;
        if (_pairingOptions is null) return Say("scan_parcel");
        var pairing = Say(ReasonCode.Of(_pairing.Instruction));
        if (_pairing.NeedsZero is { } why) pairing.Figures["why"] = ReasonCode.Of(why);
        return pairing;
    }

    private static Instruction Say(string code, params ReadOnlySpan<(string Name, string Value)> figures)
    {
        var instruction = new Instruction { Code = code };
        foreach (var (name, value) in figures) instruction.Figures[name] = value;
        return instruction;
    }

    private void Warn(string code, params ReadOnlySpan<(string Name, string Value)> figures) => _warning = (Say(code, figures), _services.Clock.Elapsed);

    private void Warn(string code, IEnumerable<KeyValuePair<string, string>> figures)
    {
        var instruction = Say(code);
        foreach (var (name, value) in figures) instruction.Figures[name] = value;
        _warning = (instruction, _services.Clock.Elapsed);
    }

    private void Show(Judged judged)
    {
        _judged = judged;
        _judgedIsOfPresentLoad = true;
        if (judged.Verdict is null) return;
        _recent.Insert(0, judged);
        if (_recent.Count > RecentMax) _recent.RemoveAt(RecentMax);
    }

    private void ClearJudgedOfLast() => _judgedIsOfPresentLoad = false;

    private void Count(Judged judged, bool held)
    {
        RollDay();
        _today.Judged++;
        if (held) _today.Held++;
        if (judged.Tone is "warn" or "wait") _today.Warned++;
        if (judged.Typed) _today.Typed++;
    }

    private void RollDay()
    {
        if (_todayIs == Today) return;
        _todayIs = Today;
        _today = new Counts();
    }

    /// <summary>A weighing as the station shows it large.</summary>
    private Judged JudgedOf(ParcelEvent fact, ManifestParcel? parcel)
    {
        var (tone, headline) = JudgeWeight.Headline(fact.Weight.Verdict, fact.Weight.Typed);
        var judged = new Judged
        {
            Parcel = fact.Parcel,
            Tone = tone,
            Headline = headline,
            MassMg = fact.Weight.MassMg,
            Verdict = fact.Weight.Verdict,
            AtUs = fact.CapturedAtUs,
            Typed = fact.Weight.Typed,
        };
        if (parcel is null) return judged;
        judged.Account = parcel.Account;
        judged.Product = parcel.Product;
        judged.Insured = parcel.Insured;
        judged.Fragile = parcel.Fragile;
        judged.CodMinor = parcel.CodMinor;
        judged.FreightCollectMinor = parcel.FreightCollectMinor;
        judged.Currency = parcel.Currency;
        judged.Destination = parcel.Destination;
        judged.GoesFirst = _services.Terms.Now.InForce(parcel.Account, Snapshots.Manifest.AcceptedAt(parcel) ?? _services.Clock.ServerNow)?.GoesFirst ?? false;
        return judged;
    }
}
