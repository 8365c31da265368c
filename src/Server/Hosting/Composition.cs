using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Web;
using KeyAccountLogistics.Cases;
using KeyAccountLogistics.Contracts;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody;
using KeyAccountLogistics.Dispatch;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Journal.Jobs;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.AdministerAgents;
using KeyAccountLogistics.Server.AdministerApiKeys;
using KeyAccountLogistics.Server.AdministerPeople;
using KeyAccountLogistics.Server.EdgeLink;
using KeyAccountLogistics.Server.EnrolAgent;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.ListColleagues;
using KeyAccountLogistics.Server.Operations;
using KeyAccountLogistics.Server.ReadAudit;
using KeyAccountLogistics.Server.SignIn;
using KeyAccountLogistics.ServiceLevels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>What a backend consists of: the modules' AddX and MapX, and the server's own services.</summary>
internal static class Composition
{
    /// <summary>An event batch is at most 4 MiB (JournalOptions); this leaves room for its envelope.</summary>
    private const int MessageBytesMax = 5 << 20;

    internal static void AddServices(IServiceCollection services, BackendOptions options)
    {
        var data = InstallationFolder.Open(DirectoryFor(options));
        services.AddSingleton(options).AddSingleton(options.Time).AddSingleton(data);
        services.AddSingleton<IIds, RandomIds>();
        services.AddRouting();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        // The host's own listener for signals is for whoever runs the host: several hosts may live in one process.
        services.AddSingleton<IHostLifetime, SilentLifetime>();
        services.AddJournal(options.Database, new JournalOptions { FilesDirectory = data.Path });
        services.AddContracts(new ContractsOptions { ImportFolder = options.ContractsDirectory });
        services.AddCustody();
        services.AddDispatch();
        services.AddCases();
        services.AddServiceLevels();
        AddIdentity(services, options, data);
        AddEdgeLink(services);
        services.AddSingleton<RebuildTurn>();
        // After every module, whose jobs it schedules.
        if (options.RunJobs) services.AddSchedule(options.Database, options.Time);
        services.AddGrpcHealthChecks().AddCheck<DatabaseHealth>("database");
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageBytesMax;
            grpc.Interceptors.Add<StorageInterceptor>();
            grpc.Interceptors.Add<AccessInterceptor>();
        });
        options.AddMore?.Invoke(services);
    }

    internal static void Map(WebApplication app, BackendOptions options)
    {
        app.UseRouting();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<SignInService>();
        app.MapGrpcService<EnrolmentService>();
        app.MapGrpcService<PeopleService>();
        app.MapGrpcService<ColleaguesService>();
        app.MapGrpcService<AgentsService>();
        app.MapGrpcService<ApiKeysService>();
        app.MapGrpcService<AuditService>();
        app.MapGrpcService<EdgeLinkService>();
        app.MapContracts();
        app.MapCustody();
        app.MapDispatch();
        app.MapCases();
        app.MapServiceLevels();
        app.MapGrpcService<OperationsService>();
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/healthz");
        if (options.MapMore is { } more) more(app);
        else app.MapGet("/host.json", static () => Results.Text("""{"kind":"backend","station":false}""", "application/json"));
        new Pages(options.WebRoot ?? Path.Combine(AppContext.BaseDirectory, "wwwroot")).Map(app);
        app.Services.GetRequiredService<RequiredPermissions>().DemandAll(MappedMethods(app));
    }

    /// <summary>Every RPC that this backend answers.</summary>
    internal static IEnumerable<string> MappedMethods(IEndpointRouteBuilder app) => app.DataSources
        .SelectMany(source => source.Endpoints)
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>())
        .Where(method => method is not null)
        .Select(method => method!.Method.FullName);

    internal static string DirectoryFor(BackendOptions options) =>
        options.DataDirectory
        ?? (options.Database.Path is { } path ? Path.ChangeExtension(path, ".data") : null)
        ?? throw new StartupException("With PostgreSQL, --data must name the directory of secrets and blobs; several servers on one database share its content.");

    private static void AddIdentity(IServiceCollection services, BackendOptions options, InstallationFolder data)
    {
        services.AddModuleDatabase<IdentityDb>(IdentityDb.Module);
        services.AddSingleton(RequiredPermissions.OfApi);
        services.AddSingleton(new Passwords(options.PasswordIterations));
        services.AddSingleton(new AccessTokens(data.Secrets.AccessTokens, options.Time));
        services.AddSingleton<LocalToken>().AddSingleton<KnownCallers>().AddSingleton<ApiKeyUse>().AddSingleton<AuditLog>().AddSingleton<Authenticator>();
        services.AddSingleton<SignInRate>().AddSingleton<PeopleChanged>().AddSingleton<Revocations>();
        services.AddScoped<Attempts>().AddScoped<Sessions>().AddScoped<IConfirmIdentity, ConfirmIdentity>().AddScoped<IKnowPeople, KnowPeople>();
    }

    private static void AddEdgeLink(IServiceCollection services)
    {
        services.AddSingleton<OpenLinks>().AddSingleton(new LinkLimits());
        services.AddSingleton<IDepotFeed, PeopleFeed>();
        services.AddHostedService<RevocationWatch>();
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
