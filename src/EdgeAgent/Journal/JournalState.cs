using System.Text.Json;
using System.Text.Json.Serialization;
using KeyAccountLogistics.EdgeAgent.Files;

namespace KeyAccountLogistics.EdgeAgent.Journal;

/// <summary>
/// What the journal must know beside its segments: how far each boot is acknowledged, what is known of its clock, and the gaps already reported.
/// Losing it costs a resend (which has no effect), never an event.
/// </summary>
internal sealed record JournalState
{
    [JsonPropertyName("boots")]
    public IReadOnlyList<BootState> Boots { get; init; } = [];

    [JsonPropertyName("gaps")]
    public IReadOnlyList<JournalGap> Gaps { get; init; } = [];

    /// <summary>The highest place given to a boot so far, kept when its segments are gone.</summary>
    [JsonPropertyName("lastOrdinal")]
    public int LastOrdinal { get; init; }

    private const int BytesMax = 4 << 20;

    public static JournalState? TryRead(IDurableFiles files, string path)
    {
        try
        {
            var bytes = files.Read(path, BytesMax);
            return bytes is null ? new JournalState() : JsonSerializer.Deserialize(bytes, JournalJson.Default.JournalState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(IDurableFiles files, string path) => files.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.JournalState));
}

/// <summary>One boot: a start of the agent, or a part of one that was cut off so that live events need not queue behind a backlog.</summary>
internal sealed record BootState(
    [property: JsonPropertyName("boot")] Guid Boot,
    [property: JsonPropertyName("ordinal")] int Ordinal,
    [property: JsonPropertyName("acknowledged")] ulong Acknowledged,
    [property: JsonPropertyName("clock")] BootClock? Clock);

/// <summary>What is known of a boot's clock (law 2); microseconds, server's time unless said otherwise.</summary>
internal sealed record BootClock(
    [property: JsonPropertyName("contact")] long ContactServerMicros,
    [property: JsonPropertyName("contactMonotonic")] long ContactMonotonicMicros,
    [property: JsonPropertyName("uncertainty")] long UncertaintyMicros,
    [property: JsonPropertyName("previousContact")] long PreviousContactMicros,
    [property: JsonPropertyName("wallOffset")] long WallOffsetMicros)
{
    /// <summary>True when the boot has met the server; else only the contact before it is known.</summary>
    [JsonIgnore]
    public bool MetServer => ContactServerMicros != 0;
}

/// <summary>Accepted events that can no longer be read: never passed over in silence.</summary>
internal sealed record JournalGap(
    [property: JsonPropertyName("boot")] Guid Boot,
    [property: JsonPropertyName("first")] ulong First,
    [property: JsonPropertyName("last")] ulong Last,
    [property: JsonPropertyName("reason")] string Reason);

[JsonSerializable(typeof(JournalState))]
internal sealed partial class JournalJson : JsonSerializerContext;
