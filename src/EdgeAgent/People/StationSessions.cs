using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Api.Edge.V1;

namespace KeyAccountLogistics.EdgeAgent.People;

/// <summary>Somebody signed in at a station. Lives in memory only: after a restart one signs in again.</summary>
internal sealed class SignedIn(StationPerson person, string station, long startedMicros)
{
    private long _lastUsedMicros = startedMicros;

    public StationPerson Person { get; } = person;

    public string Station { get; } = station;

    public long StartedMicros { get; } = startedMicros;

    /// <summary>By the agent's counter; scans and acts count, watching does not.</summary>
    public long LastUsedMicros => Interlocked.Read(ref _lastUsedMicros);

    public void Touch(long nowMicros) => Interlocked.Exchange(ref _lastUsedMicros, nowMicros);
}

/// <summary>
/// Who is signed in where, by a random token of 256 bits of which only the hash is kept. One person a station; sessions end by idleness, by age, by
/// signing out, and when the backend no longer lists the person. Thread-safe.
/// </summary>
internal sealed class StationSessions(Func<long> monotonicMicros, TimeSpan idle)
{
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(14);   // a long shift
    private readonly ConcurrentDictionary<string, SignedIn> _byToken = new(StringComparer.Ordinal);

    /// <summary>Called when a session has ended other than by its own sign-out or a successor's sign-in.</summary>
    public Action<SignedIn>? Ended { get; set; }

    public TimeSpan Idle { get; } = idle;

    /// <summary>Begins a session and ends the station's former one; gives the token, which is never seen again, and who was there before.</summary>
    public (string Token, SignedIn Session, SignedIn? Before) Begin(StationPerson person, string station)
    {
        var before = EndAt(station);
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var session = new SignedIn(person, station, monotonicMicros());
        _byToken[HashOf(token)] = session;
        return (token, session, before);
    }

    /// <summary>The session of a token, if it is still good.</summary>
    public SignedIn? Find(string token)
    {
        if (token.Length is 0 or > 100) return null;
        var hash = HashOf(token);
        if (!_byToken.TryGetValue(hash, out var session)) return null;
        if (IsAlive(session)) return session;
        Remove(hash, session);
        return null;
    }

    /// <summary>Who works at the station now.</summary>
    public SignedIn? At(string station)
    {
        foreach (var (hash, session) in _byToken)
        {
            if (!string.Equals(session.Station, station, StringComparison.Ordinal)) continue;
            if (IsAlive(session)) return session;
            Remove(hash, session);
        }
        return null;
    }

    /// <summary>Ends the station's session, if any.</summary>
    public SignedIn? EndAt(string station)
    {
        foreach (var (hash, session) in _byToken)
        {
            if (string.Equals(session.Station, station, StringComparison.Ordinal) && _byToken.TryRemove(hash, out _)) return session;
        }
        return null;
    }

    /// <summary>Ends every session of a person who is not among these.</summary>
    public void KeepOnly(IReadOnlySet<string> people)
    {
        foreach (var (hash, session) in _byToken)
        {
            if (!people.Contains(session.Person.Id)) Remove(hash, session);
        }
    }

    /// <summary>Ends what has been idle too long; called now and then so that the station shows it.</summary>
    public void EndIdle()
    {
        foreach (var (hash, session) in _byToken)
        {
            if (!IsAlive(session)) Remove(hash, session);
        }
    }

    private bool IsAlive(SignedIn session)
    {
        var now = monotonicMicros();
        return now - session.LastUsedMicros < Idle.Ticks / 10 && now - session.StartedMicros < AgeMax.Ticks / 10;
    }

    private void Remove(string hash, SignedIn session)
    {
        if (_byToken.TryRemove(hash, out _)) Ended?.Invoke(session);
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
