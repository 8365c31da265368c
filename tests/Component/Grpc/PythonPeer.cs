using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Component.GrpcWire;

/// <summary>A Python process with Debian's grpcio that answers questions, one JSON line each.</summary>
internal sealed class PythonPeer : IAsyncDisposable
{
    internal const string NeedsGrpcio = "python3:grpc";

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _descriptors;
    private readonly Task<string> _complaints;

    private PythonPeer(Process process, string descriptors)
    {
        _process = process;
        _descriptors = descriptors;
        _complaints = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a script of the python folder; its first argument is a file with the descriptors of all messages.</summary>
    internal static PythonPeer Start(string script, params string[] arguments)
    {
        var descriptors = Path.GetTempFileName();
        File.WriteAllBytes(descriptors, Descriptors().ToByteArray());
        var start = new ProcessStartInfo(Requires.DebianPython, [Path.Combine(AppContext.BaseDirectory, "Grpc", "python", script), descriptors, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Each write leaves its own file in the output folder otherwise.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return new PythonPeer(Process.Start(start)!, descriptors);
    }

    /// <summary>The answer to a question; an exception in the script fails the test with its traceback.</summary>
    internal async Task<JsonElement> AskAsync(string command, object? args = null)
    {
        var question = new JsonObject { ["command"] = command, ["args"] = JsonSerializer.SerializeToNode(args ?? new object()) };
        await _process.StandardInput.WriteLineAsync(question.ToJsonString());
        await _process.StandardInput.FlushAsync();
        return await AnswerAsync();
    }

    /// <summary>The next line that the script says.</summary>
    internal async Task<JsonElement> AnswerAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(AnswerMax, TimeProvider.System);
        if (line is null) throw new InvalidOperationException($"The script ended: {await _complaints}");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("error", out var error) ? throw new InvalidOperationException(error.GetString()) : answer.RootElement.GetProperty("ok").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        File.Delete(_descriptors);
    }

    private static FileDescriptorSet Descriptors()
    {
        var set = new FileDescriptorSet();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in new[] { ProbeReflection.Descriptor, Google.Rpc.StatusReflection.Descriptor, Google.Rpc.ErrorDetailsReflection.Descriptor, global::Grpc.Health.V1.HealthReflection.Descriptor }) Add(file);
        return set;

        void Add(FileDescriptor file)
        {
            if (!seen.Add(file.Name)) return;
            foreach (var import in file.Dependencies) Add(import);
            set.File.Add(FileDescriptorProto.Parser.ParseFrom(file.SerializedData));
        }
    }
}
