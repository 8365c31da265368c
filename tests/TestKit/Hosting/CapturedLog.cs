using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.TestKit.Hosting;

/// <summary>Keeps the log of a host under test, and says at the end which errors nobody expected (after grpc-dotnet's VerifyNoErrorsScope).</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private const int LinesMax = 20_000;
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private readonly ConcurrentBag<Func<LogLine, bool>> _expected = [];

    /// <summary>One entry.</summary>
    public sealed record LogLine(LogLevel Level, string Category, int EventId, string Text);

    /// <summary>Everything so far, oldest first.</summary>
    public IReadOnlyCollection<LogLine> Lines => _lines;

    /// <summary>Errors with this in their category or text are part of the test.</summary>
    public void ExpectError(string part) =>
        _expected.Add(line => line.Text.Contains(part, StringComparison.Ordinal) || line.Category.Contains(part, StringComparison.Ordinal));

    /// <summary>Fails the test when there were errors that it did not expect.</summary>
    public void VerifyNoUnexpectedErrors()
    {
        var unexpected = _lines.Where(line => line.Level >= LogLevel.Error && !_expected.Any(expects => expects(line))).Select(line => $"{line.Category} {line.EventId}: {line.Text}").ToArray();
        unexpected.ShouldBeEmpty("errors in the log that the test does not expect");
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing to release; the lines stay readable after the host is gone.
    }

    private void Add(LogLine line)
    {
        if (_lines.Count >= LinesMax) _lines.TryDequeue(out _);
        _lines.Enqueue(line);
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            log.Add(new LogLine(logLevel, category, eventId.Id, exception is null ? text : $"{text}\n{exception}"));
        }
    }
}
