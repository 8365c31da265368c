namespace KeyAccountLogistics.FirmwareAdapters.Cameras;

/// <summary>
/// The codes of a picture: the libraries see it as it is and in versions that take out what hides a code (small modules, shadow, low contrast, blur, slant,
/// a cut quiet zone), within a time; what they find is merged and believed by <see cref="CodeRules"/>.
/// </summary>
public static class ReadCodes
{
    /// <summary>The time that a picture in which nothing is found may take.</summary>
    public static readonly TimeSpan UsualBudget = TimeSpan.FromSeconds(2);

    private const int LargeSide = 1_600;
    private const int SmallSide = 1_000;
    private const int Margin = 24;

    /// <summary>Why codes cannot be read on this machine, with the Debian package to install; null when they can.</summary>
    public static string? Unavailable =>
        NativeLibraries.Has(NativeLibraries.Zbar) ? null : NativeLibraries.Missing(NativeLibraries.Zbar, "Reading barcodes from pictures");

    /// <summary>
    /// Believed codes, each once, most scan lines first. The budget is looked at between versions: one version of a large picture may run over it. Throws
    /// <see cref="ImageFileException"/> where <see cref="Unavailable"/> says why.
    /// </summary>
    public static IReadOnlyList<PictureCode> Run(GrayImage image, TimeSpan budget, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(time);
        if (Unavailable is { } why) throw new ImageFileException(why);
        var began = time.GetTimestamp();
        using var zbar = new ZbarScanner();
        var found = new MergedSymbols();
        foreach (var version in UsualVersions(image).Concat(DataMatrix(image)).Concat(HardVersions(image)).Concat(TurnedVersions(image)))
        {
            if (version.When == Try.IfNothing ? found.AnyBelieved : version.When == Try.IfNoBars && found.AnyBars) continue;
            if (time.GetElapsedTime(began) > budget) break;
            if (version.Make() is not { } made) continue;
            found.Take(version.IsDataMatrix ? DmtxScanner.Scan(made, budget / 4) : zbar.Scan(made), version.Seen);
        }
        return found.Believed();
    }

    /// <summary>Which finds make a further look superfluous.</summary>
    private enum Try
    {
        /// <summary>Any.</summary>
        IfNothing,

        /// <summary>A linear one: a label has one beside its QR Code, and a slant that QR bears hides it.</summary>
        IfNoBars,

        /// <summary>None: a second code may show in only one of several versions.</summary>
        Always,
    }

    private readonly record struct Version(Func<GrayImage?> Make, Try When = Try.IfNothing, bool IsDataMatrix = false, Seen Seen = Seen.Moved);

    private static IEnumerable<Version> UsualVersions(GrayImage image)
    {
        yield return new Version(() => image, Try.Always, Seen: Seen.AsItIs);
        if (Longest(image) < SmallSide) yield return new Version(() => ImageChanges.Scaled(image, 2), Try.Always);
        if (Longest(image) > LargeSide) yield return new Version(() => ImageChanges.Scaled(image, 0.5), Try.Always);
        yield return new Version(() => ImageChanges.Stretched(image), Try.Always, Seen: Seen.Reshaded);
    }

    private static IEnumerable<Version> DataMatrix(GrayImage image)
    {
        if (!NativeLibraries.Has(NativeLibraries.Dmtx)) yield break;
        yield return new Version(() => ImageChanges.Padded(Fitting(image, SmallSide), Margin), IsDataMatrix: true);
    }

    /// <summary>libzbar looks along rows and columns; bars that lie between them are turned towards them.</summary>
    private static IEnumerable<Version> TurnedVersions(GrayImage image)
    {
        var fitting = Fitting(image, LargeSide);
        foreach (var degrees in (double[])[45, 22.5, 67.5]) yield return new Version(() => ImageChanges.Turned(fitting, degrees), Try.IfNoBars);
        foreach (var degrees in (double[])[11, 34, 56, 79]) yield return new Version(() => ImageChanges.Turned(fitting, degrees));
    }

    private static IEnumerable<Version> HardVersions(GrayImage image)
    {
        var fitting = Fitting(image, LargeSide);
        yield return new Version(() => ImageChanges.Padded(fitting, Margin));
        yield return new Version(() => ImageChanges.Thresholded(fitting, Math.Max(15, Longest(fitting) / 24), 6), Seen: Seen.Reshaded);
        yield return new Version(() => ImageChanges.Sharpened(fitting), Seen: Seen.Reshaded);
        yield return new Version(() => ImageChanges.Smoothed(fitting, 2), Seen: Seen.Reshaded);
        yield return new Version(() => ImageChanges.Thresholded(fitting, Math.Max(9, Longest(fitting) / 60), 3), Seen: Seen.Reshaded);
        if (Longest(image) < SmallSide / 2) yield return new Version(() => Margined(ImageChanges.Scaled(image, 4)));
        if (Longest(image) < SmallSide) yield return new Version(() => Margined(ImageChanges.Scaled(image, 3)));
        foreach (var factor in (double[])[0.75, 0.5, 0.33, 1.5]) yield return new Version(() => ImageChanges.Scaled(fitting, factor));
    }

    private static GrayImage? Margined(GrayImage? image) => image is null ? null : ImageChanges.Padded(image, Margin);

    private static GrayImage Fitting(GrayImage image, int side) =>
        Longest(image) <= side ? image : ImageChanges.Scaled(image, (double)side / Longest(image)) ?? image;

    private static int Longest(GrayImage image) => Math.Max(image.Width, image.Height);
}

/// <summary>What a version has done to the picture.</summary>
internal enum Seen
{
    /// <summary>Nothing.</summary>
    AsItIs,

    /// <summary>Scaled, padded, turned: no brightness that the picture does not have.</summary>
    Moved,

    /// <summary>Stretched, thresholded, sharpened, smoothed.</summary>
    Reshaded,
}

/// <summary>What all versions of one picture gave, each symbol once with the scan lines of all of them.</summary>
internal sealed class MergedSymbols
{
    private readonly List<FoundSymbol> _symbols = [];

    internal bool AnyBars => _symbols.Exists(static s => s.Kind is not (SymbolKind.Qr or SymbolKind.DataMatrix) && CodeRules.IsBelieved(s));

    internal bool AnyBelieved => _symbols.Exists(static s => CodeRules.IsBelieved(s));

    internal void Take(IReadOnlyList<FoundSymbol> found, Seen seen)
    {
        foreach (var one in found)
        {
            var symbol = one with { AsItIs = seen == Seen.AsItIs ? one.ScanLines : 0, Moved = seen == Seen.Moved ? one.ScanLines : 0 };
            var at = _symbols.FindIndex(s => s.Kind == symbol.Kind && string.Equals(s.Text, symbol.Text, StringComparison.Ordinal));
            if (at < 0) _symbols.Add(symbol);
            else _symbols[at] = Merged(_symbols[at], symbol);
        }
    }

    private static FoundSymbol Merged(FoundSymbol a, FoundSymbol b) =>
        a with { ScanLines = a.ScanLines + b.ScanLines, AsItIs = Math.Max(a.AsItIs, b.AsItIs), Moved = Math.Max(a.Moved, b.Moved) };

    internal IReadOnlyList<PictureCode> Believed() =>
    [
        .. _symbols.Where(s => CodeRules.IsBelieved(s) && !IsPartOfAnother(s))
            .OrderByDescending(static s => s.ScanLines)
            .Select(static s => new PictureCode(CodeRules.NameOf(s), s.Text, s.ScanLines)),
    ];

    /// <summary>A scan line that leaves an unchecked symbol half way reads a shorter one: the same digits, fewer of them, on fewer lines.</summary>
    private bool IsPartOfAnother(FoundSymbol symbol) => CodeRules.IsUnchecked(symbol.Kind) && _symbols.Exists(other =>
        other.Kind == symbol.Kind && other.Text.Length > symbol.Text.Length && other.Text.Contains(symbol.Text, StringComparison.Ordinal) && other.ScanLines >= symbol.ScanLines);
}
