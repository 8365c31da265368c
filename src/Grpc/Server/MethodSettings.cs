using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>The general options and a service's own, merged once when the service is mapped.</summary>
internal sealed record MethodSettings(
    int? ReceiveMax,
    int? SendMax,
    bool DetailedErrors,
    string? ResponseEncoding,
    CompressionLevel? ResponseLevel,
    IReadOnlyList<ICompressionProvider> Providers,
    IReadOnlyList<InterceptorRegistration> Interceptors)
{
    internal string AcceptedEncodings => string.Join(',', ["identity", .. Providers.Select(p => p.EncodingName)]);

    internal static MethodSettings Merge(GrpcServiceOptions general, GrpcServiceOptions own) => new(
        own.MaxReceiveMessageSizeSpecified ? own.MaxReceiveMessageSize : general.MaxReceiveMessageSize,
        own.MaxSendMessageSizeSpecified ? own.MaxSendMessageSize : general.MaxSendMessageSize,
        own.EnableDetailedErrors ?? general.EnableDetailedErrors ?? false,
        own.ResponseCompressionAlgorithm ?? general.ResponseCompressionAlgorithm,
        own.ResponseCompressionLevel ?? general.ResponseCompressionLevel,
        [.. own.CompressionProviders.Concat(general.CompressionProviders).DistinctBy(p => p.EncodingName, StringComparer.OrdinalIgnoreCase)],
        [.. general.Interceptors, .. own.Interceptors]);
}
