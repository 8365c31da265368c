using System.Globalization;
using System.Net;
using KeyAccountLogistics.EdgeAgent.Around;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Sessions;
using KeyAccountLogistics.FirmwareAdapters.Stability;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Verdicts.Handovers;
using KeyAccountLogistics.Verdicts.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.EdgeAgent.Configuration;

/// <summary>The agent's YAML file to its configuration; either all of it is right, or every mistake is told with its line.</summary>
public static class ReadConfiguration
{
    private const int StationsMax = 64;
    private static readonly LocalTimePattern TimeOfDay = LocalTimePattern.CreateWithInvariantCulture("HH:mm");
    private const int ShiftsMax = 12;
    private const int DevicesMax = 8;
    private const long FileBytesMax = 1 << 20;

    /// <summary>Reads a file. Throws <see cref="ConfigurationException"/> with every mistake, also when the file cannot be read.</summary>
    public static AgentConfiguration FromFile(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new ConfigurationException(path, ["This is a folder: name the agent's configuration file."]);
            if (new FileInfo(path) is { Exists: true, Length: > FileBytesMax }) throw new ConfigurationException(path, ["The file is over 1 MiB: this is no agent's configuration."]);
            using var text = new StreamReader(path);
            return From(text, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, [fault.Message]);
        }
    }

    /// <summary>Reads YAML; <paramref name="name"/> stands in the message.</summary>
    public static AgentConfiguration From(TextReader text, string name)
    {
        var mistakes = new List<string>();
        var root = YamlReader.Root(text, mistakes);
        var read = root is null ? null : ReadRoot(root, mistakes);
        return read is null || mistakes.Count > 0 ? throw new ConfigurationException(name, mistakes) : read;
    }

    private static AgentConfiguration? ReadRoot(YamlReader root, List<string> mistakes)
    {
        var zone = root.Read("zone", DateTimeZoneProviders.Tzdb["Asia/Shanghai"], ReadZone);
        var configuration = new AgentConfiguration
        {
            Depot = root.Required("depot", "", ReadCode),
            Zone = zone,
            Backend = root.Required("backend", new Uri("http://127.0.0.1"), ReadBackend),
            Authority = root.Read<string?>("authority", null, ReadPath!),
            DataDirectory = root.Required("data", "/", ReadPath),
            KeyFile = root.Read<string>("key", null!, ReadPath!),
            StationUrl = root.OptionalText("station_url") ?? "",
            WaybillPrefixes = root.Read<IReadOnlyList<string>>("waybills", ["KAL"], ReadPrefixes),
            Page = ReadPage(root.Section("page")),
            Stations = [.. root.List("stations", 1, StationsMax).Select(ReadStation)],
            Windows = ReadWindows(root.Section("windows")),
            Shifts = ReadShifts(root, zone),
            Journal = ReadJournal(root.Section("journal")),
        };
        root.NothingElse();
        Unique(root, configuration.Stations.Select(static s => s.Id), "station");
        Unique(root, configuration.Stations.SelectMany(static s => s.Devices.Select(static d => d.Settings.Id).Concat(s.Around.Ids.Select(static a => a.Id))), "device");
        Unique(root, configuration.Stations.SelectMany(static s => s.Devices).Select(static d => d.Settings.Line), "line");
        return mistakes.Count == 0 ? configuration : null;
    }

    private static void Unique(YamlReader root, IEnumerable<string> names, string what)
    {
        foreach (var twice in names.Where(static n => n.Length > 0).GroupBy(static n => n, StringComparer.Ordinal).Where(static g => g.Count() > 1))
            root.Mistake("stations", $"name the {what} '{twice.Key}' more than once");
    }

    private static StationConfiguration ReadStation(YamlReader station)
    {
        var id = station.Required("id", "", ReadCode);
        var devices = new List<StationDevice>();
        var around = new AroundConfiguration();
        foreach (var device in station.List("devices", 1, DevicesMax))
        {
            if (device.OptionalText("kind") is { } kind && ReadAround.IsKind(kind)) around = ReadAround.Add(around, device, kind, device.Required("id", "", ReadCode));
            else if (ReadDevice(device) is { } known) devices.Add(known);
        }
        var read = new StationConfiguration
        {
            Id = id,
            Name = station.OptionalText("name") ?? id,
            Purpose = station.Read("purpose", StationPurpose.Depot, static text =>
                Enum.TryParse<StationPurpose>(text, ignoreCase: true, out var purpose) && Enum.IsDefined(purpose)
                    ? (purpose, null) : (StationPurpose.Depot, $"'{text}' is none of depot, reweigh, pickup, delivery")),
            Attended = station.YesNo("attended", fallback: true),
            HoldPlace = station.Read("hold_place", "hold", ReadCode),
            Devices = devices,
            Around = around,
        };
        if (read.Devices.Count(static d => d.Kind == DeviceKind.Scale) > 1) station.Mistake("devices", "has more than one scale: which one a parcel lies on would be a guess; make a second station");
        station.NothingElse();
        return read;
    }

    private static StationDevice? ReadDevice(YamlReader device)
    {
        var id = device.Required("id", "", ReadCode);
        var kind = device.Required<DeviceKind?>("kind", null, static text => text switch
        {
            "scale" => (DeviceKind.Scale, null),
            "scanner" => (DeviceKind.Scanner, null),
            _ => (null, $"'{text}' is none of scale, scanner, presence, height, tower_light, camera"),
        });
        var protocol = device.Required<Protocol?>("protocol", null, static text => ProtocolList.Find(text) is { } found
            ? (found, null)
            : (null, $"'{text}' is not a protocol; known are: {string.Join(", ", ProtocolList.All.Select(static p => p.Id))}"));
        var line = device.Required("line", "", ReadLine);
        var serial = device.Read<LineSettings?>("serial", null, static text => LineSettings.TryParse(text, out var settings, out var reason) ? (settings, null) : (null, reason));
        var usb = device.OptionalText("usb");
        var settings = ReadSettings(device, protocol);
        var stability = ReadStability(device.Section("stability"));
        var scale = device.Section("scale");
        var facts = scale is null ? null : ReadScale(scale, id);
        var check = facts is null ? null : ReadDailyCheck(device.Section("daily_check"), facts);
        if (kind == DeviceKind.Scanner && device.Has("daily_check")) device.Mistake("daily_check", "makes no sense for a scanner");
        if (kind is { } k && protocol is not null && protocol.Kind != k) device.Mistake("kind", $"says {k}, but {protocol.Id} is spoken by a {protocol.Kind}");
        if (kind == DeviceKind.Scale && facts is null) device.Mistake("scale", "is missing: without class, interval and capacity no verdict has a limit");
        if (kind == DeviceKind.Scanner && scale is not null) device.Mistake("scale", "makes no sense for a scanner");
        device.NothingElse();
        if (kind is null || protocol is null) return null;
        return new StationDevice(kind.Value, new DeviceSettings
        {
            Id = id,
            Protocol = protocol.Id,
            Line = line,
            LineSettings = serial,
            ProtocolSettings = settings,
            ExpectedUsb = usb,
        }, facts, stability, check);
    }

    private static ProtocolSettings ReadSettings(YamlReader device, Protocol? protocol)
    {
        var unit = device.OptionalText("unit");
        var decimals = device.Number("decimals", -1, 0, 6);
        var settings = new ProtocolSettings { Unit = unit, Decimals = decimals < 0 ? null : decimals, Options = device.Section("settings")?.Texts() ?? new Dictionary<string, string>(StringComparer.Ordinal) };
        try
        {
            _ = protocol?.Configure(settings);
        }
        catch (ProtocolSettingsException wrong)
        {
            device.Mistake(wrong.Setting is "unit" or "decimals" ? wrong.Setting : "settings", wrong.Message.TrimEnd('.'));
        }
        return settings;
    }

    private static StabilityRule ReadStability(YamlReader? section)
    {
        var usual = StabilityRule.Default;
        if (section is null) return usual;
        var rule = new StabilityRule(
            section.Number("readings", usual.Readings, 2, 64),
            section.Number("within_steps", usual.WithinSteps, 0, 10),
            section.Duration("over", Duration.FromTimeSpan(usual.Over), Duration.FromMilliseconds(50), Duration.FromSeconds(10)).ToTimeSpan(),
            section.Duration("gap", Duration.FromTimeSpan(usual.GapMax), Duration.FromMilliseconds(50), Duration.FromSeconds(10)).ToTimeSpan());
        section.NothingElse();
        return rule;
    }

    private static ScaleFacts ReadScale(YamlReader scale, string device)
    {
        var facts = new ScaleFacts(
            device,
            scale.OptionalText("serial") ?? "",
            scale.Required("class", AccuracyClass.III, static text => Enum.TryParse<AccuracyClass>(text, out var found) && Enum.IsDefined(found)
                ? (found, null) : (AccuracyClass.III, $"'{text}' is none of I, II, III, IIII")),
            scale.Mass("interval", Mass.FromGrams(1), required: true),
            scale.Mass("capacity", Mass.FromGrams(1), required: true),
            scale.Mass("minimum", Mass.Zero, required: true),
            scale.Date("verified_until"));
        if (scale.Has("interval") && scale.Has("capacity") && scale.Has("minimum") && facts.Flaw() is { } flaw) scale.Mistake("capacity", "does not fit: " + flaw.TrimEnd('.'));
        scale.NothingElse();
        return facts;
    }

    private static DailyCheckRule? ReadDailyCheck(YamlReader? section, ScaleFacts scale)
    {
        if (section is null) return null;
        var rule = new DailyCheckRule(
            section.Required<IReadOnlyList<Mass>>("weights", [], ReadMasses),
            section.Read("by", new LocalTime(8, 0), ReadTimeOfDay));
        if (rule.TestWeights.Count > 0 && rule.Flaw(scale) is { } flaw) section.Mistake("weights", "do not fit: " + flaw.TrimEnd('.'));
        section.NothingElse();
        return rule;
    }

    private static (IReadOnlyList<Mass> Value, string? Wrong) ReadMasses(string text)
    {
        var masses = new List<Mass>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (YamlReader.ReadMass(part) is { Wrong: { } wrong }) return ([], wrong);
            masses.Add(YamlReader.ReadMass(part).Value);
        }
        return (masses, null);
    }

    private static (LocalTime Value, string? Wrong) ReadTimeOfDay(string text) =>
        TimeOfDay.Parse(text) is { Success: true, Value: var time } ? (time, null) : (LocalTime.Midnight, $"'{text}' is no time of day like \"08:00\"");

    private static PageEndpoint? ReadPage(YamlReader? page)
    {
        if (page is null) return null;
        var address = page.Read("address", "127.0.0.1", static text => IPAddress.TryParse(text, out _) ? (text, null) : ("", $"'{text}' is no IP address"));
        var read = new PageEndpoint(address, page.Number("port", 8090, 0, 65535), page.Read<string?>("folder", null, ReadPath!));
        page.NothingElse();
        return read;
    }

    private static WindowConfiguration ReadWindows(YamlReader? section)
    {
        var usual = new WindowConfiguration();
        if (section is null) return usual;
        var windows = new WindowConfiguration
        {
            ScanBefore = section.Duration("scan_before", usual.ScanBefore, Duration.FromSeconds(1), Duration.FromMinutes(1)),
            ScanAfter = section.Duration("scan_after", usual.ScanAfter, Duration.FromSeconds(1), Duration.FromMinutes(1)),
            Duplicate = section.Duration("duplicate", usual.Duplicate, Duration.FromSeconds(1), Duration.FromHours(72)),
            Idle = section.Duration("idle", usual.Idle, Duration.FromMinutes(1), Duration.FromHours(12)),
        };
        section.NothingElse();
        return windows;
    }

    private static IReadOnlyList<HandoverWindow> ReadShifts(YamlReader root, DateTimeZone zone)
    {
        if (!root.Has("shifts")) return [];
        return [.. root.List("shifts", 1, ShiftsMax).Select(shift =>
        {
            var read = new HandoverWindow(
                shift.Required("start", LocalTime.Midnight, ReadTimeOfDay),
                shift.Duration("grace", Duration.FromMinutes(10), Duration.Zero, Duration.FromHours(2)),
                zone);
            shift.NothingElse();
            return read;
        })];
    }

    private static JournalConfiguration ReadJournal(YamlReader? section)
    {
        if (section is null) return new JournalConfiguration();
        var journal = new JournalConfiguration(
            section.Number("segment_mib", 8, 1, 64), section.Number("keep_mib", 64, 0, 10_240), section.Number("reserve_mib", 64, 1, 10_240));
        section.NothingElse();
        return journal;
    }

    private static (string Value, string? Wrong) ReadCode(string text) =>
        text.Length <= 32 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? (text, null) : ("", $"'{text}' is no code: up to 32 letters, digits, '-', '_' and '.'");

    private static (string Value, string? Wrong) ReadPath(string text) =>
        Path.IsPathRooted(text) ? (text, null) : ("/", $"'{text}' must be an absolute path");

    private static (string Value, string? Wrong) ReadLine(string text)
    {
        try
        {
            using var line = LineFactory.Create(text, LineSettings.Default);
            return (text, null);
        }
        catch (FormatException wrong)
        {
            return (text, wrong.Message.TrimEnd('.'));
        }
    }

    private static (Uri Value, string? Wrong) ReadBackend(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (uri!, null) : (new Uri("http://127.0.0.1"), $"'{text}' is no address like http://backend:8081 or https://backend:8443");

    private static (DateTimeZone Value, string? Wrong) ReadZone(string text) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(text) is { } zone ? (zone, null) : (DateTimeZone.Utc, $"'{text}' is no time zone like Asia/Shanghai");

    private static (IReadOnlyList<string> Value, string? Wrong) ReadPrefixes(string text)
    {
        var prefixes = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        return prefixes.Length > 0 && Array.TrueForAll(prefixes, static p => p.Length == 3 && p.All(char.IsAsciiLetterUpper))
            ? (prefixes, null) : (["KAL"], $"'{text}' is no list of waybill prefixes of three capital letters, like KAL");
    }
}
