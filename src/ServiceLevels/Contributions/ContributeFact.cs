using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.ServiceLevels.Sqi;
using KeyAccountLogistics.Verdicts.Terms;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>
/// What a fact of an account's service adds to the figures: a function of what stands of it and of the terms. It knows no time of asking: done in time is met, done late is
/// missed, not done is missed as soon as somebody tells so after the limit, and open before. Pure.
/// </summary>
internal static class ContributeFact
{
    internal const string Malformed = "malformed", OtherCurrency = "currency", Withdrawn = "withdrawn";
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;
    private const long AnswerWithin = 30 * Minute;
    private const long NoticeWithin = 30 * Minute;
    private const long MessageWithin = 15 * Minute;
    private const long LinehaulGrace = 30 * Minute;
    private const long AbandonedAfter = 30 * Second;
    private const long ReopenedWithin = 15L * 24 * 60 * Minute;

    internal static Contribution Of(FactHistory history, TermsSnapshot snapshot)
    {
        if (history.Standing is not { } fact || !FigureCodes.Counts(history.Key.Kind)) return new Contribution();
        var service = fact.Event.Service;
        var named = service is { Contract.Length: > 0, ContractVersion: > 0 };
        var terms = named
            ? snapshot.Find(service.Account, service.Contract, service.ContractVersion) : snapshot.InForce(service.Account, Clock.FromUnixMicros(InstantOf(history.Key.Kind, fact)));
        var draft = new Draft(history.Key.Kind, fact, AccountDays.Of(terms), terms?.Currency);
        draft.Count();
        return new Contribution
        {
            Account = history.Key.Account, Depot = fact.Event.Node, Parcel = service.Parcel, Title = service.Title,
            Contract = named ? FormattableString.Invariant($"{service.Contract} v{service.ContractVersion}") : terms?.ToString() ?? "",
            Tallies = { draft.Tallies.OrderBy(static t => t.Figure, StringComparer.Ordinal).ThenBy(static t => t.Day) },
        };
    }

    /// <summary>The figure a kind is listed under when it cannot be judged.</summary>
    internal static string FigureOf(EventKind kind) => kind switch
    {
        EventKind.ClientQuery => FigureCodes.QueryAnswered, EventKind.InvoiceLine => FigureCodes.InvoiceLines, EventKind.RemittanceDue => FigureCodes.Remitted, EventKind.ExceptionNotice => FigureCodes.Noticed,
        EventKind.ImprovementAction => FigureCodes.Improved, EventKind.ClientMessage => FigureCodes.Messages, EventKind.LinehaulTrip => SqiComponents.LinehaulDelay, EventKind.ClientCall => SqiComponents.AbandonedCalls,
        EventKind.ServiceIncident => FigureCodes.PrivacyBreach, EventKind.ComplaintStood => FigureCodes.ComplaintAnswered, _ => FigureCodes.Fulfilled,
    };

    // By which version it falls: the instant that its day is taken from, else when it was told.
    private static long InstantOf(EventKind kind, in LivedFact fact)
    {
        var service = fact.Event.Service;
        var at = kind switch
        {
            EventKind.RemittanceDue or EventKind.ImprovementAction or EventKind.LinehaulTrip or EventKind.ObligationStood => service.DueUs,
            EventKind.ComplaintStood => service.Complaint?.OpenedUs ?? 0,
            _ => service.BeganUs,
        };
        return at is > 0 and <= ServiceWords.InstantMostUs ? at : fact.BestUs;
    }

    private sealed class Draft(EventKind kind, LivedFact fact, AccountDays days, string? currency)
    {
        private readonly ServiceFact _service = fact.Event.Service;

        internal List<Tally> Tallies { get; } = [];

        internal void Count()
        {
            if (ServiceWords.Flaw(kind, _service) is not null)
            {
                LeaveOut(FigureOf(kind), days.Day(InstantOf(kind, fact)), Malformed);
                return;
            }
            switch (kind)
            {
                case EventKind.ClientQuery: Query(); break;
                case EventKind.InvoiceLine: Line(); break;
                case EventKind.RemittanceDue: Remittance(); break;
                case EventKind.ExceptionNotice: Judge(FigureCodes.Noticed, _service.BeganUs, _service.DoneUs, _service.BeganUs + NoticeWithin, _service.Failed); break;
                case EventKind.ImprovementAction: Judge(FigureCodes.Improved, _service.DueUs, _service.DoneUs, _service.DueUs); break;
                case EventKind.ClientMessage: Judge(FigureCodes.Messages, _service.BeganUs, _service.DoneUs, _service.BeganUs + MessageWithin, _service.Failed); break;
                case EventKind.LinehaulTrip: Trip(); break;
                case EventKind.ClientCall when _service.Failed && _service.DoneUs - _service.BeganUs >= AbandonedAfter: Failure(SqiComponents.AbandonedCalls, _service.BeganUs, 0); break;
                case EventKind.ServiceIncident when _service.Failed: Incident(); break;
                case EventKind.ComplaintStood: Complaint(_service.Complaint); break;
                // Due by the end of a day, which as an instant is the first of the next.
                case EventKind.ObligationStood: Judge(FigureCodes.Fulfilled, _service.DueUs - 1, _service.DoneUs, _service.DueUs); break;
                default: break;
            }
        }

        private void Query()
        {
            Judge(FigureCodes.QueryAnswered, _service.BeganUs, _service.DoneUs, _service.BeganUs + AnswerWithin);
            if (_service.Failed) Failure(SqiComponents.Traces, _service.BeganUs, 0);
        }

        // A line's accuracy is known when it is billed, until somebody adjusts it.
        private void Line()
        {
            Add(FigureCodes.InvoiceLines, _service.BeganUs, _service.Failed ? 0 : 1, 1);
            if (_service.Failed) Failure(SqiComponents.InvoiceAdjustment, _service.DoneUs > 0 ? _service.DoneUs : _service.BeganUs, 0);
            if (!_service.HasBudget) return;
            if (IsOtherCurrency)
            {
                LeaveOut(FigureCodes.Overrun, days.Day(_service.BeganUs), OtherCurrency);
                return;
            }
            Add(FigureCodes.Overrun, _service.BeganUs, _service.AmountMinor - _service.BudgetMinor, _service.BudgetMinor);
            Add(FigureCodes.LinesWithBudget, _service.BeganUs, 0, 1);
        }

        private void Remittance()
        {
            if (IsOtherCurrency)
            {
                LeaveOut(FigureCodes.Remitted, days.Day(_service.DueUs), OtherCurrency);
                return;
            }
            var tally = Judge(FigureCodes.Remitted, _service.DueUs, _service.DoneUs, _service.DueUs, failed: false, _service.AmountMinor);
            if (!tally.Open) Add(FigureCodes.Remittances, _service.DueUs, 0, 1);
        }

        private void Trip()
        {
            var limit = _service.DueUs + LinehaulGrace;
            if ((_service.DoneUs > 0 ? _service.DoneUs : fact.BestUs) > limit) Failure(SqiComponents.LinehaulDelay, _service.DueUs, limit);
        }

        private void Incident()
        {
            var at = InstantOf(kind, fact);
            if (fact.Event.Reason is "privacy_breach") Failure(FigureCodes.PrivacyBreach, at, 0);
            else if (fact.Event.Reason is "false_events") Failure(FigureCodes.FalseEventsProved, at, 0);
        }

        private void Complaint(Complaint c)
        {
            // What the client gave up unanswered before the time was over was neither kept nor missed; what was overdue by then stays missed.
            if (IsGivenUp(c, c.AnswerDueUs)) LeaveOut(FigureCodes.ComplaintAnswered, days.Day(c.AnswerDueUs), Withdrawn);
            else if (c.AnswerDueUs > 0) Judge(FigureCodes.ComplaintAnswered, c.AnswerDueUs, c.AnsweredUs, c.AnswerDueUs, failed: c is { Withdrawn: true, AnsweredUs: 0 });
            if (IsGivenUp(c, c.StatuteDueUs)) LeaveOut(FigureCodes.ComplaintClosed, days.Day(c.StatuteDueUs), Withdrawn);
            else if (c.StatuteDueUs > 0 && FigureCodes.IsMissed(Judge(FigureCodes.ComplaintClosed, c.StatuteDueUs, c.ClosedUs, c.StatuteDueUs))) Failure(SqiComponents.ComplaintsUnresolved, c.StatuteDueUs, c.StatuteDueUs);
            if (c.ClosedUs > 0)
            {
                var reopened = c.ReopenedUs > 0 && c.ReopenedUs - c.ClosedUs <= ReopenedWithin;
                Decided(Add(FigureCodes.ComplaintReopened, c.ClosedUs, reopened ? 1 : 0, 1), c.ReopenedUs, 0);
                if (reopened) Decided(Failure(SqiComponents.ComplaintsReopened, c.ReopenedUs, 0), c.ReopenedUs, 0);
            }
            // Over the parcels accepted, which parcels themselves count.
            if (c is { About: "false_sign_off" or "unauthorised_drop", Found: "upheld" or "partly_upheld" }) Decided(Add(FigureCodes.FalseSignOff, c.OpenedUs, 1, 0), c.OpenedUs, 0);
        }

        private static bool IsGivenUp(Complaint c, long dueUs) => c is { Withdrawn: true, AnsweredUs: 0 } && dueUs > 0 && c.ClosedUs <= dueUs;

        private bool IsOtherCurrency => _service.Currency.Length > 0 && !string.Equals(_service.Currency, currency ?? "CNY", StringComparison.Ordinal);

        private Tally Judge(string figure, long dayOfUs, long doneUs, long limitUs, bool failed = false, long amount = 1)
        {
            var late = doneUs > 0 ? doneUs > limitUs : fact.BestUs > limitUs;
            var tally = doneUs == 0 && !late && !failed ? Add(figure, dayOfUs, 0, 0) : Add(figure, dayOfUs, late || failed ? 0 : amount, amount);
            tally.Open = tally.Denominator == 0;
            return Decided(tally, doneUs, limitUs);
        }

        private Tally Failure(string figure, long dayOfUs, long limitUs) => Decided(Add(figure, dayOfUs, 1, 1), _service.DoneUs, limitUs);

        private static Tally Decided(Tally tally, long doneUs, long limitUs)
        {
            (tally.DueUs, tally.EarliestUs, tally.BestUs, tally.LatestUs) = (limitUs, doneUs, doneUs, doneUs);
            return tally;
        }

        private void LeaveOut(string figure, int day, string reason)
        {
            var tally = new Tally { Figure = figure, Day = day, LeftOut = true, Reason = reason, Events = { fact.Id } };
            Tallies.Add(tally);
        }

        private Tally Add(string figure, long dayOfUs, long numerator, long denominator)
        {
            var tally = new Tally { Figure = figure, Day = days.Day(dayOfUs), Numerator = numerator, Denominator = denominator, Events = { fact.Id } };
            Tallies.Add(tally);
            return tally;
        }
    }
}
