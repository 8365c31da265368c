using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Journal.Databases;
using KeyAccountLogistics.ServiceLevels.Contributing;
using KeyAccountLogistics.ServiceLevels.Reading;
using KeyAccountLogistics.ServiceLevels.Storage;
using Microsoft.EntityFrameworkCore;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Drilling;

/// <summary>The subjects behind a figure with the events that decided each (law 9). What is not simply met is marked, and found by its mark; what is met is most, and is looked through in pages.</summary>
internal sealed class DrillDown(LevelsDb db, ReadScorecard scores, FindPlan plans, ICallerScope callers)
{
    // Subjects looked through for one page of what is met; the token says where to go on.
    private const int LookedAtMax = 4_000;
    private const string Counted = "counted";
    private const string Failures = "failures";

    // Figures have points in their names, and none has this.
    private const char TokenParts = '|';

    // A fact's subject holds an account and a name.
    private const int TokenMax = 600;

    internal async Task<Outcome<DrillDownReply>> RunAsync(DrillDownRequest ask, CancellationToken ct)
    {
        var read = AskedPeriod.Read(ask.Of ?? new GetScorecardRequest());
        if (!read.IsOk) return read.Fault;
        if (FiguresOf(ask.Indicator) is not { Length: > 0 } figures)
            return new Fault.Invalid("indicator", "indicator.not_counted", $"The indicator {(ask.Indicator.Length > 20 ? "given" : ask.Indicator)} is not counted from facts.");
        var whole = ask.Which is "met" or Counted;
        if (!whole && ask.Which is not ("" or "missed" or "excluded" or "in_doubt" or "open")) return new Fault.Invalid("which", "which.unknown", "Ask for missed, met, counted, excluded, in_doubt or open.");
        if (whole && figures.Length > 1) return new Fault.Invalid("which", "which.unknown", "Of several figures together ask for missed, excluded, in_doubt or open.");
        if (await scores.WhyUnknownAsync(read.Value.Account, ct) is { } unknown) return unknown;
        var reply = whole ? await MetAsync(read.Value, ask, ct) : await MarkedAsync(read.Value, ask, figures, ct);
        // Who of the carrier's people went is the carrier's own.
        if (reply.IsOk && ClientSide.Is(callers.Current))
        {
            foreach (var item in reply.Value.Items) item.Courier = "";
        }
        if (reply.IsOk) reply.Value.Zone = plans.DaysOf(read.Value).Zone.Id;
        return reply;
    }

    // One figure, all of a dimension, or all failures of the index.
    private static string[] FiguresOf(string asked) => asked switch
    {
        "T" or "Q" or "C" or "S" or "O" => [.. FigureCodes.Counted.Where(f => f[0] == asked[0])],
        Failures => [.. FigureCodes.Components],
        FigureCodes.Parcels => [asked],
        _ => FigureCodes.HasSubjects(asked) ? [asked] : [],
    };

    private async Task<Outcome<DrillDownReply>> MarkedAsync(AskedPeriod asked, DrillDownRequest ask, string[] figures, CancellationToken ct)
    {
        var (first, last) = (asked.FirstDay, asked.LastDay);
        var marks = db.Marks.AsNoTracking().Where(m => m.Account == asked.Account && figures.Contains(m.Figure) && m.Day >= first && m.Day <= last);
        marks = ask.Which switch
        {
            "in_doubt" => marks.Where(m => m.InDoubt),
            "excluded" => marks.Where(m => m.Outcome == (int)TallyOutcome.Excluded),
            "open" => marks.Where(m => m.Outcome == (int)TallyOutcome.Open),
            _ => marks.Where(m => m.Outcome == (int)TallyOutcome.Missed),
        };
        if (ask.PageToken.Length > 0)
        {
            if (ask.PageToken.Split(TokenParts, 3) is not [var dayText, var figure, var after] || !int.TryParse(dayText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day)) return Malformed;
            marks = marks.Where(m => m.Day > day || (m.Day == day && (string.Compare(m.Subject, after) > 0 || (m.Subject == after && string.Compare(m.Figure, figure) > 0))));
        }
        var size = AskedPeriod.PageOf(ask.PageSize);
        var rows = await marks.Join(Of(asked), m => m.Subject, s => s.Subject, (m, s) => new { m.Day, m.Figure, Row = s }).OrderBy(r => r.Day).ThenBy(r => r.Row.Subject).ThenBy(r => r.Figure).Take(size + 1).ToListAsync(ct);
        var reply = new DrillDownReply { Items = { rows.Take(size).Select(r => BehindOf(r.Row, r.Figure)).OfType<Behind>() } };
        if (rows.Count > size) reply.NextPageToken = FormattableString.Invariant($"{rows[size - 1].Day}{TokenParts}{rows[size - 1].Figure}{TokenParts}{rows[size - 1].Row.Subject}");
        return reply;
    }

    private async Task<Outcome<DrillDownReply>> MetAsync(AskedPeriod asked, DrillDownRequest ask, CancellationToken ct)
    {
        var (first, last, after, size) = (asked.FirstDay, asked.LastDay, ask.PageToken, AskedPeriod.PageOf(ask.PageSize));
        if (after.Length > TokenMax) return Malformed;
        var reply = new DrillDownReply();
        for (var seen = 0; seen < LookedAtMax;)
        {
            var start = after;
            var rows = await Of(asked).Where(s => s.LastDay >= first && s.FirstDay <= last && string.Compare(s.Subject, start) > 0).OrderBy(s => s.Subject).Take(500).ToListAsync(ct);
            foreach (var row in rows)
            {
                after = row.Subject;
                if (TallyOf(row, ask.Indicator) is not { } tally || tally.Day < first || tally.Day > last || !IsAsked(ask.Which, Tallies.OutcomeOf(tally))) continue;
                reply.Items.Add(BehindOf(row, ask.Indicator));
                if (reply.Items.Count < size) continue;
                reply.NextPageToken = after;
                return reply;
            }
            if (rows.Count < 500) return reply;
            seen += rows.Count;
        }
        reply.NextPageToken = after;
        return reply;
    }

    private static bool IsAsked(string which, TallyOutcome outcome) => outcome is TallyOutcome.Met || (which is Counted && outcome is TallyOutcome.Missed);

    private static Fault.Invalid Malformed => new("page_token", "page.malformed", "The page token is not one that this list gave out.");

    private IQueryable<SubjectRow> Of(AskedPeriod asked)
    {
        var subjects = db.Subjects.AsNoTracking().Where(s => s.Account == asked.Account);
        return asked.Kind switch
        {
            CounterKind.Contract => subjects.Where(s => s.Contract == asked.Member),
            CounterKind.Lane => subjects.Where(s => s.Lane == asked.Member),
            CounterKind.Product => subjects.Where(s => s.Product == asked.Member),
            CounterKind.Depot => subjects.Where(s => s.Depot == asked.Member),
            CounterKind.Courier => subjects.Where(s => s.Courier == asked.Member),
            _ => subjects,
        };
    }

    private static string KindOf(SubjectRow row) => row.Subject[0] switch { 'o' => "order", 'f' => (FactKey.Read(row.Subject) is { } key ? ServiceWords.Of(key.Kind) : null) ?? "fact", _ => "parcel" };

    private static Tally? TallyOf(SubjectRow row, string figure) => TallyOf(Contribution.Parser.ParseFrom(row.Body), figure);

    private static Tally? TallyOf(Contribution added, string figure) => added.Tallies.FirstOrDefault(t => string.Equals(t.Figure, figure, StringComparison.Ordinal));

    // Null for a row that changed between the question and the answer: it is found again, or gone.
    private static Behind? BehindOf(SubjectRow row, string figure)
    {
        var added = Contribution.Parser.ParseFrom(row.Body);
        return TallyOf(added, figure) is { } tally ? BehindOf(row, tally, added) : null;
    }

    private static Behind BehindOf(SubjectRow row, Tally t, Contribution added) => new()
    {
        Kind = KindOf(row), Subject = row.Code, Day = LocalDatePattern.Iso.Format(AccountDays.DayOf(t.Day)), DueUs = t.DueUs,
        EarliestUs = t.EarliestUs, BestUs = t.BestUs, LatestUs = t.LatestUs, InDoubt = t.InDoubt, Events = { t.Events.Select(static e => Uuid.From(e.Span).ToString()) },
        ChargedTo = t.ChargedTo, Lane = row.Lane, Depot = row.Depot, Courier = row.Courier, Reason = t.Reason, Parcel = added.Parcel, Title = added.Title, Contract = row.Contract,
        Indicator = t.Figure, Numerator = t.Numerator, Denominator = t.Denominator,
        Proposed = added.Proposed is { } proposed ? new ExclusionProposal { Reason = proposed.Reason, By = proposed.By, AtUs = proposed.AtUs } : null,
    };
}
