using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// The trace of one rating while it is fresh: what was asked, and each step as the rule it used (which never changes) with the numbers put in and got out. Recording costs a few words a step; what is
/// kept, shown and replayed is its text (<see cref="WriteTo"/>), made when somebody wants it. Used again for the next rating, so that a trace costs no garbage. Not thread-safe.
/// </summary>
internal sealed class RateSteps
{
    private Step[] _steps = new Step[32];
    private int _count;
    private byte[] _head = [];
    private ShipmentToRate? _shipment;
    private long _total;

    /// <summary>How many steps were taken.</summary>
    internal int Count => _count;

    internal void Begin(byte[] head, ShipmentToRate shipment) => (_count, _head, _shipment, _total) = (0, head, shipment, 0);

    /// <summary>A row of a zone table gave the zone.</summary>
    internal void Zone(ZoneLookup zones, int row) => Next() = new Step(zones, null, row, 0, 0, 0, 0, 0);

    /// <summary>The shipment brought its zone.</summary>
    internal void Given(string clause, string zone) => Next() = new Step(clause, zone, 0, 0, 0, 0, 0, 0);

    /// <summary>The chargeable weight of some pieces.</summary>
    internal void Weigh(WeighRule rule, int from, int count, long actual, long volume, int divisor, long bills) => Next() = new Step(rule, null, from, count, divisor, actual, volume, bills);

    /// <summary>An amount at x.</summary>
    internal void Amount(AmountRule rule, long x, long minor) => Next() = new Step(rule, null, 0, 0, 0, x, minor, 0);

    /// <summary>The sum of the pieces before it.</summary>
    internal void Sum(SumRule rule, long minor) => Next() = new Step(rule, null, 0, 0, 0, minor, 0, 0);

    internal void End(long total) => _total = total;

    /// <summary>Writes the canonical text, replacing what the buffer held. Only after a price: a refused shipment has no trace.</summary>
    internal void WriteTo(TraceBuffer json)
    {
        TraceJson.Begin(json, _head, _shipment ?? throw new InvalidOperationException("Nothing was rated."));
        foreach (ref readonly var step in _steps.AsSpan(0, _count))
        {
            switch (step.Rule)
            {
                case ZoneLookup zones:
                    json.Raw(zones.Json(step.I)).Raw(","u8);
                    break;
                case string clause:
                    json.Text(ZoneLookup.StepJson(clause, "given", "", step.Text!)).Raw(","u8);
                    break;
                case WeighRule rule:
                    TraceJson.Weigh(json, rule, step.I, step.J, step.A, step.B, step.K, step.C);
                    break;
                case AmountRule rule:
                    TraceJson.Amount(json, rule, step.A, step.B);
                    break;
                case SumRule rule:
                    TraceJson.Sum(json, rule, step.A);
                    break;
                default:
                    throw new InvariantBrokenException("A step is one of five.", step.Rule.ToString());
            }
        }
        TraceJson.End(json, _total);
    }

    private ref Step Next()
    {
        if (_count == _steps.Length) Array.Resize(ref _steps, 2 * _count);
        return ref _steps[_count++];
    }

    private readonly record struct Step(object Rule, string? Text, int I, int J, int K, long A, long B, long C);
}
