using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>
/// A depot's day from one seed, in one thread under one clock: couriers at doors, their phones, the depot's agent, the desk in the evening, against the real backend. It knows the truth, and
/// tells the backend only what phones, agent and desks tell it.
/// </summary>
internal sealed partial class Day : IAsyncDisposable
{
    private static readonly HashSet<string> RefusalsExpected = new(StringComparer.Ordinal)
    {
        "amounts_differ", "proof_missing", "inspection_not_offered", "no_consent_for_locker", "no_consent_for_agent", "reason_missing", "action_missing", "return_too_early", "code_locked", "code_wrong",
    };

    private readonly PriorityQueue<Func<Task>, (Instant At, int Order)> _queue = new();
    private readonly Dictionary<string, SimParcel> _byCode;
    private readonly Dictionary<string, Instant> _correctedAt = new(StringComparer.Ordinal);
    private readonly DayPlan _plan;
    private readonly DaySize _size;
    private readonly string _space;
    private readonly Draw _draw;
    private int _scheduled;
    private bool _killServer;
    private bool _killAgent;

    private Day(ulong seed, DaySize size, SimBackend backend)
    {
        (Seed, Backend, _size, _space) = (seed, backend, size, FormattableString.Invariant($"day {seed}"));
        (_plan, _draw) = (DayPlan.Of(seed, size), new Draw(seed, "day"));
        _byCode = _plan.Parcels.ToDictionary(p => p.Code, StringComparer.Ordinal);
        Agent = new DepotAgent(backend, _space, new Draw(seed, "agent"));
    }

    internal ulong Seed { get; }

    internal SimBackend Backend { get; }

    internal DepotAgent Agent { get; }

    internal List<SimCourier> Couriers { get; } = [];

    internal List<SimOrder> Orders { get; } = [];

    internal IReadOnlyList<SimParcel> Parcels => _plan.Parcels;

    internal IReadOnlyList<Disturbed> Disturbed => _plan.Disturbed;

    /// <summary>What did not go as it must while the day ran: refusals that nobody earned, forgeries that were taken.</summary>
    internal List<string> Oddities { get; } = [];

    /// <summary>The planted fault: a batch whose acknowledgement was lost is applied a second time, under fresh ids.</summary>
    internal bool AppliesLostAcknowledgementTwice { get; init; }

    internal int AppliedTwice { get; private set; }

    internal int Calls { get; private set; }

    internal static async Task<Day> StartAsync(Engine engine, ulong seed, DaySize size, bool planted = false) =>
        new(seed, size, await SimBackend.StartAsync(engine, DayPlan.Morning)) { AppliesLostAcknowledgementTwice = planted };

    /// <summary>Until everybody has gone home and the books are to be closed.</summary>
    internal async Task RunAsync()
    {
        await PrepareAsync();
        await LoadAsync();
        ScheduleStreets();
        await DrainAsync();
        await CloseAsync();
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    private async Task PrepareAsync()
    {
        for (var i = 0; i < _size.Couriers; i++)
        {
            var name = FormattableString.Invariant($"sim.courier.{i:D2}");
            var courier = new SimCourier(i, name, await Backend.HireCourierAsync(name), Seed);
            Couriers.Add(courier);
            GivePhone(courier);
        }
        var accepted = (DayPlan.Morning - Duration.FromHours(12)).ToUnixMicros();
        var shipments = new Shipments.ShipmentsClient(await Backend.AsAsync(Roles.Administrator));
        foreach (var chunk in _plan.Parcels.Chunk(1_000))
        {
            var request = new RegisterShipmentsRequest { CommandId = CommandId("register " + chunk[0].Code) };
            request.Shipments.AddRange(chunk.Select(p => new ShipmentLine
            {
                Waybill = p.Code, Account = p.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, DeclaredMg = 1_000_000, AcceptedAtUs = accepted, CodMinor = p.Cod,
                FreightCollectMinor = p.Freight, DeclaredValueMinor = p.Insured ? 100_000 : 0, Currency = p.HasMoney || p.Insured ? "CNY" : "",
            }));
            (await shipments.RegisterAsync(request)).Registered.ShouldBe(chunk.Length);
        }
        for (var i = 0; i < _size.Orders; i++)
        {
            var order = new SimOrder { Id = "", Courier = i % _size.Couriers, Parcels = _draw.Int(1, 30) };
            var reply = await new PickupOrders.PickupOrdersClient(await Backend.AsAsync(Roles.DepotClerk)).OrderAsync(new OrderPickupCommand
            {
                CommandId = CommandId(FormattableString.Invariant($"order {i}")),
                Order = new PickupOrder
                {
                    Account = SimBackend.Accounts[i % SimBackend.Accounts.Count], Site = FormattableString.Invariant($"S{i}"), Depot = BackendFixture.Depot, Parcels = order.Parcels,
                    FromUs = DayPlan.At(9).ToUnixMicros(), UntilUs = DayPlan.At(18).ToUnixMicros(),
                },
            });
            order.Id = reply.Order.Id;
            Orders.Add(order);
        }
        var doors = new Doors.DoorsClient(await Backend.AsAsync(Roles.StationHead));
        foreach (var parcel in _plan.Parcels.Where(p => p.Insured)) parcel.DeliveryCode = (await doors.RevealCodeAsync(new RevealCodeRequest { Parcel = parcel.Code, Reason = "sent to the consignee" })).Code;
    }

    private void ScheduleStreets()
    {
        foreach (var courier in Couriers)
        {
            var parcels = _plan.Parcels.Where(p => p.Courier == courier.Index).ToList();
            for (var i = 0; i < parcels.Count; i++)
            {
                var parcel = parcels[i];
                var at = DayPlan.At(8, 30) + (Duration.FromMinutes(570) * i / parcels.Count) + Duration.FromSeconds(courier.Draw.Int(0, 90));
                Schedule(at, () => VisitAsync(courier, parcel));
                if (parcel.Ending is not Ending.AbsentThenDelivered) continue;
                var again = at + Duration.FromMinutes(courier.Draw.Int(150, 400));
                Schedule(again < DayPlan.At(18, 30) ? again : DayPlan.At(18, 31), () => VisitAsync(courier, parcel));
            }
            foreach (var order in Orders.Where(o => o.Courier == courier.Index))
                Schedule(DayPlan.At(9, 5) + Duration.FromMinutes(courier.Draw.Int(0, 520)), () => PickUpAsync(courier, order));
            for (var at = DayPlan.At(8, 26); at < DayPlan.At(18, 40); at += Duration.FromSeconds(courier.Draw.Int(500, 1_500))) Schedule(at, () => ContactAsync(courier));
        }
        foreach (var disturbed in Disturbed) Schedule(disturbed.At, () => DisturbAsync(disturbed, Couriers[disturbed.Courier]));
    }

    private async Task DrainAsync()
    {
        while (_queue.TryDequeue(out var act, out var when))
        {
            Backend.AdvanceTo(when.At);
            await act();
        }
    }

    private async Task DisturbAsync(Disturbed disturbed, SimCourier courier)
    {
        switch (disturbed.What)
        {
            case Disturbance.PhoneOffline: courier.OfflineUntil = Later(courier.OfflineUntil, disturbed.At + disturbed.For); break;
            case Disturbance.ClockOffByMinutes or Disturbance.ClockOffByDays: courier.Phone.WallError = disturbed.For; break;
            case Disturbance.PhoneKilled: courier.DiesAtNextDoor = true; break;
            case Disturbance.PhoneDestroyed: await ReplacePhoneAsync(courier); break;
            case Disturbance.BadNetwork: courier.BadNetworkUntil = Later(courier.BadNetworkUntil, disturbed.At + disturbed.For); break;
            case Disturbance.ServerKilled: _killServer = true; break;
            case Disturbance.AgentKilled: _killAgent = true; break;
            case Disturbance.CashShort: courier.Missing += disturbed.Minor; break;
            case Disturbance.CashOver: courier.Missing -= disturbed.Minor; break;
            case Disturbance.BankShort: BankMissing += disturbed.Minor; break;
            case Disturbance.ForgedDelivery: Forge(courier); break;
            default: break;
        }
    }

    private Task VisitAsync(SimCourier courier, SimParcel parcel)
    {
        if (parcel.Place is not Place.Courier || parcel.Ending is Ending.Missing) return Task.CompletedTask;
        parcel.Visits++;
        var given = parcel.Ending is Ending.Delivered or Ending.ToAgent || (parcel.Ending is Ending.AbsentThenDelivered && parcel.Visits > 1);
        if (given)
        {
            parcel.Place = Place.Consignee;
            parcel.Paid = parcel.HasMoney;
            if (parcel.Paid && parcel.Means is PaymentMeans.Cash) courier.Pouch += parcel.Cod + parcel.Freight;
        }
        if (parcel.Ending is Ending.Locker) parcel.Place = Place.Locker;
        Tell(courier, parcel.Code, DoorScript.Of(parcel));
        return Task.CompletedTask;
    }

    private Task PickUpAsync(SimCourier courier, SimOrder order)
    {
        order.Done = true;
        Tell(courier, order.Id, [new Step("pickup", _ => DoorScript.PickedUp(order))]);
        return Task.CompletedTask;
    }

    /// <summary>The courier tells his phone what is not on record yet; the phone may die over it, and then he tells it again what it has lost.</summary>
    private void Tell(SimCourier courier, string subject, IReadOnlyList<Step> steps)
    {
        var missing = steps.Where(s => !courier.OnRecord.ContainsKey((subject, s.Key))).ToList();
        if (missing.Count == 0) return;
        var dies = courier.DiesAtNextDoor;
        var upTo = dies ? courier.Draw.Int(1, missing.Count) : missing.Count;
        var onDisk = dies ? courier.Draw.Int(0, upTo - 1) : upTo;
        for (var i = 0; i < upTo; i++)
        {
            Tick(courier.Draw.Int(500, 6_000));
            var consent = courier.OnRecord.GetValueOrDefault((subject, DoorScript.Consent));
            var fact = missing[i].Make(consent is null ? ByteString.Empty : ByteString.CopyFrom(Uuid.Bytes(consent.Id)));
            if (fact.Kind is EventKind.MoneyCollected) fact.Money.Courier = courier.Id;
            courier.OnRecord[(subject, missing[i].Key)] = courier.Phone.Record(Backend.Now, subject, missing[i].Key, fact);
            if (i < onDisk) courier.Phone.Flush();
        }
        if (!dies) return;
        courier.DiesAtNextDoor = false;
        Tick(courier.Draw.Int(20_000, 60_000));
        courier.Phone.Kill(Backend.Now);
        foreach (var lost in courier.Phone.LostFacts) Forget(courier, lost);
        Tell(courier, subject, steps);
    }

    /// <summary>A courier claims another's parcel: never true, and refused once the depot's handovers are known.</summary>
    private void Forge(SimCourier courier)
    {
        var others = _plan.Parcels.Where(p => p.Courier != courier.Index && p.Place is Place.Courier && p.Ending is not Ending.Missing && !p.HasMoney).ToList();
        if (others.Count == 0) return;
        var parcel = courier.Draw.Of(others);
        courier.Phone.Record(Backend.Now, parcel.Code, "forged", DoorScript.Delivered(parcel, HandedTo.Consignee, ByteString.Empty, signed: true, offered: true));
        courier.Phone.Flush();
    }

    private async Task ReplacePhoneAsync(SimCourier courier)
    {
        courier.Phone.Destroy();
        var lost = courier.Phone.Facts.Where(f => f.State is FactState.Destroyed).ToList();
        GivePhone(courier);
        // The new phone begins with what the server knows; the courier tells it the rest anew.
        foreach (var door in lost.Where(f => f.Key is not "forged").GroupBy(f => f.Subject, StringComparer.Ordinal))
        {
            var known = await KnownAsync(courier, door.Key);
            foreach (var fact in door.Where(f => !known.Contains(f.Id))) Forget(courier, fact);
            Tell(courier, door.Key, ScriptOf(door.Key));
        }
    }

    private async Task<HashSet<Guid>> KnownAsync(SimCourier courier, string subject)
    {
        if (_byCode.ContainsKey(subject))
        {
            var life = await new Parcels.ParcelsClient(await Backend.AsPersonAsync(courier.Name)).GetAsync(new GetParcelRequest { Code = subject });
            return life.Timeline.Select(t => Guid.Parse(t.EventId)).ToHashSet();
        }
        var order = await new PickupOrders.PickupOrdersClient(await Backend.AsAsync(Roles.DepotClerk)).GetAsync(new GetOrderRequest { Id = subject });
        return order.Phase is "done" ? courier.OnRecord.Where(r => r.Key.Subject == subject).Select(r => r.Value.Id).ToHashSet() : [];
    }

    /// <summary>One contact: calls until everything is answered or the network gives up. True when everything is answered.</summary>
    private async Task<bool> ContactAsync(SimCourier courier)
    {
        if (courier.OfflineUntil > Backend.Now) return false;
        var net = courier.Network;
        for (var calls = 0; calls < 12; calls++)
        {
            var bad = courier.BadNetworkUntil > Backend.Now;
            var request = courier.Phone.Next(Backend.Now, net);
            Tick(net.Int(20, 2_500));
            if (net.Chance(bad ? 0.4 : 0.04)) return false;
            var reply = await SendAsync(courier, request, twice: net.Chance(0.04));
            if (_killServer)
            {
                _killServer = false;
                await Backend.KillAsync();
                continue;
            }
            if (net.Chance(bad ? 0.4 : 0.06))
            {
                if (AppliesLostAcknowledgementTwice) await ApplyAgainAsync(courier, request, reply);
                continue;
            }
            if (net.Chance(0.05)) ScheduleCopy(courier, request, net.Int(20, 900));
            foreach (var refused in courier.Phone.Take(request, reply)) React(courier, refused);
            if (!courier.Phone.Waiting.Any()) return true;
        }
        return false;
    }

    private async Task<SyncReply> SendAsync(SimCourier courier, SyncRequest request, bool twice)
    {
        Calls++;
        courier.Phone.Arrives(request);
        var client = new Courier.CourierClient(await Backend.AsPersonAsync(courier.Name));
        if (!twice) return await client.SyncAsync(request);
        var (first, second) = (client.SyncAsync(request).ResponseAsync, client.SyncAsync(request).ResponseAsync);
        await Task.WhenAll(first, second);
        return await first;
    }

    // A copy that the network held back arrives after later calls; with the phone or the server gone, so is its line.
    private void ScheduleCopy(SimCourier courier, SyncRequest request, int seconds)
    {
        var (phone, boot, generation) = (courier.Phone, courier.Phone.Boot, Backend.Generation);
        Schedule(Backend.Now + Duration.FromSeconds(seconds), async () =>
        {
            if (phone.Destroyed || phone.Boot != boot || Backend.Generation != generation) return;
            await new Courier.CourierClient(await Backend.AsPersonAsync(courier.Name)).SyncAsync(request);
        });
    }

    private async Task ApplyAgainAsync(SimCourier courier, SyncRequest request, SyncReply reply)
    {
        var taken = reply.Results.Zip(request.Events).Where(r => r.First.Result is "recorded").Select(r => ParcelEvent.Parser.ParseFrom(r.Second)).ToList();
        if (taken.Count == 0) return;
        foreach (var fact in taken) fact.Id = ByteString.CopyFrom(Uuid.Bytes(NamedId.From(_space, FormattableString.Invariant($"planted {++_scheduled} {fact.Parcel} {fact.Kind}"))));
        (await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = JournalSource.Device($"{courier.Id}/{courier.Phone.Device}"), Bodies = [.. taken.Select(f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.Unproven,
            ReceivedAt = Backend.Now,
        })).IsOk.ShouldBeTrue();
        AppliedTwice += taken.Count;
    }

    private void React(SimCourier courier, PhoneFact refused)
    {
        if (refused.Key is "forged")
        {
            if (refused.Code is not "another_run") Oddities.Add($"a forged delivery of {refused.Subject} was refused as {refused.Code}");
            return;
        }
        Forget(courier, refused);
        if (!_byCode.TryGetValue(refused.Subject, out var parcel) || !RefusalsExpected.Contains(refused.Code))
        {
            Oddities.Add($"{refused.Kind} of {refused.Subject} was refused as {refused.Code}");
            return;
        }
        if (parcel.Corrected && refused.TrueAt > _correctedAt[parcel.Code]) Oddities.Add($"{refused.Kind} of {refused.Subject}, told rightly, was refused as {refused.Code}");
        else if (!parcel.Corrected) (parcel.Corrected, _correctedAt[parcel.Code]) = (true, Backend.Now);
        Tell(courier, parcel.Code, DoorScript.Of(parcel));
    }

    private IReadOnlyList<Step> ScriptOf(string subject) =>
        _byCode.TryGetValue(subject, out var parcel) ? DoorScript.Of(parcel) : [new Step("pickup", _ => DoorScript.PickedUp(Orders.Single(o => o.Id == subject)))];

    private void GivePhone(SimCourier courier)
    {
        var phone = new Phone(_space + courier.Name, FormattableString.Invariant($"phone-{courier.Index}-{courier.Phones.Count + 1}"), courier.Id);
        phone.Start(Backend.Now);
        courier.Phones.Add(phone);
    }

    private static void Forget(SimCourier courier, PhoneFact fact)
    {
        if (courier.OnRecord.TryGetValue((fact.Subject, fact.Key), out var known) && known.Id == fact.Id) courier.OnRecord.Remove((fact.Subject, fact.Key));
    }

    private void Schedule(Instant at, Func<Task> act) => _queue.Enqueue(act, (at, ++_scheduled));

    private void Tick(int milliseconds) => Backend.AdvanceTo(Backend.Now + Duration.FromMilliseconds(milliseconds));

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;

    private ByteString CommandId(string name) => ByteString.CopyFrom(Uuid.Bytes(NamedId.From(_space, name)));
}
