using System.Security.Cryptography;
using Grpc.Core;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.EnrolAgent;

/// <summary>An agent brings a code that an administrator made for its depot, and its public key; from then on the key is its identity.</summary>
internal sealed class EnrolmentService(IdentityDb db, SignInRate rate, AuditLog audit, TimeProvider time, IIds ids) : Rpc.Enrolment.EnrolmentBase
{
    private const string Act = "Enrolment/Enrol";
    private const int SoftwareMax = 100;

    public override async Task<Rpc.EnrolReply> Enrol(Rpc.EnrolRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        RpcFaults.ThrowIf(rate.Refuse(context.RemoteAddress()));
        RpcFaults.ThrowIf(AgentTokens.RefuseKey(request.PublicKey.Span));
        if (request.Name.Length > Agent.NameMax) throw new Fault.Invalid("name", "agent.name_too_long", $"An agent's name has at most {Agent.NameMax} characters.").ToRpc();
        if (request.Software.Length > SoftwareMax) throw new Fault.Invalid("software", "agent.software_too_long", $"At most {SoftwareMax} characters.").ToRpc();
        var hash = SecretText.Hash(SecretText.Normalise(request.Code.Length <= 64 ? request.Code : string.Empty));
        var code = await db.EnrolmentCodes.AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash, ct);
        if (code?.Agent is { } enrolled) return await AgainAsync(enrolled, request, ct);
        if (code is null || time.Now() >= code.ValidUntil) throw await RefuseAsync(code?.Depot);
        var agent = new Agent
        {
            Id = $"{code.Depot}-{SecretText.ShortId(ids.New())}",
            Depot = code.Depot,
            Name = request.Name.Length > 0 ? request.Name : code.Name,
            PublicKey = request.PublicKey.ToByteArray(),
            EnrolledAt = time.Now(),
            Software = request.Software,
        };
        var taken = await db.TakeTurnAsync(async turn =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(turn);
            var spent = await db.EnrolmentCodes.Where(c => c.Hash == hash && c.Agent == null).ExecuteUpdateAsync(s => s.SetProperty(c => c.Agent, agent.Id), turn);
            if (spent == 1)
            {
                db.Agents.Add(agent);
                await db.SaveChangesAsync(turn);
                await transaction.CommitAsync(turn);
            }
            return spent;
        }, ct);
        if (taken != 1) throw await RefuseAsync(code.Depot);
        await audit.WriteAsync(agent.Id, Act, agent.Id, AuditLog.Ok, $"depot {agent.Depot}, code made by {code.MadeBy}");
        return Reply(agent);
    }

    // The reply was lost and the agent asks again with the same code and the same key (law 5).
    private async Task<Rpc.EnrolReply> AgainAsync(string id, Rpc.EnrolRequest request, CancellationToken ct)
    {
        // Nobody is signed in yet, so no depot is in reach: the code is what gives access to this one row.
        var agent = await db.Agents.IgnoreQueryFilters(["depot"]).AsNoTracking().SingleAsync(a => a.Id == id, ct);
        return agent.RevokedAt is null && CryptographicOperations.FixedTimeEquals(agent.PublicKey, request.PublicKey.Span)
            ? Reply(agent)
            : throw await RefuseAsync(agent.Depot);
    }

    private async Task<RpcException> RefuseAsync(string? depot)
    {
        await audit.WriteAsync("anonymous", Act, depot ?? string.Empty, "refused", "code unknown, used or past its time");
        return new Fault.Forbidden("enrolment.code_refused", "The enrolment code is unknown, was used, or its time has passed. Ask an administrator for a new one.").ToRpc();
    }

    private Rpc.EnrolReply Reply(Agent agent) => new() { Agent = agent.Id, Depot = agent.Depot, ServerUs = time.Now().ToUnixMicros() };
}
