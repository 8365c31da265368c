using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.EdgeAgent.Uplink;

/// <summary>How the line to the backend stands, for stations and people. Thread-safe.</summary>
internal sealed class LinkStatus
{
    private readonly Lock _gate = new();
    private string _state = "offline";
    private string _reason = "";
    private long _sinceMicros;
    private long _oldestUnsentMicros;

    /// <summary>Called when the state changed; must return at once.</summary>
    public Action? Changed { get; set; }

    public string State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>Capture time of the oldest event the backend has not acknowledged, as of a few seconds ago; 0 = none.</summary>
    public long OldestUnsentMicros
    {
        get => Interlocked.Read(ref _oldestUnsentMicros);
        set => Interlocked.Exchange(ref _oldestUnsentMicros, value);
    }

    public void Set(string state, string reason, long nowMicros)
    {
        lock (_gate)
        {
            if (string.Equals(_state, state, StringComparison.Ordinal) && string.Equals(_reason, reason, StringComparison.Ordinal)) return;
            if (!string.Equals(_state, state, StringComparison.Ordinal) || _sinceMicros == 0) _sinceMicros = nowMicros;
            (_state, _reason) = (state, reason);
        }
        Changed?.Invoke();
    }

    public Link ToWire()
    {
        lock (_gate) return new Link { State = _state, Reason = _reason, SinceUs = _sinceMicros, OldestUnsentUs = OldestUnsentMicros };
    }
}
