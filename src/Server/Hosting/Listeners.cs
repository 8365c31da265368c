using System.Net;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>Which sockets a backend opens, as decided from its options before anything is opened.</summary>
internal sealed record Listener(IPAddress? Address, int Port, ListenerUse Use)
{
    /// <summary>Reads <see cref="BackendOptions.Urls"/>: one listener per TLS url, two per cleartext one. A null address is every interface.</summary>
    internal static IReadOnlyList<Listener> Read(string urls, bool tls)
    {
        var listeners = new List<Listener>();
        foreach (var url in urls.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var text = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                throw new StartupException($"--urls {url} is not of the form http://ADDRESS:PORT or https://ADDRESS:PORT.");
            if (uri.Scheme == "https" != tls)
            {
                throw new StartupException(tls
                    ? $"--urls {url} is cleartext although a certificate is given. Write https://, or leave the certificate out."
                    : $"--urls {url} asks for TLS without a certificate. Give --certificate FILE.pem, or write http://.");
            }
            var address = AddressOf(uri, url);
            if (tls) listeners.Add(new Listener(address, uri.Port, ListenerUse.Everything));
            else listeners.AddRange([new Listener(address, uri.Port, ListenerUse.PagesAndGrpcWeb), new Listener(address, uri.Port == 0 ? 0 : NextPort(uri.Port), ListenerUse.Grpc)]);
        }
        return listeners;
    }

    private static IPAddress? AddressOf(Uri uri, string url)
    {
        if (uri.Host is "0.0.0.0" or "[::]") return null;
        if (uri.Host == "localhost") return IPAddress.Loopback;
        return IPAddress.TryParse(uri.Host, out var address)
            ? address
            : throw new StartupException($"--urls {url} names a host. Listening needs an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.");
    }

    private static int NextPort(int port) =>
        port < 65_535 ? port + 1 : throw new StartupException("--urls with port 65535 leaves no next port for gRPC. Choose a lower one.");

    public override string ToString() => $"{Address?.ToString() ?? "0.0.0.0"}:{Port}";
}

internal enum ListenerUse
{
    /// <summary>HTTP/1.1 in the clear: pages and gRPC-Web.</summary>
    PagesAndGrpcWeb,

    /// <summary>HTTP/2 in the clear with prior knowledge: gRPC.</summary>
    Grpc,

    /// <summary>TLS with HTTP/1.1 and HTTP/2: all of it.</summary>
    Everything,
}
