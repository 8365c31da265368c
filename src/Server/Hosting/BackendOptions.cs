using System.Security.Cryptography.X509Certificates;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Server.Hosting;

/// <summary>What a backend is started with: `kal serve`'s options, the demo's and the tests'. Validated by <see cref="BackendHost.Build"/>.</summary>
public sealed record BackendOptions
{
    /// <summary>Where the facts are kept.</summary>
    public required Database Database { get; init; }

    /// <summary>Directory of the secrets file and the blobs; made with mode 0700 when missing. For SQLite, null means beside the database file.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Where to listen. Cleartext: pages and gRPC-Web at this HTTP/1.1 port, gRPC (h2c) at the next one (both free ones when the port is 0).
    /// With a certificate: everything at the one port. Several are separated by <c>;</c>. Empty: not on the network at all.
    /// </summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>PEM file of the certificate chain and key for TLS; null = cleartext.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of the private key when it is not in <see cref="CertificateFile"/>.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>A certificate already in memory (tests, demo); the caller disposes it after the host.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>A Unix socket to listen on as well (gRPC, h2c), for verbs that run the server in process; null = none.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>Folder of the built pages; null = <c>wwwroot</c> beside the program. A missing folder serves a page that says so.</summary>
    public string? WebRoot { get; init; }

    /// <summary>Folder of contract documents that an empty installation takes in as drafts at its first start; null = none.</summary>
    public string? ContractsDirectory { get; init; }

    /// <summary>The clock of everything in the host.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long open streams may take to end at shutdown.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sign-ins, refreshes and enrolments that one remote address may try in a minute.</summary>
    public int SignInsPerMinute { get; init; } = 60;

    /// <summary>Whether the jobs on schedule run in this process.</summary>
    public bool RunJobs { get; init; } = true;

    /// <summary>For a verb that runs the server in process: no network, no jobs, a Unix socket of its own in a directory only this user may enter.</summary>
    public static BackendOptions ForLocalVerb(Database database, string? dataDirectory) => new()
    {
        Database = database,
        DataDirectory = dataDirectory,
        Urls = string.Empty,
        UnixSocket = Path.Combine(Path.GetTempPath(), "kal-" + SecretText.Random(5), "s"),
        RunJobs = false,
        // A verb's own words are what its user reads; of the backend under it only what goes wrong.
        Logging = static logging => BackendHost.ConsoleLines(logging.SetMinimumLevel(LogLevel.Warning)),
    };

    /// <summary>Further routes of whoever composes the process (the demo); mapped before the pages. Null = none.</summary>
    public Action<Microsoft.AspNetCore.Routing.IEndpointRouteBuilder>? MapMore { get; init; }

    /// <summary>Where log lines go; null = one line each on standard error.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Further services, such as takers of outbox topics; registered after the backend's own. Null = none.</summary>
    internal Action<IServiceCollection>? AddMore { get; init; }

    internal int PasswordIterations { get; init; } = Passwords.IterationsDefault;

    internal int PinIterations { get; init; } = PinVerifier.IterationsDefault;
}

/// <summary>A reason why a backend cannot start that a person can do something about; the program shows the message without a stack trace.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
