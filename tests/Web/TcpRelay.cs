using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace KeyAccountLogistics.Web;

/// <summary>The network between a phone and the backend: can be cut, which ends what is open and lets nothing new through, and put together again at the same address.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly ConcurrentDictionary<int, TcpClient> _open = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _backend;
    private readonly Task _accepting;
    private volatile bool _cut;
    private int _last;

    internal TcpRelay(Uri backend)
    {
        _backend = backend.Port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    internal void Cut()
    {
        _cut = true;
        foreach (var id in _open.Keys) Close(id);
    }

    internal void Mend() => _cut = false;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var phone = await _listener.AcceptTcpClientAsync(_ended.Token);
                if (_cut) phone.Dispose();
                else _ = CarryAsync(phone);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task CarryAsync(TcpClient phone)
    {
        var backend = new TcpClient();
        var (one, other) = (Keep(phone), Keep(backend));
        try
        {
            await backend.ConnectAsync(IPAddress.Loopback, _backend, _ended.Token);
            await Task.WhenAny(CopyAsync(phone, backend), CopyAsync(backend, phone));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
        Close(one);
        Close(other);
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _ended.Token);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // Cut.
        }
    }

    private int Keep(TcpClient client)
    {
        var id = Interlocked.Increment(ref _last);
        _open[id] = client;
        return id;
    }

    private void Close(int id)
    {
        if (_open.TryRemove(id, out var client)) client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ended.Dispose();
    }
}
