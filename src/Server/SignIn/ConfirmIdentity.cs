using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>A second party confirms at somebody else's screen, with badge or name and PIN. Whatever is wrong, the answer is the same.</summary>
internal sealed class ConfirmIdentity(IdentityDb db, Attempts attempts, SignInRate rate) : IConfirmIdentity
{
    public async Task<Outcome<string>> ConfirmAsync(string nameOrBadge, string pin, string? depot, CancellationToken ct = default)
    {
        var given = nameOrBadge.Trim();
        if (given.Length is 0 or > Person.NameMax) return new Fault.Invalid("name_or_badge", "confirmation.nobody", "Give the badge, or the sign-in name and the PIN, of who confirms.");
        var key = Person.KeyOf(given);
        var person = await db.People.AsNoTracking().Where(p => p.Badge == given || p.NameKey == key).OrderByDescending(p => p.Badge == given).FirstOrDefaultAsync(ct);
        var (allowed, _) = await attempts.CountAsync(person?.Name ?? given, ct);
        var refused = new Fault.Forbidden("confirmation.refused", "Badge, name and PIN do not belong together, or the person is locked, disabled or not of this depot.");
        if (!allowed || person is null) return refused;
        var right = await IsRightAsync(person, given, pin, ct);
        if (!right.IsOk) return right.Fault;
        if (!right.Value) return refused;
        await attempts.ClearAsync(person.Name, ct);
        var ofDepot = depot is null || Codes.Within([depot], Codes.Reach(person.Depots));
        return person.State == PersonState.Active && ofDepot ? person.Id : refused;
    }

    private async Task<Outcome<bool>> IsRightAsync(Person person, string given, string pin, CancellationToken ct)
    {
        if (pin.Length == 0) return person.Badge is not null && string.Equals(person.Badge, given, StringComparison.Ordinal);
        if (person.PinVerifier is null || person.PinSalt is null || pin.Length > PinVerifier.DigitsMax) return false;
        return await rate.WorkAsync(() => new PinVerifier(person.PinSalt, person.PinVerifier, person.PinIterations).Matches(pin), ct);
    }
}
