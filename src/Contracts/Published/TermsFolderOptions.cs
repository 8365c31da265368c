namespace KeyAccountLogistics.Contracts.Published;

/// <summary>Where the terms come from.</summary>
public sealed record TermsFolderOptions
{
    /// <summary>The folder with one <c>*.yaml</c> file per account, written by people.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The file in which the last good terms of every account and the snapshot's number are kept over restarts; written by the program, in its data folder.
    /// </summary>
    public required string StateFile { get; init; }

    /// <summary>How often the folder is looked at. A file is read once it has looked the same twice, so a change is in force after two looks.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);
}
