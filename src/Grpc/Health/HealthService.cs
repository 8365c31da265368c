using System.Threading.Channels;
using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.HealthCheck;

/// <summary>Receives each report of the application's health checks, and tells those who watch a service when its health changes.</summary>
internal sealed class HealthBoard(IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal);
    private readonly HashSet<Watcher> _watchers = [];

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var mapping in options.Value.Services)
        {
            var counted = report.Entries.Where(e => mapping.HealthCheckPredicate(new HealthCheckMapContext(e.Key, e.Value.Tags)));
            Set(mapping.Name, StatusOf(counted.Select(e => e.Value.Status)));
        }

        return Task.CompletedTask;
    }

    /// <summary>Degraded still serves: a load balancer should not empty the house because it is slow.</summary>
    internal static ServingStatus StatusOf(IEnumerable<HealthStatus> statuses) => statuses.Any(s => s == HealthStatus.Unhealthy) ? ServingStatus.NotServing : ServingStatus.Serving;

    internal ServingStatus? Last(string service)
    {
        lock (_gate) return _statuses.TryGetValue(service, out var status) ? status : null;
    }

    internal void Set(string service, ServingStatus status)
    {
        lock (_gate)
        {
            _statuses[service] = status;
            foreach (var watcher in _watchers)
            {
                if (watcher.Service == service) watcher.Changes.Writer.TryWrite(status);
            }
        }
    }

    internal Watcher Watch(string service)
    {
        var watcher = new Watcher(this, service);
        lock (_gate) _watchers.Add(watcher);
        return watcher;
    }

    /// <summary>One who watches a service. Holds the latest status only: a slow watcher misses what is past.</summary>
    internal sealed class Watcher(HealthBoard board, string service) : IDisposable
    {
        internal string Service { get; } = service;

        internal Channel<ServingStatus> Changes { get; } = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

        public void Dispose()
        {
            lock (board._gate) board._watchers.Remove(this);
        }
    }
}

/// <summary>grpc.health.v1 over the application's health checks. A stopping server says NOT_SERVING and ends its watches.</summary>
internal sealed class HealthService(HealthCheckService checks, HealthBoard board, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime) : global::Grpc.Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (!options.Value.Services.TryGet(request.Service, out var mapping)) throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}'."));
        return new HealthCheckResponse { Status = await NowAsync(mapping, context.CancellationToken) };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var watcher = board.Watch(request.Service);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        var last = options.Value.Services.TryGet(request.Service, out var mapping) ? await NowAsync(mapping, ends.Token) : ServingStatus.ServiceUnknown;
        await responseStream.WriteAsync(new HealthCheckResponse { Status = last }, context.CancellationToken);
        try
        {
            await foreach (var status in watcher.Changes.Reader.ReadAllAsync(ends.Token))
            {
                if (status == last) continue;
                last = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, ends.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing }, context.CancellationToken);
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
        }
    }

    private async Task<ServingStatus> NowAsync(ServiceMapping mapping, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return ServingStatus.NotServing;
        if (options.Value.UseHealthChecksCache && board.Last(mapping.Name) is { } known) return known;
        var report = await checks.CheckHealthAsync(r => mapping.HealthCheckPredicate(new HealthCheckMapContext(r.Name, r.Tags)), cancellationToken);
        return HealthBoard.StatusOf(report.Entries.Values.Select(e => e.Status));
    }
}
