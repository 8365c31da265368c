using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody;

/// <summary>From what stands in a fact or a request to the key of a parcel's row.</summary>
internal static class ParcelCodes
{
    /// <summary>The canonical code; the text as it came where it is none (it still names something); null for no text.</summary>
    internal static string? KeyOf(string text, WaybillScheme waybills)
    {
        if (text.Length == 0) return null;
        if (IsCanonical(text)) return text;
        return ParcelCode.TryRead(text, waybills, out var code, out _) ? code.Text : text;
    }

    /// <summary>The code of one of several pieces: the waybill and the piece's number.</summary>
    internal static string PieceOf(string waybill, int piece, int pieces) =>
        pieces == 1 ? waybill : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{waybill}-{piece:000}");

    private static bool IsCanonical(string text)
    {
        // With a hyphen it may be one of our own numbers written in groups: the slow way decides.
        if (text.Length is < ParcelCode.LengthMin or > ParcelCode.LengthMax) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c)) return false;
        }
        return true;
    }
}
