using System.Collections.Immutable;
using System.Text;
using KeyAccountLogistics.Verdicts.Terms.Documents;

namespace KeyAccountLogistics.Contracts.TermsFolder;

/// <summary>How a file looks from outside: enough to see that it was changed.</summary>
internal readonly record struct FileLook(long Length, DateTime WrittenUtc);

/// <summary>
/// Looks at the folder and reads what has changed and settled. A file is read once it has looked the same twice, so that one that is being written
/// is not taken for broken, and a renamed one not for removed.
/// </summary>
internal sealed class FolderLook(string folder, ImmutableArray<TermsFile> lastGood)
{
    internal const int FilesMax = 1_000;
    private const int BytesMax = 1_048_576;

    private readonly Dictionary<string, FileLook> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TermsFile> _files = lastGood.ToDictionary(f => f.Name, StringComparer.Ordinal);
    private Dictionary<string, FileLook> _before = new(StringComparer.Ordinal);

    /// <summary>The first look: everything is read as it is, and what is not there any more is forgotten.</summary>
    internal ImmutableArray<TermsFile> First()
    {
        _before = Look();
        return Settle();
    }

    /// <summary>A later look; null when nothing has changed and settled.</summary>
    internal ImmutableArray<TermsFile>? Again()
    {
        var now = Look();
        var settled = now.Count == _before.Count && now.All(f => _before.TryGetValue(f.Key, out var look) && look == f.Value);
        _before = now;
        if (!settled || (now.Count == _read.Count && now.All(f => _read.TryGetValue(f.Key, out var look) && look == f.Value))) return null;
        return Settle();
    }

    private ImmutableArray<TermsFile> Settle()
    {
        foreach (var gone in _files.Keys.Where(name => !_before.ContainsKey(name)).ToList())
        {
            _files.Remove(gone);
            _read.Remove(gone);
        }
        // A changed table may change any file beside it.
        var tablesChanged = Tables(_before).Count() != Tables(_read).Count() || Tables(_before).Any(t => !_read.TryGetValue(t.Key, out var look) || look != t.Value);
        foreach (var gone in Tables(_read).Where(t => !_before.ContainsKey(t.Key)).ToList()) _read.Remove(gone.Key);
        foreach (var (name, look) in _before)
        {
            if (_read.TryGetValue(name, out var known) && known == look && !tablesChanged) continue;
            if (IsTable(name))
            {
                _read[name] = look;
                continue;
            }
            _files[name] = Read(name, look, _files.TryGetValue(name, out var file) ? file.Terms : []);
            _read[name] = look;
        }
        return TermsFile.Together(_files.Values);
    }

    private TermsFile Read(string name, FileLook look, ImmutableArray<Verdicts.Terms.AccountTerms> before)
    {
        if (look.Length > BytesMax) return new(name, before, [new TermsMistake("", null, "is larger than 1 MiB; split it or shorten it.")]);
        try
        {
            return TermsFile.Read(name, File.ReadAllText(Path.Combine(folder, name), new UTF8Encoding(false, throwOnInvalidBytes: true)), before, Table);
        }
        catch (DecoderFallbackException)
        {
            return new(name, before, [new TermsMistake("", null, "is not UTF-8, it or a table it names; save it as UTF-8.")]);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return new(name, before, [new TermsMistake("", null, $"cannot be read: {unread.Message}")]);
        }
    }

    private static bool IsTable(string name) => name.EndsWith(".csv", StringComparison.Ordinal);

    private static IEnumerable<KeyValuePair<string, FileLook>> Tables(Dictionary<string, FileLook> looks) => looks.Where(l => IsTable(l.Key));

    private string? Table(string name) =>
        _before.TryGetValue(name, out var look) && look.Length <= BytesMax ? File.ReadAllText(Path.Combine(folder, name), new UTF8Encoding(false, throwOnInvalidBytes: true)) : null;

    // Throws when the folder is not there or cannot be listed: then nothing is known, which is not the same as nothing being there.
    private Dictionary<string, FileLook> Look()
    {
        var looks = new Dictionary<string, FileLook>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Extension is ".yaml" or ".csv"))
        {
            if (looks.Count == FilesMax) throw new IOException("The folder has more than a thousand files; is it the right one?");
            looks[file.Name] = new FileLook(file.Length, file.LastWriteTimeUtc);
        }
        return looks;
    }
}
