namespace KeyAccountLogistics.Verdicts.Holds;

/// <summary>The codes of why a parcel is held, as journalled and translated by the pages.</summary>
public static class HoldReasons
{
    /// <summary>Heavier than handed on.</summary>
    public const string WeightOver = "weight_over";

    /// <summary>Lighter than handed on.</summary>
    public const string WeightUnder = "weight_under";

    /// <summary>Two confirmed handovers contradict.</summary>
    public const string CustodyConflict = "custody_conflict";

    /// <summary>The waybill or its delivery stub is missing (SEED-03-STUBLOST).</summary>
    public const string WaybillMissing = "waybill_missing";

    /// <summary>The waybill is badly damaged (SEED-03-WBDAMAGED).</summary>
    public const string WaybillDamaged = "waybill_damaged";

    /// <summary>The waybill cannot be read (SEED-03-WBILLEGIBLE).</summary>
    public const string WaybillIllegible = "waybill_illegible";

    /// <summary>Damaged.</summary>
    public const string Damaged = "damaged";

    /// <summary>Expected in a handover and not there.</summary>
    public const string Short = "short";

    /// <summary>Put apart in a handover without a more exact reason.</summary>
    public const string HeldAtHandover = "held_at_handover";

    /// <summary>The seal found is not the seal registered.</summary>
    public const string SealMismatch = "seal_mismatch";

    /// <summary>No parcel is known by the code.</summary>
    public const string UnknownParcel = "unknown_parcel";

    /// <summary>Two parcels carry one code.</summary>
    public const string Duplicate = "duplicate";
}
