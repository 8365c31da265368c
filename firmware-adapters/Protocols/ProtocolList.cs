using KeyAccountLogistics.FirmwareAdapters.Scales.Adam;
using KeyAccountLogistics.FirmwareAdapters.Scales.AndStandard;
using KeyAccountLogistics.FirmwareAdapters.Scales.Cas22;
using KeyAccountLogistics.FirmwareAdapters.Scales.CasEnq;
using KeyAccountLogistics.FirmwareAdapters.Scales.Dialog06;
using KeyAccountLogistics.FirmwareAdapters.Scales.Dibal;
using KeyAccountLogistics.FirmwareAdapters.Scales.Digi;
using KeyAccountLogistics.FirmwareAdapters.Scales.DiniArgeo;
using KeyAccountLogistics.FirmwareAdapters.Scales.F501;
using KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksFbputr;
using KeyAccountLogistics.FirmwareAdapters.Scales.FairbanksUps;
using KeyAccountLogistics.FirmwareAdapters.Scales.Jik;
using KeyAccountLogistics.FirmwareAdapters.Scales.Keli;
using KeyAccountLogistics.FirmwareAdapters.Scales.Kern;
using KeyAccountLogistics.FirmwareAdapters.Scales.MassaK;
using KeyAccountLogistics.FirmwareAdapters.Scales.Mt8217;
using KeyAccountLogistics.FirmwareAdapters.Scales.MtPrint;
using KeyAccountLogistics.FirmwareAdapters.Scales.MtSics;
using KeyAccountLogistics.FirmwareAdapters.Scales.Nci;
using KeyAccountLogistics.FirmwareAdapters.Scales.Ohaus;
using KeyAccountLogistics.FirmwareAdapters.Scales.Radwag;
using KeyAccountLogistics.FirmwareAdapters.Scales.Rinstrum;
using KeyAccountLogistics.FirmwareAdapters.Scales.SartoriusSbi;
using KeyAccountLogistics.FirmwareAdapters.Scales.Sma;
using KeyAccountLogistics.FirmwareAdapters.Scales.StatusLine;
using KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;
using KeyAccountLogistics.FirmwareAdapters.Scales.UsbHid;
using KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaA12;
using KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaFrame;
using KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaStream;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Honeywell;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Ssi;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Wedge;

namespace KeyAccountLogistics.FirmwareAdapters.Protocols;

/// <summary>Every protocol built here. Add one line per protocol; nothing is found by reflection.</summary>
public static class ProtocolList
{
    /// <summary>In the order they are shown to people.</summary>
    public static IReadOnlyList<Protocol> All { get; } =
    [
        MtSicsProtocol.MtSics,
        MtSicsProtocol.KernKcp,
        MtPrintProtocol.Protocol,
        ToledoContinuousProtocol.Protocol,
        YaohuaStreamProtocol.Reversed,
        YaohuaStreamProtocol.AsShown,
        YaohuaFrameProtocol.Stream,
        YaohuaFrameProtocol.Command,
        YaohuaA12Protocol.A12,
        YaohuaA12Protocol.A12E,
        KeliProtocol.Protocol,
        OhausProtocol.Defender,
        OhausProtocol.Lab,
        AndProtocol.Standard,
        AndProtocol.Ad4329,
        Cas22Protocol.Protocol,
        StatusLineProtocol.TScaleNhb,
        StatusLineProtocol.TScaleQhw,
        StatusLineProtocol.GeneralMeasure,
        DiniArgeoProtocol.Protocol,
        RadwagProtocol.Protocol,
        SartoriusSbiProtocol.Protocol,
        KernProtocol.Fixed,
        KernProtocol.De,
        KernProtocol.AuxiliaryDigit,
        RinstrumProtocol.Protocol,
        SmaProtocol.Protocol,
        JikProtocol.Protocol,
        FairbanksUpsProtocol.Protocol,
        FbputrProtocol.Protocol,
        AdamProtocol.CpwPlus,
        AdamProtocol.Az,
        NciProtocol.Scp01,
        NciProtocol.Scp12,
        NciProtocol.Ecr,
        Mt8217Protocol.Protocol,
        Dialog06Protocol.Protocol,
        CasEnqProtocol.Protocol,
        DibalProtocol.Protocol,
        DigiProtocol.Protocol,
        F501Protocol.Protocol,
        MassaKProtocol.J,
        MassaKProtocol.Hundred,
        UsbHidProtocol.Protocol,
        AimScannerProtocol.Protocol,
        SsiProtocol.Ssi,
        SsiProtocol.Twin,
        HoneywellProtocol.Protocol,
        WedgeProtocol.Protocol,
    ];

    /// <summary>The protocol of an id, or null.</summary>
    public static Protocol? Find(string id) => All.FirstOrDefault(protocol => string.Equals(protocol.Id, id, StringComparison.Ordinal));
}
