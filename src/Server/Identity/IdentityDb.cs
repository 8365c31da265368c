using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KeyAccountLogistics.Server.Identity;

/// <summary>People, sessions, agents, keys and the audit: what the server itself keeps.</summary>
internal sealed class IdentityDb(DbContextOptions<IdentityDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "identity";

    private readonly IWriteGate _gate = gate;

    internal DbSet<Person> People => Set<Person>();

    internal DbSet<Session> Sessions => Set<Session>();

    internal DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    internal DbSet<SignInAttempts> SignInAttempts => Set<SignInAttempts>();

    internal DbSet<Agent> Agents => Set<Agent>();

    internal DbSet<EnrolmentCode> EnrolmentCodes => Set<EnrolmentCode>();

    internal DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    internal DbSet<AuditEntry> Audit => Set<AuditEntry>();

    internal DbSet<IdentityVersion> Versions => Set<IdentityVersion>();

    /// <summary>Saves what was changed of people and counts their version up, in one transaction.</summary>
    internal Task SavePeopleAsync(CancellationToken ct) => TakeTurnAsync(async turn =>
    {
        await using var transaction = await Database.BeginTransactionAsync(turn);
        var saved = await SaveChangesAsync(turn);
        await Versions.Where(v => v.Name == IdentityVersion.People).ExecuteUpdateAsync(s => s.SetProperty(v => v.Version, v => v.Version + 1), turn);
        await transaction.CommitAsync(turn);
        return saved;
    }, ct);

    /// <summary>For statements that write without the change tracker.</summary>
    internal Task<T> TakeTurnAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct) => _gate.TakeTurnAsync(work, ct);

    protected override void BuildModel(ModelBuilder model)
    {
        model.Entity<Person>(e =>
        {
            e.ToTable("identity_person").HasKey(p => p.Id);
            e.HasIndex(p => p.NameKey).IsUnique();
            e.HasIndex(p => p.Badge).IsUnique();
            e.HasIndex(p => p.CommandId).IsUnique();
            AsWords(e.Property(p => p.Roles));
            AsWords(e.Property(p => p.Accounts));
            AsWords(e.Property(p => p.Depots));
        });
        model.Entity<Session>(e =>
        {
            e.ToTable("identity_session").HasKey(s => s.Id);
            e.HasIndex(s => s.Person);
            e.HasIndex(s => s.EndsAt);
        });
        model.Entity<RefreshToken>(e =>
        {
            e.ToTable("identity_refresh_token").HasKey(t => t.Hash);
            e.HasIndex(t => t.Session);
        });
        model.Entity<SignInAttempts>(e => e.ToTable("identity_sign_in_attempts").HasKey(a => a.NameHash));
        model.Entity<Agent>(e => e.ToTable("identity_agent").HasKey(a => a.Id));
        model.Entity<EnrolmentCode>(e => e.ToTable("identity_enrolment_code").HasKey(c => c.Hash));
        model.Entity<ApiKey>(e =>
        {
            e.ToTable("identity_api_key").HasKey(k => k.Id);
            e.HasIndex(k => k.CommandId).IsUnique();
            AsWords(e.Property(k => k.Accounts));
            AsWords(e.Property(k => k.Permissions));
        });
        model.Entity<AuditEntry>(e =>
        {
            e.ToTable("identity_audit").HasKey(a => a.Id);
            e.Property(a => a.Id).ValueGeneratedOnAdd();
            e.HasIndex(a => a.At);
        });
        model.Entity<IdentityVersion>(e => e.ToTable("identity_version").HasKey(v => v.Name));
    }

    // Codes hold no blanks (Codes.Refuse), so one text column keeps a list the same way on both engines.
    private static void AsWords(PropertyBuilder<string[]> property) => property.HasConversion(
        new ValueConverter<string[], string>(words => Join(words), text => Split(text)),
        new ValueComparer<string[]>((a, b) => a!.SequenceEqual(b!), words => words.Length, words => words.ToArray()));

    private static string Join(string[] words) => string.Join(' ', words);

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
