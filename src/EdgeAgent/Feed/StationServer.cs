using System.Net;
using Grpc.AspNetCore.Web;
using Grpc.Hosting;
using KeyAccountLogistics.EdgeAgent.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeyAccountLogistics.EdgeAgent.Feed;

/// <summary>The agent's own small web server: gRPC-Web over HTTP/1.1 for the station page, and the page itself.</summary>
internal sealed class StationServer : IAsyncDisposable
{
    private const int RequestBytesMax = 6 << 20;   // a signature and a little
    private readonly WebApplication _app;
    private readonly StationPages? _pages;

    public StationServer(PageEndpoint endpoint, FeedServices feed, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBytesMax;
            kestrel.Listen(IPAddress.Parse(endpoint.Address), endpoint.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(feed);
        builder.Services.AddSingleton(feed.Sessions);
        builder.Services.AddSingleton(feed.Clock.Time);
        builder.Services.AddSingleton<StationAccess>();
        builder.Services.AddSingleton<StationFeed>();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddGrpc(static grpc =>
        {
            grpc.MaxReceiveMessageSize = RequestBytesMax;
            grpc.Interceptors.Add<StationAccess>();
        });
        _app = builder.Build();
        _app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        _app.MapGrpcService<StationFeed>();
        if (endpoint.Folder is { } folder)
        {
            _app.MapGet("/host.json", () => Results.Json(new { kind = "agent", station = true, zone = feed.Zone }));
            _pages = new StationPages(folder);
            _pages.Map(_app);
        }
    }

    /// <summary>Where it listens, once started.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken ct)
    {
        await _app.StartAsync(ct);
        var bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri(bound.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _pages?.Dispose();
    }
}
