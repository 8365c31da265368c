namespace KeyAccountLogistics.Dispatch.Orders;

/// <summary>How the sender's identity was seen at the door.</summary>
internal enum SenderIdentity
{
    None = 1,

    /// <summary>A document was looked at, its kind and number registered beside the journal.</summary>
    Document = 2,

    /// <summary>The account's security agreement stands for it.</summary>
    Agreement = 3,
}

/// <summary>Why parcels are not taken at the sender's door (domain.md 4.2); a closed set. The law makes each of them a duty to refuse.</summary>
internal enum DoorRefusalReason
{
    /// <summary>Neither a document nor a security agreement (Interim Regulation art. 23).</summary>
    IdentityMissing = 1,

    /// <summary>The sender does not let the contents be looked at (art. 32).</summary>
    InspectionRefused = 2,

    /// <summary>Not looked at yet: no mark, no acceptance.</summary>
    InspectionMarkMissing = 3,

    /// <summary>Suspected prohibited goods: stopped and reported (art. 33 and 34).</summary>
    ProhibitedGoods = 4,

    /// <summary>Declared as valuable and not insured (art. 22).</summary>
    ValuableUninsured = 5,

    /// <summary>Without a label nobody knows whose it is and where it goes.</summary>
    LabelMissing = 6,

    /// <summary>There was nothing to take.</summary>
    NothingThere = 7,
}

/// <summary>What the courier says of the parcels at one sender's door.</summary>
/// <param name="Parcels">How many there are.</param>
/// <param name="Labelled">How many carry a readable label.</param>
/// <param name="Identity">How the sender was identified.</param>
/// <param name="Inspection">Looked at and fit (true), refused by the sender (false), or not yet looked at (null).</param>
/// <param name="Suspicious">Something among them may be prohibited.</param>
/// <param name="ValuableUninsured">Declared as valuable, without insurance.</param>
/// <param name="LettersOnly">Letters need no identity (art. 23).</param>
internal sealed record DoorFindings(int Parcels, int Labelled, SenderIdentity Identity, bool? Inspection, bool Suspicious = false, bool ValuableUninsured = false, bool LettersOnly = false);

/// <summary>What the law demands before parcels are taken over at a sender's door. Pure; works on the phone without network.</summary>
internal static class DoorRules
{
    /// <summary>Null: they may be taken. A security agreement counts only where one is known to be in force.</summary>
    internal static DoorRefusalReason? WhyNotTaken(DoorFindings found, bool agreementInForce)
    {
        if (found.Parcels <= 0) return DoorRefusalReason.NothingThere;
        // What may be dangerous is told before anything else: it also stops the rest.
        if (found.Suspicious) return DoorRefusalReason.ProhibitedGoods;
        var identified = found.LettersOnly || found.Identity is SenderIdentity.Document || (found.Identity is SenderIdentity.Agreement && agreementInForce);
        if (!identified) return DoorRefusalReason.IdentityMissing;
        if (found.Inspection is not { } looked) return DoorRefusalReason.InspectionMarkMissing;
        if (!looked) return DoorRefusalReason.InspectionRefused;
        if (found.ValuableUninsured) return DoorRefusalReason.ValuableUninsured;
        return found.Labelled < found.Parcels ? DoorRefusalReason.LabelMissing : null;
    }
}
