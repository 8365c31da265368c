using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>WebP through libwebp: what phones and messengers send.</summary>
internal static unsafe partial class WebP
{
    internal static bool IsWebP(ReadOnlySpan<byte> bytes) => bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    internal static GrayImage Decode(ReadOnlySpan<byte> bytes)
    {
        if (!NativeLibraries.Has(NativeLibraries.WebP)) throw new ImageFileException(NativeLibraries.Missing(NativeLibraries.WebP, "A WebP picture"));
        fixed (byte* source = bytes)
        {
            if (Size(source, (nuint)bytes.Length, out var width, out var height) == 0) throw new ImageFileException("The WebP picture is damaged: it has no header.");
            ImageFile.CheckSize(width, height);
            var colours = new byte[width * height * 4L];
            fixed (byte* target = colours)
            {
                if (DecodeInto(source, (nuint)bytes.Length, target, (nuint)colours.Length, width * 4) == null)
                    throw new ImageFileException("The WebP picture is damaged or animated: it does not unpack.");
            }
            var pixels = new byte[width * height];
            for (var i = 0; i < pixels.Length; i++) pixels[i] = GrayImage.Brightness(colours[i * 4], colours[(i * 4) + 1], colours[(i * 4) + 2], colours[(i * 4) + 3]);
            return new GrayImage(width, height, pixels);
        }
    }

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPGetInfo")]
    private static partial int Size(byte* source, nuint length, out int width, out int height);

    [LibraryImport(NativeLibraries.WebP, EntryPoint = "WebPDecodeRGBAInto")]
    private static partial byte* DecodeInto(byte* source, nuint length, byte* target, nuint targetLength, int stride);
}
