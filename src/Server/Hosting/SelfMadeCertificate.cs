using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>A certificate signed by itself, for tests and for trying TLS on one's own machine; nobody else trusts it.</summary>
public static class SelfMadeCertificate
{
    /// <summary>An ECDSA certificate for localhost, 127.0.0.1 and ::1, valid for thirty days from now. The caller disposes it.</summary>
    public static X509Certificate2 ForLocalhost(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = time.Now().ToDateTimeOffset();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }
}
