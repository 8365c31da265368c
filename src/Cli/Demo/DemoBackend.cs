using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>What the demonstration tells the backend before and between parcels, through the same RPCs as everybody: people, shipments, pickups.</summary>
internal sealed class DemoBackend(CallInvoker administrator, IIds ids, TimeProvider time)
{
    public const string Depot = "HZ01";
    private const string CourierPhone = "phone-li-qiang";

    public async Task<IReadOnlyList<DemoPerson>> MakePeopleAsync(IReadOnlyList<DemoPerson> people, CancellationToken ct)
    {
        var made = new List<DemoPerson>();
        foreach (var person in people)
        {
            var request = new CreatePersonRequest
            {
                CommandId = Command(),
                Name = person.Name,
                DisplayName = person.DisplayName,
                Password = person.Password,
                Pin = person.Pin ?? "",
                Badge = person.Pin is null ? "" : "STAFF-" + person.Name.ToUpperInvariant().Replace(".", "-", StringComparison.Ordinal),
                Language = "zh",
            };
            request.Roles.Add(person.Role);
            request.Accounts.Add(person.Accounts);
            request.Depots.Add(person.Role == "ClientUser" ? [] : [person.Pin is null ? "*" : Depot]);
            var reply = await new People.PeopleClient(administrator).CreateAsync(request, cancellationToken: ct);
            made.Add(person with { Id = reply.Id });
        }
        return made;
    }

    public async Task<string> EnrolmentCodeAsync(CancellationToken ct) =>
        (await new Agents.AgentsClient(administrator).CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = Depot, Name = "demo" }, cancellationToken: ct)).Code;

    /// <summary>Registers the shipments, and records what the courier did with them at the clients' doors.</summary>
    public async Task RegisterAsync(IReadOnlyList<DemoParcel> parcels, string courier, CancellationToken ct)
    {
        var known = parcels.Where(static one => one.IsRegistered).ToArray();
        var now = time.Now();
        var request = new RegisterShipmentsRequest { CommandId = Command() };
        request.Shipments.Add(known.Select(one => Shipment(one, now)));
        var reply = await new Shipments.ShipmentsClient(administrator).RegisterAsync(request, cancellationToken: ct);
        if (reply.Refused.Count > 0) throw new InvalidOperationException($"The backend refused a demonstration shipment: {reply.Refused[0].Message}");

        var record = new RecordEventsRequest { Device = CourierPhone };
        record.Events.Add(known.Where(one => one.PickedUp is not null).Select(one => Pickup(one, courier, now).ToByteString()));
        if (record.Events.Count == 0) return;
        var recorded = await new Captures.CapturesClient(administrator).RecordAsync(record, cancellationToken: ct);
        if (recorded.Results.FirstOrDefault(static one => one.Result == "rejected") is { } rejected)
            throw new InvalidOperationException($"The backend rejected a demonstration pickup: {rejected.Message}");
    }

    private static ShipmentLine Shipment(DemoParcel parcel, Instant now) => new()
    {
        Waybill = parcel.Code,
        Account = parcel.Account,
        Product = parcel.Product,
        Origin = Depot,
        Destination = parcel.Destination,
        AcceptedAtUs = (now - Duration.FromHours(2)).ToUnixMicros(),
        DeclaredMg = parcel.Declared?.Milligrams ?? 0,
        DeclaredValueMinor = parcel.DeclaredValueMinor,
        CodMinor = parcel.CodMinor,
        FreightCollectMinor = parcel.FreightCollectMinor,
        Currency = "CNY",
        Fragile = parcel.Fragile,
        Seal = parcel.Seal,
        Personal = new PersonalDetails { SenderName = "张三", SenderPhone = "13812345678", ConsigneeName = "欧阳明", ConsigneePhone = "13900001234", ConsigneeAddress = "文三路90号3幢2单元501室" },
    };

    private ParcelEvent Pickup(DemoParcel parcel, string courier, Instant now)
    {
        var at = (now - Duration.FromMinutes(40)).ToUnixMicros();
        return new ParcelEvent
        {
            Id = Command(),
            Kind = EventKind.Weighed,
            Parcel = parcel.Code,
            OccurredAtUs = at,
            CapturedAtUs = at,
            Actor = courier,
            Node = Depot,
            Device = CourierPhone,
            Weight = new Weight
            {
                MassMg = parcel.PickedUp!.Value.Milligrams,
                Purpose = WeightPurpose.Pickup,
                NumberSent = parcel.PickedUp.Value.Kilograms.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture),
                UnitSent = "kg",
                Protocol = "mt-sics",
                Scale = new Scale { Device = "PORTABLE-7", Serial = "DEMO-P7", AccuracyClass = "III", IntervalMg = 10_000, CapacityMg = 30_000_000, MinimumMg = 200_000, VerifiedUntilDay = 40_000 },
            },
        };
    }

    private ByteString Command() => ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));
}
