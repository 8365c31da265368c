using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Life;
using KeyAccountLogistics.Kernel;

namespace KeyAccountLogistics.Cases.Reopening;

/// <summary>A person takes a closed case up again, with a reason; another one decides it.</summary>
internal sealed class ReopenCase(CaseActs acts)
{
    internal Task<Outcome<CaseReply>> RunAsync(ReopenCaseCommand command, CancellationToken ct) => acts.OnCaseAsync(
        command.CommandId, "Cases/Reopen", command, command.CaseId, new FreeText(command.Note, Shared: false),
        (_, note, _) => Task.FromResult<Outcome<CaseCommand>>(
            FreeText.FlawOf("reason", command.Reason, needed: true) is { } flaw ? flaw : new CaseCommand.Reopen(command.CommandId, acts.Actor, command.Reason, note)),
        ct);
}
