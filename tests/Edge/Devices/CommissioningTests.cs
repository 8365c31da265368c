using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Commissioning;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.Simulators.Scales;

namespace KeyAccountLogistics.Edge.Devices;

/// <summary>Identification over real pseudo-terminals: a simulator written from the manual is recognised, and nothing else is taken for it.</summary>
public sealed class CommissioningTests
{
    [Theory]
    [InlineData("toledo-continuous", false, "toledo-continuous")]
    [InlineData("general-measure", false, "general-measure")]
    [InlineData("yaohua-a9", false, "yaohua-a9")]
    [InlineData("mt-8217", true, "mt-8217")]
    [InlineData("mt-sics", true, "mt-sics")]
    [InlineData("cas-enq-dc1", true, "cas-enq-dc1")]
    public void A_scale_is_known_by_its_own_frames_or_its_answers(string simulated, bool ask, string expected)
    {
        var folder = Directory.CreateTempSubdirectory("kal-probe-").FullName;
        var link = Path.Combine(folder, "scale");
        using (ScaleSimulators.Create(simulated, link, new PlatformSettings { Seed = 3 }, TimeProvider.System))
        {
            var answer = LineProbe.Run(settings => new TtyLine(link, settings), ask, TimeProvider.System, CancellationToken.None);
            answer.Reason.ShouldBeNull();
            answer.Findings.Select(static f => f.Protocol).ShouldContain(found => string.Equals(found, expected, StringComparison.Ordinal));
            answer.Findings.ShouldAllBe(f => f.Asked == ask && f.Frames >= 2 && f.Sample.Length > 0);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(LineFault.Garbage)]
    [InlineData(LineFault.Silence)]
    [InlineData(LineFault.CutOff)]
    public void Garbage_silence_and_half_frames_identify_nothing(LineFault fault)
    {
        var folder = Directory.CreateTempSubdirectory("kal-probe-").FullName;
        var link = Path.Combine(folder, "scale");
        using (var scale = ScaleSimulators.Create("general-measure", link, new PlatformSettings { Seed = 4 }, TimeProvider.System))
        {
            scale.Fault = fault;
            var answer = LineProbe.Run(settings => new TtyLine(link, settings), ask: false, TimeProvider.System, CancellationToken.None);
            answer.Findings.ShouldBeEmpty();
            (answer.Bytes > 0).ShouldBe(fault != LineFault.Silence);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_line_that_is_not_there_is_said_at_once()
    {
        var clock = Stopwatch.StartNew();
        LineProbe.Run(static settings => new TtyLine("/dev/kal-no-such-line", settings), ask: true, TimeProvider.System, CancellationToken.None).Reason.ShouldNotBeNull().ShouldContain("no such device");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
