using KeyAccountLogistics.Api.Access.V1;
using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Journal.Access;

namespace KeyAccountLogistics.Cases.Life;

/// <summary>Who acts on a case, and for which side.</summary>
internal sealed record Actor(string Id, Side Side)
{
    internal static Actor Product { get; } = new(Caller.System.Id, Side.Product);

    /// <summary>Keys are clients' systems. Of people, who may answer and has no part in the carrier's work is the client; whoever else signs in is the carrier.</summary>
    internal static Actor Of(Caller caller)
    {
        if (ReferenceEquals(caller, Caller.System)) return Product;
        var client = caller.Kind == CallerKind.ApiKey || (caller.May(Permission.CaseAnswer) && !caller.May(Permission.CaseAct) && !caller.May(Permission.CaseDecide));
        return new Actor(caller.Id, client ? Side.Client : Side.Carrier);
    }
}
