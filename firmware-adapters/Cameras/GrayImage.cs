using System.Globalization;

namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>A picture of brightness, row by row from the top, 0 black to 255 white. What barcodes are read from; colour plays no part in them.</summary>
public sealed class GrayImage
{
    /// <summary>Most pixels of a picture: 64 MP, more than any camera at a depot has (law 10).</summary>
    public const int PixelsMax = 64 << 20;

    /// <summary>Longest side.</summary>
    public const int SideMax = 32_767;

    /// <summary>A picture over <paramref name="pixels"/>, which it keeps. Throws <see cref="ArgumentException"/> when their number is not width times height.</summary>
    public GrayImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (!IsSize(width, height) || pixels.Length != width * height) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{width} x {height} is no size of {pixels.Length} pixels."), nameof(pixels));
        (Width, Height, Pixels) = (width, height, pixels);
    }

    /// <summary>Columns, at least 1.</summary>
    public int Width { get; }

    /// <summary>Rows, at least 1.</summary>
    public int Height { get; }

    /// <summary>Width times height bytes.</summary>
    public byte[] Pixels { get; }

    /// <summary>True for a size that is taken; asked before anything is allocated for it.</summary>
    public static bool IsSize(long width, long height) => width is > 0 and <= SideMax && height is > 0 and <= SideMax && width * height <= PixelsMax;

    /// <summary>Brightness of a colour by ITU-R BT.709, on white where it is transparent. All from 0 to 255.</summary>
    internal static byte Brightness(int red, int green, int blue, int opacity = 255)
    {
        var luma = ((red * 2126) + (green * 7152) + (blue * 722) + 5_000) / 10_000;
        return (byte)(((luma * opacity) + (255 * (255 - opacity)) + 127) / 255);
    }
}
