using System.Linq.Expressions;
using System.Reflection;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Journal.Access;

/// <summary>A row that belongs to one key account; rows without an account are seen only by callers who see all accounts.</summary>
public interface IAccountScoped
{
    /// <summary>The key account's number; null while unknown.</summary>
    string? Account { get; }
}

/// <summary>A row that belongs to one depot; rows without a depot are seen only by callers who see all depots.</summary>
public interface IDepotScoped
{
    /// <summary>The depot's code; null where there is none.</summary>
    string? Depot { get; }
}

/// <summary>
/// What every module's context derives from: the one place where rows are restricted to what the caller may see (law 11), where types are mapped the same way on both
/// engines, and where saving waits its turn at the single writer of SQLite. Reads go through contexts, never around them.
/// </summary>
public abstract class ScopedDbContext(DbContextOptions options, ICallerScope callers, IWriteGate gate) : DbContext(options)
{
    private static readonly MethodInfo FilterMethod =
        typeof(ScopedDbContext).GetMethod(nameof(RestrictEntity), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>For a module's own query filters only.</summary>
    protected Caller Reader => callers.Current;

    /// <summary>For query filters only: EF reads these per query, from the context instance that runs it.</summary>
    protected bool SeesAllAccounts => callers.Current.Accounts is null;

    /// <summary>For query filters only.</summary>
    protected IReadOnlyList<string> SeenAccounts => callers.Current.Accounts ?? [];

    /// <summary>For query filters only.</summary>
    protected bool SeesAllDepots => callers.Current.Depots is null;

    /// <summary>For query filters only.</summary>
    protected IReadOnlyList<string> SeenDepots => callers.Current.Depots ?? [];

    /// <summary>The module's tables. Columns and constraints are named by convention afterwards; only tables are named here.</summary>
    protected abstract void BuildModel(ModelBuilder model);

    /// <inheritdoc/>
    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        BuildModel(modelBuilder);
        Names.Apply(modelBuilder.Model);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(e => e.BaseType is null && !e.IsOwned()))
            FilterMethod.MakeGenericMethod(entity.ClrType).Invoke(this, [modelBuilder]);
    }

    /// <inheritdoc/>
    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        Conversions.Register(configurationBuilder, Database.IsSqlite());

    /// <summary>Saves, in the transaction this context is enlisted in, or alone through the write gate.</summary>
    public sealed override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        Database.CurrentTransaction is not null
            ? base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
            : gate.TakeTurnAsync(turn => base.SaveChangesAsync(acceptAllChangesOnSuccess, turn), cancellationToken);

    /// <summary>Not available: on SQLite it would block a thread while waiting for the single writer.</summary>
    public sealed override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new InvalidOperationException("Use SaveChangesAsync: writes wait their turn at the write gate.");

    private void RestrictEntity<T>(ModelBuilder model)
        where T : class
    {
        // Named filters, so that a query which must see more (an audited, permitted one) lifts one of them by name and the diff shows it.
        if (typeof(IAccountScoped).IsAssignableFrom(typeof(T)))
            model.Entity<T>().HasQueryFilter("account", Restrict<T>(e => SeesAllAccounts || SeenAccounts.Contains(EF.Property<string>(e, nameof(IAccountScoped.Account)))));
        if (typeof(IDepotScoped).IsAssignableFrom(typeof(T)))
            model.Entity<T>().HasQueryFilter("depot", Restrict<T>(e => SeesAllDepots || SeenDepots.Contains(EF.Property<string>(e, nameof(IDepotScoped.Depot)))));
    }

    private static Expression<Func<T, bool>> Restrict<T>(Expression<Func<T, bool>> filter) => filter;
}
