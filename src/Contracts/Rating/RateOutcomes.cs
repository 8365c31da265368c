using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>Turns a program's numbers into the published answer with its sentences.</summary>
internal static class RateOutcomes
{
    internal static RateOutcome Of(RateProgram program, ShipmentToRate shipment, bool trace)
    {
        var lines = new RatedLine[program.LinesMax];
        var steps = trace ? new RateSteps() : null;
        var result = program.Rate(shipment, lines, steps);
        if (!result.IsCharged) return RefusalTexts.Of(result.Refusal, result.Clause, shipment, result.BillsMg, result.Zone);
        var version = program.Version;
        var charged = ImmutableArray.CreateBuilder<ChargeLine>(result.Lines);
        foreach (var line in lines.AsSpan(0, result.Lines)) charged.Add(Explain.Line(line, result, version.Currency, program.Decimals));
        var text = new TraceBuffer();
        steps?.WriteTo(text);
        return new RateOutcome.Charged(
            version.Contract, version.Version, new Money(result.TotalMinor, version.Currency), Mass.FromMilligrams(result.BillsMg), charged.MoveToImmutable(), text.ToString());
    }
}
