using System.Net.Http.Headers;
using System.Net.Sockets;
using Grpc.Net.Client;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>gRPC over a Unix socket with the local administrator's token on every call.</summary>
internal static class LocalChannel
{
    internal static GrpcChannel Open(string socket, string token)
    {
        var sockets = new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), ct);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        return GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = new Bearer(token, sockets), DisposeHttpClient = true });
    }

    /// <summary>The socket's own directory keeps other users out, and a socket left by a killed process goes.</summary>
    internal static void PrepareSocket(string socket)
    {
        var directory = Path.GetDirectoryName(socket)!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Delete(socket);
    }

    internal static void RemoveSocket(string socket)
    {
        var directory = Path.GetDirectoryName(socket)!;
        // A backend that was never started has made none.
        if (!Directory.Exists(directory)) return;
        File.Delete(socket);
        if (!Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
    }

    private sealed class Bearer(string token, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
