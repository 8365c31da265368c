using System.Globalization;
using System.Text;
using KeyAccountLogistics.Kernel;
using NodaTime;

namespace KeyAccountLogistics.Custody.Import;

/// <summary>A value that cannot be used: the row goes to the reject file with this, the other rows go in.</summary>
internal sealed class BadValueException(string column, string code, string message) : Exception(message)
{
    internal string Column { get; } = column;

    internal string Code { get; } = code;
}

/// <summary>One row of a file by canonical column, with the readers of its values. Empty is absent.</summary>
internal sealed class SourceRow(ImportMap map, Dictionary<string, int> columns)
{
    private const int ContentMax = 4_000;
    private string[] _fields = [];
    private byte[] _content = [];
    private int _length;

    /// <summary>1-based line of the file where the row starts, the header being line 1.</summary>
    internal long Line { get; private set; }

    /// <summary>The row as it stands in the file, for the reject file.</summary>
    internal string Content => Encoding.UTF8.GetString(_content, 0, _length);

    internal void Read(string[] fields, long line, ReadOnlySpan<byte> content)
    {
        (_fields, Line, _length) = (fields, line, Math.Min(content.Length, ContentMax));
        if (_content.Length < _length) _content = new byte[ContentMax];
        content[.._length].CopyTo(_content);
    }

    internal string Text(string column)
    {
        if (!columns.TryGetValue(column, out var index)) return map.ConstantOf(column) ?? "";
        return index < _fields.Length ? _fields[index].Trim() : "";
    }

    internal string Needed(string column)
    {
        var text = Text(column);
        return text.Length > 0 ? text : throw new BadValueException(column, "field.missing", $"The {column} is missing.");
    }

    internal long Micros(string column)
    {
        var text = Text(column);
        return text.Length == 0 ? 0 : MicrosOf(column, text);
    }

    /// <summary>A time that stands inside a column.</summary>
    internal long MicrosOf(string column, string text)
    {
        if (!map.TryTime(text, out var instant)) throw new BadValueException(column, "time.malformed", $"'{Shown(text)}' is no time; write RFC 3339, for example 2026-10-12T08:00:00+08:00, or give the format in the map file.");
        return instant > Instant.FromUnixTimeSeconds(0) ? instant.ToUnixMicros() : throw new BadValueException(column, "time.range", $"'{Shown(text)}' lies before 1970.");
    }

    internal long Milligrams(string column)
    {
        if (Number(column) is not { } number) return 0;
        if (!Mass.TryFrom(number, map.MassUnit, out var mass)) throw new BadValueException(column, "mass.unit", $"The map's mass unit '{map.MassUnit}' is not one of kg, g, mg, t, lb, oz, or the amount is too large.");
        return mass >= Mass.Zero ? mass.Milligrams : throw new BadValueException(column, "mass.negative", $"The {column} is below zero.");
    }

    internal int Whole(string column)
    {
        if (Number(column) is not { } number) return 0;
        if (number != decimal.Truncate(number) || number is < 0 or > int.MaxValue) throw new BadValueException(column, "number.whole", $"The {column} must be a whole number.");
        return decimal.ToInt32(number);
    }

    internal long Minor(string column, string currency)
    {
        if (Number(column) is not { } number) return 0;
        if (number == 0) return 0;
        if (!Money.IsCurrency(currency)) throw new BadValueException("currency", "currency.unknown", $"'{Shown(currency)}' is no currency: the {column} needs an ISO 4217 code of three capital letters.");
        return Money.TryFromAmount(number, currency)?.Minor ?? throw new BadValueException(column, "money.decimals", $"The {column} has more decimals than {currency} has.");
    }

    /// <summary>Decimal degrees, in 1e-5 of them; 0 when not given.</summary>
    internal int DegreesE5(string column, int most)
    {
        if (Number(column) is not { } number) return 0;
        if (Math.Abs(number) > most) throw new BadValueException(column, "place.range", string.Create(CultureInfo.InvariantCulture, $"The {column} is beyond {most} degrees."));
        return decimal.ToInt32(decimal.Round(number * 100_000m));
    }

    internal bool Flag(string column) => Text(column).ToUpperInvariant() switch
    {
        "" or "0" or "FALSE" or "NO" => false,
        "1" or "TRUE" or "YES" => true,
        _ => throw new BadValueException(column, "flag.malformed", $"The {column} is neither true nor false."),
    };

    private decimal? Number(string column)
    {
        var text = Text(column);
        if (text.Length == 0) return null;
        return map.TryNumber(text, out var number) ? number : throw new BadValueException(column, "number.malformed", $"'{Shown(text)}' in {column} is no number.");
    }

    /// <summary>A column's name as the file has it, for a screen: the first line of a file that is no table holds anything.</summary>
    internal static string ShownName(string name) => Shown(string.Concat(name.Take(61).Select(static c => char.IsControl(c) ? '?' : c)));

    internal static string Shown(string text) => text.Length <= 60 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 60)}…");
}
