using KeyAccountLogistics.Api.Dispatch.V1;
using KeyAccountLogistics.Dispatch.Runs;
using KeyAccountLogistics.Dispatch.Storage;
using KeyAccountLogistics.Verdicts;

namespace KeyAccountLogistics.Dispatch.Sheets;

/// <summary>Run sheets as the API shows them. Pure.</summary>
internal static class SheetViews
{
    internal static SheetView Head(SheetRow row) => new()
    {
        Number = row.Number, Depot = row.Depot, Day = LoadDay.TextOf(row.Day), Courier = row.Courier, Vehicle = row.Vehicle, State = ReasonCode.Of((SheetState)row.State), Handover = row.Handover,
        DrawnUs = row.DrawnUs, ReleasedUs = row.ReleasedUs ?? 0, ClosedUs = row.ClosedUs ?? 0,
    };

    internal static SheetView Of(LoadedSheet loaded)
    {
        var view = Head(loaded.Row);
        (view.Parcels, view.CodMinor, view.FreightCollectMinor, view.Currency) = loaded.Sheet.Totals;
        view.Insured.AddRange(loaded.Sheet.Insured.Select(l => LineOf(loaded, l)));
        view.Ordinary.AddRange(loaded.Sheet.Ordinary.Select(l => LineOf(loaded, l)));
        view.VehicleStanding = ReasonCode.Of(loaded.Vehicle.Standing);
        view.VehicleFailed.AddRange(loaded.Vehicle.Failed.Select(g => ReasonCode.Of(g)));
        (view.CashExpectedMinor, view.CashOpenMinor) = (loaded.BroughtMinor, loaded.OpenMinor);
        return view;
    }

    internal static SheetReply Refuse(SheetRefusal refusal)
    {
        var refused = new SheetRefused { Code = ReasonCode.Of(refusal.Why), Message = Sentence(refusal.Why), Parcels = { refusal.Parcels } };
        foreach (var (name, value) in refusal.Figures) refused.Figures[name] = value;
        return new SheetReply { Refused = refused };
    }

    internal static SheetReply Refuse(string code, string message, IEnumerable<string> parcels) =>
        new() { Refused = new SheetRefused { Code = code, Message = message, Parcels = { parcels.Order(StringComparer.Ordinal) } } };

    private static SheetLineView LineOf(LoadedSheet loaded, SheetLine l)
    {
        var outcome = loaded.Outcomes.GetValueOrDefault(l.Parcel);
        return new SheetLineView
        {
            Position = l.Position, Parcel = l.Parcel, Account = l.Account, Insured = l.Insured, Fragile = l.Fragile, CodMinor = l.CodMinor, FreightCollectMinor = l.FreightCollectMinor, Currency = l.Currency,
            Seal = l.Seal, WentOut = loaded.WentOut.Contains(l.Parcel), End = outcome?.End is { } end ? ReasonCode.Of(end) : "", Reason = outcome?.Reason ?? "", Action = outcome?.Action ?? "",
            BackAtDepot = outcome?.BackAtDepot ?? false,
        };
    }

    private static string Sentence(SheetRefusalReason why) => why switch
    {
        SheetRefusalReason.AlreadyReleased => "The run sheet has been released already.",
        SheetRefusalReason.VehicleNotChecked => "The vehicle has not been checked today: the courier looks at it before it goes out.",
        SheetRefusalReason.VehicleCheckFailed => "The vehicle's check found something wrong: put it right and check it again.",
        SheetRefusalReason.VehicleOfAnother => "Another courier checked the vehicle: who takes it out looks at it.",
        SheetRefusalReason.AnotherHandover => "The handover named is not this sheet's: it names another sheet, courier or depot.",
        SheetRefusalReason.NotSigned => "Not both have signed the handover.",
        SheetRefusalReason.CountsDiffer => "The handover's parcels are not the sheet's.",
        SheetRefusalReason.MoneyDiffers => "The handover's amounts are not the sheet's.",
        SheetRefusalReason.NotReleased => "The run sheet has not been released.",
        SheetRefusalReason.AlreadyClosed => "The run sheet is closed.",
        SheetRefusalReason.Unaccounted => "Nobody has said what became of some parcels.",
        SheetRefusalReason.AttemptWithoutReason => "An attempt has no reason, or nothing is said to be done about it.",
        SheetRefusalReason.NotBack => "Parcels that were not delivered are not back at the depot.",
        SheetRefusalReason.CashNotCounted => "The courier's cash has not been counted.",
        SheetRefusalReason.Empty => "The run sheet has no parcels.",
        _ => "A parcel stands twice on the sheet, or amounts are in two currencies.",
    };
}
