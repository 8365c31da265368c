using System.Collections.Frozen;
using KeyAccountLogistics.Api.Custody.V1;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Custody.Published;

/// <summary>Why a fact of an account's service cannot be judged: the field, as files name it, and a code.</summary>
public readonly record struct ServiceFlaw(string Field, string Code, string Message);

/// <summary>The words of an account's service, in files and answers, and what a fact of each kind must say. Pure, thread-safe.</summary>
public static class ServiceWords
{
    // A hundred billion: sums of a million such still fit.
    private const long AmountMost = 10_000_000_000_000;

    /// <summary>The end of 2199: what lies after it is a slip of somebody's keyboard, and no calendar need know it.</summary>
    public const long InstantMostUs = 7_258_118_400_000_000;

    private static readonly FrozenDictionary<EventKind, string> Words = new Dictionary<EventKind, string>
    {
        [EventKind.ClientQuery] = "query", [EventKind.InvoiceLine] = "invoice_line", [EventKind.RemittanceDue] = "remittance", [EventKind.ExceptionNotice] = "notice", [EventKind.ImprovementAction] = "action",
        [EventKind.ClientMessage] = "message", [EventKind.LinehaulTrip] = "trip", [EventKind.ClientCall] = "call", [EventKind.ServiceIncident] = "incident", [EventKind.ComplaintStood] = "complaint",
        [EventKind.ObligationStood] = "obligation", [EventKind.ReceivableStood] = "receivable", [EventKind.ClientContact] = "contact", [EventKind.PlanStep] = "plan_step",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, EventKind> Kinds = Words.ToFrozenDictionary(static w => w.Value, static w => w.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, in the order of kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Words.OrderBy(static w => w.Key).Select(static w => w.Value)];

    /// <summary>The word of a kind; null for a kind that is no fact of an account's service.</summary>
    public static string? Of(EventKind kind) => Words.GetValueOrDefault(kind);

    /// <summary>The kind of a word; the long words of events are understood too.</summary>
    public static EventKind? Read(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (Kinds.TryGetValue(word.Trim(), out var kind)) return kind;
        return EventWords.TryRead(word, out kind) && Words.ContainsKey(kind) ? kind : null;
    }

    /// <summary>What is missing, contradicts itself or is beyond what can be counted; null when nothing is.</summary>
    public static ServiceFlaw? Flaw(EventKind kind, ServiceFact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        if (fact.Account.Length == 0) return Missing("account");
        if (fact.AmountMinor is > AmountMost or < -AmountMost) return Beyond("amount");
        if (fact.BudgetMinor is > AmountMost or < 0) return Beyond("budget");
        if (fact.Currency.Length > 0 && !Money.IsCurrency(fact.Currency)) return new ServiceFlaw("currency", "currency.unknown", "The currency needs an ISO 4217 code of three capital letters.");
        if (Late(fact) is { } field) return new ServiceFlaw(field, "time.range", $"The {field} lies after the year 2199.");
        if (fact is { BeganUs: > 0, DueUs: > 0 } && fact.DueUs < fact.BeganUs) return Backwards("due_at", "began_at");
        return kind switch
        {
            EventKind.ComplaintStood => FlawOf(fact.Complaint),
            // Whoever told the client before it happened told it in time.
            EventKind.ExceptionNotice or EventKind.ClientContact => NeedsBegan(fact),
            EventKind.ClientQuery or EventKind.InvoiceLine or EventKind.ClientMessage => NeedsBegan(fact) ?? DoneAfterBegan(fact),
            EventKind.ClientCall => NeedsBegan(fact) ?? DoneAfterBegan(fact) ?? (fact is { Failed: true, DoneUs: 0 } ? Missing("done_at") : null),
            EventKind.RemittanceDue => NeedsDue(fact) ?? (fact.AmountMinor <= 0 ? Beyond("amount") : null),
            EventKind.ReceivableStood => NeedsDue(fact) ?? (fact.AmountMinor < 0 ? Beyond("amount") : null),
            EventKind.ImprovementAction or EventKind.ObligationStood or EventKind.PlanStep or EventKind.LinehaulTrip => NeedsDue(fact) ?? DoneAfterBegan(fact),
            _ => null,
        };
    }

    private static ServiceFlaw? FlawOf(Complaint? c) => c switch
    {
        null or { OpenedUs: 0 } => Missing("opened_at"),
        { AnswerDueUs: > 0 } when c.AnswerDueUs < c.OpenedUs => Backwards("answer_due_at", "opened_at"),
        { StatuteDueUs: > 0 } when c.StatuteDueUs < c.OpenedUs => Backwards("statute_due_at", "opened_at"),
        { AnsweredUs: > 0 } when c.AnsweredUs < c.OpenedUs => Backwards("answered_at", "opened_at"),
        { ClosedUs: > 0 } when c.ClosedUs < c.OpenedUs => Backwards("closed_at", "opened_at"),
        { ReopenedUs: > 0, ClosedUs: 0 } or { Withdrawn: true, ClosedUs: 0 } => Missing("closed_at"),
        { ReopenedUs: > 0 } when c.ReopenedUs < c.ClosedUs => Backwards("reopened_at", "closed_at"),
        _ => null,
    };

    private static string? Late(ServiceFact fact)
    {
        if (fact.BeganUs > InstantMostUs) return "began_at";
        if (fact.DueUs > InstantMostUs) return "due_at";
        if (fact.DoneUs > InstantMostUs) return "done_at";
        return fact.Complaint is not { } c ? null
            : c.OpenedUs > InstantMostUs ? "opened_at" : c.AnswerDueUs > InstantMostUs ? "answer_due_at" : c.AnsweredUs > InstantMostUs ? "answered_at" : c.StatuteDueUs > InstantMostUs ? "statute_due_at"
            : c.ClosedUs > InstantMostUs ? "closed_at" : c.ReopenedUs > InstantMostUs ? "reopened_at" : null;
    }

    private static ServiceFlaw? NeedsBegan(ServiceFact fact) => fact.BeganUs == 0 ? Missing("began_at") : null;

    private static ServiceFlaw? NeedsDue(ServiceFact fact) => fact.DueUs == 0 ? Missing("due_at") : null;

    private static ServiceFlaw? DoneAfterBegan(ServiceFact fact) => fact.DoneUs > 0 && fact.DoneUs < fact.BeganUs ? Backwards("done_at", "began_at") : null;

    private static ServiceFlaw Missing(string field) => new(field, "field.missing", $"The {field} is missing.");

    private static ServiceFlaw Beyond(string field) => new(field, "fact.amount", $"The {field} is none that can be counted here.");

    private static ServiceFlaw Backwards(string field, string other) => new(field, "fact.backwards", $"The {field} lies before the {other}.");
}
