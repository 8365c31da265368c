using System.Diagnostics;
using KeyAccountLogistics.FirmwareAdapters.Lines;
using KeyAccountLogistics.FirmwareAdapters.Protocols;
using KeyAccountLogistics.FirmwareAdapters.Readings;
using KeyAccountLogistics.Simulators.Pty;
using Microsoft.Data.Sqlite;

namespace KeyAccountLogistics.Benchmarks.Edge;

/// <summary>
/// The peer: a thread that reads the line, parses the frame and inserts one row, synced, and nothing else: no pairing, no terms, no verdict, no scan.
/// </summary>
internal sealed class BareInsert : IDisposable, IReadingSink
{
    public const string Settings = "SQLite, WAL, synchronous FULL, one INSERT and one commit per stable weight, prepared";

    private readonly PtyDevice _scale;
    private readonly TtyLine _line;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _stored = new(0);
    private long _storedAt;
    private volatile bool _stopping;

    public BareInsert(string folder)
    {
        _scale = PtyDevice.Create(Path.Combine(folder, "bare"));
        _line = new TtyLine(Path.Combine(folder, "bare"), LineSettings.Default);
        if (_line.Open().Result != OpenResult.Opened) throw new IOException("The bare line does not open.");
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=false");
        _connection.Open();
        using (var setup = _connection.CreateCommand())
        {
            setup.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE weighing (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, mass_mg INTEGER NOT NULL, unit TEXT NOT NULL, raw BLOB NOT NULL)";
            setup.ExecuteNonQuery();
        }
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO weighing (at, mass_mg, unit, raw) VALUES ($at, $mass, $unit, $raw)";
        foreach (var name in (string[])["$at", "$mass", "$unit", "$raw"]) _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        _insert.Prepare();
        _thread = new Thread(Run) { IsBackground = true, Name = "bare-insert" };
        _thread.Start();
    }

    public async Task<double> WeighAsync()
    {
        _scale.Write(BenchStation.Frame('D', 1.4m));
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        var frame = BenchStation.Frame('S', 2.000m);
        var at = Stopwatch.GetTimestamp();
        _scale.Write(frame);
        if (!await _stored.WaitAsync(TimeSpan.FromSeconds(30))) throw new TimeoutException("The bare loop hangs.");
        return Stopwatch.GetElapsedTime(at, Volatile.Read(ref _storedAt)).TotalMicroseconds;
    }

    public void OnWeight(in WeightReading reading)
    {
        if (reading.Stability != StabilityFlag.Stable || reading.Mass is not { } mass) return;
        _insert.Parameters[0].Value = Stopwatch.GetTimestamp();
        _insert.Parameters[1].Value = mass.Milligrams;
        _insert.Parameters[2].Value = reading.Unit;
        _insert.Parameters[3].Value = reading.Raw.ToArray();
        _insert.ExecuteNonQuery();
        Volatile.Write(ref _storedAt, Stopwatch.GetTimestamp());
        _stored.Release();
    }

    public void OnScan(ScanReading reading)
    {
        // There is no scanner here.
    }

    public void OnRejected(in RejectedFrame rejected)
    {
        // Nothing damages this line.
    }

    public void OnReply(ReadOnlySpan<byte> bytes) => _line.Write(bytes);

    public void Dispose()
    {
        _stopping = true;
        _line.Wake();
        _thread.Join();
        _insert.Dispose();
        _connection.Dispose();
        _line.Dispose();
        _scale.Dispose();
        _stored.Dispose();
    }

    private void Run()
    {
        var decoder = ProtocolList.Find("mt-sics")!.Configure(ProtocolSettings.Default).NewDecoder();
        Span<byte> buffer = stackalloc byte[4096];
        while (!_stopping)
        {
            var read = _line.Read(buffer, null);
            if (read.Event == LineEvent.Bytes) decoder.Push(buffer[..read.Count], this);
        }
    }
}
