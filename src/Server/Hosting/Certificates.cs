using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>Reads the TLS certificate that the options name.</summary>
internal static class Certificates
{
    /// <summary>Null when there is none: cleartext.</summary>
    internal static X509Certificate2? Load(BackendOptions options)
    {
        if (options.Certificate is { } given) return given;
        if (options.CertificateFile is not { } file) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(file, options.CertificateKeyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartupException($"The certificate {file} cannot be used: {e.Message} It must be PEM, with its private key in the same file or in the one of --certificate-key.", e);
        }
    }
}
