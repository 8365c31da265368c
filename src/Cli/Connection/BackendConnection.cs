using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Server.Hosting;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Cli.Connection;

/// <summary>A channel to a backend with the caller's token on every call; owns the backend when it runs in this process.</summary>
internal sealed class BackendConnection : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly BackendHost? _host;
    private readonly string? _folder;

    private BackendConnection(GrpcChannel channel, string? token, BackendHost? host, string? folder)
    {
        (_channel, _host, _folder) = (channel, host, folder);
        Calls = token is null ? channel.CreateCallInvoker() : BearerToken.On(channel, token);
    }

    /// <summary>What the generated clients are made from.</summary>
    public CallInvoker Calls { get; }

    public static BackendConnection Remote(string server, string? token)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"--server {server} is not an address such as http://127.0.0.1:8081.");
        return new BackendConnection(GrpcChannel.ForAddress(address), string.IsNullOrWhiteSpace(token) ? null : token.Trim(), null, null);
    }

    /// <summary>Starts the backend on a Unix socket that only this user can reach.</summary>
    public static async Task<BackendConnection> InProcessAsync(string database, string? data, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("kal-").FullName;
        var socket = Path.Combine(folder, "kal.sock");
        BackendHost? host = null;
        try
        {
            host = BackendHost.Build(new BackendOptions
            {
                Database = database,
                DataDirectory = data,
                Urls = "",
                UnixSocket = socket,
                RunJobs = false,
                Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true).Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace),
            });
            await host.StartAsync(ct);
            return new BackendConnection(OverSocket(socket), host.LocalToken, host, folder);
        }
        catch
        {
            if (host is not null) await host.DisposeAsync();
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    private static GrpcChannel OverSocket(string path) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        },
    });

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (_host is not null)
        {
            await _host.StopAsync();
            await _host.DisposeAsync();
        }
        if (_folder is not null && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
