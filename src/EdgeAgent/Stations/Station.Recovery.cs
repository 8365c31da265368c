using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Handovers;
using KeyAccountLogistics.EdgeAgent.Journal;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>
/// After any stop: the station as its own journalled facts leave it. Nothing else is kept, so nothing can contradict them.
/// </summary>
internal sealed partial class Station
{
    /// <summary>Reads every event still on the disk, oldest first, and gives each station its own.</summary>
    public static void FoldAll(CaptureJournal journal, IReadOnlyDictionary<string, Station> stations, ILogger log)
    {
        foreach (var (boot, first, clock) in journal.Retained())
        {
            using var reader = new JournalReader(journal, boot, first);
            while (reader.Read(512, 1 << 20) is { Count: > 0 } batch)
            {
                foreach (var (sequence, body) in batch)
                {
                    if (Parse(body) is { } fact && stations.TryGetValue(fact.Station, out var station)) station.Fold(fact, boot, sequence, clock);
                }
            }
        }
        foreach (var station in stations.Values) StationLog.Recovered(log, station.Id, station._today.Judged, station._handover?.Id ?? "none");
    }

    /// <summary>Null for bytes that are no fact to this version of the program: they are sent all the same, the backend keeps them.</summary>
    private static ParcelEvent? Parse(byte[] body)
    {
        try
        {
            return ParcelEvent.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void Fold(ParcelEvent fact, Guid boot, ulong sequence, BootClock? clock)
    {
        // Days are told by the server's time, as they are while the agent runs: its own wall clock may be days off.
        var made = AgentClock.ServerTimeOf(new CaptureStamp(fact.CapturedAtUs, fact.MonotonicUs), clock, _services.Clock.WallOffsetMicros);
        Remember(fact.Id, Done(fact));
        switch (fact.Kind)
        {
            case EventKind.Weighed when fact.Weight?.Verdict is not null: FoldWeighed(fact, made); break;
            case EventKind.Scanned when fact.Handover.Length > 0 && string.Equals(_handover?.Id, fact.Handover, StringComparison.Ordinal): _handover!.Scanned(fact.Parcel); break;
            case EventKind.Corrected: _services.Seen.Forget(fact.Parcel); break;
            case EventKind.ScaleChecked when fact.ScaleCheck is not null: FoldChecked(fact, made); break;
            case >= EventKind.HandoverOpened and <= EventKind.HandoverAbandoned: FoldHandover(fact, boot, sequence); break;
        }
    }

    private void FoldWeighed(ParcelEvent fact, Instant made)
    {
        var mass = Mass.FromMilligrams(fact.Weight.MassMg);
        if (JudgeWeight.IsWeight(fact.Weight.Verdict)) _services.Seen.Note(fact.Parcel, new SeenParcel(Id, 0, fact.CapturedAtUs, mass));
        var parcel = _services.Manifest.Find(fact.Parcel);
        var judged = JudgedOf(fact, parcel);
        if (Local(made).Date == Today) Count(judged, string.Equals(judged.Tone, "stop", StringComparison.Ordinal));
        _recent.Insert(0, judged);
        if (_recent.Count > RecentMax) _recent.RemoveAt(RecentMax);
        if (fact.Handover.Length == 0 || !string.Equals(_handover?.Id, fact.Handover, StringComparison.Ordinal)) return;
        // Judged again by the same pure rule from the fact's own figures.
        var reading = fact.Weight.Typed ? WeighReading.ByHand(mass) : _scale?.Scale is { } facts ? WeighReading.FromScale(facts, mass, stable: true, returnedToZero: true, standing: JudgeStanding.Behind((Verdicts.Weighing.NoVerdictReason)fact.Weight.Verdict.NoVerdict)) : null;
        if (reading is not null)
            _handover!.Weighed(fact.Parcel, JudgeWeight.Decide(parcel, _services.Manifest.Version != 0, _services.Doubts, _services.Terms.Now, reading, Today, _services.Clock.ServerNow));
    }

    private void FoldHandover(ParcelEvent fact, Guid boot, ulong sequence)
    {
        if (HandoverWire.ToStep(fact) is not { } step) return;
        if (step is HandoverStep.Opened opened)
        {
            // A second one can only follow a first that ended in a part of the journal that is damaged or gone.
            if (_handover is { } unfinished) _services.Handovers.Release(unfinished.Id);
            _handover = new StationHandover(HandoverState.Begin(opened));
            _services.Handovers.Reserve(opened.Id, [.. opened.Expected.Select(static e => e.Parcel)]);
            _services.Handovers.Journalled(opened.Id, boot, sequence);
            return;
        }
        if (_handover is not { } handover || !string.Equals(handover.Id, fact.Handover, StringComparison.Ordinal)) return;
        handover.Advance(handover.State.Apply(step));
        if (handover.State.IsOpen) return;
        _services.Handovers.Release(handover.Id);
        _handover = null;
    }
}
