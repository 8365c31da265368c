using System.CommandLine;
using System.Text.Json;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.FirmwareAdapters.Commissioning;
using KeyAccountLogistics.FirmwareAdapters.Lines;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal devices</c>: what is plugged in, what it speaks, what it says, and taking it into service. No backend is asked.</summary>
internal static class DevicesVerbs
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Build()
    {
        var verb = new Command("devices", "Scales and scanners on this machine: what is plugged in, what it speaks, what it says, and taking it into service.");
        foreach (var one in new[] { List(), Probe(), WatchVerb.Build(), CommissionVerb.Build(), SimulateVerb.Build() }) verb.Subcommands.Add(one);
        return verb;
    }

    private static Command List()
    {
        var verb = new Command("list", "Names what is plugged in: serial ports, HID scales, scanners that type.");
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        verb.Options.Add(json);
        verb.Runs((parsed, _) =>
        {
            var (output, found) = (parsed.InvocationConfiguration.Output, PluggedDevices.List());
            foreach (var device in found)
            {
                if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(device, Json));
                else output.WriteLine($"{device.Kind,-8}  {device.Path}{(device.IsStable ? $"  ({device.Node} now)" : "")}{(device.Usb.Length > 0 ? $"  usb {device.Usb}" : "")}{(device.Name.Length > 0 ? $"  {device.Name}" : "")}");
            }
            if (found.Count == 0) parsed.InvocationConfiguration.Error.WriteLine("Nothing is plugged in that a scale or scanner could be behind. Check the cable and the adapter's driver (dmesg), or use tcp://host:port.");
            return Task.FromResult(found.Count > 0 ? ExitCode.Ok : ExitCode.Bad);
        });
        return verb;
    }

    private static Command Probe()
    {
        var verb = new Command("probe", "Finds out what a scale speaks, by positive identification only: listens, and with --ask puts each protocol's question.");
        var line = DeviceOptions.LineArgument();
        var serial = DeviceOptions.SerialOption();
        var ask = new Option<bool>("--ask") { Description = "Writes questions to the device where it says nothing by itself. They change nothing in a device that speaks their protocol." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        verb.Arguments.Add(line);
        foreach (var one in new Option[] { serial, ask, json }) verb.Options.Add(one);
        verb.Runs((parsed, ct) => Task.Run(
            () =>
            {
                var (output, fixedSettings) = (parsed.InvocationConfiguration.Output, DeviceOptions.ReadSerial(parsed.GetValue(serial)));
                var answer = LineProbe.Run(settings => Create(parsed.GetRequiredValue(line), fixedSettings ?? settings), parsed.GetValue(ask), TimeProvider.System, ct);
                if (parsed.GetValue(json))
                {
                    output.WriteLine(JsonSerializer.Serialize(
                        new { answer.Bytes, answer.Reason, findings = answer.Findings.Select(static f => new { f.Protocol, serial = f.Line.ToString(), f.Frames, f.Asked, f.Sample }) }, Json));
                }
                else
                {
                    Tell(answer, parsed.GetValue(ask), output);
                }
                return answer switch { { Reason: not null } => ExitCode.Unreachable, { Findings.Count: > 0 } => ExitCode.Ok, _ => ExitCode.Bad };
            },
            ct));
        return verb;
    }

    private static ILine Create(string address, LineSettings settings)
    {
        try
        {
            return LineFactory.Create(address, settings);
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Tell(ProbeAnswer answer, bool asked, TextWriter output)
    {
        if (answer.Reason is { } reason)
        {
            output.WriteLine($"The line cannot be opened: {reason}.");
            return;
        }
        foreach (var f in answer.Findings) output.WriteLine($"{f.Protocol,-20}  {f.Line}  {f.Frames} {(f.Asked ? "answers" : "frames")}   {f.Sample}");
        if (answer.Findings.Count > 1) output.WriteLine("All of these fit the bytes. Which it is, the scale's manual says, or a shake and a test weight: kal devices commission.");
        if (answer.Findings.Count > 0) return;
        output.WriteLine(answer.Bytes > 0
            ? $"{answer.Bytes} bytes came, and they are no protocol known here: another baud rate (--serial), another setting of the scale, or a protocol to add. Look at them with: kal devices watch LINE --protocol …"
            : asked ? "Nothing answered. Is the scale switched on, its output set to \"continuous\" or \"command\", the cable crossed as it should be?"
            : "Nothing came by itself. Press the scale's print key, or let the questions be asked: --ask.");
    }
}
