using System.Buffers.Binary;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>A station page's side of the wire: gRPC-Web over HTTP/1.1, by hand, as a browser sends it.</summary>
internal sealed class StationClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    public string? Token { get; set; }

    public static ByteString NewCommand() => ByteString.CopyFrom(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    public async Task<StationSession> SignInAsync(string station, string name, string pin)
    {
        var reply = await CallAsync("SignIn", new StationSignInRequest { Station = station, NameOrBadge = name, Pin = pin }, StationSignInReply.Parser);
        reply.Refused.ShouldBeNull();
        Token = reply.Session.Token;
        return reply.Session;
    }

    /// <summary>A unary call; a status other than OK is an <see cref="RpcException"/>.</summary>
    public async Task<T> CallAsync<T>(string method, IMessage request, MessageParser<T> parser)
        where T : class, IMessage<T>
    {
        using var response = await _http.SendAsync(Request(method, request), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        T? reply = default;
        await foreach (var frame in FramesAsync(response, body)) reply = parser.ParseFrom(frame);
        return reply.ShouldNotBeNull();
    }

    public Task<StationReply> ActAsync(string method, IMessage request) => CallAsync(method, request, StationReply.Parser);

    /// <summary>The stream of states until the caller stops or the agent ends it.</summary>
    public async IAsyncEnumerable<StationState> WatchAsync(string station, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct = default)
    {
        using var response = await _http.SendAsync(Request("Watch", new WatchStationRequest { Station = station }), HttpCompletionOption.ResponseHeadersRead, ct);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await foreach (var frame in FramesAsync(response, body).WithCancellation(ct)) yield return StationState.Parser.ParseFrom(frame);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string method, IMessage message)
    {
        var body = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - 5);
        message.WriteTo(body.AsSpan(5));
        var request = new HttpRequestMessage(HttpMethod.Post, $"/kal.edge.v1.Station/{method}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        request.Headers.Add("X-Grpc-Web", "1");
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return request;
    }

    private static async IAsyncEnumerable<byte[]> FramesAsync(HttpResponseMessage response, Stream body)
    {
        response.EnsureSuccessStatusCode();
        if (response.Headers.TryGetValues("grpc-status", out var early)) Check(early.First(), response.Headers.TryGetValues("grpc-message", out var m) ? m.First() : "");
        var head = new byte[5];
        while (await body.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false) == 5)
        {
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            await body.ReadExactlyAsync(frame);
            if ((head[0] & 0x80) == 0)
            {
                yield return frame;
                continue;
            }
            var trailers = System.Text.Encoding.ASCII.GetString(frame).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => line.Split(':', 2)).ToDictionary(static p => p[0].Trim(), static p => p[1].Trim(), StringComparer.OrdinalIgnoreCase);
            Check(trailers["grpc-status"], trailers.GetValueOrDefault("grpc-message", ""));
        }
    }

    private static void Check(string status, string message)
    {
        if (status != "0") throw new RpcException(new Status((StatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), Uri.UnescapeDataString(message)));
    }
}
