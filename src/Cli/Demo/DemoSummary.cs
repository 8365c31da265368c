using System.Text.Json.Serialization;

namespace KeyAccountLogistics.Cli.Demo;

/// <summary>What a demonstration came to, for a script.</summary>
internal sealed record DemoSummary
{
    /// <summary>Parcels that got a verdict or another clear answer.</summary>
    public int Parcels { get; init; }

    /// <summary>Parcels without an answer in time; none is expected.</summary>
    public int Missed { get; init; }

    /// <summary>How many of each answer.</summary>
    public required IReadOnlyDictionary<string, int> Answers { get; init; }

    public int Handovers { get; init; }

    public int CablesPulled { get; init; }

    /// <summary>Events still at the depot; none when all are safe in the backend.</summary>
    public long Unsent { get; init; }

    public long JournalledEvents { get; init; }

    public int BrokenLinks { get; init; }

    public long HeldParcels { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoSummary))]
internal sealed partial class DemoJson : JsonSerializerContext;
