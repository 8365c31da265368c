using System.Globalization;
using KeyAccountLogistics.Api.Custody.V1;

namespace KeyAccountLogistics.ServiceLevels.Contributing;

/// <summary>What names a fact of an account's service: its kind, its account and its own name. As text it is a subject like a parcel or an order.</summary>
internal readonly record struct FactKey(EventKind Kind, string Account, string Reference)
{
    internal const string Prefix = "f:";

    // A colon in an account would let one account's key read as another's.
    internal string Subject => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{(int)Kind}:{Account.Replace("%", "%25", StringComparison.Ordinal).Replace(":", "%3A", StringComparison.Ordinal)}:{Reference}");

    /// <summary>True for the kinds that are facts of an account's service.</summary>
    internal static bool IsOfService(EventKind kind) => kind is >= EventKind.ClientQuery and <= EventKind.PlanStep;

    /// <summary>Null for an event that is no such fact, or one without account or name: nobody's, and told.</summary>
    internal static FactKey? Of(ParcelEvent e) =>
        IsOfService(e.Kind) && e.Service is { Account.Length: > 0 } service && e.Reference.Length > 0 ? new FactKey(e.Kind, service.Account, e.Reference) : null;

    /// <summary>Null for a text that is no such subject.</summary>
    internal static FactKey? Read(string subject)
    {
        if (!subject.StartsWith(Prefix, StringComparison.Ordinal) || subject[Prefix.Length..].Split(':', 3) is not [var kind, var account, var reference]) return null;
        return int.TryParse(kind, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && IsOfService((EventKind)number)
            ? new FactKey((EventKind)number, account.Replace("%3A", ":", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal), reference)
            : null;
    }
}
