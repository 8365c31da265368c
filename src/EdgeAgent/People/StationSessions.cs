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
/// Who is signed in where, by a random token of 256 bits of which only the hash is kept. One person a station, on as many pages as that person has open
/// there: a second page must not end the first. Sessions end by idleness, by age, by signing out, and when the backend no longer lists the person.
/// Thread-safe.
/// </summary>
internal sealed class StationSessions(Func<long> monotonicMicros, TimeSpan idle)
{
    private const int PagesMax = 16;   // of one person at one station; with one more, the others end
    private static readonly TimeSpan AgeMax = TimeSpan.FromHours(14);   // a long shift
    private readonly ConcurrentDictionary<string, SignedIn> _byToken = new(StringComparer.Ordinal);

    /// <summary>Called when a session has ended other than by its own sign-out or a successor's sign-in.</summary>
    public Action<SignedIn>? Ended { get; set; }

    public TimeSpan Idle { get; } = idle;

    /// <summary>
    /// Begins a session and ends that of anybody else at the station; the same person's other pages stay signed in. Gives the token, which is never seen
    /// again, and who else was there before.
    /// </summary>
    public (string Token, SignedIn Session, SignedIn? Before) Begin(StationPerson person, string station)
    {
        var before = At(station);
        var session = new SignedIn(person, station, monotonicMicros());
        var own = before is not null && string.Equals(before.Person.Id, person.Id, StringComparison.Ordinal);
        var pages = own ? _byToken.Where(one => ReferenceEquals(one.Value, before)).Select(static one => one.Key).ToList() : [];
        if (pages.Count is 0 or >= PagesMax) EndAt(station);
        else foreach (var page in pages) _byToken.TryUpdate(page, session, before!);   // a page signed out meanwhile stays out
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        _byToken[HashOf(token)] = session;
        return (token, session, own ? null : before);
    }

    /// <summary>The session of a token, if it is still good.</summary>
    public SignedIn? Find(string token)
    {
        if (token.Length is 0 or > 100) return null;
        var hash = HashOf(token);
        if (!_byToken.TryGetValue(hash, out var session)) return null;
        if (IsAlive(session)) return session;
        Remove(session);
        return null;
    }

    /// <summary>Who works at the station now.</summary>
    public SignedIn? At(string station)
    {
        foreach (var session in _byToken.Values)
        {
            if (!string.Equals(session.Station, station, StringComparison.Ordinal)) continue;
            if (IsAlive(session)) return session;
            Remove(session);
        }
        return null;
    }

    /// <summary>Ends the station's session, if any.</summary>
    public SignedIn? EndAt(string station)
    {
        SignedIn? ended = null;
        foreach (var (hash, session) in _byToken)
        {
            if (string.Equals(session.Station, station, StringComparison.Ordinal) && _byToken.TryRemove(hash, out _)) ended = session;
        }
        return ended;
    }

    /// <summary>Ends every session of a person who is not among these.</summary>
    public void KeepOnly(IReadOnlySet<string> people)
    {
        foreach (var session in _byToken.Values.Distinct())
        {
            if (!people.Contains(session.Person.Id)) Remove(session);
        }
    }

    /// <summary>Ends what has been idle too long; called now and then so that the station shows it.</summary>
    public void EndIdle()
    {
        foreach (var session in _byToken.Values.Distinct())
        {
            if (!IsAlive(session)) Remove(session);
        }
    }

    private bool IsAlive(SignedIn session)
    {
        var now = monotonicMicros();
        return now - session.LastUsedMicros < Idle.Ticks / 10 && now - session.StartedMicros < AgeMax.Ticks / 10;
    }

    private void Remove(SignedIn session)
    {
        var gone = false;
        foreach (var (hash, each) in _byToken)
        {
            if (ReferenceEquals(each, session)) gone |= _byToken.TryRemove(hash, out _);
        }
        if (gone) Ended?.Invoke(session);
    }

    private static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
