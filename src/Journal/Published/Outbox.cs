using KeyAccountLogistics.Journal.Append;
using KeyAccountLogistics.Journal.Outbox;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Journal;

/// <summary>Something that happened and must be told: a range of journal positions, or a message a unit of work published.</summary>
/// <param name="Id">Ascending; names the entry in logs.</param>
/// <param name="FirstPosition">First position of the committed group; 0 for a message.</param>
/// <param name="LastPosition">Last position of the group; what lies between belongs to it.</param>
/// <param name="Payload">The message; empty for events.</param>
/// <param name="Attempt">This attempt, from 1.</param>
public sealed record OutboxEntry(long Id, string Topic, long FirstPosition, long LastPosition, ReadOnlyMemory<byte> Payload, Instant CreatedAt, int Attempt);

/// <summary>
/// Takes a topic's entries after commit. At least once, from several processes side by side, not in order: handle an entry twice as if once. What throws is tried again,
/// later and later, and after <see cref="JournalOptions.OutboxAttemptsMax"/> attempts parked and reported.
/// </summary>
public interface IOutboxHandler
{
    /// <summary>Handles one entry; the token ends after <see cref="OutboxRegistration.HandlingLimit"/>.</summary>
    Task HandleAsync(OutboxEntry entry, CancellationToken ct);
}

/// <summary>What waits in the outbox.</summary>
/// <param name="Waiting">Entries that will be tried.</param>
/// <param name="Parked">Entries that failed too often and wait for a person.</param>
public sealed record OutboxStatus(long Waiting, long Parked);

/// <summary>Registering takers.</summary>
public static class OutboxRegistration
{
    /// <summary>How long one entry may be handled before it counts as failed.</summary>
    public static readonly TimeSpan HandlingLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Registers the taker of a topic, one per topic, made in a scope of its own per entry. With <paramref name="takesEvents"/> the topic gets an entry for every committed
    /// group of events; topics without a taker get none.
    /// </summary>
    public static IServiceCollection AddOutboxHandler<THandler>(this IServiceCollection services, string topic, bool takesEvents = false)
        where THandler : class, IOutboxHandler
    {
        services.AddKeyedScoped<IOutboxHandler, THandler>(topic);
        return services.AddSingleton(new OutboxTopic(topic, takesEvents));
    }
}
