using KeyAccountLogistics.EdgeAgent.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace KeyAccountLogistics.EdgeAgent;

/// <summary>Puts an agent's station feed on another host's port.</summary>
public static class StationForwarding
{
    private static readonly string[] Passed = ["Authorization", "Content-Type", "X-Grpc-Web", "X-User-Agent", "Grpc-Timeout", "Accept"];

    /// <summary>
    /// Forwards the station feed's calls to the agent's own port, byte for byte and without buffering. Why not map the service itself: the host's own
    /// sign-in guards everything it maps, and a station's session is the agent's business alone.
    /// </summary>
    public static IEndpointConventionBuilder MapStation(this IEndpointRouteBuilder endpoints, EdgeHost agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var client = new HttpMessageInvoker(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 });
        return endpoints.MapPost("/kal.edge.v1.Station/{method}", http => ForwardAsync(http, client, agent)).DisableGrpcWeb();
    }

    private static async Task ForwardAsync(HttpContext http, HttpMessageInvoker client, EdgeHost agent)
    {
        if (agent.StationAddress is not { } address)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, http.Request.Path.Value!)) { Content = new StreamContent(http.Request.Body) };
        foreach (var name in Passed)
        {
            if (!http.Request.Headers.TryGetValue(name, out var value) || StringValues.IsNullOrEmpty(value)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (string?)value)) request.Content.Headers.TryAddWithoutValidation(name, (string?)value);
        }
        if (http.Request.ContentLength is { } length) request.Content.Headers.ContentLength = length;
        try
        {
            using var response = await client.SendAsync(request, http.RequestAborted);
            http.Response.StatusCode = (int)response.StatusCode;
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            {
                if (name is not ("Transfer-Encoding" or "Connection" or "Date")) http.Response.Headers[name] = values.ToArray();
            }
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await http.Response.StartAsync(http.RequestAborted);
            await using var body = await response.Content.ReadAsStreamAsync(http.RequestAborted);
            await body.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page went away; the agent notices by the closed connection.
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            if (!http.Response.HasStarted) http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }
}
