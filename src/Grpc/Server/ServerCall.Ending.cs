using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Grpc.AspNetCore.Server;

/// <summary>How a call ends: by its handler, by an exception, by its deadline, by the server's stop.</summary>
internal sealed partial class ServerCall
{
    private const int ResetNoError = 0;
    private const int ResetCancel = 8;

    /// <summary>Ends the call after the handler: what is still buffered, then the status. Does nothing more if it was ended early.</summary>
    internal async Task EndAsync(Status status, Metadata? trailers = null)
    {
        // The deadline still holds while a slow client takes what was written.
        await Writer.IdleAsync();
        TaskCompletionSource? early;
        lock (_gate)
        {
            early = _earlyEnd;
            _ending = true;
        }

        if (early is not null)
        {
            await early.Task;
            return;
        }

        byte[] rest;
        int length;
        while (!Writer.TryTakeRest(Ended(), out rest, out length)) await Writer.IdleAsync();
        try
        {
            if (!Http.RequestAborted.IsCancellationRequested) await SendEndAsync(rest.AsMemory(0, length), status, trailers);
        }
        finally
        {
            if (rest.Length > 0) ArrayPool<byte>.Shared.Return(rest);
        }
    }

    /// <summary>Ends the call with the status that an exception stands for.</summary>
    internal Task FailAsync(Exception exception)
    {
        if (exception is RpcException rpc)
        {
            ServerLog.CallFailed(Log, Method, rpc.StatusCode, rpc.Status.Detail, rpc);
            return EndAsync(rpc.Status, rpc.Trailers);
        }

        var status = StatusOf(exception);
        return EndAsync(status);
    }

    private volatile IOException? _lostBy;

    private Status StatusOf(Exception exception)
    {
        // A handler may learn of an early end from its stream a moment before its token tells it.
        if (_token.IsCancellationRequested || Http.RequestAborted.IsCancellationRequested || (exception is OperationCanceledException && HasEnded) || (exception is IOException && ReferenceEquals(exception, _lostBy)))
        {
            if (exception is OperationCanceledException or IOException) ServerLog.CallFailed(Log, Method, StatusCode.Cancelled, "the call was cancelled", exception);
            else ServerLog.HandlerThrewAfterEnd(Log, Method, exception);
            return new Status(StatusCode.Cancelled, "The call was cancelled.");
        }

        switch (exception)
        {
            case BadHttpRequestException bad:
                var code = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? StatusCode.ResourceExhausted : StatusCode.Internal;
                ServerLog.CallFailed(Log, Method, code, bad.Message, bad);
                return new Status(code, bad.Message);
            case ConnectionResetException or ConnectionAbortedException:
                ServerLog.CallFailed(Log, Method, StatusCode.Cancelled, "the connection was lost", exception);
                return new Status(StatusCode.Cancelled, "The connection was lost.");
            default:
                ServerLog.HandlerThrew(Log, Method, exception);
                var text = "Exception was thrown by handler.";
                if (_settings.DetailedErrors) text += $" {exception.GetType().Name}: {exception.Message}";
                return new Status(StatusCode.Unknown, text);
        }
    }

    /// <summary>What reading the request's stream failed with: the client has gone, whether or not the token says so yet.</summary>
    internal void LostBy(IOException failure) => _lostBy = failure;

    private bool HasEnded
    {
        get
        {
            lock (_gate) return _ending;
        }
    }

    private void OnDeadlineTimer()
    {
        var left = _deadline - _environment.Time.GetUtcNow().UtcDateTime;
        if (left > TimeSpan.Zero)
        {
            // Fired a little early, or the deadline lies beyond the longest timer.
            var due = left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : Shorter(left);
            lock (_gate) _deadlineTimer?.Change(due, Timeout.InfiniteTimeSpan);
            return;
        }

        if (EndEarly(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"))) ServerLog.DeadlineExceeded(Log, Method);
    }

    private void BeginDrain()
    {
        lock (_gate)
        {
            if (_ending) return;
            _drainTimer = _environment.Time.CreateTimer(static call => ((ServerCall)call!).OnDrainTimer(), this, _environment.StreamGrace, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnDrainTimer()
    {
        if (EndEarly(new Status(StatusCode.Unavailable, "The server is stopping."))) ServerLog.StreamDrained(Log, Method);
    }

    private bool EndEarly(Status status)
    {
        TaskCompletionSource early;
        lock (_gate)
        {
            if (_ending) return false;
            _ending = true;
            early = _earlyEnd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Writer.Close(Ended());
        var sending = SendEarlyEndAsync(status);
        try
        {
            _source!.Cancel();
        }
        catch (AggregateException e)
        {
            // Code of the handler, run on a timer's thread, where an exception would end the process.
            ServerLog.CancellationCallbackThrew(Log, Method, e);
        }

        _ = ReleaseAsync(sending, early);
        return true;

        static async Task ReleaseAsync(Task sending, TaskCompletionSource early)
        {
            await sending;
            early.SetResult();
        }
    }

    private async Task SendEarlyEndAsync(Status status)
    {
        var reset = Http.Features.Get<IHttpResetFeature>();
        try
        {
            await Writer.IdleAsync().WaitAsync(EarlyEndPatience, _environment.Time, CancellationToken.None);
            if (Http.RequestAborted.IsCancellationRequested) return;
            await SendEndAsync(default, status, null);
            await Http.Response.CompleteAsync().WaitAsync(EarlyEndPatience, _environment.Time, CancellationToken.None);
            // The client may still be sending: it is told to stop, without an error.
            reset?.Reset(ResetNoError);
        }
        catch (Exception e)
        {
            // A client that does not read, or a line that broke while the end was written: the stream cannot end in order.
            ServerLog.EndNotSent(Log, Method, e);
            if (reset is not null) reset.Reset(ResetCancel);
            else Http.Abort();
        }
    }

    private async ValueTask SendEndAsync(ReadOnlyMemory<byte> rest, Status status, Metadata? trailers)
    {
        var response = Http.Response;
        var lines = TrailerLines(status, trailers);
        if (!response.HasStarted && rest.IsEmpty)
        {
            // Trailers-only: the status travels in the headers of a response without a body.
            foreach (var (name, value) in lines) response.Headers.Append(name, value);
            return;
        }

        if (!response.HasStarted) await response.StartAsync(CancellationToken.None);
        if (!rest.IsEmpty) response.BodyWriter.Write(rest.Span);
        if (_isWeb)
        {
            var block = MetadataEncoding.ToTrailerBlock(lines);
            var frame = response.BodyWriter.GetSpan(FrameReader.PrefixLength);
            frame[0] = FrameReader.TrailersFlag;
            BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)block.Length);
            response.BodyWriter.Advance(FrameReader.PrefixLength);
            response.BodyWriter.Write(block);
            return;
        }

        var destination = Http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        foreach (var (name, value) in lines) destination.Append(name, value);
    }

    private List<KeyValuePair<string, string>> TrailerLines(Status status, Metadata? more)
    {
        try
        {
            return Lines(status, [.. _responseTrailers ?? [], .. more ?? []]);
        }
        catch (RpcException e)
        {
            ServerLog.TrailersInvalid(Log, Method, e.Status.Detail);
            return Lines(e.Status, []);
        }
    }

    private static List<KeyValuePair<string, string>> Lines(Status status, Metadata.Entry[] trailers)
    {
        var lines = new List<KeyValuePair<string, string>>(trailers.Length + 2)
        {
            new(HeaderNames.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture)),
        };
        if (status.Detail.Length > 0) lines.Add(new(HeaderNames.Message, PercentEncoding.Encode(status.Detail)));
        foreach (var entry in trailers)
        {
            if (!HeaderNames.IsReservedOutgoing(entry.Key)) lines.Add(new(entry.Key, MetadataEncoding.ToHeaderValue(entry)));
        }

        return lines;
    }

    private static OperationCanceledException Ended() => new("The call has ended: nothing more can be written.");
}
