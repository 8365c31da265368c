using System.Runtime.CompilerServices;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>
/// What a scorecard is made of, in one question: the sums of its period, what was first published of them, and how old the oldest fact is that waits to be followed.
/// </summary>
/// <param name="Sums">By figure.</param>
/// <param name="First">As first published, by figure; empty when nothing was, and for a slice: a part of an account was never published.</param>
/// <param name="ClosedDays">Days of the period that were closed.</param>
/// <param name="PublishedUs">The latest closing; 0 without one.</param>
/// <param name="IsRestated">Something of it has changed since.</param>
/// <param name="WaitsUs">When the server got what waits longest; null when nothing waits.</param>
internal sealed record PeriodSums(
    Dictionary<string, CounterSums> Sums, Dictionary<string, CounterSums> First, int ClosedDays, long PublishedUs, bool IsRestated, long? WaitsUs)
{
    private const int Counted = 0, Published = 1, Waiting = 2;

    // Compiled: a scorecard is read for every page and every account, and taking a question of three parts apart costs more than its answer. A compiled query belongs to a model, and each engine has one.
    private static readonly ConditionalWeakTable<IModel, Func<LevelsDb, string, int, int, int, string, IAsyncEnumerable<Part>>> Questions = new();
    private static readonly ConditionalWeakTable<IModel, Func<LevelsDb, string, int, int, int, IAsyncEnumerable<Part>>> MonthQuestions = new();

    internal static async Task<PeriodSums> ReadAsync(LevelsDb db, AskedPeriod asked, CancellationToken ct)
    {
        var parts = asked.Month is { } month
            ? MonthQuestions.GetValue(db.Model, static _ => CompileMonth())(db, asked.Account, month, asked.FirstDay, asked.LastDay)
            : Questions.GetValue(db.Model, static _ => Compile())(db, asked.Account, asked.FirstDay, asked.LastDay, (int)asked.Kind, asked.Member);
        var (sums, first) = (new Dictionary<string, CounterSums>(StringComparer.Ordinal), new Dictionary<string, CounterSums>(StringComparer.Ordinal));
        var (closed, published, restated, waits) = (0, 0L, false, (long?)null);
        await foreach (var part in parts.WithCancellation(ct))
        {
            switch (part.Of)
            {
                case Counted:
                    sums[part.Figure] = new CounterSums(part.Numerator, part.Denominator, part.LeftOut, part.InDoubt, part.Open);
                    break;
                case Published:
                    first[part.Figure] = new CounterSums(part.Numerator, part.Denominator, 0, 0, 0);
                    // A closed day has a row of parcels, also one on which nothing happened.
                    if (part.Figure is FigureCodes.Parcels) closed = (int)part.Open;
                    (published, restated) = (Math.Max(published, part.AtUs), restated || part.InDoubt > 0);
                    break;
                default:
                    waits = part.AtUs;
                    break;
            }
        }
        return new PeriodSums(sums, first, closed, published, restated, waits);
    }

    private static Func<LevelsDb, string, int, int, int, string, IAsyncEnumerable<Part>> Compile() => EF.CompileAsyncQuery((LevelsDb db, string account, int first, int last, int kind, string member) =>
        db.Counters.Where(c => c.Kind == kind && c.Account == account && c.Day >= first && c.Day <= last && c.Member == member).GroupBy(c => c.Figure)
            .Select(g => new Part
            {
                Of = Counted, Figure = g.Key, Numerator = g.Sum(c => c.Numerator), Denominator = g.Sum(c => c.Denominator), LeftOut = g.Sum(c => c.LeftOut), InDoubt = g.Sum(c => c.InDoubt),
                Open = g.Sum(c => c.Open), AtUs = 0L,
            })
            .Concat(db.Published.Where(p => kind == 0 && p.Account == account && p.Day >= first && p.Day <= last).GroupBy(p => p.Figure)
                .Select(g => new Part
                {
                    Of = Published, Figure = g.Key, Numerator = g.Sum(p => p.FirstNumerator), Denominator = g.Sum(p => p.FirstDenominator), LeftOut = 0L, InDoubt = g.Sum(p => p.RestatedUs == null ? 0L : 1L),
                    Open = g.LongCount(), AtUs = g.Max(p => p.PublishedUs),
                }))
            .Concat(db.Changed.OrderBy(c => c.Id).Take(1)
                .Select(c => new Part { Of = Waiting, Figure = "", Numerator = 0L, Denominator = 0L, LeftOut = 0L, InDoubt = 0L, Open = 0L, AtUs = c.AtUs })));

    private static Func<LevelsDb, string, int, int, int, IAsyncEnumerable<Part>> CompileMonth() => EF.CompileAsyncQuery((LevelsDb db, string account, int month, int first, int last) =>
        db.Months.Where(m => m.Month == month && m.Account == account)
            .Select(m => new Part
            {
                Of = Counted, Figure = m.Figure, Numerator = m.Numerator, Denominator = m.Denominator, LeftOut = m.LeftOut, InDoubt = m.InDoubt, Open = m.Open, AtUs = 0L,
            })
            .Concat(db.Published.Where(p => p.Account == account && p.Day >= first && p.Day <= last).GroupBy(p => p.Figure)
                .Select(g => new Part
                {
                    Of = Published, Figure = g.Key, Numerator = g.Sum(p => p.FirstNumerator), Denominator = g.Sum(p => p.FirstDenominator), LeftOut = 0L, InDoubt = g.Sum(p => p.RestatedUs == null ? 0L : 1L),
                    Open = g.LongCount(), AtUs = g.Max(p => p.PublishedUs),
                }))
            .Concat(db.Changed.OrderBy(c => c.Id).Take(1)
                .Select(c => new Part { Of = Waiting, Figure = "", Numerator = 0L, Denominator = 0L, LeftOut = 0L, InDoubt = 0L, Open = 0L, AtUs = c.AtUs })));

    private sealed class Part
    {
        public int Of { get; init; }

        public string Figure { get; init; } = "";

        public long Numerator { get; init; }

        public long Denominator { get; init; }

        public long LeftOut { get; init; }

        public long InDoubt { get; init; }

        public long Open { get; init; }

        public long AtUs { get; init; }
    }
}
