using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Verdicts.Terms;
using KeyAccountLogistics.Verdicts.Weighing;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>
/// <see cref="ChargeableWeight"/> ready to be computed without garbage, and for several pieces together: weights and volumes are summed, then rounded once. A piece without sides adds its weight and no
/// volume. That it says what <see cref="ChargeableWeight.Of"/> says is a property in the tests.
/// </summary>
internal sealed class WeighRule
{
    /// <summary>The heaviest shipment that is rated: a million kilograms; beyond it a number is a mistake of units, not a parcel.</summary>
    internal const long WeightMaxMg = 1_000_000_000_000;

    /// <summary>The most pieces of one shipment: their volumes then fit into 64 bits.</summary>
    internal const int PiecesMax = 5_000;

    private readonly long _first;
    private readonly bool _onExcess;
    private readonly WeightStep _rounding;
    private readonly VolumetricTerms? _volumetric;
    private readonly WeightStep? _own;
    private readonly LaneTable? _lanes;
    private readonly byte[] _json;

    internal WeighRule(ChargeableWeightTerms terms)
    {
        _first = terms.First.Milligrams;
        _onExcess = terms.ReadOn == RoundingReadOn.Excess;
        _rounding = WeightStep.Of(terms.Rounding);
        _volumetric = terms.Volumetric;
        if (terms.Volumetric is { } rule)
        {
            _own = rule.Rounding is { } own ? WeightStep.Of(own) : null;
            _lanes = rule.Lanes.IsEmpty ? null : new LaneTable([.. rule.Lanes.Select(l => l.Lane)]);
        }
        _json = System.Text.Encoding.UTF8.GetBytes(WeighTermsJson.Write(terms));
    }

    internal ReadOnlySpan<byte> Json => _json;

    /// <summary>The divisor of a lane, cm³ per kg; 0 when only the scale counts.</summary>
    internal int DivisorFor(string origin, string destination)
    {
        if (_volumetric is not { } rule) return 0;
        return _lanes?.Find(origin, destination) is { } row and >= 0 ? rule.Lanes[row].Divisor : rule.Divisor;
    }

    /// <summary>Adds a piece's weight and volume; false when it cannot be a piece.</summary>
    internal bool TryAdd(PieceToRate piece, ref long actual, ref long volume)
    {
        if (piece.Weight.Milligrams is <= 0 or > WeightMaxMg) return false;
        actual += piece.Weight.Milligrams;
        if (piece.Sides is { } sides && _volumetric is { } rule) volume += Side(sides.LengthMm, rule.Side) * Side(sides.WidthMm, rule.Side) * Side(sides.HeightMm, rule.Side);
        return actual <= WeightMaxMg;
    }

    /// <summary>What bills, in milligrams, for a weight and a volume in mm³ (0 = none). Above <see cref="WeightMaxMg"/> it is no shipment's weight any more.</summary>
    internal long Bills(long actual, long volume, int divisor, out ChargeBasis basis)
    {
        var bills = Rounded(actual, 1);
        basis = ChargeBasis.Actual;
        if (divisor != 0 && volume != 0)
        {
            // mm³ → mg: ÷1000 (cm³) ÷divisor (kg) ×1,000,000. A volume is at most 5e15 mm³.
            var (numerator, denominator) = (volume * 1_000, (long)divisor);
            if (_own is { } own) (numerator, denominator) = (own.Apply(numerator, denominator), 1);
            var byVolume = Rounded(numerator, denominator);
            if (byVolume > bills) (bills, basis) = (byVolume, ChargeBasis.Volumetric);
        }
        if (bills > _first) return bills;
        basis = ChargeBasis.FirstWeight;
        return _first;
    }

    private long Rounded(long numerator, long denominator)
    {
        if (!_onExcess) return _rounding.Apply(numerator, denominator);
        var excess = numerator - (_first * denominator);
        return excess <= 0 ? _first : _first + _rounding.Apply(excess, denominator);
    }

    internal static long Side(int millimetres, SideRounding rounding) => rounding switch
    {
        SideRounding.None => millimetres,
        SideRounding.NearestCm => Math.Max(10, (millimetres + 5) / 10 * 10),
        SideRounding.UpCm => (millimetres + 9) / 10 * 10,
        _ => throw new InvariantBrokenException("A side is rounded in one of three ways.", rounding.ToString()),
    };

    /// <summary>A <see cref="WeightRounding"/> in 64 bits: to a multiple of a unit, up, down or to the nearest.</summary>
    private readonly record struct WeightStep(long Unit, WeightStep.Way Towards)
    {
        internal enum Way
        {
            Up,
            Down,
            Nearest,
        }

        internal static WeightStep Of(WeightRounding rounding) => rounding switch
        {
            WeightRounding.CeilStep ceil => new WeightStep(Checked(ceil.Step.Milligrams), Way.Up),
            WeightRounding.TruncDecimals trunc => new WeightStep(UnitOf(trunc.Decimals), Way.Down),
            WeightRounding.HalfUpDecimals half => new WeightStep(UnitOf(half.Decimals), Way.Nearest),
            _ => throw new InvariantBrokenException("A weight is rounded in one of three ways.", rounding.ToString()),
        };

        internal long Apply(long numerator, long denominator)
        {
            var whole = denominator * Unit;
            var (quotient, rest) = Math.DivRem(numerator, whole);
            if (Towards == Way.Up ? rest > 0 : Towards == Way.Nearest && rest >= whole - rest) quotient++;
            return quotient * Unit;
        }

        private static long Checked(long step)
        {
            Invariant.Holds(step is > 0 and <= WeightMaxMg, "A weight's step is above zero and no heavier than a shipment.");
            return step;
        }

        private static long UnitOf(int decimals)
        {
            var unit = 1_000_000L;
            for (var i = 0; i < decimals; i++) unit /= 10;
            return unit;
        }
    }
}
