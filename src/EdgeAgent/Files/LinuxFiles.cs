using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KeyAccountLogistics.EdgeAgent.Files;

/// <summary>The disk itself: fdatasync for content, a directory sync for names.</summary>
internal sealed partial class LinuxFiles : IDurableFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public void CreateDirectory(string directory) => Directory.CreateDirectory(directory);

    public IReadOnlyList<string> List(string directory)
    {
        if (!Directory.Exists(directory)) return [];
        var files = Directory.GetFiles(directory);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    public bool Exists(string path) => File.Exists(path);

    public IDurableFile Create(string path)
    {
        var file = new OpenFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));
        SyncDirectory(Path.GetDirectoryName(path)!);
        return file;
    }

    public IDurableFile Open(string path) => new OpenFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        var partial = path + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(partial, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    public byte[]? Read(string path, int lengthMax)
    {
        if (!File.Exists(path)) return null;
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length > lengthMax) throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{path} has {length} bytes, more than the {lengthMax} it may have."));
        var content = new byte[length];
        var read = 0;
        while (read < content.Length)
        {
            var got = RandomAccess.Read(file, content.AsSpan(read), read);
            if (got == 0) throw new IOException($"{path} became shorter while it was read.");
            read += got;
        }
        return content;
    }

    public void Delete(string path) => File.Delete(path);

    public long FreeBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    private static void SyncDirectory(string directory)
    {
        const int readOnly = 0;
        using var handle = OpenRaw(directory, readOnly);
        if (handle.IsInvalid || Fsync(handle) != 0) throw LastError($"syncing the directory {directory}");
    }

    private static IOException LastError(string doing)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(errno)} while {doing}.", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenRaw(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int Fdatasync(SafeFileHandle file);

    private sealed class OpenFile(SafeFileHandle handle) : IDurableFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> into)
        {
            var read = 0;
            while (read < into.Length)
            {
                var got = RandomAccess.Read(handle, into[read..], offset + read);
                if (got == 0) break;
                read += got;
            }
            return read;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public void Truncate(long length)
        {
            RandomAccess.SetLength(handle, length);
            Sync();
        }

        public void Sync()
        {
            if (Fdatasync(handle) != 0) throw LastError("syncing a file");
        }

        public void Dispose() => handle.Dispose();
    }
}
