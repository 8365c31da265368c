using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace KeyAccountLogistics.Journal.Access;

/// <summary>What kind of party asks.</summary>
public enum CallerKind
{
    /// <summary>Nobody has signed in.</summary>
    Anonymous,

    /// <summary>A person.</summary>
    Person,

    /// <summary>A depot's agent with its own key.</summary>
    Agent,

    /// <summary>A client system with an API key.</summary>
    ApiKey,

    /// <summary>The product itself: jobs, projections, the local administrator's verbs.</summary>
    System,
}

/// <summary>
/// Who asks, what they may do, and whose rows they see (law 11). Null <see cref="Accounts"/> or <see cref="Depots"/> means all of them; an empty list means none.
/// Immutable.
/// </summary>
public sealed record Caller(string Id, CallerKind Kind, IReadOnlySet<Permission> Permissions, IReadOnlyList<string>? Accounts, IReadOnlyList<string>? Depots)
{
    /// <summary>Sees nothing, may do nothing but what anyone may.</summary>
    public static Caller Anonymous { get; } = new("", CallerKind.Anonymous, new HashSet<Permission>(), [], []);

    /// <summary>The product itself; sees everything. Never given to a request from outside.</summary>
    public static Caller System { get; } =
        new("system", CallerKind.System, Enum.GetValues<Permission>().Where(p => p != Permission.Unspecified).ToHashSet(), null, null);

    /// <summary>The roles of a person, which authority limits go by (SEED-03-AUTH); empty for everybody else.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>True when the caller holds the permission.</summary>
    public bool May(Permission permission) => Permissions.Contains(permission);
}

/// <summary>The caller of the present unit of work: one per service scope, set once by whoever opens the scope (the server's interceptor, a job, a verb).</summary>
public interface ICallerScope
{
    /// <summary>The caller; throws <see cref="InvariantBrokenException"/> when nobody said who it is, so that a forgotten sign-in never reads as "sees everything".</summary>
    Caller Current { get; }

    /// <summary>Says who it is; a second time with another caller throws <see cref="InvariantBrokenException"/>.</summary>
    void Set(Caller caller);
}

internal sealed class CallerScope : ICallerScope
{
    private Caller? _caller;

    public Caller Current
    {
        get
        {
            Invariant.Holds(_caller is not null, "a unit of work knows its caller before it reads");
            return _caller;
        }
    }

    public void Set(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Invariant.Holds(_caller is null || ReferenceEquals(_caller, caller), "the caller of a unit of work never changes");
        _caller = caller;
    }
}

/// <summary>Opening service scopes for a known caller.</summary>
public static class CallerScopes
{
    /// <summary>A scope whose work runs as <paramref name="caller"/>; the caller of this method disposes it.</summary>
    public static AsyncServiceScope CreateScopeAs(this IServiceProvider services, Caller caller)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ICallerScope>().Set(caller);
        return scope;
    }
}
