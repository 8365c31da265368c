using System.Globalization;
using Grpc.Core;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.ReadAudit;

/// <summary>Who did what, newest first.</summary>
internal sealed class AuditService(IdentityDb db) : Rpc.Audit.AuditBase
{
    public override async Task<Rpc.ListAuditReply> List(Rpc.ListAuditRequest request, ServerCallContext context)
    {
        var size = Paging.Size(request.PageSize);
        var before = Paging.Number(request.PageToken).OrThrow();
        IQueryable<AuditEntry> entries = db.Audit.AsNoTracking();
        if (before is { } id) entries = entries.Where(e => e.Id < id);
        if (request.Actor.Length > 0) entries = entries.Where(e => e.Actor == request.Actor);
        if (request.Act.Length > 0) entries = entries.Where(e => e.Act == request.Act);
        if (request.FromUs != 0)
        {
            var from = Clock.FromUnixMicros(request.FromUs);
            entries = entries.Where(e => e.At >= from);
        }
        if (request.ToUs != 0)
        {
            var to = Clock.FromUnixMicros(request.ToUs);
            entries = entries.Where(e => e.At < to);
        }
        var rows = await entries.OrderByDescending(e => e.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        var (page, next) = Paging.Cut(rows, size, e => e.Id.ToString(CultureInfo.InvariantCulture));
        var reply = new Rpc.ListAuditReply { NextPageToken = next };
        reply.Entries.AddRange(page.Select(e => new Rpc.AuditEntry
        {
            AtUs = e.At.ToUnixMicros(), Actor = e.Actor, Act = e.Act, Subject = e.Subject, Result = e.Result, Reason = e.Reason,
        }));
        return reply;
    }
}
