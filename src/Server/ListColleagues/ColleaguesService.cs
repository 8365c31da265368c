using Grpc.Core;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.ListColleagues;

/// <summary>
/// Everybody by name: accounts, contracts and cases hold people's ids, and the office's pages show and offer names. No sign-in names, badges or scopes, which stay with
/// whoever administers people.
/// </summary>
internal sealed class ColleaguesService(IdentityDb db) : Rpc.Colleagues.ColleaguesBase
{
    public override async Task<Rpc.ListColleaguesReply> List(Rpc.ListColleaguesRequest request, ServerCallContext context)
    {
        var size = Paging.Size(request.PageSize);
        var after = request.PageToken;
        var rows = await db.People.AsNoTracking().Where(p => string.Compare(p.NameKey, after) > 0).OrderBy(p => p.NameKey).Take(size + 1).ToListAsync(context.CancellationToken);
        var (page, next) = Paging.Cut(rows, size, p => p.NameKey);
        var reply = new Rpc.ListColleaguesReply { NextPageToken = next };
        reply.Colleagues.AddRange(page.Select(static p => new Rpc.Colleague { Id = p.Id, DisplayName = p.DisplayName, Roles = { p.Roles }, Active = p.State == PersonState.Active }));
        return reply;
    }
}
