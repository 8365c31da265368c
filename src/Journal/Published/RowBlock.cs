using System.Runtime.InteropServices;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Journal;

/// <summary>
/// One statement in both dialects, for many rows. SQLite runs it once per row with the columns as <c>?1..?n</c>; PostgreSQL once for all rows with each column as an array,
/// <c>$1::bigint[]..</c>, which it unnests. Keep instances static: the text is the key under which it is prepared.
/// </summary>
public sealed record BulkSql(string Sqlite, string Postgres);

/// <summary>The type of a column of a <see cref="RowBlock"/>.</summary>
public enum ColumnKind
{
    /// <summary>Any integer, an instant in microseconds, an enumeration: bigint[] on PostgreSQL.</summary>
    Long,

    /// <summary>text[].</summary>
    Text,

    /// <summary>bytea[].</summary>
    Bytes,

    /// <summary>uuid[]; 16 bytes in RFC order on SQLite.</summary>
    Uuid,

    /// <summary>boolean[]; 0 or 1 on SQLite.</summary>
    Bool,
}

/// <summary>Rows for a <see cref="BulkSql"/>, kept by column. Give every row its columns in order. Not thread-safe.</summary>
public sealed class RowBlock
{
    private readonly Column[] _columns;
    private int _next;

    /// <summary>An empty block with these columns.</summary>
    public RowBlock(params ReadOnlySpan<ColumnKind> columns)
        : this(4, columns)
    {
    }

    /// <summary>An empty block with these columns and room for a number of rows, so that nothing is copied while it grows.</summary>
    public RowBlock(int capacity, params ReadOnlySpan<ColumnKind> columns)
    {
        _columns = new Column[columns.Length];
        for (var i = 0; i < columns.Length; i++) _columns[i] = new Column(columns[i], capacity);
    }

    /// <summary>Whole rows so far.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<Column> Columns
    {
        get
        {
            Invariant.Holds(_next == 0, "every row has all its columns");
            return _columns;
        }
    }

    /// <summary>The next column of the row.</summary>
    public RowBlock Long(long value) { Next(ColumnKind.Long).Longs!.Add(value); return Advance(); }

    /// <summary>The next column of the row.</summary>
    public RowBlock Long(long? value) => value is { } given ? Long(given) : Null();

    /// <summary>The next column of the row.</summary>
    public RowBlock Text(string? value) { if (value is null) return Null(); Next(ColumnKind.Text).Texts!.Add(value); return Advance(); }

    /// <summary>The next column of the row. The bytes must not change until the transaction has ended.</summary>
    public RowBlock Bytes(ReadOnlyMemory<byte> value) { Next(ColumnKind.Bytes).Blobs!.Add(value); return Advance(); }

    /// <summary>The next column of the row.</summary>
    public RowBlock Bytes(byte[]? value) => value is null ? Null() : Bytes(value.AsMemory());

    /// <summary>The next column of the row.</summary>
    public RowBlock Uuid(Guid value) { Next(ColumnKind.Uuid).Uuids!.Add(value); return Advance(); }

    /// <summary>The next column of the row.</summary>
    public RowBlock Uuid(Guid? value) => value is { } given ? Uuid(given) : Null();

    /// <summary>The next column of the row.</summary>
    public RowBlock Bool(bool value) { Next(ColumnKind.Bool).Longs!.Add(value ? 1 : 0); return Advance(); }

    /// <summary>The next column of the row is null.</summary>
    public RowBlock Null()
    {
        _columns[_next].AddNull();
        return Advance();
    }

    private Column Next(ColumnKind kind)
    {
        var column = _columns[_next];
        Invariant.Holds(column.Kind == kind, "a column is given the type it was declared with");
        return column;
    }

    private RowBlock Advance()
    {
        if (++_next == _columns.Length)
        {
            _next = 0;
            Count++;
        }
        return this;
    }

    internal sealed class Column
    {
        private System.Collections.BitArray? _nulls;

        internal Column(ColumnKind kind, int capacity)
        {
            Kind = kind;
            if (kind is ColumnKind.Long or ColumnKind.Bool) Longs = new List<long>(capacity);
            else if (kind == ColumnKind.Text) Texts = new List<string?>(capacity);
            else if (kind == ColumnKind.Bytes) Blobs = new List<ReadOnlyMemory<byte>>(capacity);
            else Uuids = new List<Guid>(capacity);
        }

        internal ColumnKind Kind { get; }

        internal List<long>? Longs { get; }

        internal List<string?>? Texts { get; }

        internal List<ReadOnlyMemory<byte>>? Blobs { get; }

        internal List<Guid>? Uuids { get; }

        internal bool HasNulls => _nulls is not null;

        internal bool IsNull(int row) => _nulls is not null && row < _nulls.Length && _nulls[row];

        internal void AddNull()
        {
            var row = Longs?.Count ?? Texts?.Count ?? Blobs?.Count ?? Uuids!.Count;
            _nulls ??= new System.Collections.BitArray(Math.Max(64, row + 1));
            if (row >= _nulls.Length) _nulls.Length = 2 * row;
            _nulls[row] = true;
            Longs?.Add(0);
            Texts?.Add(null);
            Blobs?.Add(default);
            Uuids?.Add(default);
        }

        internal ReadOnlySpan<long> LongSpan => CollectionsMarshal.AsSpan(Longs);
    }
}
