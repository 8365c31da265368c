using KeyAccountLogistics.Journal;
using KeyAccountLogistics.Journal.Access;
using Microsoft.EntityFrameworkCore;

namespace KeyAccountLogistics.Contracts.Storage;

/// <summary>The module's tables. Every row of an account is seen only by callers of that account (law 11); the limits of authority and the terms' number are everybody's.</summary>
internal sealed class ContractsDb(DbContextOptions<ContractsDb> options, ICallerScope callers, IWriteGate gate) : ScopedDbContext(options, callers, gate)
{
    internal const string Module = "contracts";

    internal DbSet<AccountRow> Accounts => Set<AccountRow>();

    internal DbSet<SiteRow> Sites => Set<SiteRow>();

    internal DbSet<PickupWindowRow> PickupWindows => Set<PickupWindowRow>();

    internal DbSet<ContactRow> Contacts => Set<ContactRow>();

    internal DbSet<OwnerRow> Owners => Set<OwnerRow>();

    internal DbSet<GroupMemberRow> GroupMembers => Set<GroupMemberRow>();

    internal DbSet<AgreementRow> Agreements => Set<AgreementRow>();

    internal DbSet<AccountEventRow> AccountEvents => Set<AccountEventRow>();

    internal DbSet<ContractRow> Contracts => Set<ContractRow>();

    internal DbSet<VersionRow> Versions => Set<VersionRow>();

    internal DbSet<VersionEventRow> VersionEvents => Set<VersionEventRow>();

    internal DbSet<AuthorityRow> Authority => Set<AuthorityRow>();

    internal DbSet<AlertRow> Alerts => Set<AlertRow>();

    internal DbSet<ObligationMetRow> ObligationsMet => Set<ObligationMetRow>();

    internal DbSet<TermsCounterRow> Counters => Set<TermsCounterRow>();

    protected override void BuildModel(ModelBuilder model)
    {
        var account = model.Entity<AccountRow>().ToTable("contracts_account");
        account.HasKey(a => a.Account!);
        account.HasIndex(a => a.Owner);
        account.HasIndex(a => a.CreditCode);
        model.Entity<SiteRow>().ToTable("contracts_site").HasKey(s => new { s.Account, s.Code });
        model.Entity<PickupWindowRow>().ToTable("contracts_pickup_window").HasKey(w => new { w.Account, w.Site, w.Day, w.FromMinute });
        var contact = model.Entity<ContactRow>().ToTable("contracts_contact");
        contact.HasKey(c => c.Id);
        contact.HasIndex(c => c.Account);
        model.Entity<OwnerRow>().ToTable("contracts_owner").HasKey(o => new { o.Account, o.Seq });
        model.Entity<GroupMemberRow>().ToTable("contracts_group_member").HasKey(m => new { m.Account, m.Level, m.Person });
        model.Entity<AgreementRow>().ToTable("contracts_agreement").HasKey(a => new { a.Account, a.Number });
        model.Entity<AccountEventRow>().ToTable("contracts_account_event").HasKey(e => new { e.Account, e.Seq });
        var contract = model.Entity<ContractRow>().ToTable("contracts_contract");
        contract.HasKey(c => c.Number);
        contract.HasIndex(c => c.Account);
        var version = model.Entity<VersionRow>().ToTable("contracts_version");
        version.HasKey(v => new { v.Contract, v.Version });
        version.HasIndex(v => v.Account);
        model.Entity<VersionEventRow>().ToTable("contracts_version_event").HasKey(e => new { e.Contract, e.Version, e.Seq });
        model.Entity<AuthorityRow>().ToTable("contracts_authority").HasKey(a => a.Role);
        var alert = model.Entity<AlertRow>().ToTable("contracts_alert");
        alert.HasKey(a => a.Id);
        alert.HasIndex(a => new { a.Kind, a.Account, a.Contract, a.Version, a.Due }).IsUnique();
        var met = model.Entity<ObligationMetRow>().ToTable("contracts_obligation_met");
        met.HasKey(m => new { m.Contract, m.Clause, m.Due });
        met.HasIndex(m => new { m.Account, m.Due });
        model.Entity<TermsCounterRow>().ToTable("contracts_counter").HasKey(c => c.Name);
        foreach (var scoped in model.Model.GetEntityTypes().Where(e => typeof(IAccountScoped).IsAssignableFrom(e.ClrType))) scoped.FindProperty(nameof(IAccountScoped.Account))!.IsNullable = false;
    }
}
