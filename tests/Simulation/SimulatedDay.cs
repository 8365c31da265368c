using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Handovers;
using KeyAccountLogistics.Dispatch.Cash;
using KeyAccountLogistics.Dispatch.Confirmations;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Sheets;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Simulation;

/// <summary>How large a day is, and whether its phones have the planted mistake.</summary>
internal sealed record DaySize(int Couriers, int Parcels, int Kills, bool Mistaken = false)
{
    internal static DaySize Whole { get; } = new(15, 3_000, 6);

    internal static DaySize Small { get; } = new(4, 160, 2);
}

/// <summary>What the world really did with a parcel, as opposed to what anybody recorded.</summary>
internal enum Fate
{
    InDepot,
    Out,
    Delivered,
    AtPickupPoint,
    Failed,
    Refused,
}

/// <summary>A parcel of the simulated world.</summary>
internal sealed class WorldParcel(string code, string courier, long cod)
{
    internal string Code => code;

    internal string Courier => courier;

    internal long Cod => cod;

    internal Fate Fate { get; set; } = Fate.InDepot;

    /// <summary>Notes that changed hands at the door; not what was recorded of them.</summary>
    internal long Notes { get; set; }
}

/// <summary>
/// A depot's day: parcels go out by run sheets, couriers deliver with phones whose network, clocks and batteries fail, the server is killed, answers are lost, and in the evening everything is told,
/// brought back, counted and closed. Faults are drawn from one seed. What really happened is kept apart from what the product was told.
/// </summary>
internal sealed class SimulatedDay : IAsyncDisposable
{
    internal const string Depot = BackendFixture.Depot;
    private static readonly ByteString Picture = ByteString.CopyFrom(SHA256.HashData("a signature"u8));
    private readonly Random _chance;
    private readonly DaySize _size;
    private readonly ShiftedTime _time;
    private readonly TestDatabase _database;
    private readonly Dictionary<string, int> _offlineUntil = new(StringComparer.Ordinal);
    private readonly HashSet<int> _kills;
    private BackendFixture _backend;

    private SimulatedDay(int seed, DaySize size, ShiftedTime time, TestDatabase database, BackendFixture backend)
    {
        (_chance, _size, _time, _database, _backend) = (new Random(seed), size, time, database, backend);
        Couriers = [.. Enumerable.Range(1, size.Couriers).Select(i => string.Create(CultureInfo.InvariantCulture, $"c-{i:00}"))];
        Phones = Couriers.ConvertAll(c => new SimulatedPhone(c, Depot, _chance, time));
        Parcels = [.. Enumerable.Range(1, size.Parcels).Select(i => new WorldParcel(
            string.Create(CultureInfo.InvariantCulture, $"SIM{i:000000}"), Couriers[i % size.Couriers], _chance.Next(5) == 0 ? 100 * (1 + _chance.Next(900)) : 0))];
        _kills = [.. Enumerable.Range(0, size.Kills).Select(_ => _chance.Next(2, Rounds - 2))];
    }

    internal const int Rounds = 54;

    internal List<string> Couriers { get; }

    internal List<SimulatedPhone> Phones { get; }

    internal List<WorldParcel> Parcels { get; }

    /// <summary>By what it was; so many each.</summary>
    internal SortedDictionary<string, int> Disturbances { get; } = new(StringComparer.Ordinal);

    /// <summary>What couriers kept for themselves, by courier.</summary>
    internal Dictionary<string, long> Kept { get; } = new(StringComparer.Ordinal);

    internal TestDatabase Database => _database;

    internal IServiceProvider Services => _backend.Services;

    internal List<string> SheetsClosed { get; } = [];

    internal static async Task<SimulatedDay> RunAsync(int seed, DaySize size, Engine engine = Engine.Sqlite)
    {
        var time = new ShiftedTime();
        var zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var eight = time.Now().InZone(zone).Date.PlusDays(1).At(new LocalTime(8, 0)).InZoneLeniently(zone).ToInstant();
        time.Advance((eight - time.Now()).ToTimeSpan());
        var database = await TestDatabase.CreateAsync(engine);
        var day = new SimulatedDay(seed, size, time, database, await StartAsync(engine, database, time));
        await day.MorningAsync();
        for (var round = 0; round < Rounds; round++) await day.RoundAsync(round);
        await day.EveningAsync();
        return day;
    }

    private static Task<BackendFixture> StartAsync(Engine engine, TestDatabase database, ShiftedTime time) =>
        BackendFixture.StartAsync(engine, options => options with { AddMore = services => services.AddSingleton<ITermsInForce>(new GivenTerms(new TermsSnapshot(1, [Terms()]))) }, database, time);

    private static AccountTerms Terms() => new()
    {
        Account = BackendFixture.Account, NameZh = "甲", NameEn = "A", Contract = "KA-1", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY",
        Chargeable = [], Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
    };

    private async Task MorningAsync()
    {
        foreach (var lines in Parcels.Chunk(500))
        {
            var request = new RegisterShipmentsRequest
            {
                Shipments =
                {
                    lines.Select(p => new ShipmentLine
                    {
                        Waybill = p.Code, Account = BackendFixture.Account, Product = "STD", Origin = "PEK02", Destination = Depot, DeclaredMg = 1_000_000, CodMinor = p.Cod, Currency = p.Cod > 0 ? "CNY" : "",
                    }),
                },
            };
            (await new Shipments.ShipmentsClient(await _backend.AsAdministratorAsync()).RegisterAsync(request)).Registered.ShouldBe(lines.Length);
            await AppendAsync(lines.Select(p => new ParcelEvent { Kind = EventKind.ArrivedNode, Parcel = p.Code, Node = Depot, To = new Party { Kind = PartyKind.Depot, Id = Depot } }));
        }
        foreach (var phone in Phones)
        {
            await AsAsync<KeepDay, CourierReply>("head", (keep, ct) => keep.SetCourierAsync(
                new SetCourierCommand { CommandId = Id(), Courier = new CourierSetting { Courier = phone.Courier, Depot = Depot, ShiftFrom = 480, ShiftUntil = 1200, Vehicle = "E-" + phone.Courier, Active = true, ParcelsMax = 300 } }, ct));
            await SyncAsync(phone, phone.Contact());
            phone.Record(EventKind.VehicleChecked, "", e => (e.Reference, e.Checklist) = ("E-" + phone.Courier, new Checklist { Id = "vehicle", Items = { Items("tyres", "running", "battery", "tools") } }));
            await DrainAsync(phone);
            await ReleaseAsync(phone.Courier, [.. Parcels.Where(p => p.Courier == phone.Courier)]);
        }
    }

    private static IEnumerable<ChecklistItem> Items(params string[] groups) => groups.Select(g => new ChecklistItem { Id = g, Passed = true });

    private async Task ReleaseAsync(string courier, List<WorldParcel> parcels)
    {
        var drawn = await AsAsync<KeepSheet, SheetReply>("clerk", (keep, ct) => keep.DrawUpAsync(new DrawUpSheetCommand { CommandId = Id(), Depot = Depot, Courier = courier, Parcels = { parcels.Select(p => p.Code) } }, ct));
        drawn.Refused.ShouldBeNull(drawn.ToString());
        var number = drawn.Sheet.Number;
        var opened = Good(await AsAsync<RunHandover, HandoverReply>("clerk", (run, ct) => run.OpenAsync(
            new OpenHandoverCommand
            {
                CommandId = Id(), RunSheet = number,
                Opened = new HandoverOpened
                {
                    Kind = HandoverKind.DepotToCourier, Giver = new Party { Kind = PartyKind.Depot, Id = Depot }, Receiver = new Party { Kind = PartyKind.Courier, Id = courier }, Place = Depot,
                    Expected = { parcels.Select(p => new ExpectedParcel { Parcel = p.Code }) },
                },
            }, ct)));
        foreach (var parcel in parcels)
        {
            var line = new HandoverLine { Result = LineResult.Accepted, PackagingOk = true, TouchOk = true, CodMinor = parcel.Cod, Currency = parcel.Cod > 0 ? "CNY" : "" };
            Good(await AsAsync<RunHandover, HandoverReply>("clerk", (run, ct) => run.CheckLineAsync(new CheckLineCommand { CommandId = Id(), Handover = opened.Id, Parcel = parcel.Code, Line = line }, ct)));
            parcel.Fate = Fate.Out;
        }
        var counted = Good(await AsAsync<RunHandover, HandoverReply>("clerk", (run, ct) => run.CountAsync(new CountHandoverCommand { CommandId = Id(), Handover = opened.Id }, ct)));
        foreach (var (side, who) in new[] { (Side.Giver, "clerk"), (Side.Receiver, courier) })
        {
            Good(await AsAsync<RunHandover, HandoverReply>(who, (run, ct) => run.ConfirmAsync(
                new ConfirmHandoverCommand { CommandId = Id(), Handover = opened.Id, Confirmation = new HandoverConfirmation { Side = side, Method = ConfirmationMethod.Badge, Totals = counted.Totals } }, ct)));
        }
        var released = await AsAsync<KeepSheet, SheetReply>("clerk", (keep, ct) => keep.ReleaseAsync(new ReleaseSheetCommand { CommandId = Id(), Number = number, Handover = opened.Id }, ct));
        released.Refused.ShouldBeNull(released.ToString());
        SheetsClosed.Add(number);
    }

    private async Task RoundAsync(int round)
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        foreach (var phone in Phones)
        {
            Disturb(phone, round);
            var waiting = Parcels.Where(p => p.Courier == phone.Courier && p.Fate == Fate.Out).Take(1 + (_size.Parcels / _size.Couriers / Rounds)).ToList();
            foreach (var parcel in waiting) AtTheDoor(phone, parcel);
        }
        if (_kills.Contains(round)) await KillServerAsync();
        foreach (var phone in Phones)
        {
            if (_offlineUntil.GetValueOrDefault(phone.Courier) > round || phone.Next() is not { } next) continue;
            await SendAsync(phone, next.Request, next.Facts);
        }
    }

    // Phones without network for hours, clocks set off by minutes and days, phones killed.
    private void Disturb(SimulatedPhone phone, int round)
    {
        if (_chance.Next(25) == 0 && _offlineUntil.GetValueOrDefault(phone.Courier) <= round)
        {
            Count("phone offline");
            _offlineUntil[phone.Courier] = round + 3 + _chance.Next(24);
        }
        if (_chance.Next(20) == 0)
        {
            Count("clock set off");
            phone.ClockOff = _chance.Next(3) switch { 0 => Duration.Zero, 1 => Duration.FromMinutes(_chance.Next(-180, 180)), _ => Duration.FromDays(_chance.Next(-3, 4)) };
        }
        if (_chance.Next(30) == 0)
        {
            Count("phone killed");
            phone.Restart();
        }
    }

    // What happens at a door, and what the courier tells of it; mistakes that the server refuses are told again as they should have been.
    private void AtTheDoor(SimulatedPhone phone, WorldParcel parcel)
    {
        var draw = _chance.Next(100);
        if (draw < 8)
        {
            // Nobody there. Told without a reason first, by some.
            if (draw < 2) phone.Record(EventKind.AttemptFailed, parcel.Code, e => e.Action = "try_again");
            phone.Record(EventKind.AttemptFailed, parcel.Code, e => (e.Reason, e.Action) = ("nobody_there", "try_again"));
            parcel.Fate = Fate.Failed;
        }
        else if (draw < 12)
        {
            phone.Record(EventKind.Refused, parcel.Code, e => (e.Reason, e.Action) = ("refused_by_consignee", "return"));
            parcel.Fate = Fate.Refused;
        }
        else if (draw < 18 && parcel.Cod == 0)
        {
            void Locked(ByteString consent) => phone.Record(EventKind.AtPickupPoint, parcel.Code, e => e.Proof = new DeliveryProof { To = HandedTo.Locker, Consent = consent, PhotoSha256 = Picture });
            if (draw < 14) Locked(ByteString.Empty);
            Locked(phone.Record(EventKind.ConsentRecorded, parcel.Code, e => e.Reason = "locker").Id);
            parcel.Fate = Fate.AtPickupPoint;
        }
        else
        {
            if (parcel.Cod > 0)
            {
                if (draw < 24) Collect(phone, parcel, parcel.Cod - 100);
                Collect(phone, parcel, parcel.Cod);
                parcel.Notes = parcel.Cod;
            }
            phone.Record(EventKind.Delivered, parcel.Code, e => e.Proof = new DeliveryProof { To = HandedTo.Consignee, InspectionOffered = true, SignatureSha256 = Picture });
            parcel.Fate = Fate.Delivered;
        }
    }

    private static void Collect(SimulatedPhone phone, WorldParcel parcel, long minor) => phone.Record(EventKind.MoneyCollected, parcel.Code, e => e.Money = new MoneyMove
    {
        Courier = phone.Courier, Depot = Depot, Currency = "CNY", Means = PaymentMeans.Cash, Items = { new MoneyItem { Parcel = parcel.Code, Purpose = MoneyPurpose.Cod, Minor = minor, Account = BackendFixture.Account } },
    });

    private async Task SendAsync(SimulatedPhone phone, SyncRequest request, int facts)
    {
        var fault = _chance.Next(100);
        if (fault < 6)
        {
            Count("request lost");
            return;
        }
        var reply = await SyncAsync(phone, request);
        if (fault < 12)
        {
            Count("answer lost");
            if (_size.Mistaken) phone.MintAnew(facts);
            return;
        }
        if (fault < 15)
        {
            Count("request repeated by the network");
            (await SyncAsync(phone, request)).Results.Count.ShouldBe(reply.Results.Count);
        }
        phone.Take(reply);
    }

    private async Task KillServerAsync()
    {
        Count("server killed");
        // One of the phones is in the middle of a call: what it told is in, the answer is not.
        if (Phones.Find(p => !p.IsDrained && _offlineUntil.GetValueOrDefault(p.Courier) == 0) is { } phone && phone.Next() is { } next)
        {
            await SyncAsync(phone, next.Request);
            if (_size.Mistaken) phone.MintAnew(next.Facts);
        }
        var engine = _database.Engine;
        await _backend.DisposeAsync();
        _backend = await StartAsync(engine, _database, _time);
    }

    private async Task EveningAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(30));
        foreach (var phone in Phones)
        {
            await DrainAsync(phone);
            var back = Parcels.Where(p => p.Courier == phone.Courier && p.Fate is Fate.Failed or Fate.Refused && p.Courier == phone.Courier).ToList();
            await AppendAsync(back.Select(p => new ParcelEvent
            {
                Kind = EventKind.ReturnedToCustody, Parcel = p.Code, Node = Depot, From = new Party { Kind = PartyKind.Courier, Id = phone.Courier }, To = new Party { Kind = PartyKind.Depot, Id = Depot },
            }));
            var notes = Parcels.Where(p => p.Courier == phone.Courier).Sum(p => p.Notes);
            // Some pouches are short.
            if (notes > 500 && _chance.Next(4) == 0) Kept[phone.Courier] = 100 * (1 + _chance.Next(5));
            var counted = await AsAsync<MoveCash, CashReply>("clerk", (cash, ct) => cash.CountAsync(
                new CountCashCommand { CommandId = Id(), Courier = phone.Courier, Depot = Depot, Currency = "CNY", CountedMinor = notes - Kept.GetValueOrDefault(phone.Courier), RunSheet = "evening" }, ct));
            if (notes > 0 && !_size.Mistaken) counted.Done.VarianceMinor.ShouldBe(-Kept.GetValueOrDefault(phone.Courier), counted.ToString());
        }
        foreach (var number in SheetsClosed)
        {
            var closed = await AsAsync<KeepSheet, SheetReply>("clerk", (keep, ct) => keep.CloseAsync(new CloseSheetCommand { CommandId = Id(), Number = number }, ct));
            closed.Refused.ShouldBeNull($"{number}: {closed}");
        }
    }

    private async Task DrainAsync(SimulatedPhone phone)
    {
        while (phone.Next() is { } next) phone.Take(await SyncAsync(phone, next.Request));
    }

    private async Task<SyncReply> SyncAsync(SimulatedPhone phone, SyncRequest request) => await AsAsync<SyncPhone, SyncReply>(phone.Courier, (sync, ct) => sync.RunAsync(request, ct));

    /// <summary>One unit of work as the person, as the server's interceptors open it.</summary>
    private async Task<TReply> AsAsync<TService, TReply>(string who, Func<TService, CancellationToken, Task<Outcome<TReply>>> act)
        where TService : notnull
    {
        await using var scope = Services.CreateScopeAs(new Caller(who, CallerKind.Person, Enum.GetValues<Permission>().ToHashSet(), null, [Depot]));
        var done = await act(scope.ServiceProvider.GetRequiredService<TService>(), CancellationToken.None);
        done.IsOk.ShouldBeTrue(done.IsOk ? "" : $"{done.Fault.Code}: {done.Fault.Message}");
        return done.Value;
    }

    private async Task AppendAsync(IEnumerable<ParcelEvent> facts)
    {
        foreach (var part in facts.Chunk(500))
        {
            foreach (var fact in part) (fact.Id, fact.CapturedAtUs) = (Id(), _time.Now().ToUnixMicros());
            var appended = await Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
            {
                Source = JournalSource.Import("simulation"), Bodies = [.. part.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History, ReceivedAt = _time.Now(),
            });
            appended.Value.Rejected.ShouldBeEmpty();
        }
    }

    private void Count(string disturbance) => Disturbances[disturbance] = Disturbances.GetValueOrDefault(disturbance) + 1;

    private static Handover Good(HandoverReply reply)
    {
        reply.Refused.ShouldBeNull(reply.ToString());
        return reply.Handover;
    }

    private static ByteString Id() => BackendFixture.NewCommandId();

    /// <summary>What the books come to, without ids and times: the same for the same seed.</summary>
    internal async Task<string> BooksAsync()
    {
        var books = new StringBuilder();
        foreach (var parcel in Parcels) books.Append(CultureInfo.InvariantCulture, $"{parcel.Code} {parcel.Fate} {await Database.ScalarAsync($"SELECT stage FROM custody_parcel WHERE code = '{parcel.Code}'")}\n");
        foreach (var courier in Couriers) books.Append(CultureInfo.InvariantCulture, $"{courier} {await Database.ScalarAsync($"SELECT COALESCE(SUM(minor), 0) FROM dispatch_posting WHERE owner = '{courier}'")}\n");
        foreach (var (what, times) in Disturbances) books.Append(CultureInfo.InvariantCulture, $"{what} {times}\n");
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(books.ToString())));
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Terms as the test gives them.</summary>
internal sealed class GivenTerms(TermsSnapshot snapshot) : ITermsInForce
{
    public TermsSnapshot Now => snapshot;

    public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
    {
        if (known == snapshot.Version) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return snapshot;
    }
}
