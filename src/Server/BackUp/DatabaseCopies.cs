using System.Diagnostics;
using System.Globalization;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeyAccountLogistics.Server.BackUp;

/// <summary>A consistent copy of a live database as one file, and back: SQLite's online backup, PostgreSQL's own tools.</summary>
internal static class DatabaseCopies
{
    private const int MessageMax = 500;

    internal static async Task<Fault?> TakeAsync(Database database, string file, CancellationToken ct)
    {
        if (database.Engine == Engine.Postgres)
            return await RunToolAsync("pg_dump", database, ["--format=custom", "--no-owner", "--no-privileges", "--file=" + file], ct);
        // Copies in one read transaction: the writer goes on in the WAL meanwhile.
        await Task.Run(() =>
        {
            using var from = new SqliteConnection(new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
            using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
            from.Open();
            to.Open();
            from.BackupDatabase(to);
        }, ct);
        return null;
    }

    /// <summary>Fills an empty database; the caller has made sure that it is empty.</summary>
    internal static async Task<Fault?> PutBackAsync(Database database, string file, CancellationToken ct)
    {
        if (database.Engine == Engine.Postgres)
            return await RunToolAsync("pg_restore", database, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", file], ct);
        Directory.CreateDirectory(Path.GetDirectoryName(database.Path!)!);
        File.Move(file, database.Path!, overwrite: false);
        return null;
    }

    internal static async Task<bool> IsEmptyAsync(Database database, CancellationToken ct)
    {
        if (database.Path is { } path) return !File.Exists(path);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture) == 0;
    }

    private static async Task<Fault?> RunToolAsync(string tool, Database database, string[] arguments, CancellationToken ct)
    {
        if (Find(tool) is not { } path)
            return new Fault.Unavailable("backup.tool_missing", $"{tool} is not installed on the server's machine. Install PostgreSQL's client programs (Debian: postgresql-client) of the server's version.");
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(path) { UseShellExecute = false, RedirectStandardError = true };
        foreach (var argument in (string[])["--host=" + address.Host, "--port=" + address.Port.ToString(CultureInfo.InvariantCulture), "--dbname=" + address.Database, "--no-password", .. arguments])
            start.ArgumentList.Add(argument);
        if (!string.IsNullOrEmpty(address.Username)) start.ArgumentList.Add("--username=" + address.Username);
        // Not on the command line, where every user of the machine could read it.
        if (!string.IsNullOrEmpty(address.Password)) start.Environment["PGPASSWORD"] = address.Password;
        start.Environment["PGSSLMODE"] = address.SslMode.ToString().ToLowerInvariant() switch { "verifyca" => "verify-ca", "verifyfull" => "verify-full", var mode => mode };
        using var process = Process.Start(start)!;
        await using var stop = ct.Register(process.Kill);
        var error = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0
            ? null
            : new Fault.Unavailable("backup.tool_failed", $"{tool} failed: {(error.Length <= MessageMax ? error : error[..MessageMax]).Trim()}");
    }

    // Debian keeps the programs of each version in a directory of its own; the newest can read them all.
    private static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")) : [])
        .Select(directory => Path.Combine(directory, tool))
        .FirstOrDefault(File.Exists);
}
