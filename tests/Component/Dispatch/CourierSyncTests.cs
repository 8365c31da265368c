using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Dispatch;

/// <summary>A courier's phone against the backend: what it recorded without network arrives once, in any cut, and at the time it happened.</summary>
public sealed class CourierSyncTests
{
    private static readonly ByteString Picture = ByteString.CopyFrom(new byte[32]);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Facts_arrive_once_in_any_cut_with_the_same_answers_and_gaps_are_told(Engine engine)
    {
        await using var backend = await PickupOrderTests.StartAsync(engine);
        var courier = await RegisterAsync(backend, ("ORDER-P1", 0), ("ORDER-P2", 5_000), ("ORDER-P3", 0));
        var phone = new Phone(backend, courier);
        await phone.SyncAsync(1);
        ParcelEvent[] facts =
        [
            phone.Delivered(1, "ORDER-P1", 1), phone.Collected(2, "ORDER-P2", 4_000, 2), phone.Collected(3, "ORDER-P2", 5_000, 3), phone.Delivered(4, "ORDER-P2", 4), phone.Failed(5, "ORDER-P3", "nobody_there", "", 5),
            phone.Failed(6, "ORDER-P3", "nobody_there", "try_again", 6),
        ];
        var first = await phone.SyncAsync(10, 1, facts[..3]);
        first.Results.Select(r => (r.Result, r.Code)).ShouldBe([("recorded", ""), ("refused", "amounts_differ"), ("recorded", "")]);
        // The answer was lost: all of it comes again with the rest behind it.
        var again = await phone.SyncAsync(11, 1, facts);
        again.Results.Select(r => (r.Result, r.Code)).ShouldBe([("known", ""), ("refused", "amounts_differ"), ("known", ""), ("recorded", ""), ("refused", "action_missing"), ("recorded", "")]);
        again.Results[1].Figures["expected_cod_minor"].ShouldBe("5000");
        (await phone.SyncAsync(12, 9, phone.Failed(7, "ORDER-P3", "nobody_there", "try_again", 7))).Gaps.Select(g => (g.First, g.Last)).ShouldBe([(7, 8)]);

        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.Delivered}")).ShouldBe(2);
        (await backend.Database.ScalarAsync("SELECT COUNT(*) FROM dispatch_refused_fact")).ShouldBe(2);
        (await backend.Database.ScalarAsync($"SELECT SUM(minor) FROM dispatch_balance WHERE ledger = {(int)LedgerAccount.CourierCash}")).ShouldBe(5_000);
        await CashLedgerTests.BalancesAsync(backend);
    }

    /// <summary>
    /// A courier's morning. At nine he meets the server and loses the network. He sets the phone's clock back two hours. At half past eleven he delivers a parcel promised by ten; the
    /// phone says half past nine. At noon he is back: the counter knows better than the clock. In the afternoon the phone is started anew without network, and nothing but the two contacts
    /// bounds what happens then.
    /// </summary>
    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Who_stays_offline_with_the_clock_set_back_gains_nothing(Engine engine)
    {
        await using var backend = await PickupOrderTests.StartAsync(engine);
        var courier = await RegisterAsync(backend, ("ORDER-P1", 0), ("ORDER-P2", 0));
        var nine = backend.Time.Now();
        var phone = new Phone(backend, courier);
        await phone.SyncAsync(0);

        backend.Time.Advance(TimeSpan.FromHours(3));
        phone.RefreshChannel();
        var delivered = phone.Delivered(1, "ORDER-P1", minute: 150, wall: nine + Duration.FromMinutes(30));
        (await phone.SyncAsync(180, 1, delivered)).Results.Single().Result.ShouldBe("recorded");
        (await MinutesOfAsync(backend, 1, "best_us", nine)).ShouldBeInRange(150, 150 + 4, "half past eleven, whatever the clock says");
        (await MinutesOfAsync(backend, 1, "earliest_us", nine)).ShouldBeInRange(149, 154);

        backend.Time.Advance(TimeSpan.FromHours(2));
        phone.RefreshChannel();
        phone.Restart();
        var afternoon = phone.Delivered(2, "ORDER-P2", minute: 1, wall: nine);
        (await phone.SyncAsync(5, 2, afternoon)).Results.Single().Result.ShouldBe("recorded");
        (await MinutesOfAsync(backend, 2, "earliest_us", nine)).ShouldBeInRange(180, 180 + 4, "not before the last contact");
        (await MinutesOfAsync(backend, 2, "latest_us", nine)).ShouldBeInRange(300, 300 + 4, "not after it was heard: in doubt counts as late");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Consent_codes_and_money_are_told_in_one_batch_and_hold_for_what_follows_in_it(Engine engine)
    {
        await using var backend = await PickupOrderTests.StartAsync(engine);
        var courier = await RegisterAsync(backend, ("ORDER-P1", 0), ("ORDER-P2", 0));
        var phone = new Phone(backend, courier);
        var locker = phone.Delivered(3, "ORDER-P1", 3);
        (locker.Kind, locker.Proof.To, locker.Proof.Consent, locker.Proof.PhotoSha256) = (EventKind.AtPickupPoint, HandedTo.Locker, phone.Fact(2, EventKind.ConsentRecorded, "ORDER-P1", 2).Id, Picture);
        var reply = await phone.SyncAsync(
            10, 1, [new ParcelEvent(locker) { Id = phone.Fact(1, EventKind.Scanned, "ORDER-P1", 1).Id }, phone.Fact(2, EventKind.ConsentRecorded, "ORDER-P1", 2), locker]);
        reply.Results.Select(r => (r.Result, r.Code)).ShouldBe([("refused", "no_consent_for_locker"), ("recorded", ""), ("recorded", "")]);

        ParcelEvent[] codes = [.. Enumerable.Range(10, 5).Select(i => phone.Fact(i, EventKind.CodeWrong, "ORDER-P2", i))];
        var right = phone.Delivered(20, "ORDER-P2", 20);
        right.Proof.Code = backend.Services.GetRequiredService<DeliveryCodes>().Of("ORDER-P2");
        // Deliveries with a guessed code are guesses: told by the server, they count with the others.
        ParcelEvent[] guesses = [phone.Delivered(18, "ORDER-P2", 18), phone.Delivered(19, "ORDER-P2", 19)];
        foreach (var guess in guesses) guess.Proof.Code = right.Proof.Code == "000000" ? "000001" : "000000";
        (await phone.SyncAsync(25, 4, [.. codes[..3], .. guesses])).Results.Select(r => r.Code).ShouldBe(["", "", "", "code_wrong", "code_locked"]);
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_event WHERE kind = {(int)EventKind.CodeWrong}")).ShouldBe(5);
        (await phone.SyncAsync(30, 9, [.. codes[3..], right])).Results[^1].Code.ShouldBe("code_locked");
        var desk = new Doors.DoorsClient(await backend.AsAsync(Roles.StationHead));
        await desk.UnlockCodeAsync(new UnlockCodeCommand { CommandId = BackendFixture.NewCommandId(), Parcel = "ORDER-P2", Reason = "the consignee showed the message" });
        var after = phone.Delivered(21, "ORDER-P2", 31);
        after.Proof.Code = right.Proof.Code;
        (await phone.SyncAsync(32, 12, after)).Results.Single().Result.ShouldBe("recorded");
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Two_couriers_on_one_phone_never_share_a_journal_and_nobody_speaks_for_another(Engine engine)
    {
        await using var backend = await PickupOrderTests.StartAsync(engine);
        var courier = await RegisterAsync(backend, ("ORDER-P1", 0));
        var phone = new Phone(backend, courier);
        var forged = phone.Delivered(1, "ORDER-P1", 1);
        forged.Actor = "somebody";
        (await phone.SyncAsync(2, 1, forged)).Results.Single().Code.ShouldBe("other_actor");
        (await phone.SyncAsync(3, 2, phone.Delivered(2, "ORDER-P1", 1))).Results.Single().Result.ShouldBe("recorded");
        (await backend.Database.ScalarAsync($"SELECT COUNT(*) FROM journal_source WHERE name = 'device:{courier}/phone-1'")).ShouldBe(1);
    }

    // A busy machine takes its time between the contacts; the clock was set back by hours.
    private static async Task<long> MinutesOfAsync(BackendFixture backend, int id, string column, Instant since) =>
        (await TimeOfAsync(backend, id, column) - since.ToUnixMicros() + 10_000_000) / 60_000_000;

    private static Task<long> TimeOfAsync(BackendFixture backend, int id, string column)
    {
        var hex = Convert.ToHexString(Uuid.Bytes(Phone.IdOf(id)));
        var key = backend.Database.Database.Engine == Engine.Sqlite ? $"x'{hex}'" : $"'{Phone.IdOf(id):D}'::uuid";
        return backend.Database.ScalarAsync($"SELECT {column} FROM dispatch_fact WHERE event_id = {key}");
    }

    private static async Task<string> RegisterAsync(BackendFixture backend, params (string Waybill, long Cod)[] parcels)
    {
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(parcels.Select(p => new ShipmentLine
        {
            Waybill = p.Waybill, Account = BackendFixture.Account, Product = "STD", Origin = "PEK02", Destination = BackendFixture.Depot, DeclaredMg = 1_000_000, CodMinor = p.Cod,
            Currency = p.Cod > 0 ? "CNY" : "",
        }));
        (await new Shipments.ShipmentsClient(await backend.AsAdministratorAsync()).RegisterAsync(request)).Registered.ShouldBe(parcels.Length);
        return backend.People[Roles.Courier];
    }

    /// <summary>A phone with a counter of its own and a journal; minutes count from its first start.</summary>
    private sealed class Phone(BackendFixture backend, string courier)
    {
        private readonly ByteString _journal = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("journal", "1")));
        private int _starts;
        private Courier.CourierClient? _client;

        internal static Guid IdOf(int id) => NamedId.From("phone", id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        /// <summary>The counter begins anew.</summary>
        internal void Restart() => _starts++;

        // The token of a morning is over by noon.
        internal void RefreshChannel() => _client = null;

        internal async Task<SyncReply> SyncAsync(int minute, int first = 0, params ParcelEvent[] facts)
        {
            _client ??= new Courier.CourierClient(backend.With((await backend.SignInAsync(BackendFixture.NameOf(Roles.Courier))).AccessToken));
            var request = new SyncRequest
            {
                Device = "phone-1", Boot = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("boot", _starts.ToString(System.Globalization.CultureInfo.InvariantCulture)))), MonotonicUs = Counter(minute),
                Journal = _journal, FirstSequence = first,
            };
            request.Events.AddRange(facts.Select(f => f.ToByteString()));
            return await _client.SyncAsync(request);
        }

        internal ParcelEvent Fact(int id, EventKind kind, string parcel, int minute, Instant? wall = null) => new()
        {
            Id = ByteString.CopyFrom(Uuid.Bytes(IdOf(id))), Kind = kind, Parcel = parcel, Actor = courier, Node = BackendFixture.Depot, MonotonicUs = Counter(minute),
            CapturedAtUs = (wall ?? backend.Time.Now()).ToUnixMicros(),
        };

        internal ParcelEvent Delivered(int id, string parcel, int minute, Instant? wall = null)
        {
            var e = Fact(id, EventKind.Delivered, parcel, minute, wall);
            e.Proof = new DeliveryProof { To = HandedTo.Consignee, InspectionOffered = true, SignatureSha256 = Picture };
            return e;
        }

        internal ParcelEvent Collected(int id, string parcel, long cod, int minute)
        {
            var e = Fact(id, EventKind.MoneyCollected, parcel, minute);
            e.Money = new MoneyMove
            {
                Courier = courier, Depot = BackendFixture.Depot, Currency = "CNY", Means = PaymentMeans.Cash,
                Items = { new MoneyItem { Parcel = parcel, Purpose = MoneyPurpose.Cod, Minor = cod, Account = BackendFixture.Account } },
            };
            return e;
        }

        internal ParcelEvent Failed(int id, string parcel, string reason, string action, int minute)
        {
            var e = Fact(id, EventKind.AttemptFailed, parcel, minute);
            (e.Reason, e.Action) = (reason, action);
            return e;
        }

        private static long Counter(int minute) => 1_000_000 + (minute * 60L * 1_000_000);
    }
}
