using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Answering;

/// <summary>The client accepts or disputes, or says another word of the kind. An answer is a step of the kind, so a window that has run out has taken its own step before.</summary>
internal sealed class AnswerCase(CaseActs acts)
{
    internal Task<Outcome<CaseReply>> RunAsync(AnswerCaseCommand command, CancellationToken ct) => acts.OnCaseAsync(
        command.CommandId, "Cases/Answer", command, command.CaseId, new FreeText(command.Note, Shared: true),
        (held, note, _) => Task.FromResult(Read(command, held, note)), ct);

    /// <summary>The client takes up a closed case again.</summary>
    internal const string Again = "reopen";

    private Outcome<CaseCommand> Read(AnswerCaseCommand command, LockedCase held, Note? note)
    {
        if ((FreeText.FlawOf("answer", command.Answer, needed: true) ?? FreeText.FlawOf("reason", command.Reason, needed: false)) is { } flaw) return flaw;
        var kind = Kinds.CaseKinds.Of(held.Row.Kind);
        if (kind.ClientReopens && string.Equals(command.Answer, Again, StringComparison.Ordinal)) return new CaseCommand.Reopen(command.CommandId, acts.Actor, command.Reason, note);
        var answers = kind.Steps.Where(s => s.IsAnswer || s.IsClientsWord).Select(s => s.Name).ToList();
        return answers.Contains(command.Answer, StringComparer.Ordinal)
            ? new CaseCommand.TakeStep(command.CommandId, acts.Actor, command.Answer, "answer", command.Reason, note)
            : new Fault.Invalid("answer", "answer.unknown", $"Answer with one of: {string.Join(", ", answers)}.");
    }
}
