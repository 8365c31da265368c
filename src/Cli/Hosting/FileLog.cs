using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Cli;

/// <summary>Log lines into a file, where the terminal belongs to something else. Thread-safe.</summary>
internal sealed class FileLog(string path, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_gate) _file.Dispose();
    }

    private void Write(string line)
    {
        lock (_gate) _file.WriteLine(line);
    }

    private sealed class Category(FileLog owner, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) owner.Write($"{owner.Time.Now()} {logLevel} {name}[{eventId.Id}] {formatter(state, exception)}{(exception is null ? "" : Environment.NewLine + exception)}");
        }
    }

    private TimeProvider Time { get; } = time;
}
