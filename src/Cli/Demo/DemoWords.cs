namespace KeyAccountLogistics.Cli.Demo;

/// <summary>A station's codes in the words of the terminal.</summary>
internal static class DemoWords
{
    public static string Of(string code) => code switch
    {
        "accepted" or "same_bill" => "accepted",
        "over" => "heavier than declared",
        "under" => "lighter than declared",
        "held_over" => "held: too heavy",
        "held_under" => "held: too light",
        "unknown_parcel" => "unknown parcel",
        "duplicate" => "scanned before",
        "waybill_problem" => "waybill missing",
        "below_minimum" => "below the minimum",
        "unlabelled" => "no code for it",
        "place_parcel" => "put it on the scale",
        "scan_parcel" => "scan a parcel",
        "wait_stable" => "wait, settling",
        "remove_parcel" => "take it off",
        "zero_scale" => "empty the scale",
        "scale_absent" => "check the scale's cable",
        _ => code.Replace('_', ' '),
    };

    /// <summary>The colour of a headline in the tally.</summary>
    public static string ToneOf(string headline) => headline switch
    {
        "accepted" or "same_bill" => "green",
        "held_over" or "held_under" or "unknown_parcel" => "red",
        _ => "yellow",
    };
}
