using System.Collections.Immutable;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Cases.Storage;
using KeyAccountLogistics.Kernel;
using Microsoft.EntityFrameworkCore;
using NodaTime;

namespace KeyAccountLogistics.Cases.Published;

/// <summary>A share of complaints, with the cases behind it.</summary>
/// <param name="Of">The cases that are judged: the denominator.</param>
/// <param name="Hits">Those of them that count: answered in time, closed in time, or reopened.</param>
public sealed record ComplaintShare(ImmutableArray<string> Of, ImmutableArray<string> Hits)
{
    /// <summary>Nothing to judge.</summary>
    public static ComplaintShare None { get; } = new([], []);
}

/// <summary>An account's complaints on one day (domain.md 3.2).</summary>
/// <param name="Day">The carrier's local day.</param>
/// <param name="FirstAnswered">S1: whose first answer was due on the day; hits were answered in time.</param>
/// <param name="ClosedInTime">S2: whose seven days ended on the day; hits were closed within them.</param>
/// <param name="Reopened">S3: first closed on the day; hits were reopened within fifteen days. It may still grow for so long.</param>
public sealed record ComplaintDay(LocalDate Day, ComplaintShare FirstAnswered, ComplaintShare ClosedInTime, ComplaintShare Reopened);

/// <summary>
/// Complaints as service levels count them, within the scope of the unit of work's caller. A complaint is judged once in each share: on the day when that was due, not when it
/// came in, so that one whose time has not run out yet is no failure and no success. Registered scoped.
/// </summary>
public sealed class ComplaintFigures
{
    /// <summary>At most so many days are asked for at once.</summary>
    public const int DaysMax = 400;

    /// <summary>At most so many complaints are told at once.</summary>
    public const int CasesMax = 20_000;

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];
    private readonly CasesDb _db;
    private readonly TimeProvider _time;

    internal ComplaintFigures(CasesDb db, TimeProvider time) => (_db, _time) = (db, time);

    /// <summary>The days of the span on which there is something to judge, in order; faults when more is asked for than is told at once.</summary>
    public async Task<Outcome<ImmutableArray<ComplaintDay>>> OfAsync(string account, LocalDate first, LocalDate last, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        if (last < first || Period.DaysBetween(first, last) >= DaysMax) return new Fault.Invalid("last", "figures.span", $"Ask for 1 to {DaysMax} days.");
        var (from, until) = (Zone.AtStartOfDay(first).ToInstant().ToUnixMicros(), Zone.AtStartOfDay(last.PlusDays(1)).ToInstant().ToUnixMicros());
        var now = _time.Now().ToUnixMicros();
        var complaints = _db.Cases.AsNoTracking().Where(c => c.Kind == ComplaintKind.Kind.Name && c.Account == account);
        var answers = await ReadAsync(complaints.Where(c => c.AnswerDueUs >= from && c.AnswerDueUs < until && (c.AnsweredUs != null || c.AnswerDueUs <= now))
            .Select(c => new Judged(c.Id, c.AnswerDueUs!.Value, c.AnsweredUs <= c.AnswerDueUs)), ct);
        var closings = await ReadAsync(complaints.Where(c => c.StatuteDueUs >= from && c.StatuteDueUs < until && (c.FirstClosedUs != null || c.StatuteDueUs <= now))
            .Select(c => new Judged(c.Id, c.StatuteDueUs!.Value, c.FirstClosedUs <= c.StatuteDueUs)), ct);
        var counts = Life.Micros.Of(ComplaintKind.CountsAsReopened);
        var reopenings = await ReadAsync(complaints.Where(c => c.FirstClosedUs >= from && c.FirstClosedUs < until)
            .Select(c => new Judged(c.Id, c.FirstClosedUs!.Value, c.FirstReopenedUs - c.FirstClosedUs <= counts)), ct);
        if (answers.Count + closings.Count + reopenings.Count > CasesMax) return new Fault.Invalid("last", "figures.too_many", $"More than {CasesMax} complaints fall into the span; ask for fewer days.");
        return ByDay(answers, closings, reopenings);
    }

    private static Task<List<Judged>> ReadAsync(IQueryable<Judged> judged, CancellationToken ct) => judged.Take(CasesMax + 1).ToListAsync(ct);

    private static ImmutableArray<ComplaintDay> ByDay(List<Judged> answers, List<Judged> closings, List<Judged> reopenings)
    {
        var (a, c, r) = (Shares(answers), Shares(closings), Shares(reopenings));
        return
        [
            .. a.Keys.Union(c.Keys).Union(r.Keys).Order().Select(day => new ComplaintDay(
                day, a.GetValueOrDefault(day, ComplaintShare.None), c.GetValueOrDefault(day, ComplaintShare.None), r.GetValueOrDefault(day, ComplaintShare.None))),
        ];
    }

    private static Dictionary<LocalDate, ComplaintShare> Shares(List<Judged> judged) => judged.GroupBy(j => Clock.FromUnixMicros(j.AtUs).InZone(Zone).Date).ToDictionary(
        g => g.Key, g => new ComplaintShare([.. g.Select(j => j.Id).Order(StringComparer.Ordinal)], [.. g.Where(j => j.Hit == true).Select(j => j.Id).Order(StringComparer.Ordinal)]));

    private sealed record Judged(string Id, long AtUs, bool? Hit);
}
