using KeyAccountLogistics.Cli.Devices;
using KeyAccountLogistics.EdgeAgent.Configuration;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Simulators.Scales;
using KeyAccountLogistics.Verdicts.Weighing;
using NodaTime;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>A scale is taken into service by a person with a known weight: simulator, pseudo-terminal, the verb's own steps, and the entry as the agent reads it.</summary>
public sealed class CommissionScaleTests
{
    private static readonly Mass Known = Mass.FromKilograms(5);
    private static readonly ScaleFacts Plate = new("SCALE-1", "B123", AccuracyClass.III, Mass.FromGrams(10), Mass.FromKilograms(30), Mass.FromGrams(200), new LocalDate(2099, 12, 31));

    [Fact]
    public async Task A_scale_that_tells_the_truth_is_taken_as_it_is_and_its_unit_is_pinned()
    {
        var (entry, told) = await CommissionAsync("mt-sics", "mt-sics", ProtocolSettings.Default);
        told.ShouldContain("Its stability flag is true");
        entry.ShouldNotBeNull().Settings.ProtocolSettings.Options["expect-unit"].ShouldBe("kg");
        entry.Scale.ShouldBe(Plate);
        entry.DailyCheck!.TestWeights.ShouldBe([Known]);
    }

    [Fact]
    public async Task Devices_1_4_trap_3_a_flag_of_the_opposite_meaning_is_found_by_the_shake_and_turned()
    {
        var (entry, told) = await CommissionAsync("scp-12", "nci-scp01", ProtocolSettings.Default);
        told.ShouldContain("its status may be turned round");
        told.ShouldContain("Its stability flag is true");
        entry.ShouldNotBeNull().Settings.ProtocolSettings.Options[ProtocolSettings.StatusPolarity].ShouldBe("stable");
    }

    [Fact]
    public async Task A_wrong_point_is_found_by_the_known_weight()
    {
        var (entry, told) = await CommissionAsync("yaohua-a9", "yaohua-a9", new ProtocolSettings { Unit = "g" });
        told.ShouldContain("Its wire says nothing of stability");
        entry.ShouldNotBeNull().Settings.ProtocolSettings.Unit.ShouldBe("kg");
    }

    [Fact]
    public async Task A_platform_that_is_not_empty_or_not_shaken_is_not_taken_into_service()
    {
        var (entry, told) = await CommissionAsync("mt-sics", "mt-sics", ProtocolSettings.Default, shake: false);
        entry.ShouldBeNull();
        told.ShouldContain("did not change while it should have been shaken");
        (entry, told) = await CommissionAsync("mt-sics", "mt-sics", ProtocolSettings.Default, empty: false);
        entry.ShouldBeNull();
        told.ShouldContain("The empty platform shows 0.500 kg, not zero");
    }

    private static async Task<(StationDevice? Entry, string Told)> CommissionAsync(string simulated, string protocol, ProtocolSettings settings, bool shake = true, bool empty = true)
    {
        var folder = Directory.CreateTempSubdirectory("kal-commission-").FullName;
        try
        {
            var link = Path.Combine(folder, "scale");
            using var scale = ScaleSimulators.Create(simulated, link, new PlatformSettings { Seed = 5, Noise = Mass.Zero }, TimeProvider.System);
            using var told = new StringWriter();
            using var hands = new Hands(scale, told, shake, empty);
            var entry = await new Commissioning(link, ProtocolList.Find(protocol)!, null, Plate, Known, hands, told).RunAsync(settings, CancellationToken.None);
            return (entry is null ? null : Read(entry, folder), told.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // As the agent will read it.
    private static StationDevice Read(string entry, string folder)
    {
        var indented = string.Join('\n', entry.Split('\n').Select(static line => "      " + line));
        var yaml = $"depot: HZ-01\nbackend: http://127.0.0.1:1\ndata: {folder}\nstations:\n  - id: S1\n    devices:\n{indented}";
        return ReadConfiguration.From(new StringReader(yaml), "entry").Stations.Single().Devices.Single();
    }

    /// <summary>Does what it is told, then presses Enter.</summary>
    private sealed class Hands(ScaleSimulator scale, StringWriter told, bool shake, bool empty) : TextReader
    {
        private ITimer? _shaking;
        private bool _up;

        public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            var asked = told.ToString().TrimEnd().Split('\n')[^1];
            if (_shaking is not null) await _shaking.DisposeAsync();
            _shaking = null;
            if (asked.StartsWith("Empty", StringComparison.Ordinal)) await scale.PlaceAsync(empty ? Mass.Zero : Mass.FromGrams(500), cancellationToken);
            else if (asked.StartsWith("Put", StringComparison.Ordinal) || asked.StartsWith("Leave", StringComparison.Ordinal)) await scale.PlaceAsync(Known, cancellationToken);
            else if (shake) _shaking = TimeProvider.System.CreateTimer(_ => Shake(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(90));
            return "";
        }

        protected override void Dispose(bool disposing)
        {
            _shaking?.Dispose();
            base.Dispose(disposing);
        }

        private void Shake() => scale.Platform.Place(Known + Mass.FromGrams((_up = !_up) ? 150 : -150));
    }
}
