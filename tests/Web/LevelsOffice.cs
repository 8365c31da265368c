using Google.Protobuf;
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
    private const int InTime = 57;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Pages = Path.Combine(DemoProgram.Root, "artifacts", "kal", "wwwroot");
    private readonly Instant _promised;

    private LevelsOffice(BackendFixture backend, Instant promised, LocalDate day)
    {
        (Backend, _promised) = (backend, promised);
        var first = new LocalDate(day.Year, day.Month, 1);
        Day = NodaTime.Text.LocalDatePattern.Iso.Format(day);
        Month = FormattableString.Invariant($"{day.Year:0000}-{day.Month:00}");
        Period = new GetScorecardRequest { Account = BackendFixture.Account, From = Month + "-01", To = NodaTime.Text.LocalDatePattern.Iso.Format(first.PlusMonths(1).PlusDays(-1)) };
    }

    internal BackendFixture Backend { get; }

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
