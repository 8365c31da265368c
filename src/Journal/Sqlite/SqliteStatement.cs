using System.Runtime.InteropServices;
using System.Text;
using KeyAccountLogistics.Kernel;
using SQLitePCL;

namespace KeyAccountLogistics.Journal.Sqlite;

/// <summary>
/// A prepared statement driven through its bare handle. A row of the journal takes some thirty calls into the engine; with a reference-counted handle, a marshaller and a
/// copy for each of them, the calls cost as much as the row. Owned by one <see cref="SqliteStore"/>; not thread-safe.
/// </summary>
internal sealed unsafe class SqliteStatement(sqlite3_stmt statement) : IRow, IDisposable
{
    private readonly nint _handle = statement.DangerousGetHandle();

    /// <summary>
    /// Binds one row. Texts and bytes are not copied by the engine: they stand in the buffer, unmoved, until the next row is bound, and the statement is run before that.
    /// </summary>
    internal void Bind(RowBlock rows, int row, BindBuffer buffer)
    {
        var columns = rows.Columns;
        buffer.Begin(BytesOf(columns, row));
        for (var c = 0; c < columns.Length; c++)
        {
            var (column, at) = (columns[c], c + 1);
            if (column.IsNull(row))
            {
                _ = Engine.BindNull(_handle, at);
                continue;
            }
            switch (column.Kind)
            {
                case ColumnKind.Long or ColumnKind.Bool: _ = Engine.BindLong(_handle, at, column.Longs![row]); break;
                case ColumnKind.Text:
                    var text = buffer.Put(column.Texts![row], out var length);
                    _ = Engine.BindText(_handle, at, text, length, Engine.StaysInPlace);
                    break;
                case ColumnKind.Bytes:
                    var bytes = column.Blobs![row].Span;
                    // The pointer is never null, so that no bytes are a value of length 0 and not a null.
                    _ = Engine.BindBlob(_handle, at, buffer.Put(bytes), bytes.Length, Engine.StaysInPlace);
                    break;
                default: _ = Engine.BindBlob(_handle, at, buffer.Put(column.Uuids![row]), BindBuffer.UuidLength, Engine.StaysInPlace); break;
            }
        }
    }

    internal int Step() => Engine.Step(_handle);

    /// <summary>Back to before the first row. What a failed step left behind was told by the step.</summary>
    internal void Reset() => _ = Engine.Reset(_handle);

    public bool IsNull(int column) => Engine.ColumnType(_handle, column) == raw.SQLITE_NULL;

    public long Long(int column)
    {
        NotNull(column);
        return Engine.ColumnLong(_handle, column);
    }

    public string Text(int column)
    {
        NotNull(column);
        // The text before its length: only then is the length that of UTF-8.
        var text = Engine.ColumnText(_handle, column);
        return Encoding.UTF8.GetString(text, Engine.ColumnBytes(_handle, column));
    }

    public byte[] Bytes(int column) => Span(column).ToArray();

    public Guid Uuid(int column) => Databases.Uuid.From(Span(column));

    public bool Bool(int column) => Long(column) != 0;

    public void Dispose() => statement.Dispose();

    private ReadOnlySpan<byte> Span(int column)
    {
        NotNull(column);
        var bytes = Engine.ColumnBlob(_handle, column);
        return new ReadOnlySpan<byte>(bytes, Engine.ColumnBytes(_handle, column));
    }

    private void NotNull(int column) => Invariant.Holds(!IsNull(column), "a null column is not read as a value");

    private static int BytesOf(ReadOnlySpan<RowBlock.Column> columns, int row)
    {
        var sum = 0;
        foreach (var column in columns)
        {
            sum += column.Kind switch
            {
                ColumnKind.Text => Encoding.UTF8.GetMaxByteCount(column.Texts![row]?.Length ?? 0),
                ColumnKind.Bytes => column.Blobs![row].Length,
                ColumnKind.Uuid => BindBuffer.UuidLength,
                _ => 0,
            };
        }
        return sum;
    }

    // Binding and reading a column neither wait nor call back: they go without the runtime's transition. Stepping does both.
    private static partial class Engine
    {
        internal const nint StaysInPlace = 0;   // SQLITE_STATIC
        private const string Library = "e_sqlite3";

        [DllImport(Library, EntryPoint = "sqlite3_step")]
        internal static extern int Step(nint statement);

        [DllImport(Library, EntryPoint = "sqlite3_reset")]
        internal static extern int Reset(nint statement);

        [DllImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
        internal static extern int BindNull(nint statement, int index);

        [DllImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
        internal static extern int BindLong(nint statement, int index, long value);

        [DllImport(Library, EntryPoint = "sqlite3_bind_text"), SuppressGCTransition]
        internal static extern int BindText(nint statement, int index, byte* text, int length, nint destructor);

        [DllImport(Library, EntryPoint = "sqlite3_bind_blob"), SuppressGCTransition]
        internal static extern int BindBlob(nint statement, int index, byte* bytes, int length, nint destructor);

        [DllImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
        internal static extern int ColumnType(nint statement, int column);

        [DllImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
        internal static extern long ColumnLong(nint statement, int column);

        [DllImport(Library, EntryPoint = "sqlite3_column_text"), SuppressGCTransition]
        internal static extern byte* ColumnText(nint statement, int column);

        [DllImport(Library, EntryPoint = "sqlite3_column_blob"), SuppressGCTransition]
        internal static extern byte* ColumnBlob(nint statement, int column);

        [DllImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
        internal static extern int ColumnBytes(nint statement, int column);
    }
}

/// <summary>The bytes of one bound row, at addresses that do not move. Grows to the largest row it met.</summary>
internal sealed unsafe class BindBuffer
{
    internal const int UuidLength = 16;
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(4_096, pinned: true);
    private int _used;

    /// <summary>Forgets the last row and makes room for one of at most so many bytes.</summary>
    internal void Begin(int bytesMax)
    {
        _used = 0;
        // One more, so that an empty value at the end has an address too.
        if (bytesMax >= _bytes.Length) _bytes = GC.AllocateUninitializedArray<byte>(2 * bytesMax, pinned: true);
    }

    internal byte* Put(string? text, out int length)
    {
        length = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_used));
        return Take(length);
    }

    internal byte* Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_used));
        return Take(bytes.Length);
    }

    internal byte* Put(Guid id)
    {
        id.TryWriteBytes(_bytes.AsSpan(_used), bigEndian: true, out _);
        return Take(UuidLength);
    }

    private byte* Take(int length)
    {
        Invariant.Holds(_used + length < _bytes.Length, "a row stays within the room made for it");
        var address = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, _used);
        _used += length;
        return address;
    }
}
