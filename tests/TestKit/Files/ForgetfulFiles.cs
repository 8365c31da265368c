using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.TestKit.Files;

/// <summary>
/// A disk in memory that keeps only what was synced when the power goes, fills up, and fails on demand. Written from the rules of the seam, not from
/// the code that uses it.
/// </summary>
internal sealed class ForgetfulFiles : IDurableFiles
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Content> _files = new(StringComparer.Ordinal);

    /// <summary>What <see cref="IDurableFiles.FreeBytes"/> answers.</summary>
    public long Free { get; set; } = 1L << 40;

    /// <summary>Bytes that may still be written before every write fails with ENOSPC.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Called before each sync; throws to make it fail.</summary>
    public Action<string>? BeforeSync { get; set; }

    /// <summary>Called before each truncation; throws to make it fail.</summary>
    public Action<string>? BeforeTruncate { get; set; }

    public int Syncs { get; private set; }

    /// <summary>The power goes: of what was not synced, each file keeps a beginning that <paramref name="random"/> chooses.</summary>
    public void Crash(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        lock (_gate)
        {
            foreach (var content in _files.Values) content.Crash(random);
        }
    }

    /// <summary>Bit rot: the byte at the offset is changed, on the disk.</summary>
    public void Flip(string path, long offset)
    {
        lock (_gate) _files[path].Flip((int)offset);
    }

    public byte[] Bytes(string path)
    {
        lock (_gate) return _files[path].Now.ToArray();
    }

    public void CreateDirectory(string directory)
    {
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate) return [.. _files.Keys.Where(path => Path.GetDirectoryName(path) == directory)];
    }

    public bool Exists(string path)
    {
        lock (_gate) return _files.ContainsKey(path);
    }

    public IDurableFile Create(string path)
    {
        lock (_gate)
        {
            if (_files.ContainsKey(path)) throw new IOException($"{path} exists.");
            return new OpenFile(this, path, _files[path] = new Content());
        }
    }

    public IDurableFile Open(string path)
    {
        lock (_gate) return new OpenFile(this, path, _files.TryGetValue(path, out var content) ? content : throw new FileNotFoundException(path));
    }

    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            Take(content.Length);
            var whole = new Content();
            whole.Write(0, content);
            whole.Sync();
            _files[path] = whole;
        }
    }

    public byte[]? Read(string path, int lengthMax)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var content)) return null;
            return content.Now.Length <= lengthMax ? content.Now.ToArray() : throw new IOException($"{path} is too long.");
        }
    }

    public void Delete(string path)
    {
        lock (_gate) _files.Remove(path);
    }

    public long FreeBytes(string directory) => Free;

    private void Take(int bytes)
    {
        if (Room < bytes) throw new IOException("No space left on device", 28);
        if (Room != long.MaxValue) Room -= bytes;
    }

    private sealed class Content
    {
        private byte[] _now = [];
        private byte[] _synced = [];
        private int _length;

        public ReadOnlySpan<byte> Now => _now.AsSpan(0, _length);

        public void Write(int offset, ReadOnlySpan<byte> bytes)
        {
            var end = offset + bytes.Length;
            if (end > _now.Length) Array.Resize(ref _now, Math.Max(end, _now.Length * 2));
            bytes.CopyTo(_now.AsSpan(offset));
            _length = Math.Max(_length, end);
        }

        public void Truncate(int length)
        {
            _length = Math.Min(_length, length);
            _now.AsSpan(_length).Clear();
        }

        public void Sync() => _synced = Now.ToArray();

        public void Flip(int offset)
        {
            _now[offset] ^= 0x40;
            if (offset < _synced.Length) _synced[offset] ^= 0x40;
        }

        public void Crash(Random random)
        {
            var unsynced = Math.Max(0, _length - _synced.Length);
            var kept = unsynced == 0 ? 0 : random.Next(0, unsynced + 1);
            var after = new byte[_synced.Length + kept];
            _synced.CopyTo(after, 0);
            Now.Slice(_synced.Length, kept).CopyTo(after.AsSpan(_synced.Length));
            (_now, _length, _synced) = (after, after.Length, [.. after]);
        }
    }

    private sealed class OpenFile(ForgetfulFiles files, string path, Content content) : IDurableFile
    {
        public long Length
        {
            get { lock (files._gate) return content.Now.Length; }
        }

        public int Read(long offset, Span<byte> into)
        {
            lock (files._gate)
            {
                var from = content.Now[(int)Math.Min(offset, content.Now.Length)..];
                from = from[..Math.Min(from.Length, into.Length)];
                from.CopyTo(into);
                return from.Length;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            lock (files._gate)
            {
                var taken = (int)Math.Min(bytes.Length, files.Room);
                content.Write((int)offset, bytes[..taken]);   // a full disk takes a beginning
                files.Take(bytes.Length);
            }
        }

        public void Truncate(long length)
        {
            files.BeforeTruncate?.Invoke(path);
            lock (files._gate)
            {
                content.Truncate((int)length);
                content.Sync();
            }
        }

        public void Sync()
        {
            files.BeforeSync?.Invoke(path);
            lock (files._gate)
            {
                files.Syncs++;
                content.Sync();
            }
        }

        public void Dispose()
        {
        }
    }
}
