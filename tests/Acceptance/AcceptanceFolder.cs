using Xunit;

namespace KeyAccountLogistics.Acceptance;

/// <summary>Where the shared acceptance data lies. None of it is committed; CI has it.</summary>
internal static class AcceptanceFolder
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("KAL_ACCEPTANCE_DATA") is { Length: > 0 } set ? set : Path.Combine(RepositoryRoot(), "..", "shared", "data");

    internal static string At(params string[] parts) => Path.GetFullPath(Path.Combine([Folder, .. parts]));

    internal static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KeyAccountLogistics.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}

/// <summary>A test over one folder of the acceptance data; reported as skipped, with the folder's name, where it is not there.</summary>
internal sealed class AcceptanceFactAttribute : FactAttribute
{
    /// <summary>The folder, and what else of the machine the test needs (<see cref="KeyAccountLogistics.TestKit.Requires"/>).</summary>
    public AcceptanceFactAttribute(string folder, params string[] requirements)
    {
        var path = AcceptanceFolder.At(folder);
        Skip = KeyAccountLogistics.TestKit.Requires.Missing(requirements);
        if (!Directory.Exists(path)) Skip = $"No acceptance data at {path}: set KAL_ACCEPTANCE_DATA to the folder that holds '{folder}'.";
    }
}

/// <summary>The same for a test with rows of data.</summary>
internal sealed class AcceptanceTheoryAttribute : TheoryAttribute
{
    /// <summary>The folder, and what else of the machine the test needs (<see cref="KeyAccountLogistics.TestKit.Requires"/>).</summary>
    public AcceptanceTheoryAttribute(string folder, params string[] requirements)
    {
        var path = AcceptanceFolder.At(folder);
        Skip = KeyAccountLogistics.TestKit.Requires.Missing(requirements);
        if (!Directory.Exists(path)) Skip = $"No acceptance data at {path}: set KAL_ACCEPTANCE_DATA to the folder that holds '{folder}'.";
    }
}
