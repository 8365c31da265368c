namespace KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

/// <summary>Scans with the identifier of ISO/IEC 15424 before the data; GS1 data must hold to its character set, EAN to its check digit.</summary>
internal sealed class AimScannerDecoder(ScanLineSettings settings) : ScanLineDecoder(settings);
