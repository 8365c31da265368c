using System.Runtime.InteropServices;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>JPEG through libturbojpeg: pictures to brightness, and frames of a camera that sends raw pixels to JPEG.</summary>
internal static unsafe partial class TurboJpeg
{
    private const int FormatRgb = 0;
    private const int FormatGray = 6;
    private const int Subsampling420 = 2;
    private const int Quality = 88;
    private const int Warning = 0;

    internal static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    internal static GrayImage Decode(ReadOnlySpan<byte> bytes)
    {
        if (!NativeLibraries.Has(NativeLibraries.TurboJpeg)) throw new ImageFileException(NativeLibraries.Missing(NativeLibraries.TurboJpeg, "A JPEG picture"));
        var handle = InitDecompress();
        if (handle == 0) throw new ImageFileException("libturbojpeg refuses to start.");
        try
        {
            fixed (byte* source = bytes)
            {
                var length = new CULong((nuint)bytes.Length);
                if (DecompressHeader(handle, source, length, out var width, out var height, out _, out _) != 0) throw Damaged(handle);
                ImageFile.CheckSize(width, height);
                var pixels = new byte[width * height];
                fixed (byte* target = pixels)
                {
                    // Cameras leave stray bytes that the library only warns of; what barcodes then say is checked by their own check characters.
                    if (Decompress(handle, source, length, target, width, 0, height, FormatGray, 0) != 0 && ErrorKind(handle) != Warning) throw Damaged(handle);
                }
                return new GrayImage(width, height, pixels);
            }
        }
        finally
        {
            _ = Destroy(handle);
        }
    }

    /// <summary>Packs <paramref name="rgb"/> (3 bytes a pixel, row by row). Throws <see cref="ImageFileException"/> when the library is missing or refuses.</summary>
    internal static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        if (!NativeLibraries.Has(NativeLibraries.TurboJpeg)) throw new ImageFileException(NativeLibraries.Missing(NativeLibraries.TurboJpeg, "A JPEG picture"));
        ImageFile.CheckSize(width, height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, width * height * 3);
        var handle = InitCompress();
        if (handle == 0) throw new ImageFileException("libturbojpeg refuses to start.");
        byte* packed = null;
        try
        {
            fixed (byte* source = rgb)
            {
                if (Compress(handle, source, width, 0, height, FormatRgb, &packed, out var length, Subsampling420, Quality, 0) != 0) throw Damaged(handle);
                return new ReadOnlySpan<byte>(packed, checked((int)length.Value)).ToArray();
            }
        }
        finally
        {
            if (packed != null) Free(packed);
            _ = Destroy(handle);
        }
    }

    private static ImageFileException Damaged(nint handle) => new($"The JPEG picture is damaged: {Marshal.PtrToStringUTF8(LastError(handle))}.");

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjInitDecompress")]
    private static partial nint InitDecompress();

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjInitCompress")]
    private static partial nint InitCompress();

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompressHeader3")]
    private static partial int DecompressHeader(nint handle, byte* source, CULong length, out int width, out int height, out int subsampling, out int colourSpace);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDecompress2")]
    private static partial int Decompress(nint handle, byte* source, CULong length, byte* target, int width, int pitch, int height, int format, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjCompress2")]
    private static partial int Compress(nint handle, byte* source, int width, int pitch, int height, int format, byte** target, out CULong length, int subsampling, int quality, int flags);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjDestroy")]
    private static partial int Destroy(nint handle);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjFree")]
    private static partial void Free(byte* buffer);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjGetErrorCode")]
    private static partial int ErrorKind(nint handle);

    [LibraryImport(NativeLibraries.TurboJpeg, EntryPoint = "tjGetErrorStr2")]
    private static partial nint LastError(nint handle);
}
