using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Contracts.InForce;

/// <summary>What the terms in force log; ids 3101 to 3119.</summary>
internal static partial class InForceLog
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Terms snapshot {Version} is in force: {Versions} contract versions.")]
    internal static partial void InForce(ILogger logger, ulong version, int versions);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Error, Message = "The signed document of {Contract} v{Version} cannot be read by this program; its parcels are Pending. Install the program that wrote it, or a newer one.")]
    internal static partial void DocumentUnreadable(ILogger logger, string contract, int version);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "The contracts could not be looked at for changes; what is known stays in force. Trying again.")]
    internal static partial void LookFailed(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "{Account}: {Kind} {Contract} on {Due}.")]
    internal static partial void AlertRaised(ILogger logger, string account, string kind, string contract, NodaTime.LocalDate due);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "{File} is not imported: {Mistakes}")]
    internal static partial void NotImported(ILogger logger, string file, string mistakes);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Information, Message = "{File} is imported as drafts of {Contract}; they are in force once they are proposed, approved and signed.")]
    internal static partial void Imported(ILogger logger, string file, string contract);
}
