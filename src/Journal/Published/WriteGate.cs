using System.Data.Common;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Journal;

/// <summary>
/// Where every write of the process goes through. On SQLite there is one writer: group commits, units of work and saves take turns in the order they came, so nobody waits
/// on a busy file. On PostgreSQL transactions run side by side.
/// </summary>
public interface IWriteGate
{
    /// <summary>
    /// Runs the work in one transaction over the journal and every context enlisted; commits when it answers, rolls back when it answers with a fault or throws.
    /// The work may run again after a deadlock (PostgreSQL), so it keeps no effect outside the transaction. Never nested: that would wait for itself and throws instead.
    /// </summary>
    Task<Outcome<T>> RunAsync<T>(Func<WriteTransaction, CancellationToken, Task<Outcome<T>>> work, CancellationToken ct = default);

    /// <summary>Runs a write that brings its own connection, when it is its turn. Used by contexts that save alone.</summary>
    Task<T> TakeTurnAsync<T>(Func<CancellationToken, Task<T>> write, CancellationToken ct = default);
}

/// <summary>One transaction over the journal and modules' contexts. Valid inside the work it was given to; not thread-safe.</summary>
public abstract class WriteTransaction
{
    /// <summary>The connection that carries the transaction, for statements written by hand.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>The transaction.</summary>
    public abstract DbTransaction Transaction { get; }

    /// <summary>Statements for many rows at once, in this transaction: the way projections write, for imports and registrations. Queued ones run at the latest before commit.</summary>
    public abstract IJournalWrites Statements { get; }

    /// <summary>Makes the context save in this transaction until it ends.</summary>
    public abstract Task EnlistAsync(DbContext context, CancellationToken ct = default);

    /// <summary>
    /// Appends to the journal, projections included, in this transaction: the caller reads the new state back before it answers. For sources that dedupe by event id.
    /// </summary>
    public abstract Task<Outcome<AppendResult>> AppendAsync(AppendBatch batch, CancellationToken ct = default);

    /// <summary>A message to a topic of the outbox, delivered at least once after commit.</summary>
    public abstract void Publish(string topic, ReadOnlyMemory<byte> payload);
}
