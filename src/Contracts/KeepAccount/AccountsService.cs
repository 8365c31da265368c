using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using KeyAccountLogistics.Contracts.Acting;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Contracts.Keeping;

/// <summary>The RPCs of accounts.</summary>
internal sealed class AccountsService(ReadAccounts read, KeepAccount keep, KeepContacts contacts, AnswerForAccount answer) : Accounts.AccountsBase
{
    public override Task<ListAccountsReply> List(ListAccountsRequest request, ServerCallContext context) => read.ListAsync(request, context.CancellationToken);

    public override async Task<AccountView> Read(ReadAccountRequest request, ServerCallContext context) => (await read.ReadAsync(request, context.CancellationToken)).OrThrow();

    public override Task<AccountReply> Create(CreateAccountCommand request, ServerCallContext context) => AnswerAsync(keep.CreateAsync(request, context.CancellationToken));

    public override Task<AccountReply> Edit(EditAccountCommand request, ServerCallContext context) => AnswerAsync(keep.EditAsync(request, context.CancellationToken));

    public override Task<AccountReply> PutSite(PutSiteCommand request, ServerCallContext context) => AnswerAsync(keep.PutSiteAsync(request, context.CancellationToken));

    public override Task<AccountReply> PutContact(PutContactCommand request, ServerCallContext context) => AnswerAsync(contacts.PutAsync(request, context.CancellationToken));

    public override Task<AccountReply> WithdrawConsent(WithdrawConsentCommand request, ServerCallContext context) => AnswerAsync(contacts.WithdrawAsync(request, context.CancellationToken));

    public override async Task<ContactDetails> RevealContact(RevealContactRequest request, ServerCallContext context) => (await contacts.RevealAsync(request, context.CancellationToken)).OrThrow();

    public override Task<AccountReply> ChangeOwner(ChangeOwnerCommand request, ServerCallContext context) => AnswerAsync(answer.ChangeOwnerAsync(request, context.CancellationToken));

    public override Task<AccountReply> SetProjectGroup(SetProjectGroupCommand request, ServerCallContext context) => AnswerAsync(answer.SetGroupAsync(request, context.CancellationToken));

    public override Task<AccountReply> PutAgreement(PutAgreementCommand request, ServerCallContext context) => AnswerAsync(keep.PutAgreementAsync(request, context.CancellationToken));

    public override Task<AccountReply> PutIdentity(PutIdentityCommand request, ServerCallContext context) => AnswerAsync(keep.PutIdentityAsync(request, context.CancellationToken));

    public override Task<AccountReply> AskScope(AskScopeCommand request, ServerCallContext context) => AnswerAsync(answer.AskScopeAsync(request, context.CancellationToken));

    public override Task<AccountReply> DecideScope(DecideScopeCommand request, ServerCallContext context) => AnswerAsync(answer.DecideScopeAsync(request, context.CancellationToken));

    private static async Task<AccountReply> AnswerAsync(Task<Outcome<AccountReply>> act) => (await act).OrRefusal(static refused => new AccountReply { Refused = refused });
}
