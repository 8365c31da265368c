using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>A folder for one test's links, and a session that logs into a list.</summary>
internal sealed class DeviceBench : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    internal DeviceBench() => Directory.CreateDirectory(Folder);

    internal string Folder { get; } = Path.Combine(Path.GetTempPath(), "kal-edge-" + Path.GetRandomFileName());

    internal RecordingSink Sink { get; } = new();

    internal LineLogger Log { get; } = new();

    internal string Link(string name = "scale") => Path.Combine(Folder, name);

    internal T Own<T>(T thing) where T : IDisposable
    {
        _owned.Add(thing);
        return thing;
    }

    internal DeviceSession Session(string protocol, string? line = null, ProtocolSettings? settings = null, string id = "scale-1")
    {
        var session = DeviceSession.Create(
            new DeviceSettings { Id = id, Protocol = protocol, Line = line ?? Link(), ProtocolSettings = settings ?? ProtocolSettings.Default },
            Sink,
            TimeProvider.System,
            Log);
        _owned.Add(session);
        session.Start();
        return session;
    }

    internal static ProtocolSettings Options(params (string Name, string Value)[] options) =>
        new() { Options = options.ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal) };

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Keeps log lines.</summary>
internal sealed class LineLogger : ILogger
{
    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines) _lines.Add($"{eventId.Id} {formatter(state, exception)}");
    }
}
