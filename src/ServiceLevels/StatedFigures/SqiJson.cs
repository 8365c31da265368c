using KeyAccountLogistics.ServiceLevels.Sqi;

namespace KeyAccountLogistics.ServiceLevels.StatedFigures;

/// <summary>The service quality index as one JSON object on one line; rates to 6 decimals, half away from zero.</summary>
internal static class SqiJson
{
    internal static string Write(SqiFigures figures) => ScorecardJson.Object(json =>
    {
        json.WriteString("profile", figures.Profile.Code);
        json.WriteNumber("profile_version", figures.Profile.Version);
        json.WriteBoolean("weights_verified", figures.Profile.Verified);
        json.WriteNumber("shipments", figures.Shipments);
        json.WriteNumber("failures", figures.Failures);
        json.WriteNumber("points", figures.Points);
        ScorecardJson.Number(json, "per_thousand", figures.PerThousand, ScorecardJson.ValueDecimals);
        ScorecardJson.Number(json, "percent", figures.Percent, ScorecardJson.ValueDecimals);
        if (figures.PerThousand is null) json.WriteString("reason", "Nothing was shipped.");
        json.WriteStartObject("components");
        foreach (var part in figures.Parts)
        {
            json.WriteStartObject(part.Component);
            json.WriteNumber("failures", part.Failures);
            if (part.Weight is { } weight)
            {
                json.WriteNumber("weight", weight);
                json.WriteNumber("points", part.Points);
            }
            else
            {
                json.WriteString("reason", "The profile has no weight for it.");
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });
}
