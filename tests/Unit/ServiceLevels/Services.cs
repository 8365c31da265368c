using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.ServiceLevels.Contributing;
using static KeyAccountLogistics.Unit.ServiceLevels.Lives;

namespace KeyAccountLogistics.Unit.ServiceLevels;

/// <summary>Facts of an account's service as a test tells them.</summary>
internal static class Services
{
    internal static LivedFact Told(int id, EventKind kind, long at, Action<ServiceFact> more, string name = "F-1", string reason = "")
    {
        var service = new ServiceFact { Account = Account };
        more(service);
        return new LivedFact(new ParcelEvent { Id = IdOf(id), Kind = kind, Reference = name, Reason = reason, Service = service }, at, at, at);
    }

    internal static LivedFact TakenOut(int id, int corrected, long at) => new(new ParcelEvent { Id = IdOf(id), Kind = EventKind.Corrected, Corrects = IdOf(corrected) }, at, at, at);

    internal static Contribution Ask(params IEnumerable<LivedFact> told)
    {
        var all = told.ToList();
        var key = all.Select(static f => FactKey.Of(f.Event)).First(static k => k is not null)!.Value;
        return ContributeFact.Of(new FactHistory(key, all), ByTimestamp);
    }

    internal static Contribution Ask(EventKind kind, long at, Action<ServiceFact> more, string reason = "") => Ask(Told(1, kind, at, more, reason: reason));
}
