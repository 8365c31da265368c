using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using KeyAccountLogistics.Api.Contracts.V1;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Published;

/// <summary>
/// Takes over contracts that were signed before the installation, through the same RPCs as everybody, as the local administrator: the account with papers made up for it,
/// then each version proposed, announced, approved and signed on the day it says it holds. For demonstrations and tests.
/// </summary>
public sealed class ContractSeeds(CallInvoker localAdministrator, IIds ids, TimeProvider time)
{
    private readonly Accounts.AccountsClient _accounts = new(localAdministrator);
    private readonly Api.Contracts.V1.Contracts.ContractsClient _contracts = new(localAdministrator);
    private int _made;

    /// <summary>
    /// Takes over every version of every document, given as name and text; an account, and a contract signed already, stay as they are. Throws <see cref="InvalidOperationException"/> for a
    /// document with a mistake or a step that is refused.
    /// </summary>
    public async Task SignAsync(IEnumerable<(string Name, string Text)> documents, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        foreach (var (name, text) in documents)
        {
            var document = new Api.Contracts.V1.Document { Name = name, Text = text };
            var check = await _contracts.CheckAsync(new CheckDocumentRequest { Document = document }, cancellationToken: ct);
            if (check.Mistakes.Count > 0) throw new InvalidOperationException($"{name}: {string.Join("; ", check.Mistakes.Select(static m => m.Text))}");
            var known = await _contracts.ListAsync(new ListVersionsRequest { Contract = check.Versions[0].Contract, PageSize = 200 }, cancellationToken: ct);
            if (check.Versions.All(v => known.Versions.Any(k => k.Version == v.Version && k.SignedAtUs > 0))) continue;
            var contact = await AccountAsync(check.Versions[0], ct);
            var imported = await _contracts.ImportAsync(new ImportDocumentCommand { CommandId = Id(), Document = document }, cancellationToken: ct);
            if (imported.Refused is { } refused) throw Refused(name, refused);
            foreach (var version in imported.Imported.Versions) await SignAsync(version, contact, ct);
        }
    }

    private async Task<string> AccountAsync(CheckedVersion version, CancellationToken ct)
    {
        var account = version.Account;
        var made = await _accounts.CreateAsync(new CreateAccountCommand { CommandId = Id(), Account = account, NameZh = version.NameZh, NameEn = version.NameEn, Grade = "A", Ownership = "private" }, cancellationToken: ct);
        if (made.Refused is { Code: not "account.exists" } refused) throw Refused(account, refused);
        var known = await _accounts.ReadAsync(new ReadAccountRequest { Account = account }, cancellationToken: ct);
        if (known.Identity is null) Good(account, await _accounts.PutIdentityAsync(new PutIdentityCommand { CommandId = Id(), Account = account, CreditCode = CreditCode(++_made), Document = "id_card" }, cancellationToken: ct));
        if (known.Agreements.Count == 0)
        {
            Good(account, await _accounts.PutAgreementAsync(
                new PutAgreementCommand { CommandId = Id(), Account = account, Number = "SA-" + account, Signed = "2025-12-01", Until = "2035-11-30" }, cancellationToken: ct));
        }
        if (known.Contacts.FirstOrDefault(static c => c.Signs) is { } signs) return signs.Id;
        var put = Good(account, await _accounts.PutContactAsync(
            new PutContactCommand
            {
                CommandId = Id(), Account = account, Level = "c_level", Position = "法定代表人", Signs = true, Consent = "contact", ConsentHow = "contract annex 2",
                Details = new ContactDetails { Name = "王建国", Phone = "13812345678", Email = "wang@example.cn" },
            },
            cancellationToken: ct));
        return put.Contacts.First(static c => c.Signs).Id;
    }

    private async Task SignAsync(VersionSummary version, string contact, CancellationToken ct)
    {
        if (version.EffectiveFromUs == 0) throw new InvalidOperationException($"{version.Contract} does not say from when it holds.");
        var (now, from) = (time.Now(), Clock.FromUnixMicros(version.EffectiveFromUs));
        var name = string.Create(CultureInfo.InvariantCulture, $"{version.Contract} v{version.Version}");
        Good(name, await _contracts.ProposeAsync(
            new ProposeCommand
            {
                CommandId = Id(), Contract = version.Contract, Version = version.Version, Pricing = new Pricing { ParcelsAMonth = 20_000, RevenueAMonthMinor = 16_000_000, MarginPercent = "15" },
                Note = "taken over from paper",
            },
            cancellationToken: ct));
        Good(name, await _contracts.AnnounceAsync(
            new AnnounceCommand
            {
                CommandId = Id(), Contract = version.Contract, Version = version.Version, AnnouncedAtUs = Instant.Min(now, from - Duration.FromDays(30)).ToUnixMicros(), Reference = "letter to the client",
            },
            cancellationToken: ct));
        Good(name, await _contracts.ApproveAsync(new VersionCommand { CommandId = Id(), Contract = version.Contract, Version = version.Version }, cancellationToken: ct));
        Good(name, await _contracts.SignAsync(
            new SignCommand
            {
                CommandId = Id(), Contract = version.Contract, Version = version.Version, Hash = version.Hash, ClientContact = contact, SignedAtUs = Instant.Min(now, from - Duration.FromDays(1)).ToUnixMicros(),
            },
            cancellationToken: ct));
    }

    private ByteString Id() => ByteString.CopyFrom(ids.New().ToByteArray(bigEndian: true));

    // The check character is the one that reads.
    private static string CreditCode(int number) => "0123456789ABCDEFGHJKLMNPQRTUWXY".Select(c => string.Create(CultureInfo.InvariantCulture, $"91310000MA1K{number:00000}{c}"))
        .First(static code => SocialCreditCode.TryRead(code, out _, out _));

    private static AccountView Good(string what, AccountReply reply) => reply.Refused is { } refused ? throw Refused(what, refused) : reply.Account;

    private static void Good(string what, VersionReply reply)
    {
        if (reply.Refused is { } refused) throw Refused(what, refused);
    }

    private static InvalidOperationException Refused(string what, Refusal refused) => new($"{what}: {refused.Code}, {refused.Message}");
}
