using Grpc.Core;
using Grpc.Net.Client;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Cli.Connection;

/// <summary>A channel to a backend with the caller's token on every call; owns the backend when it runs in this process.</summary>
internal sealed class BackendConnection : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly BackendHost? _host;

    private BackendConnection(GrpcChannel channel, string? token, BackendHost? host)
    {
        (_channel, _host) = (channel, host);
        Calls = token is null ? channel.CreateCallInvoker() : BearerToken.On(channel, token);
    }

    /// <summary>What the generated clients are made from.</summary>
    public CallInvoker Calls { get; }

    public static BackendConnection Remote(string server, string? token)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"--server {server} is not an address such as http://127.0.0.1:8081.");
        return new BackendConnection(GrpcChannel.ForAddress(address), string.IsNullOrWhiteSpace(token) ? null : token.Trim(), null);
    }

    /// <summary>Starts the backend in this process, reachable over a Unix socket of this user only.</summary>
    public static async Task<BackendConnection> InProcessAsync(string database, string? data, CancellationToken ct)
    {
        var host = BackendHost.Build(BackendOptions.ForLocalVerb(DatabaseOption.Read(database), data));
        try
        {
            await host.StartAsync(ct);
            return new BackendConnection(host.OpenLocalChannel(), null, host);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (_host is null) return;
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}

/// <summary>What <c>--database</c> says, or a message that says how to say it.</summary>
internal static class DatabaseOption
{
    public static Database Read(string text) =>
        Database.Parse(text).Match(database => database, fault => throw new UsageException("--database: " + fault.Message));
}
