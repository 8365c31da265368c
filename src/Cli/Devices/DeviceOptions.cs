using System.CommandLine;
using System.CommandLine.Parsing;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary>How a device on a line is spoken to, as options of a verb; the words are those of the agent's configuration file.</summary>
internal sealed class DeviceOptions
{
    private readonly Option<string> _protocol = new("--protocol") { Description = "Protocol id; kal decode --list names them.", Required = true };
    private readonly Option<string?> _unit = new("--unit") { Description = "Unit of mass, where the wire carries none." };
    private readonly Option<int?> _decimals = new("--decimals") { Description = "Decimals, where the wire carries no point." };
    private readonly Option<string[]> _settings = new("--option") { Description = "A setting of the protocol as key=value; may be given several times." };
    private readonly Option<string?> _serial = SerialOption();

    internal static Argument<string> LineArgument() => new("LINE") { Description = "The line: /dev/serial/by-id/…, /dev/ttyUSB0, or tcp://host:port of a device server." };

    internal static Option<string?> SerialOption() => new("--serial") { Description = "Line settings like \"9600 7E1\" or \"4800 8E1 dtr=0 rts=0\"; the protocol's usual ones when absent." };

    internal void AddTo(Command verb)
    {
        foreach (var option in new Option[] { _protocol, _unit, _decimals, _settings, _serial }) verb.Options.Add(option);
    }

    /// <summary>The protocol and its settings; throws <see cref="UsageException"/> when they do not fit each other.</summary>
    internal (Protocol Protocol, ProtocolSettings Settings, LineSettings? Serial) Read(ParseResult parsed)
    {
        var id = parsed.GetRequiredValue(_protocol);
        var protocol = ProtocolList.Find(id)
            ?? throw new UsageException($"'{id}' is no protocol known here. Did you mean {string.Join(", ", NearestWords.To(id, ProtocolList.All.Select(static p => p.Id)))}? kal decode --list names them all.");
        var settings = new ProtocolSettings { Unit = parsed.GetValue(_unit), Decimals = parsed.GetValue(_decimals), Options = DecodeVerb.Pairs(parsed.GetValue(_settings) ?? []) };
        Check(protocol, settings);
        return (protocol, settings, ReadSerial(parsed.GetValue(_serial)));
    }

    internal static void Check(Protocol protocol, ProtocolSettings settings)
    {
        try
        {
            _ = protocol.Configure(settings);
        }
        catch (ProtocolSettingsException e)
        {
            throw new UsageException($"{protocol.Id} cannot be spoken with these settings ({e.Setting}): {e.Message}");
        }
    }

    internal static LineSettings? ReadSerial(string? text)
    {
        if (text is null) return null;
        return LineSettings.TryParse(text, out var settings, out var reason) ? settings : throw new UsageException(reason + ".");
    }

    /// <summary>A session over the line; the caller disposes it. The protocol's usual line settings stand where none are given.</summary>
    internal static DeviceSession Open(string line, Protocol protocol, ProtocolSettings settings, LineSettings? serial, IDeviceSink sink, TimeProvider time)
    {
        try
        {
            return DeviceSession.Create(
                new DeviceSettings { Id = "device", Protocol = protocol.Id, Line = line, LineSettings = serial, ProtocolSettings = settings }, sink, time,
                Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
