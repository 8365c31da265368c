using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using KeyAccountLogistics.Cli.Connection;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.Cli.Devices;

/// <summary><c>kal decode</c>: what the bytes of a scale or scanner mean, by the same decoders that an agent reads its devices with. No device and no backend is touched.</summary>
internal static class DecodeVerb
{
    private const int ChunkBytes = 64 * 1024;

    public static Command Build()
    {
        var verb = new Command("decode", "Shows what the bytes of a scale or scanner mean, one line a reading; what is no reading is shown as rejected, with its reason.");
        var protocol = new Option<string?>("--protocol") { Description = "Protocol id; --list names them." };
        var unit = new Option<string?>("--unit") { Description = "Unit of mass, where the wire carries none: kg, g, mg, t, lb, oz." };
        var decimals = new Option<int?>("--decimals") { Description = "Decimals, where the wire carries no point." };
        var option = new Option<string[]>("--option") { Description = "A setting of the protocol as key=value; may be given several times." };
        var hex = new Option<string[]>("--hex") { Description = "The bytes in hexadecimal: \"53 20 2B\" or 53202B.", AllowMultipleArgumentsPerToken = true };
        var file = new Option<string?>("--file") { Description = "A file of raw bytes of any size, read as a stream; - is standard input." };
        var list = new Option<bool>("--list") { Description = "Names the protocols and their settings." };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        foreach (var one in new Option[] { protocol, unit, decimals, option, hex, file, list, json }) verb.Options.Add(one);
        verb.Runs(async (parsed, ct) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(list)) return List(output, parsed.GetValue(json));
            var dialect = Configure(
                parsed.GetValue(protocol) ?? throw new UsageException("Say which protocol the bytes are of, for example --protocol mt-sics; kal decode --list names them."),
                parsed.GetValue(unit), parsed.GetValue(decimals), parsed.GetValue(option) ?? []);
            var lines = new DecodedLines(output, parsed.GetValue(json));
            var decoder = dialect.NewDecoder();
            if (parsed.GetResult(hex) is not null && parsed.GetValue(file) is null) Push(HexBytes.Read(string.Join(' ', parsed.GetValue(hex) ?? [])));
            else if (parsed.GetValue(file) is { } path && parsed.GetResult(hex) is null) await PushFileAsync(path, Push, ct);
            else throw new UsageException("Give the bytes once: --hex \"53 20 2B …\" or --file PATH.");
            decoder.FlushIdle(lines);
            lines.End();
            return lines.Accepted > 0 ? ExitCode.Ok : ExitCode.Bad;

            void Push(ReadOnlySpan<byte> bytes)
            {
                lines.Saw(bytes);
                decoder.Push(bytes, lines);
            }
        });
        return verb;
    }

    private delegate void Pushes(ReadOnlySpan<byte> bytes);

    private static async Task PushFileAsync(string path, Pushes push, CancellationToken ct)
    {
        if (path is not "-") GivenFile.RequireFile(path);
        await using var stream = path is "-" ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        var chunk = new byte[ChunkBytes];
        while (await stream.ReadAsync(chunk, ct) is > 0 and var count) push(chunk.AsSpan(0, count));
    }

    /// <summary>The capture files' ids may carry a model behind a blank, which is not part of the id.</summary>
    private static Dialect Configure(string id, string? unit, int? decimals, string[] options)
    {
        var known = ProtocolList.Find(id.Split(' ')[0])
            ?? throw new UsageException($"'{id}' is no protocol known here. Did you mean {string.Join(", ", NearestWords.To(id, ProtocolList.All.Select(protocol => protocol.Id)))}? kal decode --list names them all.");
        try
        {
            return known.Configure(new ProtocolSettings { Unit = unit, Decimals = decimals, Options = Pairs(options) });
        }
        catch (ProtocolSettingsException e)
        {
            throw new UsageException($"{known.Id} cannot be read with these settings ({e.Setting}): {e.Message} Use --unit, --decimals or --option key=value.");
        }
    }

    internal static Dictionary<string, string> Pairs(string[] options)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in options)
        {
            if (option.Split('=', 2) is not [{ Length: > 0 } key, var value]) throw new UsageException($"'{option}' is no setting: write it as key=value, for example --option framing=cr.");
            if (!pairs.TryAdd(key, value)) throw new UsageException($"--option {key} stands twice.");
        }
        return pairs;
    }

    private static int List(TextWriter output, bool json)
    {
        var width = ProtocolList.All.Max(protocol => protocol.Id.Length);
        foreach (var protocol in ProtocolList.All)
        {
            if (json)
            {
                output.WriteLine(JsonSerializer.Serialize(new { id = protocol.Id, title = protocol.Title, kind = protocol.Kind is DeviceKind.Scale ? "scale" : "scanner", options = protocol.Options }, Readable));
                continue;
            }
            output.WriteLine($"{protocol.Id.PadRight(width)}  {protocol.Title}");
            foreach (var (name, meaning) in protocol.Options.OrderBy(pair => pair.Key, StringComparer.Ordinal)) output.WriteLine($"{"".PadRight(width)}    {name}: {meaning}");
        }
        return ExitCode.Ok;
    }

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>Bytes as people paste them.</summary>
internal static class HexBytes
{
    /// <summary>Pairs of hexadecimal digits; blanks, commas, colons, hyphens and 0x between them do not count. Throws <see cref="UsageException"/> for anything else.</summary>
    internal static byte[] Read(string text)
    {
        var digits = string.Concat(text.Replace("0x", " ", StringComparison.OrdinalIgnoreCase).Where(c => !char.IsWhiteSpace(c) && c is not (',' or ':' or '-')));
        if (digits.FirstOrDefault(c => !char.IsAsciiHexDigit(c)) is var wrong && wrong != 0) throw new UsageException($"'{wrong}' is no hexadecimal digit: write the bytes as \"53 20 2B\" or 53202B.");
        if (digits.Length % 2 != 0) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{digits.Length} hexadecimal digits are no whole bytes: each byte takes two."));
        return Convert.FromHexString(digits);
    }
}

/// <summary>For "did you mean".</summary>
internal static class NearestWords
{
    /// <summary>The three words with the fewest letters to change, nearest first.</summary>
    internal static IEnumerable<string> To(string word, IEnumerable<string> words) =>
        words.OrderBy(known => known.Contains(word, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(word.ToLowerInvariant(), known)).ThenBy(known => known, StringComparer.Ordinal).Take(3);

    /// <summary>Levenshtein's distance: letters inserted, left out or replaced.</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
