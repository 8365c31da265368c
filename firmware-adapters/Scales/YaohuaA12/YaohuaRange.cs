using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaA12;

/// <summary>The two words an A12 shows instead of a weight.</summary>
internal static class YaohuaRange
{
    /// <summary>Over for OL, Under for LO, null for anything else.</summary>
    internal static Condition? Of(ReadOnlySpan<byte> field)
    {
        field = field.Trim((byte)' ');
        return field.SequenceEqual("OL"u8) ? Condition.Over : field.SequenceEqual("LO"u8) ? Condition.Under : null;
    }

    internal static void Send(Condition condition, Basis basis, ReadOnlySpan<byte> frame, IReadingSink sink) =>
        new ShownWeight { Frame = frame, Basis = basis }.SendAs(condition, condition == Condition.Over ? "overload" : "underload", sink);
}
