using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.ServiceLevels.Budgets;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Figures;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.ServiceLevels.AtRisk;

/// <summary>
/// Parcels not attempted yet whose next gate is past or near, each with the part of what is left of its account's budget of this month that it would cost. Those that can still be saved come
/// first - an attempt now is in time - by that cost across accounts, then by the gate. The others follow, the latest promised first: what was given up long
/// ago hides nothing that can be saved.
/// </summary>
internal sealed class ListAtRisk(LevelsDb db, FindPlan plans, ReadLeft budgets, TimeProvider time)
{
    /// <summary>A gate that is nearer than this, with the scan missing, is likely to be missed.</summary>
    private static readonly Duration Near = Duration.FromHours(4);

    internal async Task<Outcome<ListAtRiskReply>> RunAsync(ListAtRiskRequest ask, CancellationToken ct)
    {
        foreach (var (field, text) in new[] { ("account", ask.Account), ("depot", ask.Depot) })
        {
            if (text.Length > 120 || text.Any(char.IsControl)) return new Fault.Invalid(field, "field.malformed", $"The {field} is longer than 120 characters or holds control characters.");
        }
        var skip = 0;
        if (ask.PageToken.Length > 0 && !int.TryParse(ask.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out skip))
            return new Fault.Invalid("page_token", "page.malformed", "The page token is not one that this list gave out.");
        var now = time.Now();
        var (nowUs, until) = (now.ToUnixMicros(), (now + Near).ToUnixMicros());
        var rows = db.Subjects.AsNoTracking().Where(s => s.GateUs != null && s.GateUs <= until && s.Account != null);
        if (ask.Account.Length > 0) rows = rows.Where(s => s.Account == ask.Account);
        if (ask.Depot.Length > 0) rows = rows.Where(s => s.Depot == ask.Depot);
        var counts = await rows.GroupBy(s => s.Account!).Select(g => new { Account = g.Key, Ahead = g.Sum(s => (s.DueUs ?? s.GateUs) > nowUs ? 1L : 0L), All = g.LongCount() }).ToListAsync(ct);
        var left = await budgets.OfAsync(counts.ConvertAll(static c => c.Account), now, ct);
        var (ahead, all, size) = (counts.Sum(static c => c.Ahead), counts.Sum(static c => c.All), AskedPeriod.PageOf(ask.PageSize));
        var page = await AheadAsync(rows.Where(s => (s.DueUs ?? s.GateUs) > nowUs), AtRiskRanks.Of(counts.Select(static c => (c.Account, c.Ahead)), left), skip, size, ct);
        var saved = page.Count;
        var room = size - (int)Math.Clamp(ahead - skip, 0, size);
        if (room > 0 && all > ahead)
        {
            page.AddRange(await rows.Where(s => (s.DueUs ?? s.GateUs) <= nowUs)
                .OrderByDescending(s => s.DueUs ?? s.GateUs).ThenBy(s => s.Subject).Skip((int)Math.Max(0, skip - ahead)).Take(room).ToListAsync(ct));
        }
        var zones = page.Select(static s => s.Account!).Append(ask.Account).Distinct(StringComparer.Ordinal).ToDictionary(static a => a, a => plans.DaysOf(a, now.InZone(AccountDays.Usual).Date).Zone.Id, StringComparer.Ordinal);
        var reply = new ListAtRiskReply { Zone = ask.Account.Length > 0 ? zones[ask.Account] : "", CanBeSaved = ahead, Past = all - ahead };
        if (all > (long)skip + size) reply.NextPageToken = (skip + size).ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < page.Count; i++)
        {
            if (View(page[i], left, nowUs, i >= saved, zones[page[i].Account!]) is { } parcel) reply.Parcels.Add(parcel);
        }
        return reply;
    }

    // Whole ranks in one question, and one for each end of the page that is a part of a rank: three at most, each bounded by the page.
    private static async Task<List<SubjectRow>> AheadAsync(IQueryable<SubjectRow> rows, IReadOnlyList<AtRiskRank> ranks, int skip, int size, CancellationToken ct)
    {
        var found = new List<SubjectRow>();
        var parts = AtRiskRanks.Page(ranks, skip, size);
        List<string> whole = [.. parts.Where(static p => p.IsWhole).SelectMany(static p => p.Accounts)];
        if (whole.Count > 0) found.AddRange(await rows.Where(s => whole.Contains(s.Account!)).OrderBy(s => s.GateUs).ThenBy(s => s.Subject).Take(size).ToListAsync(ct));
        foreach (var part in parts.Where(static p => !p.IsWhole))
        {
            List<string> own = [.. part.Accounts];
            found.AddRange(await rows.Where(s => own.Contains(s.Account!)).OrderBy(s => s.GateUs).ThenBy(s => s.Subject).Skip(part.Skip).Take(part.Take).ToListAsync(ct));
        }
        var places = ranks.SelectMany(static (rank, place) => rank.Accounts.Select(account => (account, place))).ToDictionary(static r => r.account, static r => r.place, StringComparer.Ordinal);
        // Stable: within a rank they stay in the order of gates.
        return [.. found.OrderBy(s => places[s.Account!])];
    }

    private static AtRiskParcel? View(SubjectRow row, Dictionary<string, long> left, long nowUs, bool past, string zone)
    {
        if (Contribution.Parser.ParseFrom(row.Body).Risk is not { } risk) return null;
        var known = left.TryGetValue(row.Account!, out var rest);
        return new AtRiskParcel
        {
            Parcel = row.Code, Account = row.Account, Gate = risk.Gate, GateUs = risk.GateUs, PromisedUs = risk.PromisedUs, Missing = risk.Missing, LastSeen = risk.LastSeen, LastSeenUs = risk.LastSeenUs,
            Overdue = risk.GateUs < nowUs, Share = known && rest > 0 ? Fraction.Of(1, rest).Round(6).ToString(CultureInfo.InvariantCulture) : "", NothingLeft = known && rest <= 0, Past = past, Lane = row.Lane, Zone = zone,
        };
    }
}
