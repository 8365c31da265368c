using System.Globalization;
using Grpc.AspNetCore.Web;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>Says which HTTP requests are gRPC calls, and answers the others with the HTTP status that says why.</summary>
internal static class RequestGate
{
    internal static bool TryAdmit(HttpContext http, ILogger log, out bool isWeb)
    {
        var contentType = http.Request.ContentType;
        isWeb = IsGrpcWeb(contentType);
        if (isWeb && http.Features.Get<GrpcWebFeature>() is null)
        {
            return Refuse(http, log, StatusCodes.Status415UnsupportedMediaType, "gRPC-Web is not enabled for this service.");
        }

        if (!isWeb && !IsGrpc(contentType))
        {
            return Refuse(http, log, StatusCodes.Status415UnsupportedMediaType, $"Content-Type '{contentType}' is not supported: application/grpc or application/grpc-web is.");
        }

        if (!isWeb && !HttpProtocol.IsHttp2(http.Request.Protocol) && !HttpProtocol.IsHttp3(http.Request.Protocol))
        {
            return Refuse(http, log, StatusCodes.Status426UpgradeRequired, $"Request protocol '{http.Request.Protocol}' is not supported: gRPC needs HTTP/2, gRPC-Web does not.");
        }

        return true;
    }

    internal static bool IsGrpc(string? contentType) => Matches(contentType, HeaderNames.GrpcContentType);

    internal static bool IsGrpcWeb(string? contentType) => Matches(contentType, HeaderNames.GrpcWebContentType);

    // The one message format is protobuf: application/grpc+json is another protocol.
    private static bool Matches(string? contentType, string expected) =>
        HeaderNames.IsMediaType(contentType, expected) &&
        (contentType!.Length == expected.Length || contentType[expected.Length] != '+' || HeaderNames.IsMediaType(contentType, expected + "+proto"));

    private static bool Refuse(HttpContext http, ILogger log, int httpStatus, string reason)
    {
        ServerLog.CallRefused(log, http.Request.Path, httpStatus, reason);
        http.Response.StatusCode = httpStatus;
        http.Response.Headers.GrpcStatus = ((int)StatusCode.Internal).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.GrpcMessage = PercentEncoding.Encode(reason);
        return false;
    }
}

/// <summary>Lets a catch-all route see calls only, so that the rest of the application keeps its own answers.</summary>
internal sealed class GrpcCallConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && (RequestGate.IsGrpc(httpContext.Request.ContentType) || RequestGate.IsGrpcWeb(httpContext.Request.ContentType));
}

/// <summary>Answers calls of methods and services that are not here.</summary>
internal static class UnimplementedEndpoint
{
    internal static RequestDelegate For(string detail, ILogger log) => http =>
    {
        if (!RequestGate.TryAdmit(http, log, out var isWeb)) return Task.CompletedTask;
        ServerLog.CallFailed(log, http.Request.Path, StatusCode.Unimplemented, detail, null);
        http.Response.ContentType = isWeb ? HeaderNames.GrpcWebProtoContentType : HeaderNames.GrpcContentType;
        http.Response.Headers.GrpcStatus = ((int)StatusCode.Unimplemented).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.GrpcMessage = PercentEncoding.Encode(detail);
        return Task.CompletedTask;
    };
}
