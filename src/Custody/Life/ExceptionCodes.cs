namespace KeyAccountLogistics.Custody.Life;

/// <summary>Impossible orders and contradictions: recorded and raised, never dropped. The words are the API's.</summary>
internal static class ExceptionCodes
{
    /// <summary>The event of a later stage lies, by its whole interval, before one of an earlier stage (named as the other event).</summary>
    internal const string OutOfOrder = "out_of_order";

    /// <summary>Seen, moved or delivered again after it was delivered.</summary>
    internal const string AfterDelivery = "after_delivery";

    /// <summary>The same after it was returned or cancelled.</summary>
    internal const string AfterClosed = "after_closed";

    /// <summary>A handover whose giver was not the custodian: custody follows the later one, the parcel is held.</summary>
    internal const string CustodyConflict = "custody_conflict";

    /// <summary>A node hands on what another node sent and nobody received: a period without a confirmed custodian.</summary>
    internal const string CustodyGap = "custody_gap";

    /// <summary>Seen at two nodes within a time that no vehicle makes: two labels with one number, or a clock far off.</summary>
    internal const string DuplicateWaybill = "duplicate_waybill";

    /// <summary>Loaded, sent or delivered while held.</summary>
    internal const string MovedWhileHeld = "moved_while_held";

    /// <summary>A failed attempt without reason and action, a hold without reason or place: recorded, stops no clock.</summary>
    internal const string Incomplete = "incomplete";

    /// <summary>Events, and no shipment registered under that number.</summary>
    internal const string UnknownParcel = "unknown_parcel";

    /// <summary>The waybill of several pieces was scanned, and not which piece.</summary>
    internal const string PieceUnknown = "piece_unknown";
}
