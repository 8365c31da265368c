using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Life;
using Google.Protobuf;

namespace KeyAccountLogistics.Custody.Projections;

/// <summary>
/// What the facts say of one scale. Merging takes the latest of each kind, so order and repetition of the facts change nothing. Times are microseconds, 0 = never.
/// </summary>
internal readonly record struct ScaleRecord(long CheckedUs, bool CheckPassed, ByteString Check, long QuarantinedUs, long ReleasedUs, long AskedUs, long DoubtUs, ByteString Bias)
{
    internal static ScaleRecord Empty { get; } = new(0, false, ByteString.Empty, 0, 0, 0, 0, ByteString.Empty);

    internal bool IsQuarantined => QuarantinedUs > ReleasedUs;

    /// <summary>True when a check that was asked for has not been done since.</summary>
    internal bool OwesCheck => AskedUs > 0 && CheckedUs <= AskedUs;

    /// <summary>What a fact says; null for a fact that is not of scales.</summary>
    internal static (string Depot, string Device, ScaleRecord Record)? Of(in LifeFact fact)
    {
        var e = fact.Event;
        if (e.Kind is < EventKind.ScaleChecked or > EventKind.ScaleCheckAsked || e.Node.Length == 0 || e.Device.Length == 0) return null;
        var bias = e.ScaleBias?.ToByteString() ?? ByteString.Empty;
        var record = e.Kind switch
        {
            EventKind.ScaleChecked when e.ScaleCheck is { } check => Empty with { CheckedUs = fact.BestUs, CheckPassed = check.Passed, Check = Figures(check) },
            EventKind.ScaleQuarantined => Empty with { QuarantinedUs = fact.BestUs, DoubtUs = fact.BestUs, Bias = bias },
            EventKind.ScaleReleased => Empty with { ReleasedUs = fact.BestUs },
            EventKind.ScaleCheckAsked => Empty with { AskedUs = fact.BestUs, DoubtUs = fact.BestUs, Bias = bias },
            _ => Empty,
        };
        return record == Empty ? null : (LifeLimits.Clip(e.Node), LifeLimits.Clip(e.Device), record);
    }

    internal ScaleRecord With(in ScaleRecord other)
    {
        var merged = this;
        if (other.CheckedUs > CheckedUs) merged = merged with { CheckedUs = other.CheckedUs, CheckPassed = other.CheckPassed, Check = other.Check };
        if (other.DoubtUs > DoubtUs) merged = merged with { DoubtUs = other.DoubtUs, Bias = other.Bias };
        return merged with
        {
            QuarantinedUs = Math.Max(QuarantinedUs, other.QuarantinedUs), ReleasedUs = Math.Max(ReleasedUs, other.ReleasedUs), AskedUs = Math.Max(AskedUs, other.AskedUs),
        };
    }

    // The frames stay in the journal.
    private static ByteString Figures(ScaleCheck check)
    {
        var figures = check.Clone();
        foreach (var step in figures.Steps) step.Frames.Clear();
        return figures.ToByteString();
    }
}
