namespace KeyAccountLogistics.EdgeAgent.People;

internal static partial class PeopleLog
{
    [LoggerMessage(6201, LogLevel.Warning, "The kept list of the depot's people is damaged and not believed; nobody can sign in until the backend is reached.")]
    public static partial void SnapshotDamaged(ILogger log);

    [LoggerMessage(6202, LogLevel.Information, "Sign-in at station {Station} refused: {Code}.")]
    public static partial void SignInRefused(ILogger log, string station, string code);

    [LoggerMessage(6203, LogLevel.Warning, "Person {Person} is locked at this agent after five wrong PINs.")]
    public static partial void Locked(ILogger log, string person);
}
