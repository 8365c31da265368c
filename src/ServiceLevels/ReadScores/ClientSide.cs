using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.ServiceLevels.Reading;

/// <summary>Clients read the same figures; which courier went, and what the carrier is warned of, is the carrier's own.</summary>
internal static class ClientSide
{
    /// <summary>Keys are clients' systems. Of people, who may answer cases and has no part in the carrier's work on them is the client.</summary>
    internal static bool Is(Caller caller) => caller.Kind is CallerKind.ApiKey || (caller.May(Permission.CaseAnswer) && !caller.May(Permission.CaseAct) && !caller.May(Permission.CaseDecide));
}
