using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Clients read the same figures; which courier went, and what the carrier is warned of, is the carrier's own.</summary>
internal static class ClientSide
{
    /// <summary>Keys are clients' systems. Of people, who may answer cases and has no part in the carrier's work on them is the client.</summary>
    internal static bool Is(Caller caller) => caller.Kind is CallerKind.ApiKey || (caller.May(Permission.CaseAnswer) && !caller.May(Permission.CaseAct) && !caller.May(Permission.CaseDecide));

    /// <summary>Why the caller may not ask for figures of that dimension; null when it may. Whether such a courier is known is not told either.</summary>
    internal static Fault? WhyNot(Caller caller, string? dimension) => dimension is AskedPeriod.Courier && Is(caller)
        ? new Fault.Forbidden("dimension.carriers_own", "Which courier went is the carrier's own: ask by contract, lane, product or depot, or for the account as a whole.")
        : null;
}
