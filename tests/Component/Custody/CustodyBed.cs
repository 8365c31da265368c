using Google.Protobuf;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Life;
using KeyAccountLogistics.Custody.Register;
using KeyAccountLogistics.Custody;
using KeyAccountLogistics.Custody.Storage;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using KeyAccountLogistics.Verdicts.Terms;
using NodaTime;

namespace KeyAccountLogistics.Component.Custody;

/// <summary>The module on a database of its own, with the journal under it.</summary>
internal sealed class CustodyBed : IAsyncDisposable
{
    internal static readonly Instant Morning = Instant.FromUtc(2026, 10, 12, 0, 0);
    private readonly TestDatabase _database;

    private CustodyBed(TestDatabase database, ServiceProvider services) => (_database, Services) = (database, services);

    internal ServiceProvider Services { get; }

    internal TestDatabase Database => _database;

    internal IJournal Journal => Services.GetRequiredService<IJournal>();

    internal static async Task<CustodyBed> StartAsync(Engine engine, Action<IServiceCollection>? more = null)
    {
        var database = await TestDatabase.CreateAsync(engine);
        var services = SchemaTest.Services(database, s =>
        {
            s.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime, Microsoft.Extensions.Hosting.Internal.ApplicationLifetime>();
            s.AddCustody();
            s.AddTerms();
            more?.Invoke(s);
        });
        await services.MigrateDatabasesAsync();
        return new CustodyBed(database, services);
    }

    /// <summary>A fact at a minute of the morning, by its own id: the same number is the same fact.</summary>
    internal static ParcelEvent Fact(int id, string parcel, int minute, EventKind kind, Action<ParcelEvent>? more = null)
    {
        var e = new ParcelEvent
        {
            Id = ByteString.CopyFrom(NamedId.From("test", id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToByteArray(bigEndian: true)), Kind = kind, Parcel = parcel,
            CapturedAtUs = (Morning + Duration.FromMinutes(minute)).ToUnixMicros(),
        };
        more?.Invoke(e);
        return e;
    }

    internal async Task<AppendResult> AppendAsync(string source, params ParcelEvent[] facts)
    {
        var result = await Journal.AppendAsync(new AppendBatch
        {
            Source = JournalSource.Import(source), Bodies = [.. facts.Select(f => (ReadOnlyMemory<byte>)f.ToByteArray())], Clock = BatchClock.History,
            ReceivedAt = Morning + Duration.FromDays(30),
        });
        return result.Value;
    }

    internal async Task<T> ReadAsync<T>(Func<CustodyDb, Task<T>> read, Caller? caller = null)
    {
        await using var scope = Services.CreateScopeAs(caller ?? Caller.System);
        return await read(scope.ServiceProvider.GetRequiredService<CustodyDb>());
    }

    internal Task<ParcelRow> ParcelAsync(string code) => ReadAsync(db => db.Parcels.AsNoTracking().SingleAsync(p => p.Code == code));

    internal async Task<ParcelState> StateAsync(string code) => ParcelState.Parser.ParseFrom((await ParcelAsync(code)).State);

    internal async Task<Registered> RegisterAsync(params ShipmentLine[] lines)
    {
        await using var scope = Services.CreateScopeAs(Caller.System);
        return (await scope.ServiceProvider.GetRequiredService<RegisterShipments>().RunAsync([.. lines.Select((l, i) => (i + 1L, l))], Caller.System, CancellationToken.None)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await _database.DisposeAsync();
    }
}

/// <summary>Terms as the test gives them; none by default.</summary>
internal sealed class GivenTerms(TermsSnapshot snapshot) : ITermsInForce
{
    public TermsSnapshot Now => snapshot;

    public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
    {
        if (known == snapshot.Version) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return snapshot;
    }
}

internal static class GivenTermsRegistration
{
    internal static IServiceCollection AddTerms(this IServiceCollection services, params AccountTerms[] terms) =>
        services.AddSingleton<ITermsInForce>(new GivenTerms(new TermsSnapshot(1, terms)));
}
