using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Web;
using Grpc.Core;
using Grpc.Hosting;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>One port with TLS for gRPC and gRPC-Web, and what a client's certificate and credentials become.</summary>
public sealed class TlsTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task One_port_serves_gRPC_and_gRPC_Web_and_knows_the_certificate_and_credentials_of_its_client()
    {
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var serverCertificate = SelfSigned("localhost", serverKey);
        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var clientCertificate = SelfSigned("depot-7", clientKey);
        await using var app = await StartAsync(serverCertificate);
        var address = app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        var handler = GrpcSockets.CreateHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == serverCertificate.GetCertHashString();
        handler.SslOptions.ClientCertificates = [clientCertificate];
        var credentials = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", "Bearer secret");
            return Task.CompletedTask;
        });
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, credentials),
        });
        var seen = (await new Absent.AbsentClient(channel).AskAsync(new ProbeRequest())).Seen;
        seen["identity"].ShouldBe("depot-7");
        seen["authorization"].ShouldBe("Bearer secret");
        seen["protocol"].ShouldBe("HTTP/2");

        using var browser = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } }),
            DisposeHttpClient = true,
        });
        var plain = (await new Absent.AbsentClient(browser).AskAsync(new ProbeRequest())).Seen;
        plain["identity"].ShouldBe("nobody");
        plain["authorization"].ShouldBe("none");

        using var distrustful = GrpcChannel.ForAddress(address);
        (await Should.ThrowAsync<RpcException>(new Absent.AbsentClient(distrustful).AskAsync(new ProbeRequest()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact(Timeout = Limit)]
    public async Task Credentials_do_not_go_over_cleartext_unless_that_is_asked_for()
    {
        await using var host = await ProbeHost.StartAsync();
        var asked = false;
        var credentials = CallCredentials.FromInterceptor((_, _) =>
        {
            asked = true;
            return Task.CompletedTask;
        });
        using var channel = host.Channel(new GrpcChannelOptions { Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, credentials) });
        await new Probe.ProbeClient(channel).SayAsync(new ProbeRequest());
        asked.ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => host.Channel(new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl })).Message.ShouldContain("TLS");
        Should.Throw<ArgumentException>(() => GrpcChannel.ForAddress("ftp://host"));
    }

    private static X509Certificate2 SelfSigned(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.UseGrpcLimits().Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        }));
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.UseGrpcWeb();
        app.MapGrpcService<Identifying>().EnableGrpcWeb();
        await app.StartAsync();
        return app;
    }

    private sealed class Identifying : Absent.AbsentBase
    {
        public override Task<ProbeReply> Ask(ProbeRequest request, ServerCallContext context) => Task.FromResult(new ProbeReply
        {
            Seen =
            {
                ["identity"] = context.AuthContext.IsPeerAuthenticated ? context.AuthContext.PeerIdentity.Single().Value : "nobody",
                ["authorization"] = context.RequestHeaders.GetValue("authorization") ?? "none",
                ["protocol"] = context.GetHttpContext().Request.Protocol,
            },
        });
    }
}
