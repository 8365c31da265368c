using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;

/// <summary>The words that lines beginning with a two-letter status have in common.</summary>
internal static class StatusWords
{
    /// <summary>Reads the status. <paramref name="condition"/> is Ok where a value follows, Other where it is a held one, else what the status says.</summary>
    internal static bool TryStatus(ReadOnlySpan<byte> word, out StabilityFlag stability, out Condition condition)
    {
        stability = StabilityFlag.NotReported;
        condition = Condition.Ok;
        if (word.SequenceEqual("ST"u8) || word.SequenceEqual("QT"u8)) stability = StabilityFlag.Stable;
        else if (word.SequenceEqual("US"u8)) stability = StabilityFlag.Moving;
        else if (word.SequenceEqual("OL"u8)) condition = Condition.Over;
        else if (word.SequenceEqual("UL"u8)) condition = Condition.Under;
        else if (word.SequenceEqual("TL"u8)) condition = Condition.Fault;
        else if (word.SequenceEqual("HD"u8)) condition = Condition.Other;
        else return false;
        return true;
    }

    /// <summary>Gross, net or tare; null for a word nobody knows.</summary>
    internal static Basis? Kind(ReadOnlySpan<byte> word) => word switch
    {
        [(byte)'G', (byte)'S' or (byte)'R' or (byte)'W' or (byte)' '] => Basis.Gross,
        [(byte)'N', (byte)'T' or (byte)'W' or (byte)' '] => Basis.Net,
        [(byte)'T', (byte)'R' or (byte)'W' or (byte)' '] or [(byte)'P', (byte)'T'] => Basis.Tare,
        _ => null,
    };

    /// <summary>A status that says there is no weight: whatever digits or dashes follow are not looked at, but a minus before them tells under from over.</summary>
    internal static void SendRefused(in ShownWeight shown, Condition condition, IReadingSink sink)
    {
        var display = shown.Number.TrimStart(" ,"u8);
        var negative = display is [(byte)'-'] or [(byte)'-', not (byte)'-', ..];
        switch (condition)
        {
            case Condition.Over when negative: shown.SendAs(Condition.Under, "out of range (negative overload)", sink); break;
            case Condition.Over: shown.SendAs(Condition.Over, "overload", sink); break;
            case Condition.Under: shown.SendAs(Condition.Under, "underload", sink); break;
            default: shown.SendAs(Condition.Fault, "scale is not level", sink); break;
        }
    }
}
