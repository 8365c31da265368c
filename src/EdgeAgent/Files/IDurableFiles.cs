namespace KeyAccountLogistics.EdgeAgent.Files;

/// <summary>
/// What the agent asks of its disk, and no more: appending, a full sync, atomic replacement. The seam where tests and the simulation forget what was
/// not synced, fill the disk, or fail a call. Every method throws <see cref="IOException"/> when the disk refuses.
/// </summary>
internal interface IDurableFiles
{
    /// <summary>Creates the directory and its parents where missing.</summary>
    void CreateDirectory(string directory);

    /// <summary>Full paths of the files in a directory, in ordinal order; empty when there is none.</summary>
    IReadOnlyList<string> List(string directory);

    bool Exists(string path);

    /// <summary>A new, empty file for appending; its name is durable when this returns.</summary>
    IDurableFile Create(string path);

    /// <summary>An existing file for reading, and for cutting its tail off.</summary>
    IDurableFile Open(string path);

    /// <summary>Replaces the file's content wholly or not at all, synced before it returns; readable by its owner only.</summary>
    void Replace(string path, ReadOnlySpan<byte> content);

    /// <summary>The whole content, or null when there is no such file; more than <paramref name="lengthMax"/> bytes is an <see cref="IOException"/>.</summary>
    byte[]? Read(string path, int lengthMax);

    void Delete(string path);

    /// <summary>Bytes the disk under the directory still takes.</summary>
    long FreeBytes(string directory);
}

/// <summary>One open file. Not thread-safe for writing; reads may run beside a write of other bytes.</summary>
internal interface IDurableFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads at the offset until the span is full or the file ends; the count read.</summary>
    int Read(long offset, Span<byte> into);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    void Truncate(long length);

    /// <summary>Returns when everything written is on the disk and would survive a power cut.</summary>
    void Sync();
}
