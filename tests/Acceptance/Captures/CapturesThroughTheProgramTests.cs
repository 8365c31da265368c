using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using Xunit.Abstractions;

namespace KeyAccountLogistics.Acceptance.Captures;

/// <summary>Every captured frame once more through <c>kal decode --json</c>, with the settings a protocol has when nobody gives any: the lines are a contract with scripts.</summary>
public sealed class CapturesThroughTheProgramTests(ITestOutputHelper output)
{
    private static readonly string[] WeightMembers = ["mass_mg", "stability", "condition", "basis", "unit", "raw_hex", "note"];

    [AcceptanceFact("captures")]
    public async Task Every_row_gives_its_mass_or_its_rejection()
    {
        var rows = CaptureRow.ReadAll(AcceptanceFolder.At("captures", "captures.tsv"));
        rows.Count.ShouldBeGreaterThanOrEqualTo(179);
        rows.Select(row => row.Protocol).Distinct(StringComparer.Ordinal).Where(id => ProtocolList.Find(id) is null).ShouldBeEmpty("a row without a decoder");
        foreach (var row in rows)
        {
            var said = await Kal.RunAsync("decode", "--protocol", row.Protocol, "--hex", Convert.ToHexString(row.Frame), "--json");
            said.Error.ShouldBeEmpty(row.ToString());
            var lines = Kal.Lines(said.Output);
            lines.ShouldNotBeEmpty(row.ToString());
            if (row.FromHost) continue;
            using var json = JsonDocument.Parse(lines.ShouldHaveSingleItem(row.ToString()));
            Check(row, json.RootElement);
        }
    }

    private static void Check(CaptureRow row, JsonElement line)
    {
        if (line.TryGetProperty("rejected", out _))
        {
            line.EnumerateObject().Select(member => member.Name).Take(3).ShouldBe(["rejected", "reason", "raw_hex"]);
            row.Grams.ShouldBeNull(row.ToString());
        }
        else if (line.TryGetProperty("symbology", out _))
        {
            line.EnumerateObject().Select(member => member.Name).Take(3).ShouldBe(["symbology", "text", "elements"]);
            row.Note.ShouldNotStartWith("reject", customMessage: row.ToString());
        }
        else
        {
            line.EnumerateObject().Select(member => member.Name).ShouldBe(WeightMembers);
            var mass = line.GetProperty("mass_mg");
            if (row.Grams is { } grams) mass.GetInt64().ShouldBe((long)Math.Round(grams * 1000, MidpointRounding.AwayFromZero), row.ToString());
            else mass.ValueKind.ShouldBe(JsonValueKind.Null, row.ToString());
            line.GetProperty("stability").GetString().ShouldBe(row.Stability switch { StabilityFlag.Stable => "stable", StabilityFlag.Moving => "moving", _ => "not_reported" }, row.ToString());
        }
    }

    [AcceptanceTheory("captures")]
    [InlineData("DEFENDER3000.bin", "ohaus-defender3000", 454)]
    [InlineData("SPUN.bin", "ohaus-defender3000", 1690)]
    [InlineData("QHW.bin", "tscale-qhw", 509)]
    public async Task A_raw_log_is_read_as_a_stream_and_only_its_whole_frames_are_readings(string file, string protocol, int frames)
    {
        var said = await Kal.RunAsync("decode", "--protocol", protocol, "--file", AcceptanceFolder.At("captures", "raw", file), "--json");
        said.Code.ShouldBe(0, said.Error);
        var lines = Kal.Lines(said.Output);
        lines.Count(line => line.StartsWith("{\"mass_mg\":", StringComparison.Ordinal)).ShouldBe(frames);
        lines.Count(line => line.StartsWith("{\"rejected\":true,", StringComparison.Ordinal)).ShouldBe(lines.Count - frames);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {frames} readings, {lines.Count - frames} rejections"));
    }
}
