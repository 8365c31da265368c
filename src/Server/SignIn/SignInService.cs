using Grpc.Core;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Identity;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.SignIn;

/// <summary>People come in and go out. A wrong name and a wrong password get the same answer after the same work.</summary>
internal sealed class SignInService(IdentityDb db, Passwords passwords, Attempts attempts, Sessions sessions, SignInRate rate, AuditLog audit) : Rpc.SignIn.SignInBase
{
    private const string WrongCode = "wrong_name_or_password";
    private const string Act = "SignIn/WithPassword";
    private const string Nobody = "unknown name";

    public override async Task<Rpc.SignInReply> WithPassword(Rpc.PasswordSignInRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        RpcFaults.ThrowIf(rate.Refuse(context.RemoteAddress()));
        var name = request.Name.Length <= Person.NameMax ? request.Name : request.Name[..Person.NameMax];
        var key = Person.KeyOf(name);
        var person = await db.People.SingleOrDefaultAsync(p => p.NameKey == key, ct);
        var actor = person?.Id ?? "anonymous";
        var (allowed, state) = await attempts.CountAsync(name, ct);
        if (!allowed)
        {
            await audit.WriteAsync(actor, Act, person?.Id ?? Nobody, "refused", "locked");
            return Refused("locked", state);
        }
        var answer = (await rate.WorkAsync(() => passwords.Verify(person?.PasswordHash, request.Password), ct)).OrThrow();
        if (person is null || answer == Passwords.Answer.Wrong)
        {
            await audit.WriteAsync(actor, Act, person?.Id ?? Nobody, "refused", WrongCode);
            return Refused(WrongCode, state);
        }
        await attempts.ClearAsync(name, ct);
        if (person.State != PersonState.Active)
        {
            await audit.WriteAsync(actor, Act, person.Id, "refused", "disabled");
            return Refused("disabled", Lockout.None);
        }
        if (answer == Passwords.Answer.RightButHashedWeakly) person.PasswordHash = passwords.Hash(request.Password);
        var session = await sessions.StartAsync(person, ct);
        await audit.WriteAsync(person.Id, Act, person.Id, AuditLog.Ok);
        return new Rpc.SignInReply { Session = session };
    }

    public override async Task<Rpc.SignInReply> Refresh(Rpc.RefreshRequest request, ServerCallContext context)
    {
        RpcFaults.ThrowIf(rate.Refuse(context.RemoteAddress()));
        var (session, refused) = request.RefreshToken.Length is > 0 and <= 128 && request.Next.Length is 0 or (>= 43 and <= 128) && !string.Equals(request.Next, request.RefreshToken, StringComparison.Ordinal)
            ? await sessions.RefreshAsync(request.RefreshToken, request.Next, context.CancellationToken)
            : (null, "expired");
        return session is not null ? new Rpc.SignInReply { Session = session } : Refused(refused, Lockout.None);
    }

    public override async Task<Rpc.SignOutReply> SignOut(Rpc.SignOutRequest request, ServerCallContext context)
    {
        var session = context.Who().Session;
        if (session.Length > 0) await sessions.RevokeAsync(db.Sessions.Where(s => s.Id == session), "signed out", context.CancellationToken);
        return new Rpc.SignOutReply();
    }

    public override Task<Rpc.Caller> WhoAmI(Rpc.WhoAmIRequest request, ServerCallContext context) => Task.FromResult(context.Who().ToReply());

    public override async Task<Rpc.ChangePasswordReply> ChangePassword(Rpc.ChangePasswordRequest request, ServerCallContext context)
    {
        const string act = "SignIn/ChangePassword";
        var ct = context.CancellationToken;
        RpcFaults.ThrowIf(rate.Refuse(context.RemoteAddress()));
        var caller = context.Who().Caller;
        var person = await db.People.SingleOrDefaultAsync(p => p.Id == caller.Id, ct)
            ?? throw new Fault.Forbidden("password.not_a_person", "Only a person has a password to change.").ToRpc();
        var (allowed, _) = await attempts.CountAsync(person.Name, ct);
        var right = allowed && (await rate.WorkAsync(() => passwords.Verify(person.PasswordHash, request.OldPassword), ct)).OrThrow() != Passwords.Answer.Wrong;
        if (!right)
        {
            await audit.WriteAsync(person.Id, act, person.Id, "refused", allowed ? "wrong old password" : "locked");
            throw new Fault.Invalid("old_password", allowed ? "password.wrong" : "password.locked",
                allowed ? "The old password is not right." : "Too many wrong passwords; wait, and try again.").ToRpc();
        }
        await attempts.ClearAsync(person.Name, ct);
        RpcFaults.ThrowIf(Passwords.Refuse(request.NewPassword, person.Name, "new_password"));
        person.PasswordHash = (await rate.WorkAsync(() => passwords.Hash(request.NewPassword), ct)).OrThrow();
        await db.SaveChangesAsync(ct);
        await audit.WriteAsync(person.Id, act, person.Id, AuditLog.Ok);
        var own = context.Who().Session;
        await sessions.RevokeAsync(db.Sessions.Where(s => s.Person == person.Id && s.Id != own), "the password was changed", ct);
        return new Rpc.ChangePasswordReply();
    }

    private static Rpc.SignInReply Refused(string code, Lockout state) =>
        new() { Refused = new Rpc.SignInRefusal { Code = code, RetryAtUs = state.LockedUntil?.ToUnixMicros() ?? 0 } };
}
