using System.Security.Cryptography;
using System.Text;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>Keeps <see cref="Lockout"/> per sign-in name in the database, so that it holds across servers and restarts.</summary>
internal sealed class Attempts(IdentityDb db, TimeProvider time)
{
    private const int RacesMax = 16;

    /// <summary>Counts one attempt on the name; the state after it, or the lock that forbids it.</summary>
    internal async Task<(bool Allowed, Lockout State)> CountAsync(string name, CancellationToken ct)
    {
        var hash = HashOf(name);
        for (var race = 0; race < RacesMax; race++)
        {
            var now = time.Now();
            var row = await db.SignInAttempts.AsNoTracking().SingleOrDefaultAsync(a => a.NameHash == hash, ct);
            var before = row is null ? Lockout.None : new Lockout(row.Failures, row.LastAttemptAt, row.LockedUntil);
            if (before.IsLocked(now)) return (false, before);
            var after = before.CountAttempt(now);
            if (await TryStoreAsync(hash, row, after, ct)) return (true, after);
        }
        // So many at once on one name is an attack; the next one sees the lock.
        return (false, new Lockout(Lockout.FailuresBeforeLock, time.Now(), time.Now() + Lockout.DelayFirst));
    }

    internal Task<int> ClearAsync(string name, CancellationToken ct)
    {
        var hash = HashOf(name);
        return db.TakeTurnAsync(turn => db.SignInAttempts.Where(a => a.NameHash == hash).ExecuteDeleteAsync(turn), ct);
    }

    internal static byte[] HashOf(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(Person.KeyOf(name)));

    private async Task<bool> TryStoreAsync(byte[] hash, SignInAttempts? row, Lockout after, CancellationToken ct)
    {
        var attemptedAt = after.LastAttemptAt;
        if (row is null)
        {
            return await db.TakeTurnAsync(turn => db.Database.ExecuteSqlAsync(
                $"INSERT INTO identity_sign_in_attempts (name_hash, failures, last_attempt_us, locked_until_us) VALUES ({hash}, {after.Failures}, {attemptedAt.ToUnixMicros()}, NULL) ON CONFLICT DO NOTHING",
                turn), ct) == 1;
        }
        return await db.TakeTurnAsync(turn => db.SignInAttempts
            .Where(a => a.NameHash == hash && a.Failures == row.Failures && a.LastAttemptAt == row.LastAttemptAt)
            .ExecuteUpdateAsync(s => s.SetProperty(a => a.Failures, after.Failures).SetProperty(a => a.LastAttemptAt, attemptedAt).SetProperty(a => a.LockedUntil, after.LockedUntil), turn), ct) == 1;
    }
}
