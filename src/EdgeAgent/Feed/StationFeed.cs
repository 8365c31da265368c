using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.EdgeAgent.People;
using KeyAccountLogistics.EdgeAgent.Stations;
using KeyAccountLogistics.Kernel;
using Station = KeyAccountLogistics.EdgeAgent.Stations.Station;
using WireStation = KeyAccountLogistics.Api.Edge.V1.Station;

namespace KeyAccountLogistics.EdgeAgent.Feed;

/// <summary>The station page's feed and acts, as gRPC (kal.edge.v1.Station).</summary>
internal sealed class StationFeed(FeedServices feed) : WireStation.StationBase
{
    private const int ProofsMax = 8;
    private int _proofs;
    private static readonly TimeSpan FrameEvery = TimeSpan.FromMilliseconds(100);   // at most ten states a second
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(1);          // the clock and stale weights move without an event

    public override Task<ListStationsReply> ListStations(ListStationsRequest request, ServerCallContext context)
    {
        var reply = new ListStationsReply { Depot = feed.Depot, Agent = feed.Agent };
        reply.Stations.AddRange(feed.Stations.Values.Select(static s => new StationName { Id = s.Configuration.Id, Name = s.Configuration.Name }));
        return Task.FromResult(reply);
    }

    public override async Task<StationSignInReply> SignIn(StationSignInRequest request, ServerCallContext context)
    {
        var station = Find(request.Station);
        var who = request.NameOrBadge.Length > 0 ? request.NameOrBadge : station.RecentBadge;
        if (who.Length == 0) return Refuse("name_missing", "Type your name, or scan your badge at this station.");
        var answer = await ProveAsync(who, request.Pin, context.CancellationToken);
        if (answer is IdentityAnswer.Refused refused)
        {
            PeopleLog.SignInRefused(feed.Log, request.Station, refused.Code);
            var reply = Refuse(refused.Code, refused.Message);
            if (refused.AttemptsLeft is { } left) reply.Refused.Figures["attempts_left"] = left.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return reply;
        }
        var person = ((IdentityAnswer.Proved)answer).Person;
        var (session, notDone) = await station.SignInAsync(person, (feed.Clock.ServerNow + NodaTime.Duration.FromTimeSpan(feed.Sessions.Idle)).ToUnixMicros());
        return session is not null ? new StationSignInReply { Session = session } : new StationSignInReply { Refused = notDone };

        static StationSignInReply Refuse(string code, string message) => new() { Refused = new Refusal { Code = code, Message = message } };
    }

    // A proof is slow on purpose; who floods the agent with them is turned away before it costs anything.
    private async Task<IdentityAnswer> ProveAsync(string who, string pin, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _proofs) > ProofsMax)
        {
            Interlocked.Decrement(ref _proofs);
            return new IdentityAnswer.Refused("busy", "Too many sign-ins at once; try again in a moment.");
        }
        try
        {
            return await Task.Run(() => feed.People.Prove(who, pin), ct);
        }
        finally
        {
            Interlocked.Decrement(ref _proofs);
        }
    }

    public override async Task<StationSignOutReply> SignOut(StationSignOutRequest request, ServerCallContext context)
    {
        var session = StationAccess.SessionOf(context);
        if (feed.Stations.TryGetValue(session.Station, out var station)) await station.SignOutAsync(session.Person.Id);
        return new StationSignOutReply();
    }

    public override async Task Watch(WatchStationRequest request, IServerStreamWriter<StationState> responseStream, ServerCallContext context)
    {
        var station = Mine(request.Station, context);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, feed.Stopping);
        using var changes = feed.Watchers.Subscribe(station);
        var token = BearerOf(context);
        try
        {
            while (true)
            {
                if (feed.Sessions.Find(token) is null) throw new RpcException(new Status(StatusCode.Unauthenticated, "The session has ended; sign in again."));
                await responseStream.WriteAsync(await station.StateAsync(), ending.Token);
                await Task.Delay(FrameEvery, feed.Clock.Time, ending.Token);
                await changes.WaitAsync(SilenceMax, ending.Token);
            }
        }
        catch (OperationCanceledException) when (feed.Stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The agent is stopping."));
        }
        catch (OperationCanceledException)
        {
            // The page went away.
        }
    }

    public override Task<StationReply> EnterByHand(EnterByHandRequest request, ServerCallContext context) => Mine(request.Station, context).EnterByHandAsync(request);

    public override Task<StationReply> ResolvePairing(ResolvePairingRequest request, ServerCallContext context) => Mine(request.Station, context).ResolvePairingAsync(request);

    public override Task<StationReply> HoldParcel(HoldParcelRequest request, ServerCallContext context) => Mine(request.Station, context).HoldParcelAsync(request);

    public override Task<StationReply> ReportWaybillProblem(ReportWaybillProblemRequest request, ServerCallContext context) =>
        Mine(request.Station, context).ReportWaybillProblemAsync(request);

    public override Task<StationReply> OpenHandover(OpenHandoverRequest request, ServerCallContext context) => Mine(request.Station, context).OpenHandoverAsync(request);

    public override Task<StationReply> CheckLine(CheckLineRequest request, ServerCallContext context) => Mine(request.Station, context).CheckLineAsync(request);

    public override Task<StationReply> CountHandover(CountHandoverRequest request, ServerCallContext context) => Mine(request.Station, context).CountHandoverAsync(request);

    public override Task<StationReply> BeginScaleCheck(BeginScaleCheckRequest request, ServerCallContext context) => Mine(request.Station, context).BeginScaleCheckAsync(request);

    public override Task<StationReply> EndScaleCheck(EndScaleCheckRequest request, ServerCallContext context) => Mine(request.Station, context).EndScaleCheckAsync(request);

    public override Task<StationReply> AbandonHandover(AbandonHandoverRequest request, ServerCallContext context) => Mine(request.Station, context).AbandonHandoverAsync(request);

    public override async Task<StationReply> ConfirmHandover(ConfirmHandoverRequest request, ServerCallContext context)
    {
        var station = Mine(request.Station, context);
        // Asked again, the answer stands: whoever confirmed has been proved, and the handover may be closed by now.
        if (await station.AnswerBeforeAsync(request.CommandId) is { } before) return before;
        var (person, refusal) = await WhoConfirmsAsync(station, request, context.CancellationToken);
        if (refusal is not null) return refusal;
        byte[]? signature = null;
        if (request.Method == ConfirmationMethod.Signature)
        {
            if (request.SignaturePng.Length is 0 or > BlobStore.BytesMax || !IsPng(request.SignaturePng.Span))
                return Station.Refuse("signature_missing", "A signature is a PNG image of at most 5 MB.");
            if (request.CommandId.Length != 16) return Station.Refuse("command_id_missing", "A command has an id of 16 bytes, minted where the button was pressed.");
            try
            {
                signature = feed.Blobs.Keep(request.SignaturePng.Span, Png, request.CommandId.Span);
            }
            catch (IOException fault)
            {
                return Station.Refuse("journal_fault", $"The signature could not be kept: {fault.Message}");
            }
        }
        var reply = await station.ConfirmHandoverAsync(request, person!, signature);
        if (reply.Refused is not null && signature is not null) feed.Blobs.Forget(signature, Png, request.CommandId.Span);
        return reply;
    }

    private async Task<(string? Person, StationReply? Refusal)> WhoConfirmsAsync(Station station, ConfirmHandoverRequest request, CancellationToken ct)
    {
        if (request.Side is not (Side.Giver or Side.Receiver)) return (null, Station.Refuse("side_missing", "Say whether the giver or the receiver confirms."));
        if (await station.PartyAsync((Verdicts.Handovers.Side)request.Side) is not { } party) return (null, Station.Refuse("no_handover", "No handover is open at this station."));
        switch (request.Method)
        {
            case ConfirmationMethod.Pin: return Answer(await ProveAsync(request.NameOrBadge.Length > 0 ? request.NameOrBadge : station.RecentBadge, request.Pin, ct));
            case ConfirmationMethod.Badge:
                // A badge proves that it was here: it must have come through this station's scanner just now.
                return station.RecentBadge is { Length: > 0 } badge
                    ? Answer(feed.People.Name(badge)) : (null, Station.Refuse("badge_not_scanned", "Scan the badge at this station; typing its number proves nothing."));
            case ConfirmationMethod.Signature:
                return request.NameOrBadge.Length > 0 ? Answer(feed.People.Name(request.NameOrBadge)) : (party.Id, null);
            default: return (null, Station.Refuse("method_missing", "Confirm by PIN, badge or signature."));
        }

        static (string?, StationReply?) Answer(IdentityAnswer answer)
        {
            if (answer is IdentityAnswer.Proved { Person.Id: var id }) return (id, null);
            var refused = (IdentityAnswer.Refused)answer;
            var reply = Station.Refuse(refused.Code, refused.Message);
            if (refused.AttemptsLeft is { } left) reply.Refused.Figures["attempts_left"] = left.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return (null, reply);
        }
    }

    private const string Png = "image/png";

    private static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    private static string BearerOf(ServerCallContext context) => context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..];

    private Station Find(string id) => feed.Stations.TryGetValue(id, out var station)
        ? station : throw new RpcException(new Status(StatusCode.NotFound, $"This agent has no station '{(id.Length <= 40 ? id : id[..40])}'."));

    /// <summary>A session is of one station: working at another needs signing in there.</summary>
    private Station Mine(string id, ServerCallContext context)
    {
        var station = Find(id);
        return string.Equals(StationAccess.SessionOf(context).Station, id, StringComparison.Ordinal)
            ? station : throw new RpcException(new Status(StatusCode.PermissionDenied, $"The session is of another station; sign in at {id}."));
    }
}
