using Microsoft.Extensions.Logging;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>Events 3001 to 3020 of the Contracts module.</summary>
internal static partial class TermsLog
{
    [LoggerMessage(3001, LogLevel.Information, "Terms snapshot {Version} in force: {Accounts} accounts, {Versions} contract versions")]
    internal static partial void InForce(ILogger log, ulong version, int accounts, int versions);

    [LoggerMessage(3002, LogLevel.Error, "Terms file {File} has mistakes and is not in force as written; {Kept} contract versions from before stay. Mend the file:\n{Mistakes}")]
    internal static partial void FileBroken(ILogger log, string file, string mistakes, int kept);

    [LoggerMessage(3003, LogLevel.Information, "Terms file {File} has no mistakes any more")]
    internal static partial void FileMended(ILogger log, string file);

    [LoggerMessage(3004, LogLevel.Warning, "Terms file {File} was removed; parcels of its account are pending from now on")]
    internal static partial void FileGone(ILogger log, string file);

    [LoggerMessage(3005, LogLevel.Error, "Terms folder {Folder} cannot be read; the terms from before stay in force: {Flaw}")]
    internal static partial void FolderUnreadable(ILogger log, string folder, string flaw);

    [LoggerMessage(3006, LogLevel.Information, "Terms folder {Folder} can be read again")]
    internal static partial void FolderBack(ILogger log, string folder);

    [LoggerMessage(3007, LogLevel.Error, "Terms state {StateFile} cannot be read and is made anew with a higher version: {Flaw}")]
    internal static partial void StateUnreadable(ILogger log, string stateFile, string flaw);

    [LoggerMessage(3008, LogLevel.Error, "Terms state {StateFile} cannot be written; it is tried again: {Flaw}")]
    internal static partial void StateUnwritable(ILogger log, string stateFile, string flaw);
}
