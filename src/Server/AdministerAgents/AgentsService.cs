using Grpc.Core;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.AdministerAgents;

/// <summary>An administrator lets agents in, sees when they last reported, and shuts them out at once.</summary>
internal sealed class AgentsService(IdentityDb db, KnownCallers known, Revocations revocations, TimeProvider time) : Rpc.Agents.AgentsBase
{
    internal const int ValidMinutesDefault = 60;
    internal const int ValidMinutesMax = 1_440;
    private const int ReasonMax = 200;

    public override async Task<Rpc.EnrolmentCode> CreateEnrolmentCode(Rpc.CreateEnrolmentCodeRequest request, ServerCallContext context)
    {
        if (!Codes.IsCode(request.Depot)) throw new Fault.Invalid("depot", "depot.malformed", "A depot's code is letters, digits, '-', '_' and '.'.").ToRpc();
        if (request.Name.Length > Agent.NameMax) throw new Fault.Invalid("name", "agent.name_too_long", $"An agent's name has at most {Agent.NameMax} characters.").ToRpc();
        if (request.ValidMinutes is < 0 or > ValidMinutesMax)
            throw new Fault.Invalid("valid_minutes", "enrolment.too_long", $"A code is valid for 1 to {ValidMinutesMax} minutes.").ToRpc();
        var by = context.Who().Caller;
        if (!Codes.Within([request.Depot], by.Depots)) throw new Fault.NotFound("depot.unknown", $"There is no depot {request.Depot}.").ToRpc();
        var text = SecretText.Random(10);
        var code = new EnrolmentCode
        {
            Hash = SecretText.Hash(text),
            Depot = request.Depot,
            Name = request.Name.Length > 0 ? request.Name : request.Depot,
            ValidUntil = time.Now() + Duration.FromMinutes(request.ValidMinutes == 0 ? ValidMinutesDefault : request.ValidMinutes),
            MadeBy = by.Id,
        };
        db.EnrolmentCodes.Add(code);
        await db.SaveChangesAsync(context.CancellationToken);
        return new Rpc.EnrolmentCode { Code = string.Join('-', text.Chunk(4).Select(part => new string(part))), Depot = code.Depot, ValidUntilUs = code.ValidUntil.ToUnixMicros() };
    }

    public override async Task<Rpc.ListAgentsReply> List(Rpc.ListAgentsRequest request, ServerCallContext context)
    {
        var size = Paging.Size(request.PageSize);
        var after = request.PageToken;
        var rows = await db.Agents.AsNoTracking().Where(a => string.Compare(a.Id, after) > 0).OrderBy(a => a.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        var (page, next) = Paging.Cut(rows, size, a => a.Id);
        var reply = new Rpc.ListAgentsReply { NextPageToken = next };
        reply.Agents.AddRange(page.Select(Reply));
        return reply;
    }

    public override async Task<Rpc.Agent> Revoke(Rpc.RevokeAgentRequest request, ServerCallContext context)
    {
        if (request.Reason.Trim().Length is 0 or > ReasonMax) throw new Fault.Invalid("reason", "reason.missing", $"Say why, in at most {ReasonMax} characters.").ToRpc();
        var agent = await db.Agents.SingleOrDefaultAsync(a => a.Id == request.Agent, context.CancellationToken)
            ?? throw new Fault.NotFound("agent.unknown", $"There is no agent {Codes.Shown(request.Agent)}.").ToRpc();
        if (agent.RevokedAt is null)
        {
            agent.RevokedAt = time.Now();
            agent.RevokedBecause = request.Reason.Trim();
            await db.SaveChangesAsync(context.CancellationToken);
        }
        known.Forget();
        revocations.Revoke(agent.Id);
        return Reply(agent);
    }

    private static Rpc.Agent Reply(Agent agent) => new()
    {
        Id = agent.Id,
        Depot = agent.Depot,
        Name = agent.Name,
        State = agent.RevokedAt is null ? "active" : "revoked",
        EnrolledAtUs = agent.EnrolledAt.ToUnixMicros(),
        LastContactUs = agent.LastContactAt?.ToUnixMicros() ?? 0,
        Software = agent.Software,
    };
}
