using Google.Protobuf;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Web;

/// <summary>
/// An account with sixty parcels promised for yesterday at 18:00: two late, one of which nobody knows whether it was, the others in time; and one more that nobody has attempted yet.
/// </summary>
internal sealed class LevelsOffice : IAsyncDisposable
{
    internal const string Late = "LEVELS-LATE1";
    internal const string Doubt = "LEVELS-DOUBT";
    internal const string Open = "LEVELS-OPEN";
    internal const string Invoice = "INV-2026-0917";
    private const int InTime = 57;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");
    private readonly Instant _promised;

    private LevelsOffice(BackendFixture backend, Instant promised, LocalDate day)
    {
        (Backend, _promised, Date) = (backend, promised, day);
        var first = new LocalDate(day.Year, day.Month, 1);
        Day = NodaTime.Text.LocalDatePattern.Iso.Format(day);
        Month = FormattableString.Invariant($"{day.Year:0000}-{day.Month:00}");
        Period = new GetScorecardRequest { Account = BackendFixture.Account, From = Month + "-01", To = NodaTime.Text.LocalDatePattern.Iso.Format(first.PlusMonths(1).PlusDays(-1)) };
    }

    internal BackendFixture Backend { get; }

    /// <summary>The promised day, which is yesterday.</summary>
    internal LocalDate Date { get; }

    /// <summary>The month the promised day lies in, as the pages' addresses name it.</summary>
    internal string Month { get; }

    /// <summary>The promised day.</summary>
    internal string Day { get; }

    internal GetScorecardRequest Period { get; }

    internal static async Task<LevelsOffice> StartAsync()
    {
        if (!Directory.Exists(Pages)) throw new DirectoryNotFoundException($"{Pages} is not built. Run: bash deploy/build.sh");
        var time = new ShiftedTime();
        var shanghai = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
        var day = time.Now().InZone(shanghai).Date;
        var noon = day.PlusDays(1).At(new LocalTime(12, 0)).InZoneLeniently(shanghai).ToInstant();
        time.Advance((noon - time.Now()).ToTimeSpan());
        var backend = await BackendFixture.StartAsync(Engine.Sqlite, options => (options with { WebRoot = Pages }).WithAnyTerms(BackendFixture.Account), time: time);
        var office = new LevelsOffice(backend, day.At(new LocalTime(18, 0)).InZoneLeniently(shanghai).ToInstant(), day);
        await office.FillAsync();
        return office;
    }

    /// <summary>Until the figures have followed the facts so far that T2 stands so.</summary>
    internal async Task UntilAsync(string numerator, string denominator)
    {
        var scores = new Scorecards.ScorecardsClient(await Backend.AsAsync("KeyAccountManager"));
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var card = await scores.GetAsync(Period, cancellationToken: limit.Token);
            var punctual = card.Dimensions.SelectMany(static d => d.Indicators).Single(static i => i.Indicator == "T2");
            if ((punctual.Numerator, punctual.Denominator) == (numerator, denominator)) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>
    /// An account that slips: with a record of its own whose owner is the account manager, half its volume gone, an invoice six weeks overdue beside the late parcels of yesterday - and what
    /// the night says of it.
    /// </summary>
    internal async Task SlipAsync()
    {
        var accounts = new Accounts.AccountsClient(await Backend.AsAsync("KeyAccountManager"));
        var made = await accounts.CreateAsync(new CreateAccountCommand { CommandId = BackendFixture.NewCommandId(), Account = BackendFixture.Account, NameZh = "测试客户", NameEn = "Test client", Grade = "A", Ownership = "private" });
        made.Refused.ShouldBeNull();
        var first = NodaTime.Period.DaysBetween(new LocalDate(1970, 1, 1), Date) - 55;
        for (var i = 0; i < 56; i++)
        {
            var parcels = i < 28 ? 300 : 60;
            await Backend.Database.ExecuteAsync(FormattableString.Invariant($"INSERT INTO level_counter(account, day, kind, member, figure, numerator, denominator, left_out, in_doubt, open) VALUES ('{BackendFixture.Account}', {first + i}, 0, '', 'parcels', {parcels}, {parcels}, 0, 0, 0) ")
                + "ON CONFLICT(account, day, kind, member, figure) DO UPDATE SET denominator = excluded.denominator");
        }
        // So many late on its one day that whatever as good days may come in the month do not make up for it.
        await Backend.Database.ExecuteAsync(FormattableString.Invariant($"UPDATE level_counter SET numerator = 2 WHERE account = '{BackendFixture.Account}' AND day = {first + 55} AND kind = 0 AND figure = 'T2'"));
        await InvoiceAsync(paid: false);
        await Backend.WarnAsync(Date);
    }

    /// <summary>The invoice as it stands; paid, its warning closes in the next night.</summary>
    internal Task InvoiceAsync(bool paid) => AppendAsync(JournalSource.Import("levels-invoices"), BatchClock.History, Backend.Time.Now(),
    [
        new ParcelEvent
        {
            Id = BackendFixture.NewCommandId(), Kind = EventKind.ReceivableStood, Reference = Invoice, OccurredAtUs = _promised.ToUnixMicros(),
            Service = new ServiceFact
            {
                Account = BackendFixture.Account, Revision = paid ? 2u : 1, AmountMinor = 4_321_000, Currency = "CNY", DueUs = (_promised - Duration.FromDays(42)).ToUnixMicros(), DoneUs = paid ? _promised.ToUnixMicros() : 0,
            },
        },
    ]);

    private async Task FillAsync()
    {
        string[] good = [.. Enumerable.Range(1, InTime).Select(static i => FormattableString.Invariant($"LEVELS-{i:000}"))];
        string[] late = [Late, "LEVELS-LATE2"];
        var request = new RegisterShipmentsRequest();
        request.Shipments.AddRange(good.Concat(late).Append(Doubt).Append(Open).Select(w => new ShipmentLine
        {
            Waybill = w, Account = BackendFixture.Account, Product = "STD", Origin = "310115", Destination = "330106", DeclaredMg = 1_000_000,
            AcceptedAtUs = (_promised - Duration.FromHours(40)).ToUnixMicros(), PromisedByUs = _promised.ToUnixMicros(),
        }));
        (await new Shipments.ShipmentsClient(await Backend.AsAdministratorAsync()).RegisterAsync(request)).Registered.ShouldBe(InTime + 4);
        var now = Backend.Time.Now();
        await AppendAsync(JournalSource.Import("levels-pages"), BatchClock.History, now,
            [.. good.Select(p => Fact(EventKind.Delivered, p, -2)), .. late.Select(p => Fact(EventKind.Delivered, p, 3))]);
        // A phone nobody vouches for: it was somewhere between its last contact and this one.
        var phone = JournalSource.Device("phone-levels");
        await AppendAsync(phone, BatchClock.Unproven, _promised - Duration.FromHours(9), [Fact(EventKind.OutForDelivery, Doubt, -9)]);
        await AppendAsync(phone, BatchClock.Unproven, _promised + Duration.FromHours(12), [Fact(EventKind.Delivered, Doubt, -1)]);
        await UntilAsync("57", "60");
    }

    private ParcelEvent Fact(EventKind kind, string parcel, int hours) => new()
    {
        Id = BackendFixture.NewCommandId(), Kind = kind, Parcel = parcel, Node = "HGH01", Actor = "c-1", CapturedAtUs = (_promised + Duration.FromHours(hours)).ToUnixMicros(),
    };

    private async Task AppendAsync(JournalSource source, BatchClock clock, Instant received, ParcelEvent[] facts)
    {
        var appended = await Backend.Services.GetRequiredService<IJournal>().AppendAsync(new AppendBatch
        {
            Source = source, Bodies = [.. facts.Select(static f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = clock, ReceivedAt = received,
        });
        appended.Value.Rejected.ShouldBeEmpty();
    }

    public ValueTask DisposeAsync() => Backend.DisposeAsync();
}
