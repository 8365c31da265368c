using KeyAccountLogistics.Contracts.Published;

namespace KeyAccountLogistics.Unit.Contracts;

/// <summary>Whatever is named as a contract document has a clear answer, and a bounded one.</summary>
public sealed class DocumentFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kal-document-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_a_device_without_end_and_a_picture_are_refused_by_name()
    {
        Why(_folder.FullName).ShouldContain("is a folder");
        Why(At("none.yaml")).ShouldContain("is not there");
        File.WriteAllBytes(At("picture.yaml"), [0x89, 0x50, 0x4E, 0x47, 0xFF, 0xFE]);
        Why(At("picture.yaml")).ShouldContain("is not UTF-8");
        File.WriteAllBytes(At("large.yaml"), new byte[DocumentFile.BytesMax + 1]);
        Why(At("large.yaml")).ShouldContain("is larger than 8 MiB");
        if (!OperatingSystem.IsWindows()) Why("/dev/zero").ShouldContain("is larger than 8 MiB");
    }

    [Fact]
    public void A_table_stands_beside_its_document_and_nowhere_else()
    {
        File.WriteAllText(At("lanes.csv"), "from,to\n");
        File.WriteAllText(At("contract.yaml"), "contract: 合同\n");
        DocumentFile.Read(At("contract.yaml")).ShouldBe("contract: 合同\n");
        DocumentFile.Beside(At("contract.yaml"), "lanes.csv").ShouldBe("from,to\n");
        DocumentFile.Beside(At("contract.yaml"), "fuel.csv").ShouldBeNull();
        DocumentFile.Beside(At("contract.yaml"), "../" + _folder.Name + "/lanes.csv").ShouldBeNull("a name with a folder in it is none");
    }

    private static string Why(string path) => Should.Throw<IOException>(() => DocumentFile.Read(path)).Message;

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
