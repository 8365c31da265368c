using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Hosting;
using Grpc.Net.Client;
using KeyAccountLogistics.EdgeAgent.Configuration;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>The agent's channel to the backend; with a certificate of one's own, that one authority is trusted and no other.</summary>
internal static class BackendChannel
{
    private const int MessageBytesMax = 16 << 20;   // a whole manifest part, several times

    public static GrpcChannel Open(AgentConfiguration configuration, ILoggerFactory? logs)
    {
        var handler = GrpcSockets.CreateHandler();
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        if (configuration.Authority is { } path)
        {
            // Owned by the handler's validation for as long as the channel lives.
            var authority = X509CertificateLoader.LoadCertificateFromFile(path);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }
        return GrpcChannel.ForAddress(configuration.Backend, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MessageBytesMax,
            LoggerFactory = logs,
        });
    }
}
