using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Journal;
using KeyAccountLogistics.TestKit.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace KeyAccountLogistics.Component.Journal;

/// <summary>What modules have told the journal of an account's service, in its order.</summary>
internal static class ServiceFacts
{
    internal static async Task<List<(ParcelEvent Event, ServiceFact Fact, Instant At)>> OfAsync(BackendFixture backend, EventKind kind)
    {
        var facts = new List<(ParcelEvent, ServiceFact, Instant)>();
        await foreach (var e in backend.Host.Services.GetRequiredService<IJournalReader>().ReadAsync(0, long.MaxValue))
        {
            if (e.Kind != kind) continue;
            var parsed = e.Parse();
            facts.Add((parsed, parsed.Service, e.Time.Best));
        }
        return facts;
    }
}
