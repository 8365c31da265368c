using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Server.Identity;

/// <summary>Answers the modules' questions about people from the identity tables.</summary>
internal sealed class KnowPeople(IdentityDb db) : IKnowPeople
{
    public async Task<bool> ReachesAsync(string person, string account, CancellationToken ct = default)
    {
        var found = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == person, ct);
        return found is { State: PersonState.Active } && Codes.Within([account], Codes.Reach(found.Accounts));
    }
}
