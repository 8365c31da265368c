using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server
{
    /// <summary>What every call of a server shares.</summary>
    internal sealed record ServerCallEnvironment(TimeProvider Time, IHostApplicationLifetime Lifetime, TimeSpan StreamGrace, ILogger Log);

    /// <summary>What a client's certificate says, in the upstream's property names.</summary>
    internal static class PeerAuthentication
    {
        private static readonly AuthContext Nobody = new(null, []);

        internal static AuthContext Of(X509Certificate2? certificate)
        {
            if (certificate is null) return Nobody;
            var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
            string? identity = null;
            Add(X509NameType.DnsFromAlternativeName, "x509_subject_alternative_name");
            Add(X509NameType.SimpleName, "x509_common_name");
            return new AuthContext(identity, properties);

            void Add(X509NameType kind, string name)
            {
                var value = certificate.GetNameInfo(kind, forIssuer: false);
                if (string.IsNullOrWhiteSpace(value)) return;
                properties[name] = [AuthProperty.Create(name, System.Text.Encoding.UTF8.GetBytes(value))];
                identity ??= name;
            }
        }
    }
}

namespace Grpc.Core
{
    /// <summary>From a call to its HTTP request.</summary>
    public static class ServerCallContextExtensions
    {
        internal const string HttpContextKey = "__HttpContext";

        /// <summary>The HTTP request that carries the call, for its user, services and connection. Throws <see cref="InvalidOperationException"/> outside ASP.NET Core.</summary>
        public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
        {
            ArgumentNullException.ThrowIfNull(serverCallContext);
            if (serverCallContext is AspNetCore.Server.ServerCall call) return call.Http;
            if (serverCallContext.UserState.TryGetValue(HttpContextKey, out var http) && http is HttpContext context) return context;
            throw new InvalidOperationException($"Could not get the HttpContext: put it into UserState under '{HttpContextKey}'.");
        }
    }
}
