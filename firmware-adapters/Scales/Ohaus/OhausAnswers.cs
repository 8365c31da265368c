using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.Ohaus;

/// <summary>What Ohaus indicators and balances say besides weights: legends, errors, acknowledgements.</summary>
internal static class OhausAnswers
{
    /// <summary>The basis a legend stands for; null for a legend nobody knows.</summary>
    internal static Basis? LegendBasis(ReadOnlySpan<byte> legend)
    {
        if (legend.IsEmpty) return Basis.Unknown;
        if (legend.SequenceEqual("G"u8)) return Basis.Gross;
        if (legend.SequenceEqual("N"u8) || legend.SequenceEqual("NET"u8)) return Basis.Net;
        if (legend.SequenceEqual("T"u8) || legend.SequenceEqual("PT"u8)) return Basis.Tare;
        return null;
    }

    /// <summary>Takes lines that are no weight: <c>OK!</c>, <c>ES</c>, <c>Err 8.3</c> (over), <c>Err 8.4</c> (under), other <c>Err</c>.</summary>
    internal static bool TryAnswer(ReadOnlySpan<byte> line, ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        line = line.Trim((byte)' ');
        var answer = new ShownWeight { Frame = frame };
        if (line.SequenceEqual("OK!"u8)) answer.SendAs(Condition.Other, "done", sink);
        else if (line.SequenceEqual("ES"u8)) answer.SendAs(Condition.Fault, "command not known", sink);
        else if (!line.StartsWith("Err"u8)) return false;
        else
        {
            var code = line[3..].Trim(" :"u8);
            if (code.SequenceEqual("8.3"u8)) answer.SendAs(Condition.Over, "overload", sink);
            else if (code.SequenceEqual("8.4"u8)) answer.SendAs(Condition.Under, "underload", sink);
            else answer.SendAs(Condition.Fault, "the scale reports an error", sink);
        }
        return true;
    }
}
