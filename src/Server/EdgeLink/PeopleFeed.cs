using Google.Protobuf;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.AdministerPeople;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Server.EdgeLink;

/// <summary>The people of a depot with their PIN verifiers, so that they can sign in with the line cut (law 6).</summary>
internal sealed class PeopleFeed(IServiceProvider services, PeopleChanged changed, TimeProvider time) : IDepotFeed
{
    /// <summary>How long an agent may use the verifiers without hearing from the server.</summary>
    internal static readonly Duration ValidFor = Duration.FromHours(72);

    private const int PeopleMax = 5_000;

    public event Action? Changed
    {
        add => changed.Changed += value;
        remove => changed.Changed -= value;
    }

    public TimeSpan? RefreshAfter => TimeSpan.FromHours(1);

    public ulong HeldBy(Hello hello) => hello.PeopleVersion;

    public async Task<FeedUpdate> SinceAsync(string depot, ulong held, CancellationToken ct)
    {
        await using var scope = services.CreateScopeAs(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        // The version first: a change between the two reads is then sent once more, never missed.
        var version = (ulong)await db.Versions.AsNoTracking().Where(v => v.Name == IdentityVersion.People).Select(v => v.Version).SingleAsync(ct);
        if (version == held) return new FeedUpdate(version, []);
        var people = await db.People.AsNoTracking().Where(p => p.State == PersonState.Active && p.PinVerifier != null).OrderBy(p => p.Id).ToListAsync(ct);
        var snapshot = new PeopleSnapshot { Version = version, ValidUntilUs = (time.Now() + ValidFor).ToUnixMicros() };
        snapshot.People.AddRange(people.Where(p => Codes.Within([depot], Codes.Reach(p.Depots))).Take(PeopleMax).Select(Write));
        return new FeedUpdate(version, [new BackendMessage { People = snapshot }]);
    }

    private static StationPerson Write(Person person)
    {
        var written = new StationPerson
        {
            Id = person.Id,
            SignInName = person.Name,
            DisplayName = person.DisplayName,
            Badge = person.Badge ?? string.Empty,
            PinSalt = ByteString.CopyFrom(person.PinSalt),
            PinVerifier = ByteString.CopyFrom(person.PinVerifier),
            PinIterations = person.PinIterations,
            Language = person.Language,
        };
        written.Roles.AddRange(person.Roles);
        return written;
    }
}
