using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeyAccountLogistics.FirmwareAdapters.Lines;

/// <summary>A device server that passes a serial line through TCP as it is (USR-W610 and the like). Its serial settings are made at the server.</summary>
public sealed class TcpLine : ILine
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WriteWithin = TimeSpan.FromSeconds(1);
    private const int KeepAliveSeconds = 5;

    private readonly WakeSignal _wake = new();
    private readonly string _host;
    private readonly int _port;
    private Socket? _socket;

    /// <summary>A line not yet connected.</summary>
    public TcpLine(string host, int port)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        _host = host;
        _port = port;
        Name = $"tcp://{host}:{port.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public LineIdentity Identity => LineIdentity.Unknown;

    /// <inheritdoc/>
    public LineOpening Open()
    {
        Close();
        try
        {
            var address = IPAddress.TryParse(_host, out var literal) ? literal : Dns.GetHostAddresses(_host).FirstOrDefault();
            if (address is null) return new LineOpening(OpenResult.Missing, "the name has no address");
            return Connect(new IPEndPoint(address, _port));
        }
        catch (SocketException failure)
        {
            Close();
            return new LineOpening(OpenResult.Missing, failure.SocketErrorCode.ToString());
        }
    }

    private LineOpening Connect(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        _socket = socket;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        try
        {
            socket.Connect(at);
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            var waited = Polling.Wait(Fd(socket), Libc.PollOut, _wake, ConnectWithin);
            var error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (waited.Events == 0 || error != SocketError.Success)
            {
                Close();
                var reason = error != SocketError.Success ? error.ToString() : waited.Woken ? "stopped while connecting" : "no answer to the connection";
                if (waited.Woken) _wake.Set();
                return new LineOpening(OpenResult.Missing, reason);
            }
        }
        return new LineOpening(OpenResult.Opened, at.ToString());
    }

    /// <inheritdoc/>
    public LineRead Read(Span<byte> buffer, TimeSpan? wait)
    {
        if (_socket is not { } socket) return new LineRead(LineEvent.Lost, Reason: "not open");
        var waited = Polling.Wait(Fd(socket), Libc.PollIn, _wake, wait);
        if (waited.Events == 0) return new LineRead(waited.Woken ? LineEvent.Woken : LineEvent.TimedOut);
        var count = socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return new LineRead(LineEvent.Woken);
        if (error != SocketError.Success) return new LineRead(LineEvent.Lost, Reason: error.ToString());
        return count > 0 ? new LineRead(LineEvent.Bytes, count) : new LineRead(LineEvent.Lost, Reason: "closed by the device server");
    }

    /// <inheritdoc/>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_socket is not { } socket) return false;
            var count = socket.Send(bytes, SocketFlags.None, out var error);
            bytes = bytes[count..];
            if (error == SocketError.Success) continue;
            if (error != SocketError.WouldBlock) return false;
            var waited = Polling.Wait(Fd(socket), Libc.PollOut, signal: null, WriteWithin);
            if ((waited.Events & Libc.PollOut) == 0) return false;
        }
        return true;
    }

    private static int Fd(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    /// <inheritdoc/>
    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    /// <inheritdoc/>
    public void WaitForReturn(TimeSpan atMost) => Polling.Wait(-1, 0, _wake, atMost);

    /// <inheritdoc/>
    public void Wake() => _wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _wake.Dispose();
    }
}
