using KeyAccountLogistics.Contracts.Document;
using NodaTime;

namespace KeyAccountLogistics.Contracts.Settling;

/// <summary>When cash that was collected goes to the shipper.</summary>
internal static class CodRemittance
{
    /// <summary>
    /// The date. Collected after the clause's cut-off counts as the next day; T + 0 on a day without work is the next working day; weekly is the next such weekday after that day, never the day itself.
    /// </summary>
    internal static CountedDate DateOf(CodClause clause, Instant collected, DateTimeZone zone, WorkingCalendar calendar)
    {
        var local = collected.InZone(zone);
        var day = local.TimeOfDay > clause.CutOff ? local.Date.PlusDays(1) : local.Date;
        return clause.Remit switch
        {
            RemitCycle.Weekly weekly => new CountedDate(day.Next(weekly.On), false),
            RemitCycle.WorkingDays working => calendar.AddWorkingDays(day, working.Days),
            _ => throw new InvariantBrokenException("Cash is remitted after working days or weekly.", clause.Remit.ToString()),
        };
    }
}
