using System.Security.Cryptography;
using Grpc.Core;
using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.AdministerPeople;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.AdministerApiKeys;

/// <summary>An administrator gives a client's systems a key for some of its accounts, and takes it back.</summary>
internal sealed class ApiKeysService(IdentityDb db, KnownCallers known, InstallationFolder data, TimeProvider time) : Rpc.ApiKeys.ApiKeysBase
{
    private const int ReasonMax = 200;

    public override async Task<Rpc.NewApiKey> Create(Rpc.CreateApiKeyRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var by = context.Who().Caller;
        RpcFaults.ThrowIf(Refuse(request, by));
        var commandId = request.CommandId.ToByteArray();
        var commandHash = PersonRules.HashOf(request, data.Secrets);
        var text = ApiKeyText.Derive(data.Secrets.ApiKeys, by.Id, commandId);
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.CommandId == commandId, ct);
        if (key is not null)
        {
            return key.MadeBy == by.Id && CryptographicOperations.FixedTimeEquals(key.CommandHash, commandHash)
                ? new Rpc.NewApiKey { Key = Reply(key), Secret = text.ToString() }
                : throw new Fault.Conflict("command.reused", "This command id was used for another key; mint a new one.").ToRpc();
        }
        key = new ApiKey
        {
            Id = text.Id,
            Name = request.Name.Trim(),
            SecretHash = text.SecretHash,
            Accounts = [.. request.Accounts.Distinct(StringComparer.Ordinal)],
            Permissions = [.. request.Permissions.Distinct().Select(p => p.ToString())],
            CreatedAt = time.Now(),
            ValidUntil = request.ValidUntilUs == 0 ? null : Clock.FromUnixMicros(request.ValidUntilUs),
            MadeBy = by.Id,
            CommandId = commandId,
            CommandHash = commandHash,
        };
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return new Rpc.NewApiKey { Key = Reply(key), Secret = text.ToString() };
    }

    public override async Task<Rpc.ListApiKeysReply> List(Rpc.ListApiKeysRequest request, ServerCallContext context)
    {
        var size = Paging.Size(request.PageSize);
        var after = request.PageToken;
        var rows = await db.ApiKeys.AsNoTracking().Where(k => string.Compare(k.Id, after) > 0).OrderBy(k => k.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        var (page, next) = Paging.Cut(rows, size, k => k.Id);
        var reply = new Rpc.ListApiKeysReply { NextPageToken = next };
        reply.Keys.AddRange(page.Where(k => Codes.Within(k.Accounts, context.Who().Caller.Accounts)).Select(Reply));
        return reply;
    }

    public override async Task<Rpc.ApiKey> Revoke(Rpc.RevokeApiKeyRequest request, ServerCallContext context)
    {
        if (request.Reason.Trim().Length is 0 or > ReasonMax) throw new Fault.Invalid("reason", "reason.missing", $"Say why, in at most {ReasonMax} characters.").ToRpc();
        var key = await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == request.Id, context.CancellationToken);
        if (key is null || !Codes.Within(key.Accounts, context.Who().Caller.Accounts))
            throw new Fault.NotFound("key.unknown", $"There is no API key {Codes.Shown(request.Id)}.").ToRpc();
        if (key.RevokedAt is null)
        {
            key.RevokedAt = time.Now();
            key.RevokedBecause = request.Reason.Trim();
            await db.SaveChangesAsync(context.CancellationToken);
        }
        known.Forget();
        return Reply(key);
    }

    private Fault? Refuse(Rpc.CreateApiKeyRequest request, Caller by)
    {
        if (PersonRules.RefuseCommandId(request.CommandId) is { } malformed) return malformed;
        if (request.Name.Trim().Length is 0 or > ApiKey.NameMax) return new Fault.Invalid("name", "key.name", $"A key's name has 1 to {ApiKey.NameMax} characters.");
        if (request.Accounts.Count == 0) return new Fault.Invalid("accounts", "key.no_account", "A key is for at least one account.");
        if (Codes.Refuse(request.Accounts, "accounts") is { } scope) return scope;
        if (!Codes.Within(request.Accounts, by.Accounts)) return new Fault.Forbidden("scope.beyond_own", "Nobody gives away more accounts than they have.");
        if (request.Permissions.Count == 0) return new Fault.Invalid("permissions", "key.no_permission", "A key has at least one permission.");
        if (request.Permissions.Where(p => !Roles.GrantableToApiKeys.Contains(p)).Cast<Permission?>().FirstOrDefault() is { } beyond)
            return new Fault.Invalid("permissions", "key.permission_beyond", $"A client's key cannot be given {beyond}. Possible: {string.Join(", ", Roles.GrantableToApiKeys.Order())}.");
        return request.ValidUntilUs != 0 && request.ValidUntilUs <= time.Now().ToUnixMicros()
            ? new Fault.Invalid("valid_until_us", "key.past", "The key's end lies in the past.")
            : null;
    }

    private Rpc.ApiKey Reply(ApiKey key)
    {
        var reply = new Rpc.ApiKey
        {
            Id = key.Id,
            Name = key.Name,
            State = key.RevokedAt is not null ? "revoked" : key.ValidUntil is { } until && time.Now() >= until ? "expired" : "active",
            CreatedAtUs = key.CreatedAt.ToUnixMicros(),
            LastUsedUs = key.LastUsedAt?.ToUnixMicros() ?? 0,
            ValidUntilUs = key.ValidUntil?.ToUnixMicros() ?? 0,
        };
        reply.Accounts.AddRange(key.Accounts);
        reply.Permissions.AddRange(key.Permissions.Select(Enum.Parse<Permission>));
        return reply;
    }
}
