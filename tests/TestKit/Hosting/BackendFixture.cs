using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.TestKit.Databases;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>
/// The whole backend in process, on free ports and a fresh database, with one person of every role and a clock the test can move. Reached over the real
/// wire only. Disposing it stops the host and fails the test when the host logged an error that the test did not expect.
/// </summary>
public sealed class BackendFixture : IAsyncDisposable
{
    /// <summary>The account of the seeded account manager, area salesman and client user; the others reach every account.</summary>
    public const string Account = "KA-2026-0001";

    /// <summary>An account that none of those may see.</summary>
    public const string OtherAccount = "KA-2026-0002";

    /// <summary>The depot of the seeded courier, clerk and station head; the others reach every depot.</summary>
    public const string Depot = "SHA01";

    /// <summary>What everyone seeded signs in with.</summary>
    public const string Password = "a sentence nobody guesses";

    /// <summary>The PIN of everyone seeded.</summary>
    public const string Pin = "294617";

    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly ConcurrentBag<IDisposable> _disposables = [];
    private readonly ConcurrentDictionary<string, Task<GrpcChannel>> _channels = new(StringComparer.Ordinal);

    private BackendFixture(BackendHost host, TestDatabase database, bool ownsDatabase, ShiftedTime time, CapturedLog log) =>
        (Host, _database, _ownsDatabase, Time, Log) = (host, database, ownsDatabase, time, log);

    /// <summary>The host under test.</summary>
    public BackendHost Host { get; }

    /// <summary>The backend's own services, for what no RPC gives: an append from a file, a job now.</summary>
    public IServiceProvider Services => Host.Services;

    /// <summary>Its clock.</summary>
    public ShiftedTime Time { get; }

    /// <summary>Its log.</summary>
    public CapturedLog Log { get; }

    /// <summary>Its database, for looking around everything.</summary>
    public TestDatabase Database => _database;

    /// <summary>Where pages and gRPC-Web are.</summary>
    public Uri Pages => Host.PageAddresses[0];

    /// <summary>Where gRPC is.</summary>
    public Uri Grpc => Host.GrpcAddresses[0];

    /// <summary>The person ids by role.</summary>
    public IReadOnlyDictionary<string, string> People { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Starts a backend on a database of its own, or on one given (which stays the caller's) with people seeded by an earlier fixture.</summary>
    public static async Task<BackendFixture> StartAsync(Engine engine, Func<BackendOptions, BackendOptions>? configure = null, TestDatabase? database = null, ShiftedTime? time = null)
    {
        var own = database is null;
        database ??= await TestDatabase.CopyAsync(engine, MigrateAsync);
        time ??= new ShiftedTime();
        var log = new CapturedLog();
        var options = OptionsFor(database, time, log);
        var host = BackendHost.Build(configure is null ? options : configure(options));
        var fixture = new BackendFixture(host, database, own, time, log);
        await host.StartAsync();
        await fixture.SeedAsync();
        return fixture;
    }

    private static async Task MigrateAsync(TestDatabase database)
    {
        await using var host = BackendHost.Build(OptionsFor(database, new ShiftedTime(), new CapturedLog()));
        await DatabaseStart.BringUpAsync(host.Services, CancellationToken.None);
    }

    private static BackendOptions OptionsFor(TestDatabase database, ShiftedTime time, CapturedLog log) =>
        new()
        {
            Database = database.Database,
            DataDirectory = Path.Combine(database.Directory, "data"),
            Urls = "http://127.0.0.1:0",
            UnixSocket = Path.Combine(database.Directory, "run", "s"),
            Time = time,
            Logging = logging => logging.AddProvider(log),
            ShutdownTimeout = TimeSpan.FromSeconds(5),
            SignInsPerMinute = 100_000,
            PasswordIterations = 1_000,
            PinIterations = 1_000,
            // The schedule has its own test; a fixture's clock moves by hours.
            RunJobs = false,
        };

    /// <summary>A channel without a token.</summary>
    public GrpcChannel Anonymous() => Open(static () => null);

    /// <summary>A channel with this bearer token.</summary>
    public GrpcChannel With(string token) => Open(() => token);

    /// <summary>A channel of the seeded person of the role, signed in once per fixture.</summary>
    public Task<GrpcChannel> AsAsync(string role) => _channels.GetOrAdd(role, async r => With((await SignInAsync(NameOf(r))).AccessToken));

    /// <summary>A channel of the administrator.</summary>
    public Task<GrpcChannel> AsAdministratorAsync() => AsAsync(Roles.Administrator);

    /// <summary>A channel of the local administrator, over the Unix socket.</summary>
    public GrpcChannel AsLocalAdministrator()
    {
        var channel = Host.OpenLocalChannel();
        _disposables.Add(channel);
        return channel;
    }

    /// <summary>Signs a person in with a password.</summary>
    public async Task<Session> SignInAsync(string name, string password = Password)
    {
        var reply = await new SignIn.SignInClient(Anonymous()).WithPasswordAsync(new PasswordSignInRequest { Name = name, Password = password });
        return reply.Session ?? throw new InvalidOperationException($"{name} was refused: {reply.Refused}");
    }

    /// <summary>The sign-in name of the seeded person of a role.</summary>
    public static string NameOf(string role) => "the." + role.ToLowerInvariant();

    /// <summary>An agent enrolled for a depot, with a channel that signs its own tokens.</summary>
    public async Task<TestAgent> EnrolAsync(string depot = Depot)
    {
        var code = await new Agents.AgentsClient(await AsAdministratorAsync()).CreateEnrolmentCodeAsync(new CreateEnrolmentCodeRequest { Depot = depot, Name = "test" });
        var agent = await TestAgent.EnrolAsync(Anonymous(), code.Code, Time);
        agent.Channel = Open(() => agent.Token());
        return agent;
    }

    /// <summary>Moves the clock; by more than access tokens live, so that everybody signs in anew.</summary>
    public void Advance(TimeSpan by)
    {
        Time.Advance(by);
        _channels.Clear();
    }

    /// <summary>Takes over the three demo contracts, so that their parcels have terms.</summary>
    public Task SignDemoContractsAsync() => new ContractSeeds(AsLocalAdministrator().CreateCallInvoker(), new RandomIds(Time), Time).SignAsync(DemoTerms.Files());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in _disposables) disposable.Dispose();
        await Host.StopAsync();
        await Host.DisposeAsync();
        if (_ownsDatabase) await _database.DisposeAsync();
        Log.VerifyNoUnexpectedErrors();
    }

    /// <summary>A channel to any backend whose calls carry what the function gives, asked for each call. The caller disposes it.</summary>
    public static GrpcChannel Open(Uri grpc, Func<string?> token) =>
        GrpcChannel.ForAddress(grpc, new GrpcChannelOptions { HttpHandler = new Bearer(token, new SocketsHttpHandler()), DisposeHttpClient = true });

    private GrpcChannel Open(Func<string?> token)
    {
        var channel = Open(Grpc, token);
        _disposables.Add(channel);
        return channel;
    }

    private async Task SeedAsync()
    {
        var people = new People.PeopleClient(AsLocalAdministrator());
        var seeded = new Dictionary<string, string>(StringComparer.Ordinal);
        var known = await people.ListAsync(new ListPeopleRequest { PageSize = 500 });
        foreach (var role in Roles.Table.Keys)
        {
            var person = known.People.SingleOrDefault(p => p.Name == NameOf(role)) ?? await people.CreateAsync(new CreatePersonRequest
            {
                CommandId = NewCommandId(),
                Name = NameOf(role),
                DisplayName = role,
                Password = Password,
                Pin = Pin,
                Roles = { role },
                Accounts = { role is Roles.KeyAccountManager or Roles.AreaSales or Roles.ClientUser ? Account : "*" },
                Depots = { role is Roles.Courier or Roles.DepotClerk or Roles.StationHead ? Depot : "*" },
                Language = "en",
            });
            seeded[role] = person.Id;
        }
        People = seeded;
    }

    /// <summary>A fresh command id.</summary>
    public static ByteString NewCommandId() => ByteString.CopyFrom(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    private sealed class Bearer(Func<string?> token, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (token() is { } text) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", text);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
