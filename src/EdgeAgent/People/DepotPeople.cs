using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Clocks;
using KeyAccountLogistics.EdgeAgent.Files;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.EdgeAgent.People;

/// <summary>Whether a person is who they say; a closed set.</summary>
internal abstract record IdentityAnswer
{
    private IdentityAnswer()
    {
    }

    public sealed record Proved(StationPerson Person) : IdentityAnswer;

    public sealed record Refused(string Code, string Message, int? AttemptsLeft = null) : IdentityAnswer;
}

/// <summary>
/// The depot's own people as last told by the backend, and the proof of a PIN without it (law 6): salted verifiers, valid 72 h after their refresh,
/// replaced whole at every contact, five wrong PINs lock at this agent. Thread-safe.
/// </summary>
internal sealed class DepotPeople
{
    /// <summary>Verifiers are believed this long after their refresh, whatever the snapshot itself says beyond it.</summary>
    public static readonly Duration ValidFor = Duration.FromHours(72);

    private const int IterationsMax = 2_000_000;
    private const int PinLengthMax = 12;

    private readonly AgentClock _clock;
    private readonly SnapshotFile<PeopleSnapshot> _file;
    private readonly PinAttempts _attempts;
    private readonly Lock _gate = new();
    private readonly string _badgePrefix;
    private PeopleSnapshot? _snapshot;

    public DepotPeople(AgentClock clock, IDurableFiles files, string directory, string badgePrefix, ILogger log)
    {
        _clock = clock;
        _badgePrefix = badgePrefix;
        _file = new SnapshotFile<PeopleSnapshot>(files, Path.Combine(directory, "people.snapshot"), PeopleSnapshot.Parser);
        _attempts = new PinAttempts(files, Path.Combine(directory, "people.attempts"));
        _snapshot = _file.Read(out var damaged);
        if (damaged) PeopleLog.SnapshotDamaged(log);
    }

    public ulong Version => _snapshot?.Version ?? 0;

    /// <summary>Called with the ids of those who may work here now; sessions of all others end.</summary>
    public Action<IReadOnlySet<string>>? Changed { get; set; }

    /// <summary>The snapshot of a contact replaces the former one wholly: who is not in it is revoked.</summary>
    public void Replace(PeopleSnapshot snapshot)
    {
        var latest = (_clock.ServerNow + ValidFor).ToUnixMicros();
        var kept = snapshot.Clone();
        kept.ValidUntilUs = snapshot.ValidUntilUs == 0 ? latest : Math.Min(snapshot.ValidUntilUs, latest);
        lock (_gate)
        {
            _file.Write(kept);
            _snapshot = kept;
        }
        Changed?.Invoke(kept.People.Select(static p => p.Id).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A person by sign-in name or badge; null when the depot has no such person.</summary>
    public StationPerson? Find(string nameOrBadge)
    {
        var wanted = nameOrBadge.Trim();
        if (wanted.Length is 0 or > 128) return null;
        var badge = WithoutPrefix(wanted);
        return _snapshot?.People.FirstOrDefault(p => string.Equals(p.SignInName, wanted, StringComparison.OrdinalIgnoreCase)
            || (p.Badge.Length > 0 && string.Equals(WithoutPrefix(p.Badge), badge, StringComparison.OrdinalIgnoreCase)));
    }

    public StationPerson? ById(string id) => _snapshot?.People.FirstOrDefault(p => string.Equals(p.Id, id, StringComparison.Ordinal));

    /// <summary>Names somebody without proof; refused when the verifiers are too old to know who still works here.</summary>
    public IdentityAnswer Name(string nameOrBadge)
    {
        if (TooOld() is { } refused) return refused;
        return Find(nameOrBadge) is { } person
            ? new IdentityAnswer.Proved(person)
            : new IdentityAnswer.Refused("not_of_depot", $"Nobody of this depot is known as '{Short(nameOrBadge)}'.");
    }

    /// <summary>Proves a person by PIN. One at a time: the derivation is slow on purpose, and the count must be on the disk first.</summary>
    public IdentityAnswer Prove(string nameOrBadge, string pin)
    {
        if (Name(nameOrBadge) is not IdentityAnswer.Proved { Person: var person } named) return Name(nameOrBadge);
        lock (_gate)
        {
            if (person.PinVerifier.IsEmpty) return new IdentityAnswer.Refused("no_pin", "This person has no PIN for stations; an administrator sets one.");
            if (_attempts.Left(person) <= 0) return Locked();
            _attempts.Begin(person);
            if (!Matches(person, pin))
            {
                var left = _attempts.Left(person);
                return left <= 0 ? Locked() : new IdentityAnswer.Refused("wrong_pin", "The PIN is wrong.", left);
            }
            _attempts.Succeeded(person);
        }
        return named;

        static IdentityAnswer Locked() =>
            new IdentityAnswer.Refused("locked", "Five wrong PINs: this person is locked at this agent until an administrator sets a new PIN.", 0);
    }

    private IdentityAnswer.Refused? TooOld()
    {
        if (_snapshot is null) return new IdentityAnswer.Refused("no_people", "This agent has never been told who works here; it needs the backend once.");
        var until = Clock.FromUnixMicros(_snapshot.ValidUntilUs);
        return _clock.ServerNow <= until ? null
            : new IdentityAnswer.Refused("verifiers_too_old", string.Create(CultureInfo.InvariantCulture, $"The list of the depot's people was valid until {until}; the backend must be reached again."));
    }

    private static bool Matches(StationPerson person, string pin)
    {
        if (pin.Length is 0 or > PinLengthMax || person.PinIterations is < 1 or > IterationsMax) return false;
        var derived = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(pin), person.PinSalt.Span, person.PinIterations, HashAlgorithmName.SHA256, person.PinVerifier.Length);
        return CryptographicOperations.FixedTimeEquals(derived, person.PinVerifier.Span);
    }

    private string WithoutPrefix(string badge) => badge.StartsWith(_badgePrefix, StringComparison.OrdinalIgnoreCase) ? badge[_badgePrefix.Length..] : badge;

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
