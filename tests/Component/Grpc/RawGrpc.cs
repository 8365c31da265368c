using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Grpc.Core;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>gRPC by hand: frames as bytes over a plain HttpClient, right or wrong as the test wants them.</summary>
internal sealed class RawGrpc : IDisposable
{
    internal const string Say = "/kal.probe.v1.Probe/Say";
    internal const string Chat = "/kal.probe.v1.Probe/Chat";
    internal const string Expand = "/kal.probe.v1.Probe/Expand";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Version _version;

    internal RawGrpc(Uri address, Version? version = null)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Limit };
        _version = version ?? HttpVersion.Version20;
    }

    internal static byte[] Frame(byte[] payload, byte flag = 0, uint? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    internal static byte[] Frame(IMessage message) => Frame(message.ToByteArray());

    internal Task<RawAnswer> PostAsync(string path, byte[] body, string? contentType = "application/grpc", params (string Name, string Value)[] headers) =>
        PostAsync(path, new ByteArrayContent(body), contentType, headers);

    internal async Task<RawAnswer> PostAsync(string path, HttpContent content, string? contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(path, content, contentType, headers);
        return await RawAnswer.ReadAsync(response).WaitAsync(Limit, TimeProvider.System);
    }

    /// <summary>The response as soon as its headers are there.</summary>
    internal Task<HttpResponseMessage> SendAsync(string path, HttpContent content, string? contentType = "application/grpc", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Version = _version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = content };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (contentType is not null) content.Headers.TryAddWithoutValidation("content-type", contentType);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back, with the status from wherever it stood.</summary>
internal sealed record RawAnswer(HttpStatusCode Http, StatusCode? Status, string? Message, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    internal static async Task<RawAnswer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        var headers = response.Headers.Concat(response.TrailingHeaders).Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join('|', h.Value), StringComparer.OrdinalIgnoreCase);
        StatusCode? status = headers.TryGetValue("grpc-status", out var code) ? (StatusCode)int.Parse(code, CultureInfo.InvariantCulture) : null;
        return new RawAnswer(response.StatusCode, status, headers.TryGetValue("grpc-message", out var message) ? Uri.UnescapeDataString(message) : null, body, headers);
    }

    /// <summary>The frames of the body.</summary>
    internal IReadOnlyList<(byte Flag, byte[] Payload)> Frames()
    {
        var frames = new List<(byte, byte[])>();
        for (var at = 0; at < Body.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(at + 1));
            frames.Add((Body[at], Body[(at + 5)..(at + 5 + length)]));
            at += 5 + length;
        }

        return frames;
    }
}

/// <summary>A request body that a test writes piece by piece; it stays open until told.</summary>
internal sealed class HandContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal async Task WriteAsync(params byte[] bytes)
    {
        var stream = await _stream.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        await stream.WriteAsync(bytes);
        await stream.FlushAsync();
    }

    internal void End() => _done.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken);
        _stream.TrySetResult(stream);
        await _done.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
