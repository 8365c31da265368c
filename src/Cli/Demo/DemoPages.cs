using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>
/// What the demonstration adds to the backend's pages, for this machine only: its fresh sign-ins, and the depot agent's station service passed through,
/// so that one address shows backend and station. A real depot opens the station page at its own agent.
/// </summary>
internal sealed class DemoPages : IDisposable
{
    private static readonly string[] PassedOn = ["Content-Type", "Authorization", "x-grpc-web", "grpc-timeout", "x-user-agent"];
    private readonly HttpClient _agent = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 256 }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Who may sign in; null until they exist.</summary>
    public IReadOnlyList<DemoPerson>? People { get; set; }

    /// <summary>Where the agent serves its station; null until it has started.</summary>
    public Uri? Agent { get; set; }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/host.json", SayHost);
        routes.MapPost("/kal.edge.v1.Station/{method}", PassOnAsync);
    }

    private IResult SayHost(HttpContext http) => People is not { } people ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Text(
        JsonSerializer.Serialize(new
        {
            kind = "backend",
            station = true,
            zone = "Asia/Shanghai",
            demo = IsThisMachine(http) ? people : [],
        }),
        "application/json");

    private static bool IsThisMachine(HttpContext http) => http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address);

    private async Task PassOnAsync(HttpContext http, string method)
    {
        if (Agent is null || !IsThisMachine(http))
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Agent, "/kal.edge.v1.Station/" + Uri.EscapeDataString(method))) { Content = new StreamContent(http.Request.Body) };
        foreach (var name in PassedOn)
        {
            if (!http.Request.Headers.TryGetValue(name, out var value)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (string?)value)) request.Content.Headers.TryAddWithoutValidation(name, (string?)value);
        }
        try
        {
            using var reply = await _agent.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
            http.Response.StatusCode = (int)reply.StatusCode;
            foreach (var (name, values) in reply.Headers.Concat(reply.Content.Headers))
            {
                if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) http.Response.Headers[name] = values.ToArray();
            }
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await reply.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Either end has gone: the page reconnects by itself.
            http.Abort();
        }
    }

    public void Dispose() => _agent.Dispose();
}
