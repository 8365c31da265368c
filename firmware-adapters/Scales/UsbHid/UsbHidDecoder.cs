using KeyAccountLogistics.FirmwareAdapters.Readings;

namespace KeyAccountLogistics.FirmwareAdapters.Scales.UsbHid;

/// <summary>
/// One report of a USB point-of-sale scale as hidraw gives it: report id 3, status, unit, power of ten, 16 bits of magnitude. With no power above 0 no
/// shift of a report by a byte or more looks like a report.
/// </summary>
internal sealed class UsbHidDecoder(string? expectedUnit) : FrameDecoder(frameBytesMax: ReportBytes)
{
    private const byte ReportId = 3;
    private const int ReportBytes = 6;
    private const int DecimalsMax = 6;

    public override TimeSpan IdleGap => TimeSpan.FromMilliseconds(100);

    protected override CutAt FindCut(ReadOnlySpan<byte> head, bool idle)
    {
        if (head[0] != ReportId)
        {
            var start = head.IndexOf(ReportId);
            return CutAt.Skip(start < 0 ? head.Length : start, RejectReason.Format, "no report starts here");
        }
        if (head.Length < ReportBytes) return CutAt.More;
        return IsReport(head) ? CutAt.Frame(ReportBytes) : CutAt.Skip(1, RejectReason.Format, "status, unit or power of ten is none");
    }

    private static bool IsReport(ReadOnlySpan<byte> report) =>
        report[1] is >= 1 and <= 8 && report[2] is >= 1 and <= 12 && unchecked((sbyte)report[3]) is <= 0 and >= -DecimalsMax;

    /// <summary>HID point of sale usage tables 1.02, page 0x8D: the others (carat, tael, grain, …) are no unit of parcels.</summary>
    private static string? Unit(byte code) => code switch { 1 => "mg", 2 => "g", 3 => "kg", 8 => "t", 11 => "oz", 12 => "lb", _ => null };

    protected override void Read(ReadOnlySpan<byte> frame, IReadingSink sink)
    {
        var unit = Unit(frame[2]);
        if (unit is null) Reject(frame, RejectReason.Unit, "unit is not known", sink);
        else if (expectedUnit is not null && !string.Equals(unit, expectedUnit, StringComparison.Ordinal)) Reject(frame, RejectReason.Unit, "another unit than this scale was commissioned with", sink);
        else ReadStatus(frame, unit, sink);
    }

    private static void ReadStatus(ReadOnlySpan<byte> frame, string unit, IReadingSink sink)
    {
        var magnitude = frame[4] | (frame[5] << 8);
        var weight = new CountedWeight
        {
            Frame = frame,
            Count = magnitude,
            Negative = frame[1] == 5,   // the magnitude has no sign of its own
            Decimals = -unchecked((sbyte)frame[3]),
            Unit = unit,
            Stability = frame[1] switch { 2 or 4 => StabilityFlag.Stable, 3 => StabilityFlag.Moving, _ => StabilityFlag.NotReported },
        };
        switch (frame[1])
        {
            case 2 when magnitude != 0: Reject(frame, RejectReason.Format, "says zero and shows a weight", sink); break;
            case 5 when magnitude == 0: weight.SendAs(Condition.Under, "under zero", sink); break;
            case 2 or 3 or 4 or 5: weight.Send(sink); break;
            case 6: weight.SendAs(Condition.Over, "over capacity", sink); break;
            case 7: weight.SendAs(Condition.Fault, "needs calibration", sink); break;
            case 8: weight.SendAs(Condition.Fault, "needs to be zeroed", sink); break;
            default: weight.SendAs(Condition.Fault, "the scale reports a fault", sink); break;
        }
    }
}
