using System.Data.Common;
using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Postgres;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using static SQLitePCL.raw;

namespace KeyAccountLogistics.Journal.Access;

/// <summary>What a failure of the database is to whoever asked something of the backend: a disk without room and a database that is away are answers, not faults of the program.</summary>
public static class StorageFaults
{
    private static readonly Fault DiskFull = new Fault.Exhausted(
        "database.disk_full", "The backend's disk is full: nothing is recorded until space is freed. What was acknowledged is safe; send this again then.");

    private static readonly Fault Unavailable = new Fault.Unavailable(
        "database.unavailable", "The backend's database does not answer; whether this was done is not known. Send it again in a moment: under the same id it has one effect.");

    /// <summary>The fault; null when the failure is something else.</summary>
    public static Fault? Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Classify(Cause(failure)) switch
        {
            StoreFailure.DiskFull => DiskFull,
            StoreFailure.Unreachable => Unavailable,
            _ => null,
        };
    }

    // EF wraps what failed while saving, and what it takes for passing ("likely transient") too.
    private static Exception Cause(Exception failure) => failure is DbUpdateException or InvalidOperationException && failure.InnerException is DbException inner ? inner : failure;

    private static StoreFailure Classify(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: SQLITE_FULL } => StoreFailure.DiskFull,
        SqliteException { SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED } => StoreFailure.Unreachable,
        Npgsql.NpgsqlException => PostgresFailure.Classify(failure),
        _ => StoreFailure.Broken,
    };
}
