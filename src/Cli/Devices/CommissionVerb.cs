using System.CommandLine;
using System.Globalization;
using System.Text;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.FirmwareAdapters.Commissioning;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary>
/// <c>kal devices commission</c>: takes a scale into service. What the bytes cannot say is proved on the platform: zero, a known weight, a shake. Ends in the device's entry for
/// the agent's configuration file.
/// </summary>
internal static class CommissionVerb
{
    public static Command Build()
    {
        var verb = new Command("commission", "Takes a scale into service: zero, a known weight, a shake; writes its entry for the agent's configuration file.");
        var (line, device) = (DeviceOptions.LineArgument(), new DeviceOptions());
        var id = new Option<string>("--id") { Description = "The device's id in the depot.", DefaultValueFactory = static _ => "SCALE-1" };
        var weight = new Option<string>("--weight") { Description = "The known weight that will be placed, like \"5 kg\".", Required = true };
        var serial = new Option<string>("--serial-number") { Description = "The maker's serial number.", DefaultValueFactory = static _ => "" };
        var accuracy = new Option<AccuracyClass>("--class") { Description = "Accuracy class, from the plate: I, II, III or IIII.", DefaultValueFactory = static _ => AccuracyClass.III };
        var interval = new Option<string>("--interval") { Description = "Verification interval e, from the plate, like \"10 g\".", Required = true };
        var capacity = new Option<string>("--capacity") { Description = "Max, from the plate, like \"30 kg\".", Required = true };
        var minimum = new Option<string?>("--minimum") { Description = "Min, from the plate; 20 e when absent (class III)." };
        var until = new Option<string?>("--verified-until") { Description = "Last day of its verification, like 2026-12-31." };
        var output = new Option<string?>("--out") { Description = "File for the entry; the terminal when absent." };
        verb.Arguments.Add(line);
        device.AddTo(verb);
        foreach (var one in new Option[] { id, weight, serial, accuracy, interval, capacity, minimum, until, output }) verb.Options.Add(one);
        verb.Runs(async (parsed, ct) =>
        {
            var (protocol, settings, lineSettings) = device.Read(parsed);
            if (protocol.Kind != DeviceKind.Scale) throw new UsageException($"{protocol.Id} is spoken by a scanner: a scanner needs no commissioning; write it into the configuration and scan.");
            var e = ReadMass("--interval", parsed.GetRequiredValue(interval));
            var plate = new ScaleFacts(
                parsed.GetRequiredValue(id), parsed.GetRequiredValue(serial), parsed.GetValue(accuracy), e, ReadMass("--capacity", parsed.GetRequiredValue(capacity)),
                parsed.GetValue(minimum) is { } min ? ReadMass("--minimum", min) : e * 20, ReadDate(parsed.GetValue(until)));
            if (plate.Flaw() is { } flaw) throw new UsageException("The plate's figures do not fit: " + flaw);
            var known = ReadMass("--weight", parsed.GetRequiredValue(weight));
            if (known < plate.Minimum || known > plate.Capacity) throw new UsageException($"The known weight {known} lies outside Min {plate.Minimum} to Max {plate.Capacity}.");
            var say = parsed.InvocationConfiguration.Error;
            var asked = new Commissioning(parsed.GetRequiredValue(line), protocol, lineSettings, plate, known, Console.In, say);
            if (await asked.RunAsync(settings, ct) is not { } entry) return ExitCode.Bad;
            if (parsed.GetValue(output) is { } file) await File.WriteAllTextAsync(file, entry, ct);
            else await parsed.InvocationConfiguration.Output.WriteAsync(entry);
            await say.WriteLineAsync("Done. Put this entry into the station's devices in the agent's configuration, and restart the agent.");
            return ExitCode.Ok;
        });
        return verb;
    }

    private static Mass ReadMass(string option, string text)
    {
        var space = text.LastIndexOf(' ');
        return space > 0 && decimal.TryParse(text.AsSpan(0, space), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && Mass.TryFrom(number, text.AsSpan(space + 1), out var mass) && mass > Mass.Zero
            ? mass
            : throw new UsageException($"{option}: '{text}' is not a mass with its unit, like \"10 g\" or \"30 kg\".");
    }

    private static LocalDate? ReadDate(string? text)
    {
        if (text is null) return null;
        return LocalDatePattern.Iso.Parse(text) is { Success: true } day ? day.Value : throw new UsageException($"--verified-until: '{text}' is no date like 2026-12-31.");
    }
}

/// <summary>The steps of one commissioning. Speaks to the person on one stream, so that the entry can be piped on.</summary>
internal sealed class Commissioning(string line, Protocol protocol, LineSettings? serial, ScaleFacts plate, Mass known, TextReader answers, TextWriter say)
{
    private const int SettingsTried = 4;
    private static readonly TimeSpan Comes = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    /// <summary>The entry, or null with the reason told.</summary>
    internal async Task<string?> RunAsync(ProtocolSettings settings, CancellationToken ct)
    {
        var (isEmptied, isPlaced) = (false, false);
        for (var tried = 0; tried < SettingsTried; tried++)
        {
            using var scale = new WatchedScale(line, protocol, settings, serial);
            if (await scale.LiveAsync(Comes, ct) is { } why)
            {
                await say.WriteLineAsync($"Nothing can be read from {line}: {why}. kal devices probe may tell what it speaks.");
                return null;
            }
            if (!isEmptied) await AskAsync("Empty the platform.", ct);
            isEmptied = true;
            if (!isPlaced)
            {
                var zero = await scale.SettledAsync(Comes, ct);
                // Status bits of the opposite meaning make an empty platform at rest look like a scale with a fault.
                if (zero.Condition == Condition.Fault && tried == 0 && Turned(settings) is { } turned)
                {
                    await say.WriteLineAsync("It reports a fault if its status means what this protocol says: its status may be turned round, which is tried now.");
                    settings = turned;
                    continue;
                }
                if (!await IsZeroAsync(scale, zero)) return null;
                await AskAsync($"Put the known weight of {known} on the platform.", ct);
                isPlaced = true;
            }
            var answer = KnownWeightTest.Judge(known, await scale.SettledAsync(Comes, ct));
            if (!answer.Right)
            {
                if (Mended(settings, answer) is not { } next)
                {
                    await say.WriteLineAsync($"The scale shows {scale.Shown}, which is {known} in no unit and with no point. Is it that weight? Is the protocol right?");
                    return null;
                }
                settings = next;
                continue;
            }
            await TellErrorAsync(scale);
            if (await ShakenAsync(scale, ct) is not { } shaken) return null;
            if (shaken == ShakeAnswer.FlagTurned)
            {
                if (Turned(settings) is not { } next)
                {
                    await say.WriteLineAsync("The wire says stable while the load moves, and moving while it rests: this protocol has no setting for that. Is it the right one?");
                    return null;
                }
                settings = next;
                continue;
            }
            return Entry(settings with { Options = Pinned(settings, scale) }, scale);
        }
        await say.WriteLineAsync("No settings of this protocol make the scale's words true.");
        return null;
    }

    private async Task<bool> IsZeroAsync(WatchedScale scale, WeightReading zero)
    {
        if (zero.Mass is { } mass && mass.Abs() <= plate.Interval) return true;
        // Without unit and point the digits of zero are zero all the same.
        if (zero.Number is 0) return true;
        await say.WriteLineAsync($"The empty platform shows {scale.Shown}, not zero. Set the scale to zero and begin again.");
        return false;
    }

    private async Task TellErrorAsync(WatchedScale scale)
    {
        var (error, limit) = (scale.Last.Mass!.Value - known, plate.InServiceError(known));
        var resolution = scale.Resolution is { } d ? $"; it shows steps of {d}" : "";
        await say.WriteLineAsync($"It shows {scale.Last.Mass} for {known}: {error} off, {limit} are allowed in service{resolution}.");
        if (error.Abs() > limit) await say.WriteLineAsync("WARNING: that is more than allowed. Have it adjusted and verified before it is used.");
    }

    private async Task<ShakeAnswer?> ShakenAsync(WatchedScale scale, CancellationToken ct)
    {
        await AskAsync("Leave the weight alone for three seconds; press Enter.", ct);
        var rest = await scale.WatchAsync(Watched, ct);
        await AskAsync("Press Enter, and shake the platform for three seconds.", ct);
        var shaken = await scale.WatchAsync(Watched, ct);
        var answer = ShakeTest.Judge(rest, shaken);
        var told = answer switch
        {
            ShakeAnswer.FlagWorks => "Its stability flag is true: stable at rest, moving when shaken.",
            ShakeAnswer.FlagTurned => "Its stability flag is turned round.",
            ShakeAnswer.NoFlag => "Its wire says nothing of stability: it is computed from the readings.",
            ShakeAnswer.FlagStuck => "Its stability flag did not change although the weight did: it must not be believed. Change the scale's filter or output setting, and begin again.",
            _ => "The weight did not change while it should have been shaken. Begin again.",
        };
        await say.WriteLineAsync(told);
        return answer is ShakeAnswer.FlagStuck or ShakeAnswer.NotShaken ? null : answer;
    }

    private static ProtocolSettings? Mended(ProtocolSettings settings, KnownWeightAnswer answer) => answer switch
    {
        { Unit: { } unit } when !string.Equals(settings.Unit, unit, StringComparison.Ordinal) => settings with { Unit = unit },
        { Decimals: { } decimals } when settings.Decimals != decimals => settings with { Decimals = decimals },
        _ => null,
    };

    private ProtocolSettings? Turned(ProtocolSettings settings)
    {
        if (!protocol.Options.ContainsKey(Polarity)) return null;
        var now = settings.Options.TryGetValue(Polarity, out var set) ? set : protocol.Id is "scp-12" ? "stable" : "moving";
        return settings with { Options = new Dictionary<string, string>(settings.Options, StringComparer.Ordinal) { [Polarity] = now is "stable" ? "moving" : "stable" } };
    }

    private const string Polarity = ProtocolSettings.StatusPolarity;
    private const string ExpectUnit = "expect-unit";

    // One lost byte must not turn kg into g: a unit that was always the same is pinned.
    private Dictionary<string, string> Pinned(ProtocolSettings settings, WatchedScale scale)
    {
        var options = new Dictionary<string, string>(settings.Options, StringComparer.Ordinal);
        if (settings.Unit is null && scale.OnlyUnit is { } unit && protocol.Options.ContainsKey(ExpectUnit)) options.TryAdd(ExpectUnit, unit);
        return options;
    }

    private async Task AskAsync(string what, CancellationToken ct)
    {
        await say.WriteLineAsync(what + " [Enter]");
        if (await answers.ReadLineAsync(ct) is null) throw new UsageException("The answers ended before the commissioning did.");
    }

    private string Entry(ProtocolSettings settings, WatchedScale scale)
    {
        var yaml = new StringBuilder();
        yaml.AppendLine(CultureInfo.InvariantCulture, $"- id: {plate.Device}");
        yaml.AppendLine("  kind: scale");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"  protocol: \"{protocol.Id}\"");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"  line: {line}");
        if (serial is not null) yaml.AppendLine(CultureInfo.InvariantCulture, $"  serial: {serial}{Level(" dtr=", serial.Dtr)}{Level(" rts=", serial.Rts)}");
        if (scale.Usb.Length > 0) yaml.AppendLine(CultureInfo.InvariantCulture, $"  usb: \"{scale.Usb}\"");
        if (settings.Unit is not null) yaml.AppendLine(CultureInfo.InvariantCulture, $"  unit: {settings.Unit}");
        if (settings.Decimals is { } decimals) yaml.AppendLine(CultureInfo.InvariantCulture, $"  decimals: {decimals}");
        if (settings.Options.Count > 0) yaml.AppendLine(CultureInfo.InvariantCulture, $"  settings: {{{string.Join(", ", settings.Options.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => $"{o.Key}: {o.Value}"))}}}");
        var until = plate.VerifiedUntil is { } day ? $", verified_until: {LocalDatePattern.Iso.Format(day)}" : "";
        yaml.AppendLine(CultureInfo.InvariantCulture, $"  scale: {{serial: \"{plate.Serial}\", class: {plate.Class}, interval: {plate.Interval}, capacity: {plate.Capacity}, minimum: {plate.Minimum}{until}}}");
        yaml.AppendLine(CultureInfo.InvariantCulture, $"  daily_check: {{weights: \"{known}\", by: \"08:00\"}}");
        return yaml.ToString();
    }

    private static string Level(string name, bool? level) => level is { } set ? name + (set ? "1" : "0") : "";
}
