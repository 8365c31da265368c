using System.Reflection;
using System.Text.RegularExpressions;
using KeyAccountLogistics.FirmwareAdapters.Protocols;

namespace KeyAccountLogistics.Unit.Firmware;

/// <summary>The vectors that stand beside each decoder: one frame, one line of JSON.</summary>
public sealed partial class ProtocolVectorsTests
{
    public static TheoryData<string, string, string, string> Vectors()
    {
        var data = new TheoryData<string, string, string, string>();
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("vectors/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('#')) continue;
                var fields = line.Split('\t');
                data.Add(fields[0], fields[1], fields[2], fields[3]);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_frame_decodes_to_its_line(string protocol, string options, string frame, string json)
    {
        var sink = Wire.Decode(protocol, Wire.Bytes(frame), options);
        RawHex().Replace(sink.Lines.ShouldHaveSingleItem(), "").ShouldBe(json);
    }

    [Fact]
    public void Every_protocol_has_vectors()
    {
        var covered = Vectors().Select(row => (string)row[0]).ToHashSet(StringComparer.Ordinal);
        ProtocolList.All.Select(protocol => protocol.Id).ShouldAllBe(id => covered.Contains(id));
    }

    [GeneratedRegex("\"raw_hex\":\"[^\"]*\",", RegexOptions.None, 1000)]
    private static partial Regex RawHex();
}
