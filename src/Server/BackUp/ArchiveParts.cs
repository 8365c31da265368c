using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Operations.V1;

namespace KeyAccountLogistics.Server.BackUp;

/// <summary>A stream to write an archive to that leaves as RPC messages of at most 256 KiB; writing waits for the line.</summary>
internal sealed class ArchiveParts(IServerStreamWriter<BackupPart> down, long totalEstimate, CancellationToken ct) : Stream
{
    private const int PartBytesMax = 256 * 1024;
    private readonly byte[] _buffer = new byte[PartBytesMax];
    private int _filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var some = Math.Min(buffer.Length, PartBytesMax - _filled);
            buffer[..some].CopyTo(_buffer.AsMemory(_filled));
            _filled += some;
            buffer = buffer[some..];
            if (_filled == PartBytesMax) await SendAsync();
        }
    }

    /// <summary>Sends what is left over; the last thing to do.</summary>
    internal async Task FinishAsync()
    {
        if (_filled > 0) await SendAsync();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The compressor flushes its header and trailer without waiting; its small writes are buffered here until the next asynchronous one.
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, ct).GetAwaiter().GetResult();

    public override void Flush()
    {
        // Sent when a part is full.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task SendAsync()
    {
        var part = new BackupPart { Content = ByteString.CopyFrom(_buffer.AsSpan(0, _filled)), TotalEstimate = totalEstimate };
        _filled = 0;
        await down.WriteAsync(part, ct);
    }
}
