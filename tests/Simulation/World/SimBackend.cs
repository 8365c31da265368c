using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using KeyAccountLogistics.Verdicts.Terms;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Simulation.World;

/// <summary>The backend of the day: real services on a real database, under a clock that stands until the day moves it; killed and opened anew on the same database.</summary>
internal sealed class SimBackend : IAsyncDisposable
{
    // Tokens live a quarter of an hour.
    private static readonly Duration TokenFor = Duration.FromMinutes(14);
    private readonly TestDatabase _database;
    private readonly ShiftedTime _time;
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private BackendFixture _fixture;

    private SimBackend(TestDatabase database, ShiftedTime time, BackendFixture fixture) => (_database, _time, _fixture) = (database, time, fixture);

    internal static IReadOnlyList<string> Accounts { get; } = [BackendFixture.Account, BackendFixture.OtherAccount, "KA-2026-0003"];

    internal TestDatabase Database => _database;

    internal IServiceProvider Services => _fixture.Services;

    internal Instant Now => _time.Now();

    /// <summary>Person ids to the names they have in every run.</summary>
    internal IReadOnlyDictionary<string, string> Names => _names;

    internal string PersonOf(string role) => _fixture.People[role];

    /// <summary>How often it has been opened.</summary>
    internal int Generation { get; private set; } = 1;

    internal TestAgent Agent { get; private set; } = null!;

    internal static async Task<SimBackend> StartAsync(Engine engine, Instant morning)
    {
        var database = await TestDatabase.CreateAsync(engine);
        var time = new ShiftedTime(morning.ToDateTimeOffset());
        var backend = new SimBackend(database, time, await OpenAsync(database, time));
        foreach (var (role, id) in backend._fixture.People) backend._names[id] = role;
        backend.Agent = await backend._fixture.EnrolAsync();
        return backend;
    }

    internal void AdvanceTo(Instant at)
    {
        if (at > Now) _time.Advance((at - Now).ToTimeSpan());
    }

    internal async Task<string> HireCourierAsync(string name)
    {
        var person = await new People.PeopleClient(_fixture.AsLocalAdministrator()).CreateAsync(new CreatePersonRequest
        {
            CommandId = ByteString.CopyFrom(Uuid.Bytes(NamedId.From("hire", name))), Name = name, DisplayName = name, Password = BackendFixture.Password, Pin = BackendFixture.Pin,
            Roles = { Roles.Courier }, Accounts = { "*" }, Depots = { BackendFixture.Depot }, Language = "en",
        });
        _names[person.Id] = name;
        return person.Id;
    }

    internal Task<GrpcChannel> AsAsync(string role) => AsPersonAsync(BackendFixture.NameOf(role));

    /// <summary>A channel of a person by name, signed in anew when the last sign-in is over.</summary>
    internal async Task<GrpcChannel> AsPersonAsync(string name)
    {
        if (!_sessions.TryGetValue(name, out var session)) _sessions[name] = session = new Session(_fixture.Grpc);
        if (session.Until <= Now) (session.Token, session.Until) = ((await _fixture.SignInAsync(name)).AccessToken, Now + TokenFor);
        return session.Channel;
    }

    /// <summary>Stopped at once between two of its commits, and opened again on what those left.</summary>
    internal async Task KillAsync()
    {
        await CloseAsync();
        _fixture = await OpenAsync(_database, _time);
        Generation++;
        Agent.Channel = BackendFixture.Open(_fixture.Grpc, () => Agent.Token());
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Agent.Dispose();
        await _database.DisposeAsync();
    }

    private async Task CloseAsync()
    {
        foreach (var session in _sessions.Values) session.Channel.Dispose();
        _sessions.Clear();
        await _fixture.DisposeAsync();
    }

    private static Task<BackendFixture> OpenAsync(TestDatabase database, ShiftedTime time) => BackendFixture.StartAsync(
        database.Engine,
        options => options with { AddMore = services => services.AddSingleton<ITermsInForce>(new Terms()) },
        database, time);

    private sealed class Session
    {
        internal Session(Uri grpc) => Channel = BackendFixture.Open(grpc, () => Token);

        internal GrpcChannel Channel { get; }

        internal string? Token { get; set; }

        internal Instant Until { get; set; }
    }

    /// <summary>Contracts without calendar or cut-off; insured from the first fen, a signature at each door, a code for what is insured.</summary>
    private sealed class Terms : ITermsInForce
    {
        public TermsSnapshot Now { get; } = new(1, [.. Accounts.Select(TermsOf)]);

        public async Task<TermsSnapshot> ChangedFromAsync(ulong known, CancellationToken ct)
        {
            if (known == Now.Version) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            return Now;
        }

        private static AccountTerms TermsOf(string account) => new()
        {
            Account = account, NameZh = "甲", NameEn = "A", Contract = "KA-1", Version = 1, EffectiveFrom = Instant.FromUtc(2020, 1, 1, 0, 0), Currency = "CNY",
            Chargeable = ImmutableArray<ChargeableWeightTerms>.Empty, Weight = new WeightTerms(ClauseId.Parse("W-1"), Mass.Zero, 0), Handover = HandoverTerms.Strictest,
        };
    }
}
