using System.Security.Cryptography;
using Grpc.Core;
using KeyAccountLogistics.Journal.Access;
using KeyAccountLogistics.Kernel;
using KeyAccountLogistics.Server.Access;
using KeyAccountLogistics.Server.Hosting;
using KeyAccountLogistics.Server.Identity;
using KeyAccountLogistics.Server.SignIn;
using Microsoft.EntityFrameworkCore;
using Rpc = KeyAccountLogistics.Api.Identity.V1;

namespace KeyAccountLogistics.Server.AdministerPeople;

/// <summary>An administrator makes people, gives and takes access, and resets what they sign in with.</summary>
internal sealed class PeopleService(
    IdentityDb db, Passwords passwords, Attempts attempts, Sessions sessions, SignInRate rate, KnownCallers known, PeopleChanged changed,
    BackendOptions options, InstallationFolder data, TimeProvider time, IIds ids) : Rpc.People.PeopleBase
{
    public override async Task<Rpc.Person> Create(Rpc.CreatePersonRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        RpcFaults.ThrowIf(PersonRules.Refuse(request, context.Who().Caller));
        var commandId = request.CommandId.ToByteArray();
        var commandHash = PersonRules.HashOf(request, data.Secrets);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.CommandId == commandId, ct) is { } made)
            return Again(made, commandHash);
        var person = new Person
        {
            Id = "P-" + SecretText.ShortId(ids.New()),
            Name = request.Name.Trim(),
            NameKey = Person.KeyOf(request.Name),
            DisplayName = request.DisplayName.Trim(),
            Badge = request.Badge.Length > 0 ? request.Badge : null,
            Roles = [.. request.Roles.Distinct(StringComparer.Ordinal)],
            Accounts = [.. request.Accounts.Distinct(StringComparer.Ordinal)],
            Depots = [.. request.Depots.Distinct(StringComparer.Ordinal)],
            State = PersonState.Active,
            Language = request.Language.Length > 0 ? request.Language : "zh",
            CreatedAt = time.Now(),
            CommandId = commandId,
            CommandHash = commandHash,
        };
        RpcFaults.ThrowIf(await TakenAsync(person, ct));
        await SetCredentialsAsync(person, request.Password, request.Pin, ct);
        db.People.Add(person);
        RpcFaults.ThrowIf(await SaveAsync(person, ct));
        changed.Signal();
        return Reply(person, locked: false);
    }

    public override async Task<Rpc.ListPeopleReply> List(Rpc.ListPeopleRequest request, ServerCallContext context)
    {
        var size = Paging.Size(request.PageSize);
        var after = request.PageToken;
        var rows = await db.People.AsNoTracking().Where(p => string.Compare(p.NameKey, after) > 0).OrderBy(p => p.NameKey).Take(size + 1).ToListAsync(context.CancellationToken);
        var (page, next) = Paging.Cut(rows, size, p => p.NameKey);
        var hashes = page.ConvertAll(p => Attempts.HashOf(p.Name));
        var now = time.Now();
        var locked = (await db.SignInAttempts.AsNoTracking().Where(a => hashes.Contains(a.NameHash) && a.LockedUntil > now).Select(a => a.NameHash).ToListAsync(context.CancellationToken))
            .ConvertAll(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        var reply = new Rpc.ListPeopleReply { NextPageToken = next };
        reply.People.AddRange(page.Where(p => Reaches(context.Who().Caller, p)).Select(p => Reply(p, locked.Contains(Convert.ToHexString(Attempts.HashOf(p.Name))))));
        return reply;
    }

    public override async Task<Rpc.Person> SetAccess(Rpc.SetAccessRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var by = context.Who().Caller;
        RpcFaults.ThrowIf(PersonRules.RefuseAccess(request.Roles, request.Accounts, request.Depots, by));
        var person = await FindAsync(request.Person, by, ct);
        if (by.Id == person.Id && !request.Roles.Contains(Roles.Administrator, StringComparer.Ordinal))
            throw new Fault.Conflict("access.own_administration", "You cannot take the administrator's role from yourself; ask another administrator.").ToRpc();
        person.Roles = [.. request.Roles.Distinct(StringComparer.Ordinal)];
        person.Accounts = [.. request.Accounts.Distinct(StringComparer.Ordinal)];
        person.Depots = [.. request.Depots.Distinct(StringComparer.Ordinal)];
        await SaveChangedAsync(ct);
        return Reply(person, locked: false);
    }

    public override async Task<Rpc.Person> SetCredentials(Rpc.SetCredentialsRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var person = await FindAsync(request.Person, context.Who().Caller, ct);
        if (request.Password.Length > 0) RpcFaults.ThrowIf(Passwords.Refuse(request.Password, person.Name, "password"));
        if (request.Pin.Length > 0) RpcFaults.ThrowIf(PinVerifier.Refuse(request.Pin, "pin"));
        RpcFaults.ThrowIf(PersonRules.RefuseBadge(request.Badge));
        if (request.Badge.Length > 0) person.Badge = request.Badge;
        RpcFaults.ThrowIf(await TakenAsync(person, ct));
        await SetCredentialsAsync(person, request.Password, request.Pin, ct);
        RpcFaults.ThrowIf(await SaveAsync(person, ct));
        changed.Signal();
        if (request.Password.Length > 0)
        {
            await attempts.ClearAsync(person.Name, ct);
            await sessions.RevokeAllOfAsync(person.Id, "an administrator set a new password", ct);
        }
        return Reply(person, locked: false);
    }

    public override async Task<Rpc.Person> SetState(Rpc.SetPersonStateRequest request, ServerCallContext context)
    {
        var ct = context.CancellationToken;
        var by = context.Who().Caller;
        var person = await FindAsync(request.Person, by, ct);
        person.State = request.State switch
        {
            "active" => PersonState.Active,
            "disabled" when by.Id != person.Id => PersonState.Disabled,
            "disabled" => throw new Fault.Conflict("state.own", "You cannot disable yourself; ask another administrator.").ToRpc(),
            _ => throw new Fault.Invalid("state", "state.unknown", "The state to set is active or disabled; locked comes and goes by itself.").ToRpc(),
        };
        await SaveChangedAsync(ct);
        if (person.State == PersonState.Disabled) await sessions.RevokeAllOfAsync(person.Id, "an administrator disabled the person", ct);
        else await attempts.ClearAsync(person.Name, ct);
        return Reply(person, locked: false);
    }

    private static Rpc.Person Again(Person made, byte[] commandHash) => CryptographicOperations.FixedTimeEquals(made.CommandHash, commandHash)
        ? Reply(made, locked: false)
        : throw new Fault.Conflict("command.reused", "This command id was used for another person; mint a new one.").ToRpc();

    private async Task<Person> FindAsync(string id, Caller by, CancellationToken ct)
    {
        var person = await db.People.SingleOrDefaultAsync(p => p.Id == id, ct)
            ?? throw new Fault.NotFound("person.unknown", $"There is no person {Codes.Shown(id)}.").ToRpc();
        // An administrator of some accounts must not take over somebody who reaches further.
        return Reaches(by, person)
            ? person
            : throw new Fault.NotFound("person.unknown", $"There is no person {Codes.Shown(id)}.").ToRpc();
    }

    private static bool Reaches(Caller by, Person person) => Codes.Within(person.Accounts, by.Accounts) && Codes.Within(person.Depots, by.Depots);

    private async Task SetCredentialsAsync(Person person, string password, string pin, CancellationToken ct)
    {
        if (password.Length > 0) person.PasswordHash = (await rate.WorkAsync(() => passwords.Hash(password), ct)).OrThrow();
        if (pin.Length == 0) return;
        var verifier = (await rate.WorkAsync(() => PinVerifier.Make(pin, options.PinIterations), ct)).OrThrow();
        (person.PinSalt, person.PinVerifier, person.PinIterations) = (verifier.Salt, verifier.Verifier, verifier.Iterations);
    }

    private async Task SaveChangedAsync(CancellationToken ct)
    {
        await db.SavePeopleAsync(ct);
        known.Forget();
        changed.Signal();
    }

    private async Task<Fault?> SaveAsync(Person person, CancellationToken ct)
    {
        try
        {
            await db.SavePeopleAsync(ct);
            return null;
        }
        catch (DbUpdateException)
        {
            // Two administrators at once: the index decided.
            db.ChangeTracker.Clear();
            if (await TakenAsync(person, ct) is { } taken) return taken;
            throw;
        }
    }

    private async Task<Fault?> TakenAsync(Person person, CancellationToken ct)
    {
        if (await db.People.AsNoTracking().AnyAsync(p => p.NameKey == person.NameKey && p.Id != person.Id, ct))
            return new Fault.Conflict("name.taken", $"There is a person with the sign-in name {person.Name} already.");
        return person.Badge is not null && await db.People.AsNoTracking().AnyAsync(p => p.Badge == person.Badge && p.Id != person.Id, ct)
            ? new Fault.Conflict("badge.taken", "The badge belongs to another person already.")
            : null;
    }

    private static Rpc.Person Reply(Person person, bool locked)
    {
        var reply = new Rpc.Person
        {
            Id = person.Id,
            Name = person.Name,
            DisplayName = person.DisplayName,
            State = person.State == PersonState.Disabled ? "disabled" : locked ? "locked" : "active",
            Badge = person.Badge ?? string.Empty,
            Language = person.Language,
            HasPin = person.PinVerifier is not null,
        };
        reply.Roles.AddRange(person.Roles);
        reply.Accounts.AddRange(person.Accounts);
        reply.Depots.AddRange(person.Depots);
        return reply;
    }
}
