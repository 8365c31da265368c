using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeyAccountLogistics.Api.Edge.V1;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.People;

/// <summary>
/// Wrong PINs per person at this agent, on the disk before the PIN is looked at: pulling the plug gives no sixth attempt. A new PIN, set by an
/// administrator, is a new verifier and begins a new count; nothing else lifts the lock.
/// </summary>
internal sealed class PinAttempts
{
    public const int WrongMax = 5;

    private const int BytesMax = 4 << 20;
    private readonly IDurableFiles _files;
    private readonly string _path;
    private readonly Dictionary<string, PinCount> _counts;

    public PinAttempts(IDurableFiles files, string path)
    {
        _files = files;
        _path = path;
        _counts = Read(files, path);
    }

    public int Left(StationPerson person) => WrongMax - CountOf(person);

    /// <summary>Counts the attempt as wrong until it proves right.</summary>
    public void Begin(StationPerson person)
    {
        _counts[person.Id] = new PinCount(CountOf(person) + 1, FingerprintOf(person));
        Save();
    }

    public void Succeeded(StationPerson person)
    {
        _counts.Remove(person.Id);
        Save();
    }

    private int CountOf(StationPerson person) =>
        _counts.TryGetValue(person.Id, out var count) && string.Equals(count.Verifier, FingerprintOf(person), StringComparison.Ordinal) ? count.Wrong : 0;

    private static string FingerprintOf(StationPerson person) => Convert.ToHexString(SHA256.HashData([.. person.PinSalt.Span, .. person.PinVerifier.Span]), 0, 8);

    private void Save() => _files.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(_counts, PinJson.Default.DictionaryStringPinCount));

    private static Dictionary<string, PinCount> Read(IDurableFiles files, string path)
    {
        try
        {
            var bytes = files.Read(path, BytesMax);
            var read = bytes is null ? null : JsonSerializer.Deserialize(bytes, PinJson.Default.DictionaryStringPinCount);
            return new Dictionary<string, PinCount>(read ?? [], StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // Replaced atomically, so only a failing disk gets here; who can write this file could replace the verifiers as well.
            return new Dictionary<string, PinCount>(StringComparer.Ordinal);
        }
    }
}

internal sealed record PinCount([property: JsonPropertyName("wrong")] int Wrong, [property: JsonPropertyName("verifier")] string Verifier);

[JsonSerializable(typeof(Dictionary<string, PinCount>))]
internal sealed partial class PinJson : JsonSerializerContext;
