using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Identity.V1;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.Server.SignIn;
using KeyAccountLogistics.TestKit.Databases;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Server;

/// <summary>Law 11 over every RPC that the backend answers, by reflection: an RPC added later is covered without a line here.</summary>
public sealed class AccessMatrixTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StreamLimit = TimeSpan.FromMilliseconds(400);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Every_role_may_call_what_its_permissions_say_and_nothing_else(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var wrong = new List<string>();
        foreach (var role in Roles.Table.Keys)
        {
            foreach (var (method, demanded) in MappedMethods(backend))
            {
                // A session of its own: the call may be the one that ends it.
                var channel = demanded == Permission.SignedIn ? backend.With((await backend.SignInAsync(BackendFixture.NameOf(role))).AccessToken) : await backend.AsAsync(role);
                var may = demanded == Permission.Anyone || Roles.Table[role].Contains(demanded);
                var answer = await CallAsync(channel, method, may);
                if (may ? IsRefusedAccess(answer) || IsCrash(answer) : answer.Status.StatusCode != StatusCode.PermissionDenied || answer.Reason != "access.denied")
                    wrong.Add($"{role} {method.FullName} ({demanded}): {answer.Status}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Without_a_valid_token_every_RPC_but_the_open_ones_is_UNAUTHENTICATED(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var session = await backend.SignInAsync(BackendFixture.NameOf(Roles.Administrator));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var agent = await backend.EnrolAsync();
        var (foreign, _) = new AccessTokens(RandomNumberGenerator.GetBytes(32), backend.Time).Issue(backend.People[Roles.Administrator], "x");
        var channels = new Dictionary<string, GrpcChannel>(StringComparer.Ordinal)
        {
            ["no token"] = backend.Anonymous(),
            ["garbage"] = backend.With("garbage"),
            ["a token signed with another key"] = backend.With(foreign),
            ["a token signed with another agent's key"] = backend.With(TestAgent.Sign(key, agent.Id, backend.Time.Now(), Duration.FromMinutes(5))),
            ["a token of an agent nobody knows"] = backend.With(TestAgent.Sign(key, "SHA01-NOBODY", backend.Time.Now(), Duration.FromMinutes(5))),
            ["an API key nobody knows"] = backend.With("kal_abc_def"),
            ["the local administrator's token over the network"] = backend.With(backend.Host.LocalToken),
            ["an expired agent's token"] = backend.With(agent.Token(Duration.FromSeconds(1))),
            ["an expired access token"] = backend.With(session.AccessToken),
        };
        backend.Time.Advance(TimeSpan.FromMinutes(16));
        var wrong = new List<string>();
        foreach (var (method, demanded) in MappedMethods(backend).Where(m => m.Demanded != Permission.Anyone))
        {
            foreach (var (what, channel) in channels)
            {
                var answer = await CallAsync(channel, method, letIn: false);
                if (answer.Status.StatusCode != StatusCode.Unauthenticated) wrong.Add($"{what} {method.FullName}: {answer.Status}");
                if (answer.Trailers.GetValue("kal-server-us") is null) wrong.Add($"{what} {method.FullName}: no server time");
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task An_agent_links_and_asks_who_it_is_and_a_revoked_one_does_nothing(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var agent = await backend.EnrolAsync();
        var revoked = await backend.EnrolAsync();
        await new Agents.AgentsClient(await backend.AsAdministratorAsync()).RevokeAsync(new RevokeAgentRequest { Agent = revoked.Id, Reason = "stolen" });
        var wrong = new List<string>();
        foreach (var (method, demanded) in MappedMethods(backend).Where(m => m.Demanded != Permission.Anyone))
        {
            var answer = await CallAsync(agent.Channel, method, Roles.OfAgents.Contains(demanded));
            if (Roles.OfAgents.Contains(demanded) ? IsRefusedAccess(answer) || IsCrash(answer) : answer.Status.StatusCode != StatusCode.PermissionDenied)
                wrong.Add($"agent {method.FullName}: {answer.Status}");
            var refused = await CallAsync(revoked.Channel, method, letIn: false);
            if (refused.Status.StatusCode != StatusCode.PermissionDenied || refused.Reason != "agent.revoked") wrong.Add($"revoked agent {method.FullName}: {refused.Status}");
        }
        wrong.ShouldBeEmpty();
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task A_clients_key_may_do_what_it_was_given_until_it_is_revoked_or_past_its_end(Engine engine)
    {
        await using var backend = await BackendFixture.StartAsync(engine);
        var keys = new ApiKeys.ApiKeysClient(await backend.AsAdministratorAsync());
        CreateApiKeyRequest Ask(Duration? valid = null) => new()
        {
            CommandId = BackendFixture.NewCommandId(),
            Name = "the client's warehouse",
            Accounts = { BackendFixture.Account },
            Permissions = { Permission.ParcelRead },
            ValidUntilUs = valid is { } span ? (backend.Time.Now() + span).ToUnixMicros() : 0,
        };
        var living = await keys.CreateAsync(Ask());
        var revoked = await keys.CreateAsync(Ask());
        var ended = await keys.CreateAsync(Ask(Duration.FromHours(1)));
        await keys.RevokeAsync(new RevokeApiKeyRequest { Id = revoked.Key.Id, Reason = "leaked" });
        backend.Time.Advance(TimeSpan.FromMinutes(61));
        HashSet<Permission> given = [Permission.ParcelRead, Permission.SignedIn];
        var wrong = new List<string>();
        foreach (var (method, demanded) in MappedMethods(backend).Where(m => m.Demanded != Permission.Anyone))
        {
            var answer = await CallAsync(backend.With(living.Secret), method, given.Contains(demanded));
            if (given.Contains(demanded) ? IsRefusedAccess(answer) || IsCrash(answer) : answer.Status.StatusCode != StatusCode.PermissionDenied) wrong.Add($"key {method.FullName}: {answer.Status}");
            foreach (var dead in new[] { revoked, ended })
            {
                var refused = await CallAsync(backend.With(dead.Secret), method, letIn: false);
                if (refused.Status.StatusCode != StatusCode.Unauthenticated) wrong.Add($"dead key {method.FullName}: {refused.Status}");
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void A_method_without_the_option_stops_the_start()
    {
        var silent = new RequiredPermissions(RequiredPermissions.ServicesOfApi());
        Should.NotThrow(() => silent.DemandAll(["/kal.identity.v1.People/List", "/grpc.health.v1.Health/Check"]));
        Should.Throw<StartupException>(() => silent.DemandAll(["/kal.identity.v1.People/List", "/kal.custody.v1.Parcels/Forgotten"]))
            .Message.ShouldContain("/kal.custody.v1.Parcels/Forgotten");
    }

    private static IEnumerable<(MethodDescriptor Method, Permission Demanded)> MappedMethods(BackendFixture backend)
    {
        var descriptors = RequiredPermissions.ServicesOfApi().SelectMany(s => s.Methods).ToDictionary(m => $"/{m.Service.FullName}/{m.Name}", StringComparer.Ordinal);
        var mapped = backend.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(e => e.Metadata.GetMetadata<global::Grpc.AspNetCore.Server.GrpcMethodMetadata>()?.Method.FullName)
            .Where(name => name is not null && !name.StartsWith(RequiredPermissions.HealthPrefix, StringComparison.Ordinal))
            .Select(name => (descriptors[name!], RequiredPermissions.OfApi.Of(name!))).ToArray();
        mapped.Length.ShouldBeGreaterThan(15);
        return mapped;
    }

    // A stream that is let in stays open and is left soon; a refusal is waited for, however busy the machine.
    private static Task<AnyRpc.Answer> CallAsync(GrpcChannel channel, MethodDescriptor method, bool letIn) => AnyRpc.CallAsync(
        channel, method, (IMessage)Activator.CreateInstance(method.InputType.ClrType)!, letIn && method.IsServerStreaming ? StreamLimit : Limit);

    private static bool IsRefusedAccess(AnyRpc.Answer answer) => answer.Status.StatusCode == StatusCode.Unauthenticated || answer.Reason == "access.denied";

    private static bool IsCrash(AnyRpc.Answer answer) => answer.Status.StatusCode is StatusCode.Unknown or StatusCode.Internal;
}
