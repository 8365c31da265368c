using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Simulators.Scanners;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// The hands of one station: scans, puts parcels on the scale, reads the verdict, takes them off; and acts through the same page service as people do. When
/// a visitor signs in at the station, acts are the visitor's and the hands go on; when the station is left, the clerk sits down again.
/// </summary>
internal sealed class DemoClerk : IAsyncDisposable
{
    private const string NeedsZeroFirst = "no_verdict_no_return_to_zero";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan VisitorsTurn = TimeSpan.FromSeconds(20);
    private readonly DemoBoard _board;
    private readonly TimeProvider _time;
    private readonly IIds _ids;
    private readonly GrpcChannel _channel;
    private readonly StationWatch _watch;
    private readonly ScaleSimulator _scale;
    private readonly AimScannerSimulator _scanner;
    private readonly string _station;
    private readonly DemoPerson _person;
    private readonly TimeSpan _pause;
    private Station.StationClient _client;

    private DemoClerk(EdgeHost agent, DemoBench bench, DemoPerson person, DemoBoard board, TimeProvider time, TimeSpan pause)
    {
        (_station, _scale, _scanner) = (bench.Station, bench.Scale, bench.Scanner);
        (_person, _board, _time, _pause) = (person, board, time, pause);
        _ids = new RandomIds(time);
        _channel = GrpcChannel.ForAddress(agent.StationAddress!, new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new SocketsHttpHandler()) });
        _client = new Station.StationClient(_channel);
        _watch = new StationWatch(() => agent.StateAsync(bench.Station), board.Show, time);
    }

    /// <summary>Signs the person in at the station, as soon as the list of people has come down the link; throws when it does not come.</summary>
    public static async Task<DemoClerk> SitDownAsync(EdgeHost agent, DemoBench bench, DemoPerson person, DemoBoard board, TimeProvider time, TimeSpan pause, TimeSpan limit, CancellationToken ct)
    {
        var clerk = new DemoClerk(agent, bench, person, board, time, pause);
        var began = time.GetTimestamp();
        while (await clerk.SignInAsync(ct) is { } refused)
        {
            if (time.GetElapsedTime(began) > limit)
            {
                await clerk.DisposeAsync();
                throw new InvalidOperationException($"The agent does not let {person.Name} sign in at {bench.Station}: {refused}.");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, ct);
        }
        return clerk;
    }

    private async Task<string?> SignInAsync(CancellationToken ct)
    {
        var request = new StationSignInRequest { Station = _station, NameOrBadge = _person.Name, Pin = _person.Pin ?? "" };
        var reply = await new Station.StationClient(_channel).SignInAsync(request, cancellationToken: ct);
        if (reply.AnswerCase != StationSignInReply.AnswerOneofCase.Session) return reply.Refused?.Code ?? "";
        _client = new Station.StationClient(Connection.BearerToken.On(_channel, reply.Session.Token));
        return null;
    }

    /// <summary>A station without anybody takes no parcels: leaves a visitor time to sign in as somebody else, then sits down again.</summary>
    private async Task SeatedAsync(CancellationToken ct)
    {
        if (await _watch.WaitAsync(static state => state.Person.Length > 0, VisitorsTurn, ct) is null) await SignInAsync(ct);
    }

    /// <summary>Passes one parcel over the station.</summary>
    public async Task PassAsync(DemoParcel parcel, CancellationToken ct, bool again = false)
    {
        await SeatedAsync(ct);
        await CheckScaleIfDueAsync(ct);
        if (parcel.Story == ParcelStory.Unlabelled)
        {
            await PassUnlabelledAsync(parcel, ct);
            return;
        }
        var before = _time.Now().ToUnixMicros();
        await _scanner.ScanAsync(parcel.Code, SimulatedSymbology.Code128, ct);
        await _scale.PlaceAsync(parcel.Actual, ct);
        var answered = await _watch.WaitAsync(state => state.Judged is { } judged && judged.Parcel == parcel.Code && judged.AtUs >= before, Patience, ct);
        if (answered is null) _board.Miss($"{_station}: no answer for {parcel.Code} ({parcel.Story}); {await ShownAsync(ct)}");
        else _board.Answered(answered.Judged.Headline);
        await EmptyScaleAsync(ct);
        // The scale wanted its zero first, as after a cable was pulled: now it has it.
        if (!again && answered?.Judged.Headline == NeedsZeroFirst) await PassAsync(parcel, ct, again: true);
    }

    /// <summary>What the station shows, for whoever asks why there was no answer.</summary>
    private async Task<string> ShownAsync(CancellationToken ct)
    {
        var shown = await _watch.WaitAsync(static _ => true, Patience, ct);
        return shown is null
            ? "the station shows nothing"
            : $"the station says '{shown.Instruction?.Code}', scale {shown.Weight?.State} {shown.Weight?.MassMg} mg, last scan {shown.Scan?.Text} ({shown.Scan?.Kind}), last judged {shown.Judged?.Parcel} ({shown.Judged?.Headline})";
    }

    /// <summary>The day's first act, and due again when the day changes: the scale shows its test weights.</summary>
    private async Task CheckScaleIfDueAsync(CancellationToken ct)
    {
        var shown = await _watch.WaitAsync(static state => state.ScaleStanding.Length > 0, Patience, ct);
        if (shown is not { ScaleStanding: "check_missed" }) return;
        if (!await DoneAsync(_client.BeginScaleCheckAsync(new BeginScaleCheckRequest { CommandId = Command(), Station = _station }, cancellationToken: ct), "begin the scale check")) return;
        while (await _watch.WaitAsync(static state => state.Check is { Phase: "place_weight" or "passed" or "failed" }, Patience, ct) is { Check: { Phase: "place_weight" } asked })
        {
            await _scale.PlaceAsync(Mass.FromMilligrams(asked.NextMg), ct);
            await _watch.WaitAsync(state => state.Check is null || state.Check.Weights.Count > asked.Weights.Count, Patience, ct);
            await EmptyPlatformAsync(ct);
        }
        await DoneAsync(_client.EndScaleCheckAsync(new EndScaleCheckRequest { CommandId = Command(), Station = _station }, cancellationToken: ct), "end the scale check");
        await EmptyScaleAsync(ct);
    }

    private async Task EmptyPlatformAsync(CancellationToken ct)
    {
        await _time.Pause(_pause, ct);
        await _scale.ClearAsync(ct);
    }

    private async Task PassUnlabelledAsync(DemoParcel parcel, CancellationToken ct)
    {
        var report = new ReportWaybillProblemRequest { CommandId = Command(), Station = _station, Problem = "missing", Place = "HOLD-1" };
        if (await DoneAsync(_client.ReportWaybillProblemAsync(report, cancellationToken: ct), "report a parcel without label", isParcel: true)) _board.Answered("waybill_problem");
        await _time.Pause(_pause, ct);
    }

    private async Task EmptyScaleAsync(CancellationToken ct)
    {
        await EmptyPlatformAsync(ct);
        // Zero on the display, and the station has taken it: until then it asks for the parcel to be removed, and so would any clerk wait.
        await _watch.WaitAsync(
            static state => state.Weight is { State: "zero" or "stable", NeedsZero: false, MassMg: 0 } && state.Instruction?.Code is not ("remove_parcel" or "zero_scale"), Patience, ct);
        await _time.Pause(_pause, ct);
    }

    /// <summary>Hands parcels over between two people, each confirming with the own PIN: the run sheet of a courier, or a courier's collection.</summary>
    public async Task HandOverAsync(HandoverKind kind, Party giver, Party receiver, DemoPerson gives, DemoPerson takes, IReadOnlyList<DemoParcel> parcels, CancellationToken ct)
    {
        var open = new OpenHandoverRequest { CommandId = Command(), Station = _station, Kind = kind, Giver = giver, Receiver = receiver };
        open.Parcels.Add(parcels.Select(one => one.Code));
        if (!await DoneAsync(_client.OpenHandoverAsync(open, cancellationToken: ct), "open a handover")) return;
        foreach (var parcel in parcels)
        {
            // The parcels scanned just before were not put on the scale: said so, the station does not ask which one lies there.
            if (parcel.DeclaredValueMinor > 0) await _scanner.ScanAsync("KAL:CMD:CANCEL", SimulatedSymbology.Code128, ct);
            await _scanner.ScanAsync(parcel.Code, SimulatedSymbology.Code128, ct);
            if (parcel.DeclaredValueMinor > 0)
            {
                // An insured parcel is weighed again before it changes hands.
                await _scale.PlaceAsync(parcel.Actual, ct);
                await _watch.WaitAsync(state => LineOf(state, parcel.Code) is { } line && !line.Missing.Contains("reweigh"), Patience, ct);
                await EmptyScaleAsync(ct);
            }
            var seen = await _watch.WaitAsync(state => LineOf(state, parcel.Code) is { } line && !line.Missing.Contains("scan"), Patience, ct);
            if (seen is not null && LineOf(seen, parcel.Code) is { Missing.Count: > 0 }) await CheckAsync(parcel, ct);
            await _time.Pause(_pause / 2, ct);
        }
        if (!await DoneAsync(_client.CountHandoverAsync(new CountHandoverRequest { CommandId = Command(), Station = _station }, cancellationToken: ct), "count")) { await AbandonAsync(ct); return; }
        if (!await ConfirmAsync(Side.Giver, gives, ct) || !await ConfirmAsync(Side.Receiver, takes, ct)) { await AbandonAsync(ct); return; }
        _board.HandedOver();
    }

    private static HandoverLineState? LineOf(StationState state, string code) => state.Handover?.Lines.FirstOrDefault(line => line.Parcel == code);

    private Task<bool> CheckAsync(DemoParcel parcel, CancellationToken ct) => DoneAsync(
        _client.CheckLineAsync(
            new CheckLineRequest
            {
                CommandId = Command(),
                Station = _station,
                Parcel = parcel.Code,
                Line = new HandoverLine
                {
                    Result = LineResult.Accepted,
                    SealFound = parcel.Seal,
                    PackagingOk = true,
                    TouchOk = true,
                    Reweighed = parcel.DeclaredValueMinor > 0,
                    CodMinor = parcel.CodMinor,
                    FreightCollectMinor = parcel.FreightCollectMinor,
                    Currency = "CNY",
                },
            },
            cancellationToken: ct),
        $"check {parcel.Code}");

    private async Task<bool> ConfirmAsync(Side side, DemoPerson person, CancellationToken ct)
    {
        // What is confirmed is what the station shows once the step before has arrived there.
        var due = side == Side.Giver ? "counted" : "confirmed_giver";
        var shown = await _watch.WaitAsync(state => state.Handover?.State == due, Patience, ct);
        var totals = new HandoverTotals
        {
            Accepted = shown?.Handover.Accepted ?? 0,
            Excepted = shown?.Handover.Excepted ?? 0,
            CodMinor = shown?.Handover.CodMinor ?? 0,
            FreightCollectMinor = shown?.Handover.FreightCollectMinor ?? 0,
            Currency = shown?.Handover.Currency ?? "",
        };
        return await DoneAsync(
            _client.ConfirmHandoverAsync(
                new ConfirmHandoverRequest { CommandId = Command(), Station = _station, Side = side, Method = ConfirmationMethod.Pin, NameOrBadge = person.Name, Pin = person.Pin ?? "", Totals = totals },
                cancellationToken: ct),
            $"confirm as {side}");
    }

    private Task<bool> AbandonAsync(CancellationToken ct) =>
        DoneAsync(_client.AbandonHandoverAsync(new AbandonHandoverRequest { CommandId = Command(), Station = _station, Reason = "not_agreed" }, cancellationToken: ct), "abandon");

    private async Task<bool> DoneAsync(AsyncUnaryCall<StationReply> call, string what, bool isParcel = false)
    {
        try
        {
            var reply = await call;
            if (reply.AnswerCase == StationReply.AnswerOneofCase.Done) return true;
            var told = $"{_station}: could not {what}: {reply.Refused?.Message}";
            if (isParcel) _board.Miss(told);
            else _board.Note(told);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
        {
            _board.Note($"{_station}: a visitor works here; {_person.Name} left it to the visitor to {what}.");
        }
        return false;
    }

    /// <summary>Pulls the scale's cable for a moment, as cleaners do.</summary>
    public async Task TripOverTheCableAsync(CancellationToken ct)
    {
        _scale.Unplug();
        _board.CablePulled();
        await _watch.WaitAsync(state => state.Devices.Any(one => one.Kind == "scale" && one.State is "lost" or "absent"), Patience, ct);
        await _time.Pause(TimeSpan.FromSeconds(1), ct);
        _scale.Replug();
        await _watch.WaitAsync(state => state.Devices.Any(one => one.Kind == "scale" && one.State == "live"), Patience, ct);
    }

    private ByteString Command() => ByteString.CopyFrom(_ids.New().ToByteArray(bigEndian: true));

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        _channel.Dispose();
    }
}

internal static class Pauses
{
    public static Task Pause(this TimeProvider time, TimeSpan length, CancellationToken ct) => length > TimeSpan.Zero ? Task.Delay(length, time, ct) : Task.CompletedTask;
}
