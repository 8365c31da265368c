using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using KeyAccountLogistics.FirmwareAdapters.Commissioning;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal devices watch</c>: live bytes and what they mean, side by side.</summary>
internal static class WatchVerb
{
    public static Command Build()
    {
        var verb = new Command("watch", "Shows live bytes and readings side by side, until Ctrl+C or --seconds.");
        var (line, device) = (DeviceOptions.LineArgument(), new DeviceOptions());
        var seconds = new Option<double?>("--seconds") { Description = "Ends after so many seconds." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, as kal decode gives it." };
        verb.Arguments.Add(line);
        device.AddTo(verb);
        verb.Options.Add(seconds);
        verb.Options.Add(json);
        verb.Runs(async (parsed, ct) =>
        {
            var (protocol, settings, serial) = device.Read(parsed);
            var output = parsed.InvocationConfiguration.Output;
            using var sink = new WatchSink(parsed.GetValue(json));
            using (var session = DeviceOptions.Open(parsed.GetRequiredValue(line), protocol, settings, serial, sink, TimeProvider.System))
            {
                session.Start();
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
                if (parsed.GetValue(seconds) is { } span) ending.CancelAfter(TimeSpan.FromSeconds(span));
                await sink.WriteAsync(output, ending.Token);
            }
            return sink.Readings > 0 ? ExitCode.Ok : ExitCode.Bad;
        });
        return verb;
    }

    /// <summary>From the device's thread to the terminal. A terminal that does not keep up loses lines, never the device its thread.</summary>
    private sealed class WatchSink(bool json) : IDeviceSink, IDisposable
    {
        private const int LinesMax = 4_096;
        private readonly BlockingCollection<string> _lines = new(LinesMax);

        internal long Readings { get; private set; }

        internal async Task WriteAsync(TextWriter output, CancellationToken ct)
        {
            await Task.Run(
                () =>
                {
                    try
                    {
                        foreach (var line in _lines.GetConsumingEnumerable(ct)) output.WriteLine(line);
                    }
                    catch (OperationCanceledException)
                    {
                        while (_lines.TryTake(out var line)) output.WriteLine(line);
                    }
                },
                CancellationToken.None);
        }

        public void OnWeight(string deviceId, in WeightReading reading, in Receipt receipt)
        {
            Readings++;
            _lines.TryAdd(json ? ReadingJson.Write(reading) : At(receipt, LineProbe.Printable(reading.Raw.Span), DecodedLines.Tell(reading)));
        }

        public void OnScan(string deviceId, ScanReading reading, in Receipt receipt)
        {
            Readings++;
            _lines.TryAdd(json ? ReadingJson.Write(reading) : At(receipt, LineProbe.Printable(reading.Raw.Span), DecodedLines.Tell(reading)));
        }

        public void OnRejected(string deviceId, in RejectedFrame rejected, in Receipt receipt) =>
            _lines.TryAdd(json ? ReadingJson.Write(rejected) : At(receipt, LineProbe.Printable(rejected.Raw.Span), $"refused: {rejected.Note} ({rejected.Code})"));

        public void OnChange(DeviceChange change)
        {
            if (!json) _lines.TryAdd($"{At(change.At)}  -- {change.To.ToString().ToLowerInvariant()}: {change.Reason}");
        }

        public void Dispose() => _lines.Dispose();

        private static string At(in Receipt receipt, string bytes, string meaning) => $"{At(receipt.At)}  {bytes,-34}  {meaning}";

        private static string At(NodaTime.Instant at) => at.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }
}
