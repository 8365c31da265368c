using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Hosting;
using Grpc.Net.Client;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.EdgeLink;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>
/// The backend: database, services, pages, in this process. Built, then started (which brings the database up to date and opens the sockets), then
/// stopped (which drains open streams) and disposed by whoever built it.
/// </summary>
public sealed class BackendHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly BackendOptions _options;
    private readonly IReadOnlyList<Listener> _listeners;

    private BackendHost(WebApplication app, BackendOptions options, IReadOnlyList<Listener> listeners) => (_app, _options, _listeners) = (app, options, listeners);

    /// <summary>Where browsers go; known once started. Empty when it listens on a Unix socket only.</summary>
    public IReadOnlyList<Uri> PageAddresses { get; private set; } = [];

    /// <summary>Where gRPC clients and agents go; known once started.</summary>
    public IReadOnlyList<Uri> GrpcAddresses { get; private set; } = [];

    /// <summary>
    /// The bearer token of the local administrator, made for this process: counts over <see cref="BackendOptions.UnixSocket"/> only, and every act with it is audited.
    /// </summary>
    public string LocalToken => _app.Services.GetRequiredService<LocalToken>().Text;

    internal IServiceProvider Services => _app.Services;

    /// <summary>
    /// A channel over <see cref="BackendOptions.UnixSocket"/> whose calls carry the local administrator's token: how a verb with <c>--database</c> uses the
    /// same RPCs in process. The caller disposes it before the host.
    /// </summary>
    public GrpcChannel OpenLocalChannel() => LocalChannel.Open(
        _options.UnixSocket ?? throw new InvalidOperationException("The backend was built without a Unix socket."), LocalToken);

    /// <summary>Composes a backend; opens nothing but its data directory. Throws <see cref="StartupException"/> with what to do when an option is wrong.</summary>
    public static BackendHost Build(BackendOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var certificate = Certificates.Load(options);
        var listeners = Listener.Read(options.Urls, tls: certificate is not null);
        if (listeners.Count == 0 && options.UnixSocket is null) throw new StartupException("There is nothing to listen on. Give --urls, such as http://127.0.0.1:8080.");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "kal", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, listeners, options, certificate));
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        if (options.Logging is { } logging) logging(builder.Logging);
        else ConsoleLines(builder.Logging);
        Composition.AddServices(builder.Services, options);
        var app = builder.Build();
        Composition.Map(app, options);
        return new BackendHost(app, options, listeners);
    }

    /// <summary>
    /// Brings the database up to date and opens the sockets. Throws <see cref="StartupException"/> when the database cannot be reached, belongs to a newer
    /// program, or a port is taken.
    /// </summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        await DatabaseStart.BringUpAsync(_app.Services, ct);
        if (_options.UnixSocket is { } socket) LocalChannel.PrepareSocket(socket);
        try
        {
            await _app.StartAsync(ct);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new StartupException($"Another program listens on one of {string.Join(", ", _listeners)} already. Stop it, or choose other ports with --urls.", e);
        }
        catch (SocketException e)
        {
            throw new StartupException($"Cannot listen on {string.Join(", ", _listeners)}: {e.Message}. Choose an address of this machine and a port above 1023 with --urls.", e);
        }
        ReadAddresses();
    }

    /// <summary>Waits until the token fires or something in the process asks to stop; then stops.</summary>
    public async Task WaitForStopAsync(CancellationToken ct)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = ct.Register(() => stopping.TrySetResult());
        await using var inner = _app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task;
        await StopAsync(CancellationToken.None);
    }

    /// <summary>Ends open streams in order, then the sockets; takes at most <see cref="BackendOptions.ShutdownTimeout"/>.</summary>
    public async Task StopAsync(CancellationToken ct = default)
    {
        await _app.Services.GetRequiredService<OpenLinks>().DrainAsync(_options.ShutdownTimeout / 2, _options.Time);
        await _app.StopAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_options.UnixSocket is { } socket) LocalChannel.RemoveSocket(socket);
    }

    /// <summary>One line an entry, on standard error: what a verb prints on standard output is its answer.</summary>
    internal static void ConsoleLines(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true));
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void Listen(KestrelServerOptions kestrel, IReadOnlyList<Listener> listeners, BackendOptions options, X509Certificate2? certificate)
    {
        kestrel.UseGrpcLimits();
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        kestrel.Limits.MaxRequestBodySize = 1 << 20;
        foreach (var listener in listeners)
        {
            void Use(ListenOptions listen)
            {
                listen.Protocols = listener.Use switch
                {
                    ListenerUse.PagesAndGrpcWeb => HttpProtocols.Http1,
                    ListenerUse.Grpc => HttpProtocols.Http2,
                    _ => HttpProtocols.Http1AndHttp2,
                };
                if (certificate is not null) listen.UseHttps(certificate);
            }
            if (listener.Address is { } address) kestrel.Listen(address, listener.Port, Use);
            else kestrel.ListenAnyIP(listener.Port, Use);
        }
        if (options.UnixSocket is { } socket) kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
    }

    // Kestrel lists its addresses in the order they were asked for.
    private void ReadAddresses()
    {
        var bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Where(address => !address.Contains("unix:", StringComparison.Ordinal)).Select(Reachable).ToArray();
        PageAddresses = [.. bound.Where((_, i) => _listeners[i].Use != ListenerUse.Grpc)];
        GrpcAddresses = [.. bound.Where((_, i) => _listeners[i].Use != ListenerUse.PagesAndGrpcWeb)];
    }

    private static Uri Reachable(string address)
    {
        var uri = new Uri(address);
        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(uri) { Host = "127.0.0.1" }.Uri
            : uri;
    }
}
