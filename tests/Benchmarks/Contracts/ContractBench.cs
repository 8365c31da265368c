using System.Diagnostics;
using KeyAccountLogistics.Benchmarks.Reports;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.TestKit;

namespace KeyAccountLogistics.Benchmarks.Contracts;

/// <summary>
/// A large contract (300 lanes, 40 brackets in each of four zones, 12 surcharges) read and validated, beside splitting the same text into lines and cells,
/// which is the least any reader does. The first reading counts too: it is what a person at a terminal waits for.
/// </summary>
internal static class ContractBench
{
    private const int Readings = 50;
    private const double MillisecondsMost = 1_000;

    internal static int Run()
    {
        var targets = new Targets();
        var first = MillisecondsOf(Read);
        var median = Median(Read);
        var bare = Median(Split);
        Targets.Say($"contract: {LargeContract.Lanes} lanes, {4 * LargeContract.Brackets} brackets, {LargeContract.Surcharges} surcharges; median of {Readings} readings {median:0.00} ms, the first {first:0.0} ms; bare split of the text {bare:0.000} ms");
        targets.FigureAtMost("contract-validate-first-ms", first, MillisecondsMost);
        targets.FigureAtMost("contract-validate-ms", median, MillisecondsMost);
        return targets.ExitCode;
    }

    private static void Read()
    {
        if (ContractDocument.Read(LargeContract.Yaml, LargeContract.Table).Versions.Length != 1) throw new InvalidOperationException("The large contract has a mistake.");
    }

    private static void Split()
    {
        foreach (var text in new[] { LargeContract.Yaml, LargeContract.Table("lanes.csv")!, LargeContract.Table("brackets.csv")!, LargeContract.Table("fuel.csv")! })
        {
            foreach (var line in text.Split('\n')) _ = line.Split(',');
        }
    }

    private static double Median(Action work) => Enumerable.Range(0, Readings).Select(_ => MillisecondsOf(work)).Order().ElementAt(Readings / 2);

    private static double MillisecondsOf(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
