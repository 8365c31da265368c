using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Server.Access;

/// <summary>Adds to the audit, apart from whatever transaction the act itself has: a failed act is recorded too.</summary>
internal sealed class AuditLog(IServiceProvider services, TimeProvider time)
{
    internal const string Ok = "ok";
    internal const int TextMax = 200;
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    /// <summary>Returns after commit; throws when it cannot be recorded, which fails the act. Not given up because the act's caller went away.</summary>
    internal async Task WriteAsync(string actor, string act, string subject, string result, string reason = "")
    {
        using var limit = new CancellationTokenSource(PatienceMax);
        await using var scope = services.CreateScopeAs(Caller.System);
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        db.Audit.Add(new AuditEntry { At = time.Now(), Actor = actor, Act = act, Subject = Cut(subject), Result = result, Reason = Cut(reason) });
        await db.SaveChangesAsync(limit.Token);
    }

    private static string Cut(string text) => text.Length <= TextMax ? text : text[..TextMax];
}
