using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.Edge.Agent;

/// <summary>The system's time with a wall clock that somebody sets; timers and counter go on.</summary>
internal sealed class ShiftingTime : TimeProvider
{
    private TimeSpan _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void Shift(TimeSpan by) => _shift += by;
}

/// <summary>The real disk, said to be as full as the test wants.</summary>
internal sealed class FillableFiles : IDurableFiles
{
    private readonly LinuxFiles _files = new();

    public long Free { get; set; } = long.MaxValue;

    public void CreateDirectory(string directory) => _files.CreateDirectory(directory);

    public IReadOnlyList<string> List(string directory) => _files.List(directory);

    public bool Exists(string path) => _files.Exists(path);

    public IDurableFile Create(string path) => _files.Create(path);

    public IDurableFile Open(string path) => _files.Open(path);

    public void Replace(string path, ReadOnlySpan<byte> content) => _files.Replace(path, content);

    public byte[]? Read(string path, int lengthMax) => _files.Read(path, lengthMax);

    public void Delete(string path) => _files.Delete(path);

    public long FreeBytes(string directory) => Math.Min(Free, _files.FreeBytes(directory));
}
