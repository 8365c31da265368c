using System.Buffers.Text;
using System.Collections.Immutable;
using KeyAccountLogistics.Contracts.Published;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.Contracts.Bulk;

/// <summary>A row of a file of shipments: a shipment, or the field that stops it from being one.</summary>
/// <param name="Waybill">The waybill, as far as it can be read.</param>
/// <param name="Account">The account; empty where the file has no such column.</param>
/// <param name="Shipment">The shipment; null for a bad line.</param>
/// <param name="BadField">The field that cannot be read, or <c>line</c>; null when there is none.</param>
/// <param name="Line">The line of the file.</param>
internal readonly record struct ShipmentRow(string Waybill, string Account, ShipmentToRate? Shipment, string? BadField, long Line);

/// <summary>Shipments from a CSV file, one row each, streaming.</summary>
internal sealed class ShipmentRows : IDisposable
{
    /// <summary>The columns, as the program's help says them.</summary>
    internal const string Columns =
        "waybill, weight_g or weight_kg (of the whole shipment); optional: service, origin, destination, zone, accepted (RFC 3339), length_mm, width_mm, height_mm (or _cm; of each piece), " +
        "declared_value, cod, freight_collect, fragile, returned, redirected (true/false), pieces (number of them, default 1), marks (words between blanks), account";

    private readonly CsvRows _rows;
    private readonly int _decimals;
    private readonly int _waybill, _account, _service, _origin, _destination, _zone, _accepted, _weight, _length, _width, _height, _declared, _cod, _freightCollect, _fragile, _returned, _redirected, _pieces, _marks;
    private readonly bool _inGrams;
    private readonly int _perMm;
    private readonly string _weightName;

    private ShipmentRows(CsvRows rows, int decimals)
    {
        (_rows, _decimals) = (rows, decimals);
        (_waybill, _account, _service) = (rows.Column("waybill"), rows.Column("account"), rows.Column("service", "product"));
        (_origin, _destination, _zone, _accepted) = (rows.Column("origin"), rows.Column("destination"), rows.Column("zone"), rows.Column("accepted", "accepted_at"));
        _inGrams = rows.Column("weight_g") >= 0;
        _weightName = _inGrams ? "weight_g" : "weight_kg";
        _weight = rows.Column(_weightName);
        _perMm = rows.Column("length_mm") >= 0 ? 1 : 10;
        var unit = _perMm == 1 ? "_mm" : "_cm";
        (_length, _width, _height) = (rows.Column("length" + unit), rows.Column("width" + unit), rows.Column("height" + unit));
        (_declared, _cod) = (rows.Column("declared_value"), rows.Column("cod", "cod_amount"));
        (_freightCollect, _fragile, _returned, _redirected) = (rows.Column("freight_collect"), rows.Column("fragile"), rows.Column("returned"), rows.Column("redirected"));
        (_pieces, _marks) = (rows.Column("pieces"), rows.Column("marks"));
    }

    /// <summary>Opens a file; a fault when it is empty or lacks the columns without which nothing can be rated.</summary>
    internal static Outcome<ShipmentRows> Open(Stream content, int decimals)
    {
        var opened = CsvRows.Open(content, "shipments");
        if (!opened.IsOk) return opened.Fault;
        var rows = new ShipmentRows(opened.Value, decimals);
        if (rows._waybill >= 0 && rows._weight >= 0) return rows;
        var has = string.Join(", ", opened.Value.Headers.Take(40));
        rows.Dispose();
        return new Fault.Invalid("shipments", "csv.columns", $"The file needs the columns waybill and weight_g (or weight_kg); it has {has}.");
    }

    /// <summary>The next row; false at the end.</summary>
    internal bool Next(out ShipmentRow row)
    {
        row = default;
        if (!_rows.Next(out var isDamaged)) return false;
        var waybill = _rows.Text(_waybill);
        if (isDamaged)
        {
            row = new ShipmentRow(waybill, "", null, "line", _rows.Line);
            return true;
        }
        var bad = Read(waybill, out var shipment);
        row = new ShipmentRow(waybill, _rows.Text(_account), shipment, bad, _rows.Line);
        return true;
    }

    public void Dispose() => _rows.Dispose();

    private string? Read(string waybill, out ShipmentToRate? shipment)
    {
        shipment = null;
        if (waybill.Length == 0) return "waybill";
        if (!TryWeight(out var weight)) return _weightName;
        if (!TryPieces(out var pieces)) return "pieces";
        if (!TrySides(out var sides)) return "length";
        if (!TryAccepted(_rows.Utf8(_accepted), out var accepted)) return "accepted";
        if (!TryMinor(_declared, out var declared)) return "declared_value";
        if (!TryMinor(_cod, out var cod)) return "cod";
        if (!TryFlag(_freightCollect, out var collect)) return "freight_collect";
        if (!TryFlag(_fragile, out var fragile)) return "fragile";
        if (!TryFlag(_returned, out var returned)) return "returned";
        if (!TryFlag(_redirected, out var redirected)) return "redirected";
        shipment = new ShipmentToRate
        {
            Waybill = waybill,
            Service = _rows.Text(_service),
            Origin = _rows.Text(_origin),
            Destination = _rows.Text(_destination),
            Zone = _rows.Text(_zone) is { Length: > 0 } zone ? zone : null,
            Accepted = accepted,
            Pieces = Pieces(weight, pieces, sides),
            DeclaredValueMinor = declared,
            CodMinor = cod,
            FreightCollect = collect,
            Fragile = fragile,
            Returned = returned,
            Redirected = redirected,
            Marks = _rows.Text(_marks) is { Length: > 0 } marks ? [.. marks.Split([' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries)] : [],
        };
        return null;
    }

    // The weight is the shipment's: pieces share it evenly, the last one taking the milligrams left over.
    internal static ImmutableArray<PieceToRate> Pieces(Mass weight, int pieces, Dimensions? sides)
    {
        if (pieces == 1) return [new PieceToRate(weight, sides)];
        var each = weight.Milligrams / pieces;
        var all = ImmutableArray.CreateBuilder<PieceToRate>(pieces);
        for (var i = 1; i < pieces; i++) all.Add(new PieceToRate(Mass.FromMilligrams(each), sides));
        all.Add(new PieceToRate(Mass.FromMilligrams(weight.Milligrams - (each * (pieces - 1))), sides));
        return all.MoveToImmutable();
    }

    private bool TryWeight(out Mass weight)
    {
        weight = default;
        var text = _rows.Utf8(_weight);
        if (_inGrams && Utf8Parser.TryParse(text, out int grams, out var used) && used == text.Length)
        {
            weight = Mass.FromMilligrams(grams * 1_000L);
            return true;
        }
        return _rows.TryNumber(_weight, out var number) && number is { } value && Mass.TryFrom(value, _inGrams ? "g" : "kg", out weight);
    }

    private bool TryPieces(out int pieces)
    {
        pieces = 1;
        var text = _rows.Utf8(_pieces);
        return text.IsEmpty || (Utf8Parser.TryParse(text, out pieces, out var used) && used == text.Length && pieces is >= 1 and <= Rating.WeighRule.PiecesMax);
    }

    private bool TrySides(out Dimensions? sides)
    {
        sides = null;
        if (!_rows.TryNumber(_length, out var length) || !_rows.TryNumber(_width, out var width) || !_rows.TryNumber(_height, out var height)) return false;
        if (length is null && width is null && height is null) return true;
        if (length is not { } l || width is not { } w || height is not { } h || Math.Max(Math.Max(Math.Abs(l), Math.Abs(w)), Math.Abs(h)) > Dimensions.SideMaxMm) return false;
        sides = Dimensions.TryFromMillimetres((int)decimal.Round(l * _perMm), (int)decimal.Round(w * _perMm), (int)decimal.Round(h * _perMm));
        return sides is not null;
    }

    private bool TryMinor(int column, out long? minor)
    {
        minor = null;
        if (!_rows.TryNumber(column, out var number)) return false;
        if (number is not { } value) return true;
        for (var i = 0; i < _decimals && Math.Abs(value) < 1_000_000_000_000_000m; i++) value *= 10;
        if (value != decimal.Truncate(value) || Math.Abs(value) >= 1_000_000_000_000_000m) return false;
        minor = decimal.ToInt64(value);
        return true;
    }

    private bool TryFlag(int column, out bool flag)
    {
        flag = false;
        var text = _rows.Utf8(column);
        if (text.IsEmpty) return true;
        flag = text.SequenceEqual("true"u8) || text.SequenceEqual("1"u8) || text.SequenceEqual("yes"u8) || text.SequenceEqual("TRUE"u8) || text.SequenceEqual("是"u8);
        return flag || text.SequenceEqual("false"u8) || text.SequenceEqual("0"u8) || text.SequenceEqual("no"u8) || text.SequenceEqual("FALSE"u8) || text.SequenceEqual("否"u8);
    }

    /// <summary>RFC 3339. The usual shape is read by hand, which is twenty times as fast; any other by the pattern.</summary>
    internal static bool TryAccepted(ReadOnlySpan<byte> text, out Instant? accepted)
    {
        accepted = null;
        if (text.IsEmpty) return true;
        if (TryPlain(text, out var seconds))
        {
            accepted = Instant.FromUnixTimeSeconds(seconds);
            return true;
        }
        var parsed = OffsetDateTimePattern.Rfc3339.Parse(System.Text.Encoding.UTF8.GetString(text));
        if (!parsed.Success) return false;
        accepted = parsed.Value.ToInstant();
        return true;
    }

    // 2026-10-12T08:00:00+08:00 or …Z
    private static bool TryPlain(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length is not (20 or 25) || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        if (!Digits(text[..4], out var year) || !Digits(text[5..7], out var month) || !Digits(text[8..10], out var day)) return false;
        if (!Digits(text[11..13], out var hour) || !Digits(text[14..16], out var minute) || !Digits(text[17..19], out var second)) return false;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return false;
        var offset = 0;
        if (text.Length == 20)
        {
            if (text[19] != 'Z') return false;
        }
        else
        {
            if (text[19] is not ((byte)'+' or (byte)'-') || text[22] != ':' || !Digits(text[20..22], out var hours) || !Digits(text[23..], out var minutes) || hours > 18 || minutes > 59) return false;
            offset = ((hours * 60) + minutes) * (text[19] == '-' ? -60 : 60);
        }
        // Days of the civil calendar, counted in years that begin with March (Howard Hinnant's days_from_civil).
        var (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9);
        var days = (365L * y) + (y / 4) - (y / 100) + (y / 400) + (((153 * m) + 2) / 5) + day - 1 - 719_468;
        seconds = (days * 86_400) + (hour * 3_600) + (minute * 60) + second - offset;
        return true;
    }

    private static bool Digits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + digit - '0';
        }
        return true;
    }
}
