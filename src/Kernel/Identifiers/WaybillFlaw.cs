namespace KeyAccountLogistics.Kernel;

/// <summary>Why a text is not one of the installation's own waybill numbers. The first flaw met, in this order.</summary>
public enum WaybillFlaw
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>There is no text.</summary>
    Empty,

    /// <summary>Not <see cref="WaybillNumber.Length"/> characters.</summary>
    Length,

    /// <summary>Does not start with the letters of this installation.</summary>
    Prefix,

    /// <summary>Something else than digits after the prefix.</summary>
    Characters,

    /// <summary>The last digit does not follow from the others: one of them is wrong, or two are swapped.</summary>
    CheckDigit,

    /// <summary>The check digit holds, but there is no such day.</summary>
    Date,
}

/// <summary>Words for a <see cref="WaybillFlaw"/>.</summary>
public static class WaybillFlaws
{
    /// <summary>What is wrong and what to do, as one sentence in English; the pages translate by the flaw's name.</summary>
    public static string Explain(this WaybillFlaw flaw) => flaw switch
    {
        WaybillFlaw.None => "The waybill number is right.",
        WaybillFlaw.Empty => "No waybill number was given: scan or key it.",
        WaybillFlaw.Length => $"A waybill number of this carrier has {WaybillNumber.Length} characters: scan it again, or key all of them.",
        WaybillFlaw.Prefix => "The number does not start with this carrier's letters: it is another carrier's, or misread.",
        WaybillFlaw.Characters => "After its three letters a waybill number has only digits: look for a letter O or I in place of 0 or 1.",
        WaybillFlaw.CheckDigit => "The check digit does not fit: a digit is wrong or two are swapped. Scan it again, or key it again.",
        WaybillFlaw.Date => "The six digits after the letters are no date: this carrier never issued that number.",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw), flaw, null),
    };
}
