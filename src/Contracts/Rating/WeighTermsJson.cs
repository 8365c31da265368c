using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.Contracts.Rating;

/// <summary>How a trace writes the clause that makes a chargeable weight: everything but the divisor, which depends on the lane.</summary>
internal static class WeighTermsJson
{
    internal const string CeilStep = "ceil_step";
    internal const string TruncDecimals = "trunc_decimals";
    internal const string HalfUpDecimals = "half_up_decimals";

    internal static string Write(ChargeableWeightTerms terms)
    {
        var json = new TraceBuffer();
        json.Text("\"clause\":").Quoted(terms.Clause.Value).Text(",\"first\":").Number(terms.First.Milligrams).Text(",\"read_on\":").Quoted(TraceWords.Of(terms.ReadOn));
        Rounding(json, "round", terms.Rounding);
        if (terms.Volumetric is not { } volumetric) return json.ToString();
        json.Text(",\"side\":").Quoted(TraceWords.Of(volumetric.Side));
        if (volumetric.Rounding is { } own) Rounding(json, "volume_round", own);
        return json.ToString();
    }

    private static void Rounding(TraceBuffer json, string name, WeightRounding rounding)
    {
        var (word, by) = rounding switch
        {
            WeightRounding.CeilStep ceil => (CeilStep, ceil.Step.Milligrams),
            WeightRounding.TruncDecimals trunc => (TruncDecimals, trunc.Decimals),
            WeightRounding.HalfUpDecimals half => (HalfUpDecimals, half.Decimals),
            _ => throw new InvariantBrokenException("A weight is rounded in one of three ways.", rounding.ToString()),
        };
        json.Text(",\"").Text(name).Text("\":").Quoted(word).Text(",\"").Text(name).Text("_by\":").Number(by);
    }
}
