using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Component.Custody;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.ServiceLevels.Closing;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Component.ServiceLevels;

/// <summary>A backend with two accounts whose promises are decided by the instant, and parcels promised for the 10th at 18:00.</summary>
internal sealed class LevelsBed : IAsyncDisposable
{
    internal static readonly GetScorecardRequest October = new() { Account = BackendFixture.Account, From = "2026-10-01", To = "2026-10-31" };
    internal static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LevelsBed(BackendFixture backend) => Backend = backend;

    internal BackendFixture Backend { get; }

    /// <param name="engine">On which.</param>
    /// <param name="database">One that is filled already; null for a new one.</param>
    /// <param name="more">Further services.</param>
    /// <param name="now">When it starts; null for noon of 20 October.</param>
    internal static async Task<LevelsBed> StartAsync(Engine engine, TestDatabase? database = null, Action<IServiceCollection>? more = null, Instant? now = null)
    {
        var time = new ShiftedTime();
        time.Advance(((now ?? At(20, 12)) - time.Now()).ToTimeSpan());
        return new(await BackendFixture.StartAsync(engine, options => options with
        {
            AddMore = services =>
            {
                services.AddTerms(Terms(BackendFixture.Account), Terms(BackendFixture.OtherAccount));
                more?.Invoke(services);
            },
        }, database, time));
    }

    internal static Instant At(int day, int hour, int minute = 0) => new LocalDateTime(2026, 10, day, hour, minute).InZoneLeniently(Zone).ToInstant();

    internal async Task<Scorecards.ScorecardsClient> AsAsync(string role) => new(await Backend.AsAsync(role));

    internal Task RegisterAsync(string account, params string[] waybills) => RegisterAsync(account, At(8, 10), At(10, 18), waybills);

    internal Task RegisterAsync(string account, Instant accepted, Instant promised, params string[] waybills) => RegisterAsync([.. waybills.Select(w => (account, w, accepted, promised))]);

    internal Task RegisterAsync(params (string Account, string Waybill, Instant Promised)[] parcels) => RegisterAsync([.. parcels.Select(static p => (p.Account, p.Waybill, At(8, 10), p.Promised))]);

    private async Task RegisterAsync(IReadOnlyCollection<(string Account, string Waybill, Instant Accepted, Instant Promised)> parcels)
    {
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(parcels.Select(static p => new ShipmentLine
        {
            Waybill = p.Waybill, Account = p.Account, Product = "STD", Origin = "310115", Destination = "330106", DeclaredMg = 1_000_000,
            AcceptedAtUs = p.Accepted.ToUnixMicros(), PromisedByUs = p.Promised.ToUnixMicros(),
        }));
        (await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(request)).Registered.ShouldBe(parcels.Count);
    }

    /// <summary>A day's counter of an account as a whole, as the follower leaves it.</summary>
    internal Task CountAsync(string account, LocalDate day, string figure, long numerator, long denominator) => Backend.Database.ExecuteAsync(
        FormattableString.Invariant($"INSERT INTO level_counter(account, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open) VALUES ('{account}', {AccountDays.NumberOf(day)}, 0, '', '{figure}', {numerator}, {denominator}, 0, 0, 0) ")
        + "ON CONFLICT(account, day, kind, member, figure) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator");

    internal static ParcelEvent Delivered(int id, string parcel, Instant at) => Fact(id, EventKind.Delivered, parcel, at);

    internal static ParcelEvent Fact(int id, EventKind kind, string parcel, Instant at) => new()
    {
        Id = IdOf(id), Kind = kind, Parcel = parcel, Node = "HGH01", Actor = "c-1", CapturedAtUs = at.ToUnixMicros(),
    };

    internal static ByteString IdOf(int id) => ByteString.CopyFrom(NamedId.From("levels-test", id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToByteArray(bigEndian: true));

    internal Task AppendAsync(params ParcelEvent[] facts) => AppendAsync(JournalSource.Import("levels"), BatchClock.History, Backend.Time.Now(), facts);

    internal async Task AppendAsync(JournalSource source, BatchClock clock, Instant received, params ParcelEvent[] facts)
    {
        var appended = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = source, Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = clock, ReceivedAt = received,
        });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    /// <summary>Until everything that was noted is followed.</summary>
    internal async Task FollowedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await Backend.Database.ScalarAsync("SELECT COUNT(*) FROM level_changed") > 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
    }

    internal async Task<IndicatorScore> IndicatorAsync(string code, string role = Roles.KeyAccountManager)
    {
        await FollowedAsync();
        return (await (await AsAsync(role)).GetAsync(October)).Dimensions.SelectMany(d => d.Indicators).Single(i => i.Indicator == code);
    }

    internal async Task<string> FigureAsync(string code)
    {
        var i = await IndicatorAsync(code);
        return $"{i.Numerator}/{i.Denominator} excluded {i.Excluded} in doubt {i.InDoubt} open {i.Open}";
    }

    internal async Task<List<Behind>> BehindAsync(string indicator, string which = "")
    {
        await FollowedAsync();
        return [.. (await (await AsAsync(Roles.KeyAccountManager)).DrillDownAsync(new DrillDownRequest { Of = October, Indicator = indicator, Which = which })).Items];
    }

    /// <summary>The nightly close of one day of the carrier's own zone, now.</summary>
    internal async Task CloseAsync(LocalDate day)
    {
        await using var scope = Backend.Services.CreateScopeAs(Caller.System);
        var days = scope.ServiceProvider.GetRequiredService<CloseDays>();
        var done = await Backend.Services.GetRequiredService<IWriteGate>().RunAsync<bool>((transaction, ct) => days.CloseAsync(Zone, day, transaction, ct));
        done.Value.ShouldBeTrue();
    }

    /// <summary>What the jobs close that is due now, in every zone.</summary>
    internal async Task CloseDueAsync()
    {
        await using var scope = Backend.Services.CreateScopeAs(Caller.System);
        var days = scope.ServiceProvider.GetRequiredService<CloseDays>();
        (await days.UsualAsync(CancellationToken.None)).ShouldBeNull();
        (await days.ElsewhereAsync(CancellationToken.None)).ShouldBeNull();
    }

    /// <summary>What is warned of after a day's close.</summary>
    internal Task WarnAsync(LocalDate day) => Backend.WarnAsync(day);

    /// <summary>What the job of every five minutes does.</summary>
    internal async Task WatchBurnAsync()
    {
        await using var scope = Backend.Services.CreateScopeAs(Caller.System);
        (await ActivatorUtilities.CreateInstance<KeyAccountLogistics.ServiceLevels.Warnings.WatchBurn>(scope.ServiceProvider).RunAsync(CancellationToken.None)).ShouldBeNull();
    }

    internal async Task AgreesAsync()
    {
        var again = await (await AsAsync(Roles.KeyAccountManager)).RecomputeAsync(October);
        again.Differences.ShouldBeEmpty();
        again.Agrees.ShouldBeTrue();
    }

    /// <summary>Every counter that is not all zero, and that of each month (as kind -1).</summary>
    internal static Task<List<string>> CountersAsync(TestDatabase database) => database.RowsAsync(
        "SELECT account, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open FROM level_counter WHERE numerator <> 0 OR denominator <> 0 OR left_out <> 0 OR in_doubt <> 0 OR open <> 0 "
        + "UNION ALL SELECT account, month, -1, '', figure, numerator, denominator, left_out, in_doubt, open FROM level_month WHERE numerator <> 0 OR denominator <> 0 OR left_out <> 0 OR in_doubt <> 0 OR open <> 0 "
        + "ORDER BY account, day, kind, member, figure",
        row => string.Join('|', Enumerable.Range(0, 10).Select(row.GetValue)));

    public ValueTask DisposeAsync() => Backend.DisposeAsync();

    internal static AccountTerms Terms(string account, uint version = 1, Instant? from = null, Instant? until = null, string zone = "Asia/Shanghai") => new()
    {
        Account = account, NameZh = "甲", NameEn = "A", Contract = "K-" + account, Version = version, EffectiveFrom = from ?? Instant.FromUtc(2020, 1, 1, 0, 0), EffectiveUntil = until, Currency = "CNY", Chargeable = [],
        Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
        Promise = new PromiseTerms(ClauseId.Parse("P-1"), new LocalTime(18, 0), zone, "none", [], null, DecidedBy.Timestamp),
    };
}
