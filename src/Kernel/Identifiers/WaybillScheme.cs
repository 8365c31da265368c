using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// The waybill numbers of one installation: the prefix it issues under, and those it still reads (an earlier one, or a second when a day needs more than a million).
/// Immutable, safe to share between threads.
/// </summary>
public sealed class WaybillScheme
{
    private readonly string[] _prefixes;

    private WaybillScheme(string[] prefixes) => _prefixes = prefixes;

    /// <summary>The three letters new numbers start with.</summary>
    public string Prefix => _prefixes[0];

    /// <summary>Every prefix read as this installation's own, the issuing one first.</summary>
    public IReadOnlyList<string> Prefixes => _prefixes;

    /// <summary>From prefixes of three capital letters each; the first issues. Anything else throws <see cref="ArgumentException"/>: it is configuration.</summary>
    public static WaybillScheme Of(string prefix, params string[] alsoRead)
    {
        string[] all = [prefix, .. alsoRead];
        foreach (var each in all)
        {
            if (each is not { Length: 3 } || !IdentifierText.IsCapitals(each))
                throw new ArgumentException($"A waybill prefix is three capital letters A-Z; '{each}' is not.", nameof(prefix));
        }
        return new WaybillScheme(all);
    }

    /// <summary>
    /// The number of a serial of a day. Throws <see cref="ArgumentOutOfRangeException"/> outside the years 2000 to 2099 or serials 0 to
    /// <see cref="WaybillNumber.SerialMax"/>. Giving each serial out once is the caller's duty.
    /// </summary>
    public WaybillNumber Issue(LocalDate date, int serial) => WaybillNumber.Issue(Prefix, date, serial);

    /// <summary>Strict: the canonical text and nothing else, as files and wires carry it.</summary>
    public bool TryParse([NotNullWhen(true)] string? text, out WaybillNumber number, out WaybillFlaw flaw)
    {
        flaw = WaybillNumber.Read(text ?? "", out number);
        if (flaw is WaybillFlaw.None && !IsOwnPrefix(text!)) (flaw, number) = (WaybillFlaw.Prefix, default);
        else if (flaw is WaybillFlaw.CheckDigit or WaybillFlaw.Characters or WaybillFlaw.Date && !IsOwnPrefix(text!)) flaw = WaybillFlaw.Prefix;
        return flaw is WaybillFlaw.None;
    }

    /// <summary>Tolerant, for people and scanners: blanks, hyphens, small letters and full-width characters are put right first. The number is canonical.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out WaybillNumber number, out WaybillFlaw flaw)
    {
        var canonical = IdentifierText.Canonical(text);
        if (canonical is not null) return TryParse(canonical.Replace("-", "", StringComparison.Ordinal), out number, out flaw);
        (number, flaw) = (default, WaybillFlaw.Length);
        return false;
    }

    /// <summary>True when a canonical text starts with one of the prefixes and goes on with a digit: then it claims to be one of ours.</summary>
    internal bool Claims(string canonical) => canonical.Length > 3 && char.IsAsciiDigit(canonical[3]) && IsOwnPrefix(canonical);

    private bool IsOwnPrefix(string text) => Array.Exists(_prefixes, prefix => text.StartsWith(prefix, StringComparison.Ordinal));
}
