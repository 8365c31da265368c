using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.ServiceLevels.Warnings;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.ServiceLevels.Storage;

/// <summary>Which warnings are for the carrier's people alone.</summary>
internal static class WarningsSeen
{
    /// <summary>What a client would rather not read of itself, nor the carrier have it read.</summary>
    internal static List<string> CarriersOwn { get; } = [ReasonCode.Of(WarningFamily.Neglect), ReasonCode.Of(WarningFamily.Regress)];

    /// <summary>As cases have it: keys are clients' systems; of people, who may answer a case and has no part in the carrier's work.</summary>
    internal static bool IsClient(Caller caller) =>
        caller.Kind is CallerKind.ApiKey || (caller.May(Permission.CaseAnswer) && !caller.May(Permission.CaseAct) && !caller.May(Permission.CaseDecide) && caller.Kind is not CallerKind.System);
}
