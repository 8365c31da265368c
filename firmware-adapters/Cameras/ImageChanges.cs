namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>Versions of a picture in which a code may be legible where it is not in the picture itself. Each gives a new picture. Pure.</summary>
internal static class ImageChanges
{
    /// <summary>Scaled by <paramref name="factor"/>: averaged where it shrinks, interpolated where it grows. Null when that is no size of a picture.</summary>
    internal static GrayImage? Scaled(GrayImage image, double factor)
    {
        var (width, height) = ((int)Math.Round(image.Width * factor), (int)Math.Round(image.Height * factor));
        if (!GrayImage.IsSize(width, height)) return null;
        return factor < 1 ? Shrunk(image, width, height) : Sampled(image, width, height, (x, y) => (((x + 0.5) / factor) - 0.5, ((y + 0.5) / factor) - 0.5), clamp: true);
    }

    /// <summary>Turned by <paramref name="degrees"/> about its middle, on white.</summary>
    internal static GrayImage? Turned(GrayImage image, double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        var width = (int)Math.Ceiling((image.Width * Math.Abs(cos)) + (image.Height * Math.Abs(sin)));
        var height = (int)Math.Ceiling((image.Width * Math.Abs(sin)) + (image.Height * Math.Abs(cos)));
        if (!GrayImage.IsSize(width, height)) return null;
        var (middleX, middleY) = ((width - 1) / 2.0, (height - 1) / 2.0);
        return Sampled(image, width, height, (x, y) =>
        {
            var (dx, dy) = (x - middleX, y - middleY);
            return ((dx * cos) + (dy * sin) + ((image.Width - 1) / 2.0), (dy * cos) - (dx * sin) + ((image.Height - 1) / 2.0));
        }, clamp: false);
    }

    /// <summary>With a white margin: a picture cut at the code's edge has lost the quiet zone that readers look for.</summary>
    internal static GrayImage? Padded(GrayImage image, int margin)
    {
        var (width, height) = (image.Width + (2 * margin), image.Height + (2 * margin));
        if (!GrayImage.IsSize(width, height)) return null;
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)255);
        for (var y = 0; y < image.Height; y++) image.Pixels.AsSpan(y * image.Width, image.Width).CopyTo(pixels.AsSpan(((y + margin) * width) + margin));
        return new GrayImage(width, height, pixels);
    }

    /// <summary>Darkest two per cent to black, lightest two per cent to white. Null when it is so already.</summary>
    internal static GrayImage? Stretched(GrayImage image)
    {
        var counts = new int[256];
        foreach (var pixel in image.Pixels) counts[pixel]++;
        var tail = image.Pixels.Length / 50;
        var (dark, light) = (0, 255);
        for (var sum = counts[0]; sum <= tail && dark < 254; sum += counts[dark]) dark++;
        for (var sum = counts[255]; sum <= tail && light > dark + 1; sum += counts[light]) light--;
        if (dark < 8 && light > 247) return null;
        var map = new byte[256];
        for (var i = 0; i < 256; i++) map[i] = (byte)Math.Clamp((i - dark) * 255 / (light - dark), 0, 255);
        return Mapped(image, map);
    }

    /// <summary>Black where a pixel is darker than the mean of the square around it: takes out shadows and glare. <paramref name="window"/> is the square's side.</summary>
    internal static GrayImage Thresholded(GrayImage image, int window, int darkerBy)
    {
        var (width, height, half) = (image.Width, image.Height, window / 2);
        var sums = new long[(width + 1) * (height + 1)];
        for (var y = 0; y < height; y++)
        {
            long row = 0;
            for (var x = 0; x < width; x++)
            {
                row += image.Pixels[(y * width) + x];
                sums[((y + 1) * (width + 1)) + x + 1] = sums[(y * (width + 1)) + x + 1] + row;
            }
        }
        var pixels = new byte[image.Pixels.Length];
        for (var y = 0; y < height; y++)
        {
            var (top, bottom) = (Math.Max(0, y - half) * (width + 1), Math.Min(height, y + half + 1) * (width + 1));
            var rows = Math.Min(height, y + half + 1) - Math.Max(0, y - half);
            for (var x = 0; x < width; x++)
            {
                var (left, right) = (Math.Max(0, x - half), Math.Min(width, x + half + 1));
                var mean = (sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]) / (rows * (right - left));
                pixels[(y * width) + x] = image.Pixels[(y * width) + x] + darkerBy < mean ? (byte)0 : (byte)255;
            }
        }
        return new GrayImage(width, height, pixels);
    }

    /// <summary>Each pixel the mean of the square of <paramref name="radius"/> around it: takes out grain.</summary>
    internal static GrayImage Smoothed(GrayImage image, int radius)
    {
        var (width, height) = (image.Width, image.Height);
        var across = new byte[image.Pixels.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) across[(y * width) + x] = Mean(image.Pixels, y * width, 1, x, width, radius);
        }
        var pixels = new byte[image.Pixels.Length];
        for (var x = 0; x < width; x++)
        {
            for (var y = 0; y < height; y++) pixels[(y * width) + x] = Mean(across, x, width, y, height, radius);
        }
        return new GrayImage(width, height, pixels);
    }

    private static byte Mean(byte[] pixels, int start, int step, int at, int count, int radius)
    {
        var (from, to, sum) = (Math.Max(0, at - radius), Math.Min(count - 1, at + radius), 0);
        for (var i = from; i <= to; i++) sum += pixels[start + (i * step)];
        return (byte)(sum / (to - from + 1));
    }

    /// <summary>Edges raised: each pixel moved away from the mean of its neighbours.</summary>
    internal static GrayImage Sharpened(GrayImage image)
    {
        var (width, height, from) = (image.Width, image.Height, image.Pixels);
        var pixels = (byte[])from.Clone();
        for (var y = 1; y < height - 1; y++)
        {
            for (var at = (y * width) + 1; at < ((y + 1) * width) - 1; at++)
            {
                var around = from[at - 1] + from[at + 1] + from[at - width] + from[at + width];
                pixels[at] = (byte)Math.Clamp((from[at] * 5) - around, 0, 255);
            }
        }
        return new GrayImage(width, height, pixels);
    }

    private static GrayImage Mapped(GrayImage image, byte[] map)
    {
        var pixels = new byte[image.Pixels.Length];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = map[image.Pixels[i]];
        return new GrayImage(image.Width, image.Height, pixels);
    }

    private static GrayImage Shrunk(GrayImage image, int width, int height)
    {
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var (top, bottom) = ((int)((long)y * image.Height / height), (int)((((long)y + 1) * image.Height + height - 1) / height));
            for (var x = 0; x < width; x++)
            {
                var (left, right) = ((int)((long)x * image.Width / width), (int)((((long)x + 1) * image.Width + width - 1) / width));
                var sum = 0;
                for (var row = top; row < bottom; row++)
                {
                    for (var column = left; column < right; column++) sum += image.Pixels[(row * image.Width) + column];
                }
                pixels[(y * width) + x] = (byte)(sum / ((bottom - top) * (right - left)));
            }
        }
        return new GrayImage(width, height, pixels);
    }

    /// <summary>Each new pixel between the four old ones around the place it comes from; beyond the edge the edge itself, or white.</summary>
    private static GrayImage Sampled(GrayImage image, int width, int height, Func<int, int, (double X, double Y)> from, bool clamp)
    {
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (sourceX, sourceY) = from(x, y);
                var (left, top) = ((int)Math.Floor(sourceX), (int)Math.Floor(sourceY));
                var (acrossX, acrossY) = (sourceX - left, sourceY - top);
                var upper = (At(left, top) * (1 - acrossX)) + (At(left + 1, top) * acrossX);
                var lower = (At(left, top + 1) * (1 - acrossX)) + (At(left + 1, top + 1) * acrossX);
                pixels[(y * width) + x] = (byte)Math.Round((upper * (1 - acrossY)) + (lower * acrossY));
            }
        }
        return new GrayImage(width, height, pixels);

        int At(int x, int y)
        {
            if (clamp) return image.Pixels[(Math.Clamp(y, 0, image.Height - 1) * image.Width) + Math.Clamp(x, 0, image.Width - 1)];
            return x < 0 || y < 0 || x >= image.Width || y >= image.Height ? 255 : image.Pixels[(y * image.Width) + x];
        }
    }
}
