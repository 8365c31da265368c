using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Holds;
using KeyAccountLogistics.Verdicts.Pairing;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.Stations;

/// <summary>Scans: what they mean, the fact they make, and the commands by which a station is worked with a scanner alone.</summary>
internal sealed partial class Station
{
    private static readonly Duration RepeatWithin = Duration.FromSeconds(1);
    private static readonly Duration BadgeGoodFor = Duration.FromSeconds(60);

    private readonly ScanRepeats _repeats = new(RepeatWithin);
    private LastScan? _lastScan;
    private (string Badge, Duration At)? _lastBadge;

    /// <summary>The badge scanned here within the last minute; empty when none was.</summary>
    public string RecentBadge => _lastBadge is { } badge && _services.Clock.Elapsed - badge.At <= BadgeGoodFor ? badge.Badge : "";

    private async ValueTask OnScannedAsync(StationInput.Scanned scanned)
    {
        var reading = scanned.Reading;
        if (reading.Answer is not null) return;   // to a command of commissioning
        _lastScan = new LastScan { Text = reading.Text, Symbology = reading.Symbology, Kind = "no_read", AtUs = _services.Clock.Stamp().WallMicros };
        if (reading.NoRead) return;
        var meaning = MeaningOf(new ScannedCode(reading.Text, reading.AimId));
        _lastScan.Kind = KindOf(meaning);
        if (meaning is ScanMeaning.Badge badge)
        {
            _lastBadge = (badge.StaffCode, scanned.At);
            _lastScan.Text = badge.StaffCode;
            return;
        }
        if (!Manned) return;
        Person?.Touch(_services.Clock.MonotonicMicros);
        switch (meaning)
        {
            case ScanMeaning.Command command: await CommandAsync(command.Asked); break;
            case ScanMeaning.Seal seal: await SealScannedAsync(seal.Number); break;
            default:
                var scan = new Scan { Raw = ByteString.CopyFrom(reading.Raw.Span), Symbology = reading.AimId ?? "", Text = reading.Text };
                if (meaning.Parcel is { } code) await ParcelScannedAsync(code.Text, scan, scanned.Device, scanned.At, null);
                else if (meaning is ScanMeaning.MisreadOwn) await MisreadAsync(scan, scanned.Device, scanned.At);
                break;
        }
    }

    /// <summary>The first meaning that the manifest knows; else the first that could be a parcel; else what it is.</summary>
    private ScanMeaning MeaningOf(ScannedCode code)
    {
        var meanings = WhatWasScanned.Read(code, _services.Words);
        return meanings.FirstOrDefault(m => m.Parcel is { } parcel && _services.Manifest.Find(parcel.Text) is not null)
            ?? meanings.FirstOrDefault(static m => m.Parcel is not null) ?? meanings[0];
    }

    private static string KindOf(ScanMeaning meaning) => meaning switch
    {
        ScanMeaning.OwnParcel => "own_waybill",
        ScanMeaning.PostalItem => "s10",
        ScanMeaning.LogisticUnit => "sscc",
        ScanMeaning.Gs1Content or ScanMeaning.Article => "gs1",
        ScanMeaning.Badge => "badge",
        ScanMeaning.Command => "command",
        ScanMeaning.Seal => "seal",
        ScanMeaning.ForeignParcel => "foreign",
        ScanMeaning.MisreadOwn => "misread",
        _ => "unreadable",
    };

    /// <summary>A parcel's code was read: journalled, then put to the pairing and the handover. The fact, or null when it was refused or is the same act.</summary>
    private async ValueTask<ParcelEvent?> ParcelScannedAsync(string code, Scan scan, string device, Duration at, ByteString? id)
    {
        var repeated = _repeats.Note(device, scan.Symbology, scan.Text, code, at) is not ScanRepeat.None && id is null;
        ParcelEvent? fact = null;
        if (repeated)
        {
            MarkScanRepeated();
        }
        else
        {
            fact = _facts.New(EventKind.Scanned, Actor, code, id);
            fact.Device = device;
            fact.Handover = _handover?.Id ?? "";
            fact.Scan = scan;
            if (!(await RecordAsync(fact)).Accepted)
            {
                Show(NotJudged("not_accepted", "stop", null, code));
                return null;
            }
        }
        if (_check is { IsOver: false }) Warn("check_under_way");
        else if (_pairingOptions is not null) await PairAsync(new PairingInput.Scan(at, code));
        if (_handover is not null && !repeated) await HandoverScannedAsync(code);
        return fact;
    }

    /// <summary>Starts like an own waybill and is none: kept as what the scanner sent, named as no parcel.</summary>
    private async ValueTask MisreadAsync(Scan scan, string device, Duration at)
    {
        if (_repeats.Note(device, scan.Symbology, scan.Text, scan.Text, at) is not ScanRepeat.None)
        {
            MarkScanRepeated();
            return;
        }
        var fact = _facts.New(EventKind.Scanned, Actor);
        fact.Device = device;
        fact.Reason = "misread_own";
        fact.Scan = scan;
        await RecordAsync(fact);
    }

    private void MarkScanRepeated()
    {
        if (_lastScan is not null) _lastScan.Repeated = true;
    }

    /// <summary>A command barcode: the same acts as the page's keys.</summary>
    private async ValueTask CommandAsync(StationCommand asked)
    {
        _repeats.Forget();
        switch (asked)
        {
            case StationCommand.Cancel: await CancelAsync(); break;
            case StationCommand.Reweigh: _reweighAsked = true; break;
            case StationCommand.Hold: await HoldPresentAsync("held_by_operator"); break;
            case StationCommand.Damaged: await DamagedAsync(); break;
            case StationCommand.Confirm: await ConfirmCheckAsync(); break;
            case StationCommand.Counted: if (_handover is not null) ShowRefusal(await CountAsync(null)); break;
            case StationCommand.Abandon: if (_handover is not null) ShowRefusal(await AbandonAsync("abandoned_at_station", null)); break;
            case StationCommand.SignOut: await SignOutAsync(); break;
            case StationCommand.Handover or StationCommand.Help: Warn(asked == StationCommand.Help ? "help" : "open_handover"); break;
        }
    }

    private async ValueTask CancelAsync()
    {
        _handover?.Drop();
        _reweighAsked = false;
        if (_pairingOptions is not null) await PairAsync(new PairingInput.Discard(_services.Clock.Elapsed));
    }

    /// <summary>The parcel people mean by "this one": in hand of a handover, else waiting or lying on the scale, else the last one judged.</summary>
    private string? Present => _handover?.InHand ?? _pairing.Parcel ?? (_judged is { Parcel.Length: > 0 } judged ? judged.Parcel : null);

    private async ValueTask HoldPresentAsync(string reason)
    {
        if (Present is not { } parcel) Warn("scan_parcel");
        else if (_handover is { } handover && handover.Expects(parcel)) ShowRefusal(await ExceptInHandAsync(parcel, Verdicts.Handovers.LineResult.Held, reason));
        else await RecordAsync(_facts.Held(parcel, Actor, reason, Configuration.HoldPlace));
    }

    private async ValueTask DamagedAsync()
    {
        if (Present is not { } parcel) Warn("scan_parcel");
        else if (_handover is { } handover && handover.Expects(parcel)) ShowRefusal(await ExceptInHandAsync(parcel, Verdicts.Handovers.LineResult.Damaged, HoldReasons.Damaged));
        else
        {
            var damaged = _facts.New(EventKind.Damaged, Actor, parcel);
            damaged.Reason = HoldReasons.Damaged;
            await RecordAsync(damaged, _facts.Held(parcel, Actor, HoldReasons.Damaged, Configuration.HoldPlace));
        }
    }

    private async ValueTask SignOutAsync()
    {
        if (_services.Sessions.EndAt(Id) is { } ended) await RecordAsync(_facts.New(EventKind.SignedOut, ended.Person.Id));
    }

    private void ShowRefusal(StationReply reply)
    {
        if (reply.Refused is { } refused) Warn(refused.Code, refused.Figures);
    }
}
