using System.Globalization;
using System.Text.RegularExpressions;

namespace KeyAccountLogistics.Kernel;

/// <summary>
/// What of a person may stand on a waybill or page for everybody: GB/T 41833-2022 hides at least one character of a name, six digits of a phone number, and unit and room
/// of an address. A mask cannot be undone; to reveal is an audited act elsewhere. Where nothing is recognised more is hidden, not less.
/// </summary>
public static partial class Masking
{
    private const string Hidden = "***";
    private const int AddressMax = 500;

    /// <summary>Keeps the first character and a star for each other: 张三 becomes 张*. A single character is hidden.</summary>
    public static string Name(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var trimmed = name.Trim();
        // Characters beyond the 16-bit plane (rare surnames such as 𠮷) are two units: count in text elements.
        var elements = StringInfo.ParseCombiningCharacters(trimmed);
        return elements.Length switch
        {
            0 => "",
            1 => "*",
            _ => trimmed[..elements[1]] + new string('*', elements.Length - 1),
        };
    }

    /// <summary>
    /// Keeps the last two digits and, before six hidden ones or more, at most five: 13812345678 becomes 138******78. Signs between digits stay. Eight digits or fewer keep
    /// only what exceeds six, from the end.
    /// </summary>
    public static string Phone(string phone)
    {
        ArgumentNullException.ThrowIfNull(phone);
        var digits = phone.Count(char.IsDigit);
        var shownLast = Math.Clamp(digits - 6, 0, 2);
        var shownFirst = Math.Clamp(digits - 6 - shownLast, 0, 5);
        var at = 0;
        return string.Concat(phone.Select(c => char.IsDigit(c) && ++at > shownFirst && at <= digits - shownLast ? '*' : c));
    }

    /// <summary>Keeps street, number and building, hides unit and room: 文三路90号3幢2单元501室 becomes 文三路90号3幢***.</summary>
    public static string Address(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var trimmed = address.Trim();
        if (trimmed.Length == 0) return "";
        if (trimmed.Length > AddressMax) return Hidden;   // no address: nothing of it is known to be harmless
        if (UnitOrRoom().Match(trimmed) is { Success: true } unit) return trimmed[..unit.Index].TrimEnd(' ', ',', '，', '-', '/') + Hidden;
        if (LastNumberedPlace().Match(trimmed) is { Success: true } place) return place.Length == trimmed.Length ? trimmed : place.Value + Hidden;
        return trimmed[..(trimmed.Length / 2)] + Hidden;
    }

    // The first number or ordinal that is followed by a word for unit, floor or room, Chinese or Western.
    [GeneratedRegex(@"[0-9０-９A-Za-z甲乙丙丁一二三四五六七八九十百东南西北]+\s*(?:单元|室|房|层|楼(?!下)|户|门)|\b(?:apt|apto|apartamento|apartment|unit|room|rm|suite|ste|floor|fl|sala|bloco)\b\.?|#\s*\d",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex UnitOrRoom();

    // Up to the last word that ends a street number or building.
    [GeneratedRegex("^.*(?:号楼|号院|号|幢|栋|座|弄|巷|路|街|道|村|园|苑|大厦|广场)", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 200)]
    private static partial Regex LastNumberedPlace();
}
