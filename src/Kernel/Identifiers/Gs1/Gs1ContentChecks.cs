using System.Globalization;
using NodaTime;

namespace KeyAccountLogistics.Kernel.Gs1;

/// <summary>
/// The content checks the GS1 dictionary names, each over one component whose characters are already right. Not carried: the structure of North American coupon codes
/// (8110, 8112: digits only), which no parcel depends on.
/// </summary>
internal static class Gs1ContentChecks
{
    private const string Set82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    private const string Set32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    internal static bool Holds(string check, ReadOnlySpan<char> v) => check switch
    {
        "csum" => Gs1CheckDigit.IsRight(v),
        "csumalpha" => HasCheckPair(v),
        // No company prefix is shorter than four digits; whether it is allocated is known to GS1 alone. For gcppos2 it starts at the second digit of an all-digit key.
        "gcppos1" => v.Length >= 4 && IdentifierText.IsDigits(v[..4]),
        "gcppos2" => true,
        "yymmdd" => IsDate(2000 + Number(v[..2]), v[2..], dayMayBeZero: false),
        "yymmd0" => IsDate(2000 + Number(v[..2]), v[2..], dayMayBeZero: true),
        "yyyymmdd" => IsDate(Number(v[..4]), v[4..], dayMayBeZero: false),
        "hhmi" => Number(v[..2]) < 24 && Number(v[2..]) < 60,
        "hh" => Number(v) < 24,
        "mi" or "ss" => Number(v) < 60,
        "nonzero" => v.ContainsAnyExcept('0'),
        "zero" => !v.ContainsAnyExcept('0'),
        "nozeroprefix" => v[0] != '0',
        "hasnondigit" => v.ContainsAnyExceptInRange('0', '9'),
        "yesno" => v[0] is '0' or '1',
        "winding" => v[0] is '0' or '1' or '9',
        "iso5218" => v[0] is '0' or '1' or '2' or '9',
        "hyphen" => !v.ContainsAnyExcept('-'),
        "iso3166" => Countries.IsNumeric(v),
        "iso3166999" => v is "999" || Countries.IsNumeric(v),
        "iso3166alpha2" => Countries.IsAlpha2(v),
        "iso4217" => Countries.IsNumericCurrency(v),
        "latitude" => long.Parse(v, NumberStyles.None, CultureInfo.InvariantCulture) <= 1_800_000_000,
        "longitude" => long.Parse(v, NumberStyles.None, CultureInfo.InvariantCulture) <= 3_600_000_000,
        "pieceoftotal" => Number(v[..2]) >= 1 && Number(v[..2]) <= Number(v[2..]),
        "posinseqslash" => IsPositionInSequence(v),
        "pcenc" => IsPercentEncoded(v),
        "importeridx" => char.IsAsciiLetterOrDigit(v[0]) || v[0] is '-' or '_',
        "mediatype" => Number(v) is (>= 1 and <= 10) or (>= 80 and <= 99),
        "iban" => IsIban(v),
        "couponcode" or "couponposoffer" => IdentifierText.IsDigits(v),
        "packagetype" => PackageTypes.Contains(v),
        _ => throw new InvariantBrokenException($"The AI table names a check that does not exist: {check}.", null),
    };

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsDate(int year, ReadOnlySpan<char> mmdd, bool dayMayBeZero)
    {
        var (month, day) = (Number(mmdd[..2]), Number(mmdd[2..]));
        if (year < 1 || month is < 1 or > 12) return false;
        return (day == 0 && dayMayBeZero) || (day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month));
    }

    /// <summary>GS1 General Specifications 7.9.5: characters weighted by primes from the right, modulo 1021, as two characters of a set of 32.</summary>
    private static bool HasCheckPair(ReadOnlySpan<char> value)
    {
        if (value.Length < 3) return false;
        var sum = 0;
        var prime = 1;
        for (var i = value.Length - 3; i >= 0; i--)
        {
            prime = NextPrime(prime);
            sum += Set82.IndexOf(value[i], StringComparison.Ordinal) * prime;
        }
        sum %= 1021;
        return value[^2] == Set32[sum >> 5] && value[^1] == Set32[sum & 31];
    }

    private static int NextPrime(int after)
    {
        for (var candidate = after + 1; ; candidate++)
        {
            var isPrime = true;
            for (var divisor = 2; divisor * divisor <= candidate && isPrime; divisor++) isPrime = candidate % divisor != 0;
            if (isPrime) return candidate;
        }
    }

    private static bool IsPositionInSequence(ReadOnlySpan<char> value)
    {
        var slash = value.IndexOf('/');
        if (slash < 1 || !IdentifierText.IsDigits(value[..slash]) || !IdentifierText.IsDigits(value[(slash + 1)..])) return false;
        return value[0] != '0' && value[slash + 1] != '0' && Number(value[..slash]) <= Number(value[(slash + 1)..]);
    }

    private static bool IsPercentEncoded(ReadOnlySpan<char> value)
    {
        for (var at = value.IndexOf('%'); at >= 0; at = value.IndexOf('%'))
        {
            if (at + 2 >= value.Length || !char.IsAsciiHexDigit(value[at + 1]) || !char.IsAsciiHexDigit(value[at + 2])) return false;
            value = value[(at + 3)..];
        }
        return true;
    }

    /// <summary>ISO 13616: country and check digits moved behind, letters as two digits, modulo 97 is one.</summary>
    private static bool IsIban(ReadOnlySpan<char> value)
    {
        if (value.Length <= 10 || !Countries.IsAlpha2(value[..2])) return false;
        var remainder = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[(i + 4) % value.Length];
            if (char.IsAsciiDigit(c)) remainder = ((remainder * 10) + (c - '0')) % 97;
            else if (char.IsAsciiLetterUpper(c)) remainder = ((remainder * 100) + (c - 'A' + 10)) % 97;
            else return false;
        }
        return remainder == 1;
    }
}
