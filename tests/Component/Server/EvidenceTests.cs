using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Api.Operations.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;

namespace KeyAccountLogistics.Component.Server;

/// <summary>Photos and signatures beside the journal (law 13): after their event, from whoever made it, sealed, and shown to who may reveal.</summary>
public sealed class EvidenceTests
{
    private const string Parcel = "KAL-PHOTO-1";
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, .. Enumerable.Range(0, 600_000).Select(i => (byte)(i % 251))];

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_agents_photo_follows_its_event_and_is_read_only_with_a_reason(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await RegisterAsync(backend);
        using var agent = await backend.EnrolAsync();
        using var link = await LinkClient.OpenAsync(agent);
        var batch = link.Scans(1, 1, backend.Time, Parcel);
        var taken = ParcelEvent.Parser.ParseFrom(batch.Events[0]);
        (taken.Kind, taken.Photo) = (EventKind.PhotoTaken, new Photo { Sha256 = ByteString.CopyFrom(SHA256.HashData(Picture)), Length = Picture.Length, MediaType = "image/jpeg", Subject = "damage" });
        batch.Events[0] = taken.ToByteString();

        // Before its event nobody knows what it is.
        (await RefusedAsync(agent, taken.Id, Picture)).ShouldBe(StatusCode.NotFound);
        await link.SendAsync(new DepotMessage { Events = batch });
        await link.AcknowledgedUpToAsync(1);
        using var other = await backend.EnrolAsync();
        (await RefusedAsync(other, taken.Id, Picture)).ShouldBe(StatusCode.NotFound, "another agent's event is none of its own");
        (await RefusedAsync(agent, taken.Id, [.. Picture, 1])).ShouldBe(StatusCode.InvalidArgument, "the event names another content");
        (await RefusedAsync(agent, taken.Id, Picture, claimed: taken.Photo.Sha256, content: Picture[..^1])).ShouldBe(StatusCode.InvalidArgument, "cut off on the way");
        await SendAsync(agent, taken.Id, Picture);
        await SendAsync(agent, taken.Id, Picture);

        var file = Directory.GetFiles(Path.Combine(backend.Database.Directory, "data"), Convert.ToHexStringLower(taken.Photo.Sha256.Span), SearchOption.AllDirectories).ShouldHaveSingleItem();
        (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Picture.AsSpan(100, 64)).ShouldBe(-1, "on the disk it is sealed");

        var head = new Parcels.ParcelsClient(await backend.AsAsync(Roles.StationHead));
        var id = new Guid(taken.Id.Span, bigEndian: true).ToString();
        (await ReadAsync(head, id, "the client disputes the damage")).ShouldBe(Picture);
        (await Should.ThrowAsync<RpcException>(() => ReadAsync(head, id, " "))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await Should.ThrowAsync<RpcException>(async () => await ReadAsync(new Parcels.ParcelsClient(await backend.AsAsync(Roles.ClientUser)), id, "curious"))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_couriers_phone_uploads_what_its_own_events_name(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await RegisterAsync(backend);
        var courier = new Captures.CapturesClient(await backend.AsAsync(Roles.Courier));
        var at = backend.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        var fact = new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.PhotoTaken, Parcel = Parcel, Node = BackendFixture.Depot, Actor = backend.People[Roles.Courier], OccurredAtUs = at, CapturedAtUs = at,
            Photo = new Photo { Sha256 = ByteString.CopyFrom(SHA256.HashData(Picture)), Length = Picture.Length, MediaType = "image/jpeg", Subject = "label" },
        };
        (await courier.RecordAsync(new RecordEventsRequest { Device = "phone-1", Events = { fact.ToByteString() } })).Results.ShouldHaveSingleItem().Result.ShouldBe("recorded");
        var clerk = new Captures.CapturesClient(await backend.AsAsync(Roles.DepotClerk));
        (await Should.ThrowAsync<RpcException>(() => UploadAsync(clerk, fact))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await UploadAsync(courier, fact)).Sha256.ShouldBe(fact.Photo.Sha256);
        (await ReadAsync(new Parcels.ParcelsClient(await backend.AsAsync(Roles.StationHead)), new Guid(fact.Id.Span, bigEndian: true).ToString(), "label unreadable")).ShouldBe(Picture);
    }

    /// <summary>A delivery names two: what the consignee signed and what was photographed. A browser cannot stream, so each goes in one message.</summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_deliverys_signature_and_photo_are_stored_each_by_its_hash_and_what_is_missing_is_listed(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        await RegisterAsync(backend);
        byte[] signature = [0x89, 0x50, 0x4E, 0x47, .. Enumerable.Range(0, 3_000).Select(i => (byte)(i % 249))];
        var (signed, seen) = (ByteString.CopyFrom(SHA256.HashData(signature)), ByteString.CopyFrom(SHA256.HashData(Picture)));
        var courier = new Captures.CapturesClient(await backend.AsAsync(Roles.Courier));
        var at = backend.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;
        var fact = new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.Delivered, Parcel = Parcel, Node = BackendFixture.Depot, Actor = backend.People[Roles.Courier], OccurredAtUs = at, CapturedAtUs = at,
            Proof = new DeliveryProof { To = HandedTo.Consignee, InspectionOffered = true, SignatureSha256 = signed, PhotoSha256 = seen },
        };
        Task<EvidenceStored> StoreAsync(Captures.CapturesClient by, ByteString hash, byte[] content) => by.StoreEvidenceAsync(
            new EvidencePart { EventId = fact.Id, Sha256 = hash, Length = content.Length, Content = ByteString.CopyFrom(content) }).ResponseAsync;
        async Task<StatusCode> RefusesAsync(Captures.CapturesClient by, ByteString hash, byte[] content) => (await Should.ThrowAsync<RpcException>(() => StoreAsync(by, hash, content))).StatusCode;

        (await RefusesAsync(courier, seen, Picture)).ShouldBe(StatusCode.NotFound, "before its event nobody knows what it is");
        // A courier's word on a door is held against the contract's proof by his phone's calls, and comes no other way.
        (await courier.RecordAsync(new RecordEventsRequest { Device = "phone-1", Events = { fact.ToByteString() } })).Results.ShouldHaveSingleItem().Code.ShouldBe("event.kind");
        var told = new Api.Dispatch.V1.SyncRequest
        {
            Device = "phone-1", Boot = BackendFixture.NewCommandId(), Journal = BackendFixture.NewCommandId(), MonotonicUs = 1, FirstSequence = 1, Events = { fact.ToByteString() },
        };
        (await new Api.Dispatch.V1.Courier.CourierClient(await backend.AsAsync(Roles.Courier)).SyncAsync(told)).Results.ShouldHaveSingleItem().Result.ShouldBe("recorded");
        (await MissingAsync(backend)).ShouldBe([Hex(signed), Hex(seen)], ignoreOrder: true);

        (await RefusesAsync(new Captures.CapturesClient(await backend.AsAsync(Roles.DepotClerk)), seen, Picture)).ShouldBe(StatusCode.NotFound, "somebody else's event");
        byte[] other = [1, 2, 3];
        (await RefusesAsync(courier, ByteString.CopyFrom(SHA256.HashData(other)), other)).ShouldBe(StatusCode.InvalidArgument, "the event names no such blob");
        (await RefusesAsync(courier, seen, [.. Picture[..^1], 0])).ShouldBe(StatusCode.InvalidArgument, "not what its hash says");
        (await MissingAsync(backend)).Count.ShouldBe(2);

        (await StoreAsync(courier, seen, Picture)).Sha256.ShouldBe(seen);
        (await MissingAsync(backend)).ShouldBe([Hex(signed)]);
        var (head, id) = (new Parcels.ParcelsClient(await backend.AsAsync(Roles.StationHead)), new Guid(fact.Id.Span, bigEndian: true).ToString());
        (await ReadAsync(head, id, "the consignee disputes it", seen)).ShouldBe(Picture, "though it is not the first that the event names");
        (await Should.ThrowAsync<RpcException>(() => ReadAsync(head, id, "the consignee disputes it", signed))).StatusCode.ShouldBe(StatusCode.NotFound, "it has not arrived");
        (await StoreAsync(courier, signed, signature)).Sha256.ShouldBe(signed);
        (await StoreAsync(courier, signed, signature)).Sha256.ShouldBe(signed, "again is the same answer");
        (await MissingAsync(backend)).ShouldBeEmpty();
        (await ReadAsync(head, id, "the consignee disputes it", signed)).ShouldBe(signature);
        (await ReadAsync(head, id, "the consignee disputes it")).ShouldBe(signature, "the first that the event names");
        (await Should.ThrowAsync<RpcException>(() => ReadAsync(head, id, "the consignee disputes it", ByteString.CopyFrom(SHA256.HashData(other))))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private static string Hex(ByteString hash) => Convert.ToHexStringLower(hash.Span);

    private static async Task<List<string>> MissingAsync(BackendFixture backend)
    {
        using var call = new Operations.OperationsClient(backend.AsLocalAdministrator()).VerifyJournal(new VerifyJournalRequest());
        var last = new VerifyJournalProgress();
        await foreach (var step in call.ResponseStream.ReadAllAsync()) last = step;
        (last.Done, last.Broken.Count).ShouldBe((true, 0));
        return [.. last.MissingBlobs];
    }

    private static async Task RegisterAsync(BackendFixture backend)
    {
        var register = new RegisterShipmentsRequest { CommandId = BackendFixture.NewCommandId() };
        register.Shipments.Add(new ShipmentLine { Waybill = Parcel, Account = BackendFixture.Account, Product = "standard", Origin = BackendFixture.Depot, Destination = "HZ01" });
        (await new Shipments.ShipmentsClient(await backend.AsAdministratorAsync()).RegisterAsync(register)).Refused.ShouldBeEmpty();
    }

    private static async Task<StatusCode> RefusedAsync(TestAgent agent, ByteString eventId, byte[] picture, ByteString? claimed = null, byte[]? content = null) =>
        (await Should.ThrowAsync<RpcException>(() => SendAsync(agent, eventId, picture, claimed, content))).StatusCode;

    private static async Task SendAsync(TestAgent agent, ByteString eventId, byte[] picture, ByteString? claimed = null, byte[]? content = null)
    {
        using var call = new EdgeLink.EdgeLinkClient(agent.Channel).UploadBlob();
        await WriteAsync(content ?? picture, async (some, first) => await call.RequestStream.WriteAsync(
            first ? new BlobPart { EventId = eventId, Sha256 = claimed ?? ByteString.CopyFrom(SHA256.HashData(picture)), Length = picture.Length, Content = some } : new BlobPart { Content = some }));
        await Quietly(call.RequestStream.CompleteAsync);
        await call;
    }

    private static async Task<EvidenceStored> UploadAsync(Captures.CapturesClient client, ParcelEvent fact)
    {
        using var call = client.UploadEvidence();
        await WriteAsync(Picture, async (some, first) => await call.RequestStream.WriteAsync(
            first ? new EvidencePart { EventId = fact.Id, Sha256 = fact.Photo.Sha256, Length = Picture.Length, Content = some } : new EvidencePart { Content = some }));
        await Quietly(call.RequestStream.CompleteAsync);
        return await call;
    }

    private static Task WriteAsync(byte[] content, Func<ByteString, bool, Task> write) => Quietly(async () =>
    {
        for (var at = 0; at < content.Length; at += 200_000) await write(ByteString.CopyFrom(content.AsSpan(at, Math.Min(200_000, content.Length - at))), at == 0);
    });

    // A server that refuses early ends the sending; its answer is the call's.
    private static async Task Quietly(Func<Task> sending)
    {
        try
        {
            await sending();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // Read from the call.
        }
    }

    private static async Task<byte[]> ReadAsync(Parcels.ParcelsClient client, string eventId, string reason, ByteString? sha256 = null)
    {
        using var call = client.GetEvidence(new GetEvidenceRequest { EventId = eventId, Reason = reason, Sha256 = sha256 ?? ByteString.Empty });
        using var content = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync()) part.Content.WriteTo(content);
        return content.ToArray();
    }
}
