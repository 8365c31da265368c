using System.Globalization;

namespace KeyAccountLogistics.Benchmarks.Reports;

/// <summary>Collects a run's ratios and figures, prints each with its target, and says at the end whether all were met.</summary>
internal sealed class Targets
{
    private bool _missed;

    /// <summary>0 when every target was met, else 1.</summary>
    internal int ExitCode => _missed ? 1 : 0;

    internal void AtLeast(string name, double value, double target) => Judge("ratio", name, value, value >= target, ">=", target);

    internal void AtMost(string name, double value, double target) => Judge("ratio", name, value, value <= target, "<=", target);

    internal void FigureAtMost(string name, double value, double target) => Judge("figure", name, value, value <= target, "<=", target);

    internal void FigureAtLeast(string name, double value, double target) => Judge("figure", name, value, value >= target, ">=", target);

    internal static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private void Judge(string kind, string name, double value, bool met, string relation, double target)
    {
        _missed |= !met;
        Say($"{kind} {name} {value:0.##}");
        Say($"target {name} {relation} {target:0.##}: {(met ? "met" : "MISSED")}");
    }
}
