using System.Collections.Concurrent;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Web;
using Grpc.Hosting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>A real server in this process: gRPC on one port, gRPC-Web over HTTP/1.1 on another.</summary>
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ErrorLog _errors;

    private ProbeHost(WebApplication app, ErrorLog errors)
    {
        _app = app;
        _errors = errors;
        var ports = app.Urls.Select(u => new Uri(u)).ToArray();
        (Grpc, Web) = (ports[0], ports[1]);
    }

    internal Uri Grpc { get; }

    internal Uri Web { get; }

    internal IServiceProvider Services => _app.Services;

    internal ProbeJournal Journal => _app.Services.GetRequiredService<ProbeJournal>();

    /// <summary>Error messages logged so far; a test that expects some takes them, and any that are left fail it when the host is disposed.</summary>
    internal ConcurrentQueue<string> Errors => _errors.Lines;

    internal static async Task<ProbeHost> StartAsync(Action<GrpcServiceOptions>? options = null, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null, Action<KestrelServerLimits>? limits = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var errors = new ErrorLog();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseGrpcLimits();
            limits?.Invoke(kestrel.Limits);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<ProbeJournal>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddGrpc(options ?? (_ => { }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
        app.MapGrpcService<ProbeService>();
        map?.Invoke(app);
        await app.StartAsync();
        return new ProbeHost(app, errors);
    }

    internal GrpcChannel Channel(GrpcChannelOptions? options = null) => GrpcChannel.ForAddress(Grpc, options ?? new GrpcChannelOptions());

    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _errors.Lines.ShouldBeEmpty("the server logged errors that the test did not expect");
    }
}

/// <summary>Keeps what is logged as an error.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    internal ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, Lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue($"{category} {eventId.Id}: {formatter(state, exception)} {exception}");
        }
    }
}
