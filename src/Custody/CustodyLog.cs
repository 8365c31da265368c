using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Custody;

/// <summary>What the module logs; ids 2001 to 2099.</summary>
internal static partial class CustodyLog
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Warning, Message = "What other servers commit could not be looked for; watchers of depots see it later. Trying again.")]
    internal static partial void TailFailed(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning, Message = "Depot {Depot}: {Count} parcels are held for more than {Hours} hours, the oldest is {Parcel} ({Reason}, owner {Owner}). Release, return or escalate them.")]
    internal static partial void HoldsOverdue(ILogger logger, string depot, int count, int hours, string parcel, string reason, string owner);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Depot {Depot}: scale {Device} is quarantined: it shows {Error} more than the others at {At}, where {Limit} are allowed ({Parcels} parcels). Check it with test weights, have it adjusted, release it.")]
    internal static partial void ScaleQuarantined(ILogger logger, string depot, string device, Kernel.Mass error, Kernel.Mass at, Kernel.Mass limit, int parcels);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Depot {Depot}: scale {Device} disagrees with another one ({Error} off the middle at {At}) and which of them errs is not known; its check with test weights is asked for.")]
    internal static partial void ScaleCheckAsked(ILogger logger, string depot, string device, Kernel.Mass error, Kernel.Mass at);
}
