using System.Globalization;
using KeyAccountLogistics.Api.Levels.V1;
using NodaTime;
using NodaTime.Text;

namespace KeyAccountLogistics.ServiceLevels.Reporting;

/// <summary>Instants and figures as a report writes them.</summary>
internal static class ReportTimes
{
    private static readonly LocalDateTimePattern FullPattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss");
    private static readonly LocalDateTimePattern ShortPattern = LocalDateTimePattern.CreateWithInvariantCulture("MM-dd HH:mm");

    /// <summary>Local, to the second; empty for none.</summary>
    internal static string Full(long us, DateTimeZone zone) => Text(us, zone, FullPattern);

    /// <summary>Local, month to minute; empty for none.</summary>
    internal static string Short(long us, DateTimeZone zone) => Text(us, zone, ShortPattern);

    /// <summary>A value in the unit of its target; empty for none.</summary>
    internal static string Value(IndicatorScore i) => Value(i.Value, i.Unit);

    /// <summary>Likewise, of any figure.</summary>
    internal static string Value(string text, string unit) => !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? "" : unit switch
    {
        "percent" => (value * 100).ToString("0.00##", CultureInfo.InvariantCulture),
        "ppm" => (value * 1_000_000).ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    internal static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(long us, DateTimeZone zone, LocalDateTimePattern pattern) => us == 0 ? "" : pattern.Format(Clock.FromUnixMicros(us).InZone(zone).LocalDateTime);
}
