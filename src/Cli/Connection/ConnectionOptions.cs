using System.CommandLine;

namespace KeyAccountLogistics.Cli.Connection;

/// <summary>
/// Where a verb finds the backend: <c>--server</c> with a token from the environment, or <c>--database</c>, which runs the same backend in this process
/// as the local administrator (audited).
/// </summary>
internal sealed class ConnectionOptions
{
    public const string TokenVariable = "KAL_TOKEN";

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"The backend's gRPC address, such as http://127.0.0.1:8081; the token comes from the environment variable {TokenVariable}.",
        HelpName = "URL",
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "Run the backend in this process on this database: sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.",
        HelpName = "DATABASE",
    };

    private readonly Option<string?> _data = new("--data") { Description = "Data directory of that backend; default: beside the SQLite file.", HelpName = "DIR" };

    public static ConnectionOptions AddTo(Command verb)
    {
        var options = new ConnectionOptions();
        verb.Options.Add(options._server);
        verb.Options.Add(options._database);
        verb.Options.Add(options._data);
        return options;
    }

    /// <summary>True when a backend is named on the command line: for verbs that work on files otherwise.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_server) is { Length: > 0 } || parsed.GetValue(_database) is { Length: > 0 };

    public Task<BackendConnection> OpenAsync(ParseResult parsed, CancellationToken ct)
    {
        var server = parsed.GetValue(_server) ?? (parsed.GetValue(_database) is null ? Environment.GetEnvironmentVariable("KAL_SERVER") : null);
        var database = parsed.GetValue(_database);
        return (server, database) switch
        {
            ({ Length: > 0 }, null) => Task.FromResult(BackendConnection.Remote(server, Environment.GetEnvironmentVariable(TokenVariable))),
            (null or "", { Length: > 0 }) => BackendConnection.InProcessAsync(database, parsed.GetValue(_data), ct),
            ({ Length: > 0 }, { Length: > 0 }) => throw new UsageException("Give --server or --database, not both."),
            _ => throw new UsageException("Say where the backend is: --server URL (with KAL_TOKEN in the environment) or --database sqlite:PATH."),
        };
    }
}

/// <summary>What the person typed cannot be run; the message says what to type instead. Ends the program with code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
