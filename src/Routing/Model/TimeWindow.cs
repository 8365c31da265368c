namespace KeyAccountLogistics.Routing.Model;

/// <summary>A closed interval in which a service may start, or a break may begin.</summary>
/// <param name="Earliest">First moment, in the problem's time unit.</param>
/// <param name="Latest">Last moment; not before <paramref name="Earliest"/>.</param>
public readonly record struct TimeWindow(long Earliest, long Latest);

/// <summary>A promised moment: a service that starts after it is late and costs, but is not forbidden (a soft window).</summary>
/// <param name="By">The last moment that is on time.</param>
/// <param name="CostPerUnit">Cost of each time unit of lateness, at least 0.</param>
public readonly record struct Promise(long By, long CostPerUnit);
