using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeyAccountLogistics.Journal.Databases;

/// <summary>The two engines an installation can stand on.</summary>
public enum Engine
{
    /// <summary>One file, one writer: the embedded default.</summary>
    Sqlite,

    /// <summary>The production engine; several servers may share it.</summary>
    Postgres,
}

/// <summary>
/// Where an installation keeps its facts: one connection string chooses the engine (<c>sqlite:PATH</c> or <c>postgres://user:password@host:port/name?option=value</c>).
/// Immutable. <see cref="ToString"/> never shows the password.
/// </summary>
public sealed class Database
{
    private const string Shape = "Write sqlite:PATH or postgres://user:password@host:port/name?sslmode=require.";
    private readonly string _shown;

    private Database(Engine engine, string connectionString, string? path, string shown) =>
        (Engine, ConnectionString, Path, _shown) = (engine, connectionString, path, shown);

    /// <summary>Which engine.</summary>
    public Engine Engine { get; }

    /// <summary>The ADO.NET connection string of that engine; holds the password, never log it.</summary>
    public string ConnectionString { get; }

    /// <summary>The database file, absolute; null on PostgreSQL.</summary>
    public string? Path { get; }

    /// <summary>Reads the text a person gave. A fault names the part that is wrong and what to write instead.</summary>
    public static Outcome<Database> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Wrong("no database is named");
        if (text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase)) return Sqlite(text["sqlite:".Length..]);
        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)) return Postgres(text["postgres://".Length..]);
        if (text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)) return Postgres(text["postgresql://".Length..]);
        return Wrong("the text begins with neither sqlite: nor postgres://");
    }

    /// <summary>Points an EF context at this database, with a migrations history of the module's own.</summary>
    public void Configure(DbContextOptionsBuilder options, string historyTable)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Engine == Engine.Sqlite) options.UseSqlite(ConnectionString, o => o.MigrationsHistoryTable(historyTable));
        else options.UseNpgsql(ConnectionString, o => o.MigrationsHistoryTable(historyTable));
    }

    /// <summary>For people: engine and place, no secret.</summary>
    public override string ToString() => _shown;

    private static Outcome<Database> Sqlite(string path)
    {
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path[2..];
        if (path.Length == 0) return Wrong("sqlite: needs the path of a file");
        if (path.StartsWith(":memory:", StringComparison.OrdinalIgnoreCase)) return Wrong("a database in memory would forget what it acknowledged");
        var full = System.IO.Path.GetFullPath(path);
        var connection = new SqliteConnectionStringBuilder { DataSource = full, Pooling = true, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
        return new Database(Engine.Sqlite, connection, full, "sqlite:" + full);
    }

    private static Outcome<Database> Postgres(string rest)
    {
        var (address, query) = Split(rest, rest.IndexOf('?', StringComparison.Ordinal));
        var at = address.LastIndexOf('@');
        var (user, password) = at < 0 ? ("", "") : Split(address[..at], address[..at].IndexOf(':', StringComparison.Ordinal));
        var (place, name) = at < 0 ? Split(address, address.IndexOf('/', StringComparison.Ordinal)) : Split(address[(at + 1)..], address.IndexOf('/', at) - at - 1);
        if (name.Length == 0) return Wrong("the name of the database is missing after the host");
        var built = new NpgsqlConnectionStringBuilder { Database = Uri.UnescapeDataString(name), IncludeErrorDetail = false };
        if (user.Length > 0) built.Username = Uri.UnescapeDataString(user);
        if (password.Length > 0) built.Password = Uri.UnescapeDataString(password);
        if (Address(place, built) is { } wrongPlace) return wrongPlace;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Split(pair, pair.IndexOf('=', StringComparison.Ordinal));
            if (Option(key, Uri.UnescapeDataString(value), built) is { } wrong) return wrong;
        }
        if (string.IsNullOrEmpty(built.Host)) built.Host = "localhost";
        Tune(built);
        var shown = $"postgres://{built.Username}@{built.Host}:{built.Port.ToString(CultureInfo.InvariantCulture)}/{built.Database}";
        return new Database(Engine.Postgres, built.ConnectionString, null, shown);
    }

    // Statements repeat for ever on few connections: prepared on the server from the second use on.
    private static void Tune(NpgsqlConnectionStringBuilder built)
    {
        built.MaxAutoPrepare = 200;
        built.AutoPrepareMinUsages = 2;
        if (string.IsNullOrEmpty(built.ApplicationName)) built.ApplicationName = "kal";
    }

    private static Fault.Invalid? Address(string place, NpgsqlConnectionStringBuilder built)
    {
        if (place.Length == 0) return null;
        var colon = place.LastIndexOf(':');
        if (colon > place.LastIndexOf(']'))
        {
            if (!int.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65535)
                return Invalid($"the port '{place[(colon + 1)..]}' is not a number from 1 to 65535");
            built.Port = port;
            place = place[..colon];
        }
        built.Host = Uri.UnescapeDataString(place.Trim('[', ']'));
        return null;
    }

    private static Fault.Invalid? Option(string key, string value, NpgsqlConnectionStringBuilder built)
    {
        switch (key.ToUpperInvariant())
        {
            case "HOST": built.Host = value; return null;      // a directory means a Unix socket
            case "PORT" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port): built.Port = port; return null;
            case "SSLMODE" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode): built.SslMode = mode; return null;
            case "SSLROOTCERT": built.RootCertificate = value; return null;
            case "APPLICATION_NAME": built.ApplicationName = value; return null;
            case "CONNECT_TIMEOUT" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds): built.Timeout = seconds; return null;
            case "POOL_MAX" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var size): built.MaxPoolSize = size; return null;
            default: return Invalid($"the option '{key}={value}' is not one of host, port, sslmode, sslrootcert, application_name, connect_timeout, pool_max");
        }
    }

    private static (string Before, string After) Split(string text, int at) => at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);

    private static Outcome<Database> Wrong(string why) => Invalid(why);

    private static Fault.Invalid Invalid(string why) =>
        new("database", "database.unreadable", new StringBuilder("The database cannot be opened: ").Append(why).Append(". ").Append(Shape).ToString());
}
