using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>A picture file that cannot be read: what is wrong with it, or what this machine lacks, for people.</summary>
public sealed class ImageFileException(string message) : Exception(message);

/// <summary>Pictures from files: PNG by the reader here, JPEG and WebP through their libraries. The kind is told by the content, never by the name.</summary>
public static class ImageFile
{
    /// <summary>Largest file read.</summary>
    public const int BytesMax = 64 << 20;

    /// <summary>
    /// The picture of a file. Throws <see cref="ImageFileException"/> when it is none of these, damaged or too large, and <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> when it cannot be opened.
    /// </summary>
    public static GrayImage Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!file.CanSeek) throw new ImageFileException("This is a pipe or a device, no file.");
        if (file.Length > BytesMax) throw new ImageFileException(string.Create(CultureInfo.InvariantCulture, $"The file has {file.Length >> 20} MiB; at most {BytesMax >> 20} MiB are read."));
        var bytes = new byte[(int)file.Length];
        file.ReadExactly(bytes);
        return Decode(bytes);
    }

    /// <summary>The picture in <paramref name="bytes"/>; throws <see cref="ImageFileException"/> like <see cref="Read"/>.</summary>
    public static GrayImage Decode(ReadOnlySpan<byte> bytes)
    {
        if (PngReader.IsPng(bytes)) return PngReader.Decode(bytes);
        if (TurboJpeg.IsJpeg(bytes)) return TurboJpeg.Decode(bytes);
        if (WebP.IsWebP(bytes)) return WebP.Decode(bytes);
        throw new ImageFileException(bytes.IsEmpty ? "The file is empty." : "This is neither a PNG, a JPEG nor a WebP picture.");
    }

    internal static void CheckSize(long width, long height)
    {
        if (GrayImage.IsSize(width, height)) return;
        throw new ImageFileException(width <= 0 || height <= 0
            ? "The picture has no pixels."
            : string.Create(CultureInfo.InvariantCulture, $"The picture is {width} x {height} pixels; at most {GrayImage.PixelsMax >> 20} megapixels and {GrayImage.SideMax} a side are read."));
    }
}
