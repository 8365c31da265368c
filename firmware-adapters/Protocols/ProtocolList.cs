using KeyAccountLogistics.FirmwareAdapters.Scales.MtSics;
using KeyAccountLogistics.FirmwareAdapters.Scales.ToledoContinuous;
using KeyAccountLogistics.FirmwareAdapters.Scales.YaohuaStream;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

namespace KeyAccountLogistics.FirmwareAdapters.Protocols;

/// <summary>Every protocol built here. Add one line per protocol; nothing is found by reflection.</summary>
public static class ProtocolList
{
    /// <summary>In the order they are shown to people.</summary>
    public static IReadOnlyList<Protocol> All { get; } =
    [
        MtSicsProtocol.MtSics,
        MtSicsProtocol.KernKcp,
        ToledoContinuousProtocol.Protocol,
        YaohuaStreamProtocol.Reversed,
        YaohuaStreamProtocol.AsShown,
        AimScannerProtocol.Protocol,
    ];

    /// <summary>The protocol of an id, or null.</summary>
    public static Protocol? Find(string id) => All.FirstOrDefault(protocol => string.Equals(protocol.Id, id, StringComparison.Ordinal));
}
