using System.Collections.Frozen;
using KeyAccountLogistics.Api.Access.V1;

namespace KeyAccountLogistics.Server.Access;

/// <summary>
/// The roles of domain.md SEED-03-ROLES and what each may do: the one table. What a person may see is the table's permission narrowed by the
/// person's scopes (accounts, depots). Nobody but a depot's agent holds <see cref="Permission.AgentLink"/>.
/// </summary>
internal static class Roles
{
    internal const string Courier = "Courier";
    internal const string DepotClerk = "DepotClerk";
    internal const string StationHead = "StationHead";
    internal const string AreaSales = "AreaSales";
    internal const string AreaManager = "AreaManager";
    internal const string KeyAccountManager = "KeyAccountManager";
    internal const string SalesManager = "SalesManager";
    internal const string Finance = "Finance";
    internal const string CustomerService = "CustomerService";
    internal const string ClientUser = "ClientUser";
    internal const string Auditor = "Auditor";
    internal const string Administrator = "Administrator";

    /// <summary>Acts on facts: none of these is given to the account manager (SEED-03-KAM) or the auditor.</summary>
    internal static readonly FrozenSet<Permission> AltersFacts = FrozenSet.Create(
        Permission.ShipmentRegister, Permission.EventRecord, Permission.HandoverAct, Permission.HoldAct, Permission.Import, Permission.StationWork,
        Permission.RunSheetAct, Permission.CourierWork, Permission.CashAct, Permission.CashSettle, Permission.ScoreExclude);

    internal static readonly FrozenDictionary<string, FrozenSet<Permission>> Table = new Dictionary<string, FrozenSet<Permission>>(StringComparer.Ordinal)
    {
        [Courier] = Of(Permission.ParcelRead, Permission.EventRecord, Permission.HandoverAct, Permission.CourierWork),
        [DepotClerk] = Of(
            Permission.ParcelRead, Permission.EventRecord, Permission.HandoverAct, Permission.HoldAct, Permission.StationWork,
            Permission.ShipmentRegister, Permission.DepotWatch, Permission.TermsRead, Permission.DispatchRead, Permission.RunSheetAct, Permission.CashRead, Permission.CashAct, Permission.PickupOrder, Permission.ColleaguesRead),
        [StationHead] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.EventRecord, Permission.HandoverAct, Permission.HoldAct, Permission.StationWork,
            Permission.ShipmentRegister, Permission.DepotWatch, Permission.TermsRead, Permission.PersonalReveal, Permission.ScaleAdminister, Permission.DispatchRead, Permission.DispatchPlan, Permission.RunSheetAct, Permission.CashRead, Permission.CashAct, Permission.PickupOrder, Permission.ColleaguesRead),
        [AreaSales] = Of(
            Permission.ParcelRead, Permission.TermsRead, Permission.AccountRead, Permission.ContractRead, Permission.Rate, Permission.CaseRead, Permission.CaseOpen, Permission.ScoreRead, Permission.ColleaguesRead),
        [AreaManager] = Of(
            Permission.ParcelRead, Permission.TermsRead, Permission.DepotWatch, Permission.AccountRead, Permission.ContractRead, Permission.ContractApprove,
            Permission.Rate, Permission.CaseRead, Permission.CaseOpen, Permission.CaseAct, Permission.CaseDecide, Permission.DispatchRead, Permission.CashRead, Permission.ScoreRead, Permission.ScoreExclude, Permission.ScoreAct, Permission.ColleaguesRead),
        [KeyAccountManager] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.TermsRead, Permission.DepotWatch, Permission.PersonalReveal,
            Permission.AccountRead, Permission.AccountEdit, Permission.ContractRead, Permission.ContractEdit, Permission.ContractApprove,
            Permission.Rate, Permission.WhatIf, Permission.CaseRead, Permission.CaseOpen, Permission.CaseAct, Permission.CaseDecide, Permission.DispatchRead, Permission.ScoreRead, Permission.ScoreAct, Permission.ColleaguesRead),
        [SalesManager] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.TermsRead, Permission.DepotWatch,
            Permission.AccountRead, Permission.AccountEdit, Permission.ContractRead, Permission.ContractEdit, Permission.ContractApprove, Permission.ContractSign,
            Permission.Rate, Permission.WhatIf, Permission.CaseRead, Permission.CaseOpen, Permission.CaseAct, Permission.CaseDecide, Permission.ScoreRead, Permission.ScoreAct, Permission.ColleaguesRead),
        [Finance] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.TermsRead, Permission.AccountRead, Permission.ContractRead, Permission.Rate,
            Permission.WhatIf, Permission.CaseRead, Permission.CaseAct, Permission.CaseDecide, Permission.CashRead, Permission.CashSettle, Permission.ScoreRead, Permission.ColleaguesRead),
        [CustomerService] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.HoldAct, Permission.TermsRead, Permission.PersonalReveal,
            Permission.AccountRead, Permission.ContractRead, Permission.Rate, Permission.CaseRead, Permission.CaseOpen, Permission.CaseAct, Permission.CaseDecide, Permission.DispatchRead, Permission.PickupOrder, Permission.ScoreRead, Permission.ScoreExclude, Permission.ScoreAct, Permission.ColleaguesRead),
        [ClientUser] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.ShipmentRegister, Permission.TermsRead, Permission.ContractRead, Permission.Rate,
            Permission.CaseRead, Permission.CaseOpen, Permission.CaseAnswer, Permission.PickupOrder, Permission.ScoreRead),
        [Auditor] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.TermsRead, Permission.DepotWatch, Permission.AuditRead, Permission.JournalVerify,
            Permission.AccountRead, Permission.ContractRead, Permission.Rate, Permission.CaseRead, Permission.DispatchRead, Permission.CashRead, Permission.ScoreRead, Permission.ColleaguesRead),
        [Administrator] = Of(
            Permission.ParcelRead, Permission.EventRawRead, Permission.TermsRead, Permission.DepotWatch, Permission.ShipmentRegister, Permission.Import,
            Permission.PeopleAdminister, Permission.AgentsAdminister, Permission.ApiKeysAdminister, Permission.AuditRead,
            Permission.JournalVerify, Permission.ProjectionsRebuild, Permission.Backup, Permission.ScaleAdminister,
            Permission.AccountRead, Permission.AccountEdit, Permission.ContractRead, Permission.ContractEdit, Permission.Rate, Permission.CaseRead, Permission.DispatchRead, Permission.CashRead, Permission.ScoreRead, Permission.ColleaguesRead),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a depot's agent may do over the wire, within its own depot.</summary>
    internal static readonly FrozenSet<Permission> OfAgents = FrozenSet.Create(Permission.SignedIn, Permission.AgentLink);

    /// <summary>The person at the machine itself (`kal … --database`): everything an RPC may ask, but not to pose as an agent or a station.</summary>
    internal static readonly FrozenSet<Permission> OfLocalAdministrator = Enum.GetValues<Permission>()
        .Where(p => p is not (Permission.Unspecified or Permission.Anyone or Permission.AgentLink or Permission.StationWork)).ToFrozenSet();

    /// <summary>What a client's key can be given: never the running of the system, never another party's duties.</summary>
    internal static readonly FrozenSet<Permission> GrantableToApiKeys = FrozenSet.Create(
        Permission.ParcelRead, Permission.EventRawRead, Permission.ShipmentRegister, Permission.EventRecord, Permission.TermsRead,
        Permission.ContractRead, Permission.Rate, Permission.CaseRead, Permission.CaseOpen, Permission.CaseAnswer, Permission.PickupOrder);

    /// <summary>Calls that leave an audit entry whatever their outcome.</summary>
    internal static readonly FrozenSet<Permission> Audited = FrozenSet.Create(
        Permission.CashSettle, Permission.PersonalReveal, Permission.ScaleAdminister, Permission.ContractApprove, Permission.ContractSign, Permission.CaseDecide, Permission.Import, Permission.PeopleAdminister, Permission.AgentsAdminister, Permission.ApiKeysAdminister,
        Permission.AuditRead, Permission.JournalVerify, Permission.ProjectionsRebuild, Permission.Backup);

    internal static bool IsKnown(string role) => Table.ContainsKey(role);

    /// <summary>All that any of the roles may do; an unknown role (of a newer program) gives nothing.</summary>
    internal static FrozenSet<Permission> PermissionsOf(IEnumerable<string> roles) =>
        roles.SelectMany(role => Table.TryGetValue(role, out var may) ? may : []).Append(Permission.SignedIn).ToFrozenSet();

    private static FrozenSet<Permission> Of(params Permission[] permissions) => permissions.Append(Permission.SignedIn).ToFrozenSet();
}
