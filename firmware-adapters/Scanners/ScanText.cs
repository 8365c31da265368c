using System.Text;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.FirmwareAdapters.Scanners.Aim;

namespace KeyAccountLogistics.FirmwareAdapters.Scanners;

/// <summary>From the bytes a scanner says a symbol holds to a scan or a rejection; the same for every scanner protocol.</summary>
internal static class ScanText
{
    /// <summary>The longest symbol there is (QR 40-L) holds 4,296 characters in its narrowest mode; labels hold far less.</summary>
    internal const int BytesMax = 4352;

    internal const string EncodingOption = "text";

    internal const string EncodingMeaning = "utf-8 (the default), or gb18030 (also GBK and GB 2312): how symbols of this depot's labels hold Chinese; bytes that are not it are refused";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>The encoding a device was commissioned with; decoding bytes that are not of it throws.</summary>
    internal static Encoding EncodingOf(ProtocolSettings settings) => settings.Choice(EncodingOption, "utf-8", "gb18030") is "gb18030" ? Gb18030 : Utf8;

    /// <summary>Text that begins with its AIM identifier.</summary>
    internal static void GiveIdentified(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> text, Encoding encoding, IReadingSink sink)
    {
        if (text.Length >= 3 && AimSymbology.Find(text[1], text[2]) is { } symbology) Give(frame, text[3..], symbology, Encoding.ASCII.GetString(text[..3]), encoding, sink);
        else FrameDecoder.Reject(frame, RejectReason.Format, "unknown symbology identifier", sink);
    }

    /// <summary>Text whose symbology nothing says: never GS1.</summary>
    internal static void GiveUnidentified(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> text, Encoding encoding, IReadingSink sink) =>
        Give(frame, text, new AimSymbology(ScanReading.UnknownSymbology), null, encoding, sink);

    /// <summary>Text of a symbology known otherwise; what its symbology does not allow is rejected.</summary>
    internal static void Give(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> data, AimSymbology symbology, string? aimId, Encoding encoding, IReadingSink sink)
    {
        if (symbology.Fault(data) is { } fault)
        {
            FrameDecoder.Reject(frame, RejectReason.Content, fault, sink);
            return;
        }
        try
        {
            sink.OnScan(new ScanReading(symbology.Name, aimId, encoding.GetString(data), symbology.IsGs1, NoRead: false, new RawFrame(frame)));
        }
        catch (DecoderFallbackException)
        {
            FrameDecoder.Reject(frame, RejectReason.Content, "bytes that are no text in the encoding set", sink);
        }
    }

    internal static void GiveNoRead(ReadOnlySpan<byte> frame, IReadingSink sink) =>
        sink.OnScan(new ScanReading(ScanReading.NoSymbology, null, "", IsGs1: false, NoRead: true, new RawFrame(frame)));

    internal static void GiveAnswer(ReadOnlySpan<byte> frame, string text, ScannerAnswer answer, IReadingSink sink) =>
        sink.OnScan(new ScanReading(ScanReading.NoSymbology, null, text, IsGs1: false, NoRead: false, new RawFrame(frame)) { Answer = answer });
}
