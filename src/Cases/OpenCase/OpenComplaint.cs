using KeyAccountLogistics.Api.Cases.V1;
using KeyAccountLogistics.Cases.Acting;
using KeyAccountLogistics.Cases.Complaints;
using KeyAccountLogistics.Contracts.Published;
using KeyAccountLogistics.Custody.Published;
using KeyAccountLogistics.Kernel;
using Side = KeyAccountLogistics.Api.Cases.V1.Side;

namespace KeyAccountLogistics.Cases.Opening;

/// <summary>Reads the opening of a complaint: about a parcel, or about an account's invoice, driver or scorecard line.</summary>
internal sealed class OpenComplaint(CaseActs acts, ITermsInForce terms)
{
    internal Outcome<OpenCase.Made> OfParcel(OpenCaseCommand command, WeighedParcel parcel)
    {
        if (command.Account.Length > 0 && !string.Equals(command.Account, parcel.Account, StringComparison.Ordinal))
            return new Fault.Invalid("account", "account.other", "The parcel says whose it is; leave the account empty.");
        var opened = Opening(command);
        if (!opened.IsOk) return opened.Fault;
        (opened.Value.Subject, opened.Value.ParcelId, opened.Value.Account) = (parcel.Code, parcel.Id, parcel.Account ?? "");
        return new OpenCase.Made(ComplaintCase.IdOf(command.CommandId.Span), opened.Value);
    }

    internal Outcome<OpenCase.Made> OfAccount(OpenCaseCommand command)
    {
        if (ComplaintKind.AboutAParcel.Contains(command.Reason, StringComparer.Ordinal)) return new Fault.Invalid("subject", "field.missing", "Say which parcel: that is complained of about a parcel only.");
        var (seen, account) = (acts.Caller.Accounts, command.Account);
        if (account.Length == 0 && seen is [var own]) account = own;
        if (account.Length == 0) return new Fault.Invalid("account", "field.missing", "Say which parcel it is about, or which account.");
        if (command.Reference.Length == 0) return new Fault.Invalid("reference", "field.missing", "Say what it is about: an invoice number, a scorecard line such as \"T2 2026-10\", a visit.");
        if (WhyNotAccount(account) is { } unknown) return unknown;
        var opened = Opening(command);
        if (!opened.IsOk) return opened.Fault;
        (opened.Value.Subject, opened.Value.Account) = (command.Reference, account);
        return new OpenCase.Made(ComplaintCase.IdOf(command.CommandId.Span), opened.Value);
    }

    /// <summary>Null when the caller may open cases of the account. The same answer for one that is not there and for one that is somebody else's.</summary>
    internal Fault? WhyNotAccount(string account) =>
        (acts.Caller.Accounts is { } seen && !seen.Contains(account, StringComparer.Ordinal)) || !terms.Now.All.Any(t => string.Equals(t.Account, account, StringComparison.Ordinal))
            ? new Fault.NotFound("account.unknown", $"No account with a contract is known under '{account}', or it is not one you may see.")
            : null;

    private Outcome<CaseOpened> Opening(OpenCaseCommand command)
    {
        var actor = acts.Actor;
        if (actor.Side != Side.Client && !ComplaintKind.TakenBy.Contains(command.Channel, StringComparer.Ordinal))
            return new Fault.Invalid("channel", "channel.unknown", $"Say how the client complained, with one of: {string.Join(", ", ComplaintKind.TakenBy)}.");
        if (command.Region is not ("" or ComplaintCase.Home or ComplaintCase.Elsewhere)) return new Fault.Invalid("region", "region.unknown", "The region is home, elsewhere, or empty where nobody knows it.");
        return ComplaintCase.Opening(command.Reason, ComplaintCase.ChannelOf(actor, acts.Caller.Kind, command.Channel), command.Region, command.Serious);
    }
}
