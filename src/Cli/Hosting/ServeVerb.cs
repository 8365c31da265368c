using System.CommandLine;
using System.Runtime.InteropServices;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.Server.Hosting;

namespace KeyAccountLogistics.Cli.Hosting;

/// <summary><c>kal serve</c>: the backend until it is told to stop.</summary>
internal static class ServeVerb
{
    public static Command Build()
    {
        var verb = new Command("serve", "Runs the backend: pages and gRPC-Web at the given port, gRPC at the next one; everything at one port with TLS.");
        var database = new Option<string>("--database") { Description = "sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.", Required = true, HelpName = "DATABASE" };
        var urls = new Option<string>("--urls") { Description = "Where to listen; several are separated by ';'.", DefaultValueFactory = _ => "http://127.0.0.1:8080", HelpName = "URLS" };
        var data = new Option<string?>("--data") { Description = "Directory of secrets and blobs; default: beside the SQLite file.", HelpName = "DIR" };
        var web = new Option<string?>("--web") { Description = "Folder of the built pages; default: wwwroot beside the program.", HelpName = "DIR" };
        var contracts = new Option<string?>("--contracts") { Description = "Folder of contract documents that an empty installation takes in as drafts at its first start.", HelpName = "DIR" };
        var certificate = new Option<string?>("--certificate") { Description = "PEM file of the TLS certificate chain; then --urls must be https://.", HelpName = "FILE" };
        var key = new Option<string?>("--certificate-key") { Description = "PEM file of its private key, when not in the same file.", HelpName = "FILE" };
        foreach (var option in new Option[] { database, urls, data, web, contracts, certificate, key }) verb.Options.Add(option);
        verb.Runs(async (parsed, ct) =>
        {
            await using var host = BackendHost.Build(new BackendOptions
            {
                Database = DatabaseOption.Read(parsed.GetRequiredValue(database)),
                Urls = parsed.GetValue(urls)!,
                DataDirectory = parsed.GetValue(data),
                WebRoot = parsed.GetValue(web),
                ContractsDirectory = parsed.GetValue(contracts),
                CertificateFile = parsed.GetValue(certificate),
                CertificateKeyFile = parsed.GetValue(key),
                ShutdownTimeout = TimeSpan.FromSeconds(30),
            });
            using var stop = StopSignals.Link(ct);
            await host.StartAsync(ct);
            var output = parsed.InvocationConfiguration.Output;
            foreach (var address in host.PageAddresses) await output.WriteLineAsync($"Pages  {address}");
            foreach (var address in host.GrpcAddresses) await output.WriteLineAsync($"gRPC   {address}");
            await host.WaitForStopAsync(stop.Token);
            return ExitCode.Ok;
        });
        return verb;
    }
}

/// <summary>SIGTERM and SIGINT as one token, so that a service manager's stop drains what is under way.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _signals;

    private StopSignals(CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _stop.Cancel();
        }))];
    }

    public CancellationToken Token => _stop.Token;

    public static StopSignals Link(CancellationToken ct) => new(ct);

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stop.Dispose();
    }
}
