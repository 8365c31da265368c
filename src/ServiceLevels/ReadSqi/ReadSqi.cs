using System.Collections.Immutable;
using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Following;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using NodaTime.Text;
using DayView = KeyAccountLogistics.Api.Levels.V1.SqiDay;

namespace KeyAccountLogistics.ServiceLevels.Sqi;

/// <summary>
/// The service quality index day by day, from the same counters as scores: each day by the profile of the contract version in force on it, and where that changes another series begins
/// (domain.md 2.3). Without an account the default weighs every day: figures of many accounts are one series only by one profile. Components without facts count nothing and are not named as counted.
/// </summary>
internal sealed class ReadSqi(LevelsDb db, ReadScorecard scores, FindPlan plans, Settle settle)
{
    private const int Before = 27;

    internal async Task<Outcome<SqiReply>> RunAsync(GetSqiRequest ask, CancellationToken ct)
    {
        if (ask.Depot.Length > 0 && ask.Lane.Length > 0) return new Fault.Invalid("lane", "dimension.one", "Ask for a depot or a lane, not for both.");
        var dimension = ask.Depot.Length > 0 ? "depot" : ask.Lane.Length > 0 ? "lane" : "";
        var read = AskedPeriod.Read(ask.Account, ask.From, ask.To, dimension, ask.Depot + ask.Lane, needsAccount: false);
        if (!read.IsOk) return read.Fault;
        var asked = read.Value;
        if (ask.Settled && await settle.UntilNowAsync(ct) is { } unsettled) return unsettled;
        if (asked.Account.Length > 0 && await scores.WhyUnknownAsync(asked.Account, ct) is { } unknown) return unknown;
        var profiles = asked.Account.Length > 0 ? plans.ProfilesOf(asked.Account, asked.From.PlusDays(-Before), asked.To) : null;
        SqiProfile ProfileOn(LocalDate day) => profiles is null ? SqiProfile.A : profiles[day];
        var days = await DaysAsync(asked, ProfileOn, ct);
        var firsts = asked.Kind is CounterKind.All ? await FirstsAsync(asked, ProfileOn, ct) : [];
        var shown = Enumerable.Range(asked.FirstDay, asked.LastDay - asked.FirstDay + 1).Select(d => ProfileOn(AccountDays.DayOf(d))).Distinct().ToList();
        var reply = new SqiReply
        {
            Profile = ProfileOn(asked.To).Key, Unverified = shown.Any(static p => !p.Verified), Components = { FigureCodes.Components.Where(c => shown.Any(p => p.Weights.ContainsKey(c))) },
        };
        for (var day = asked.From; day <= asked.To; day = day.PlusDays(1)) reply.Days.Add(View(days, day, firsts.GetValueOrDefault(day)));
        return reply;
    }

    private async Task<Dictionary<LocalDate, SqiDay>> DaysAsync(AskedPeriod asked, Func<LocalDate, SqiProfile> profileOn, CancellationToken ct)
    {
        var (first, last, kind) = (asked.FirstDay - Before, asked.LastDay, (int)asked.Kind);
        var counters = db.Counters.AsNoTracking().Where(c => c.Day >= first && c.Day <= last && c.Kind == kind && c.Member == asked.Member);
        if (asked.Account.Length > 0) counters = counters.Where(c => c.Account == asked.Account);
        string[] figures = [FigureCodes.Parcels, .. FigureCodes.Components];
        var rows = await counters.Where(c => figures.Contains(c.Figure)).GroupBy(c => new { c.Day, c.Figure })
            .Select(g => new { g.Key.Day, g.Key.Figure, N = g.Sum(c => c.Numerator), D = g.Sum(c => c.Denominator) }).ToListAsync(ct);
        var found = rows.GroupBy(static r => r.Day).ToDictionary(static g => g.Key, static g => CountsOf(g.Select(static r => (r.Figure, r.N, r.D))));
        return Enumerable.Range(first, last - first + 1).Select(d => (Number: d, Day: AccountDays.DayOf(d)))
            .ToDictionary(static d => d.Day, d => new SqiDay(d.Day, WeighFailures.Of(profileOn(d.Day), found.GetValueOrDefault(d.Number, SqiCounts.None))));
    }

    private async Task<Dictionary<LocalDate, SqiFigures>> FirstsAsync(AskedPeriod asked, Func<LocalDate, SqiProfile> profileOn, CancellationToken ct)
    {
        var (first, last) = (asked.FirstDay, asked.LastDay);
        if (asked.Account.Length == 0) return [];
        var rows = await db.Published.AsNoTracking().Where(p => p.Account == asked.Account && p.Day >= first && p.Day <= last).ToListAsync(ct);
        return rows.GroupBy(static r => r.Day).ToDictionary(static g => AccountDays.DayOf(g.Key), g => WeighFailures.Of(profileOn(AccountDays.DayOf(g.Key)), CountsOf(g.Select(static r => (r.Figure, r.FirstNumerator, r.FirstDenominator)))));
    }

    internal static SqiCounts CountsOf(IEnumerable<(string Figure, long Numerator, long Denominator)> figures)
    {
        var (shipments, failures) = (0L, ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal));
        foreach (var (figure, numerator, denominator) in figures)
        {
            if (figure is FigureCodes.Parcels) shipments = denominator;
            else if (numerator != 0 && FigureCodes.Components.Contains(figure, StringComparer.Ordinal)) failures[figure] = numerator;
        }
        return new SqiCounts(shipments, failures.ToImmutable());
    }

    private static DayView View(Dictionary<LocalDate, SqiDay> days, LocalDate day, SqiFigures? first)
    {
        var now = days[day].Figures;
        var view = new DayView
        {
            Day = LocalDatePattern.Iso.Format(day), Shipments = now.Shipments, Failures = now.Failures, Points = ScoreViews.Level(now.Points), PerThousand = ScoreViews.Text(now.PerThousand, 6),
            FirstPoints = first is null ? "" : ScoreViews.Level(first.Points), Sum7 = Sum(7), Sum28 = Sum(28),
            Profile = now.Profile.Key, BeginsSeries = SqiSeries.BeginsOn(days, day),
        };
        foreach (var part in now.Parts.Where(static p => p.Failures > 0)) view.ByComponent[part.Component] = part.Failures;
        return view;

        string Sum(int window) => SqiSeries.Sum(days, day, window) is { } sum ? ScoreViews.Level(sum.Figures.Points) : "";
    }
}
