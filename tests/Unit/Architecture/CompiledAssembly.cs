using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace KeyAccountLogistics.Unit.Architecture;

/// <summary>What the rules need to know of one compiled assembly, read from its metadata without loading it.</summary>
internal sealed record CompiledAssembly(
    string Name, IReadOnlyList<string> References, IReadOnlyList<string> Friends, IReadOnlyList<CompiledType> Types, IReadOnlyList<CompiledUse> Uses,
    IReadOnlyList<LogEvent> LogEvents)
{
    private const string Prefix = "KeyAccountLogistics.";

    /// <summary>The product's name for it: <c>Custody</c> for KeyAccountLogistics.Custody, <c>Cli</c> for the program.</summary>
    internal string Project => ProjectOf(Name) ?? Name;

    /// <summary>The project of a product assembly; null for anything else.</summary>
    internal static string? ProjectOf(string assemblyName)
    {
        if (assemblyName is "kal") return "Cli";
        return assemblyName.StartsWith(Prefix, StringComparison.Ordinal) ? assemblyName[Prefix.Length..] : null;
    }

    /// <summary>Every product assembly beside the tests; a project without code yet is simply not there, or empty.</summary>
    internal static IReadOnlyList<CompiledAssembly> OfTheProduct { get; } =
        [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(IsOfTheProduct).Order(StringComparer.Ordinal).Select(Read)];

    internal static CompiledAssembly Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    internal static CompiledAssembly Read(Stream image)
    {
        using var pe = new PEReader(image);
        var metadata = pe.GetMetadataReader();
        return new CompiledAssembly(
            metadata.GetString(metadata.GetAssemblyDefinition().Name),
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))],
            [.. FriendsOf(metadata)],
            [.. metadata.TypeDefinitions.Select(handle => TypeOf(metadata, handle)).Where(type => !type.IsGenerated)],
            [.. metadata.MemberReferences.Select(handle => UseOf(metadata, metadata.GetMemberReference(handle))).OfType<CompiledUse>()],
            [.. metadata.MethodDefinitions.SelectMany(handle => LogEventsOf(metadata, handle))]);
    }

    private static bool IsOfTheProduct(string path) =>
        ProjectOf(Path.GetFileNameWithoutExtension(path)) is { } project && !AssemblyRules.Tests.Contains(project, StringComparer.Ordinal);

    private static CompiledType TypeOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var outermost = type;
        while (!outermost.GetDeclaringType().IsNil) outermost = metadata.GetTypeDefinition(outermost.GetDeclaringType());
        var name = metadata.GetString(type.Name);
        var isGenerated = name.Contains('<') || Attributes(metadata, type.GetCustomAttributes()).Any(attribute => attribute is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute")
            || Attributes(metadata, outermost.GetCustomAttributes()).Any(attribute => attribute is "GeneratedCodeAttribute");
        var visibility = type.Attributes & TypeAttributes.VisibilityMask;
        return new CompiledType(
            metadata.GetString(outermost.Namespace), name.Split('`')[0],
            visibility is TypeAttributes.Public, type.Attributes.HasFlag(TypeAttributes.Abstract) && !type.Attributes.HasFlag(TypeAttributes.Sealed), isGenerated);
    }

    private static IEnumerable<string> Attributes(MetadataReader metadata, CustomAttributeHandleCollection attributes) =>
        attributes.Select(handle => NameOfAttribute(metadata, metadata.GetCustomAttribute(handle))).OfType<string>();

    private static string? NameOfAttribute(MetadataReader metadata, CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference => TypeReferenceOf(metadata, metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor)) is { } type ? metadata.GetString(type.Name) : null,
        HandleKind.MethodDefinition => metadata.GetString(
            metadata.GetTypeDefinition(metadata.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()).Name),
        _ => null,
    };

    private static TypeReference? TypeReferenceOf(MetadataReader metadata, MemberReference member)
    {
        var parent = member.Parent;
        if (parent.Kind is HandleKind.TypeSpecification) parent = GenericDefinitionOf(metadata, (TypeSpecificationHandle)parent);
        return parent.Kind is HandleKind.TypeReference ? metadata.GetTypeReference((TypeReferenceHandle)parent) : null;
    }

    // ECMA-335 II.23.2.12: GENERICINST, class or value type, then the type itself. Anything else (an array) is no type of a module.
    private static EntityHandle GenericDefinitionOf(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() is not SignatureTypeCode.GenericTypeInstance) return default;
        signature.ReadByte();
        return signature.ReadTypeHandle();
    }

    private static IEnumerable<string> FriendsOf(MetadataReader metadata) =>
        from handle in metadata.GetAssemblyDefinition().GetCustomAttributes()
        let attribute = metadata.GetCustomAttribute(handle)
        where NameOfAttribute(metadata, attribute) is "InternalsVisibleToAttribute"
        select ((string)attribute.DecodeValue(new AttributeTypes()).FixedArguments[0].Value!).Split(',')[0];

    private static CompiledUse? UseOf(MetadataReader metadata, MemberReference member)
    {
        if (TypeReferenceOf(metadata, member) is not { } type) return null;
        var outer = type;
        while (outer.ResolutionScope.Kind is HandleKind.TypeReference) outer = metadata.GetTypeReference((TypeReferenceHandle)outer.ResolutionScope);
        if (outer.ResolutionScope.Kind is not HandleKind.AssemblyReference) return null;
        var assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)outer.ResolutionScope);
        return new CompiledUse(metadata.GetString(assembly.Name), metadata.GetString(type.Name).Split('`')[0], metadata.GetString(member.Name));
    }

    private static IEnumerable<LogEvent> LogEventsOf(MetadataReader metadata, MethodDefinitionHandle handle)
    {
        var method = metadata.GetMethodDefinition(handle);
        foreach (var attributeHandle in method.GetCustomAttributes())
        {
            var attribute = metadata.GetCustomAttribute(attributeHandle);
            if (NameOfAttribute(metadata, attribute) is not "LoggerMessageAttribute") continue;
            var value = attribute.DecodeValue(new AttributeTypes());
            var named = value.NamedArguments.Where(argument => argument.Name is "EventId").Select(argument => (int?)argument.Value).FirstOrDefault();
            var positional = value.FixedArguments.Where(argument => argument.Type is "Int32").Select(argument => (int?)argument.Value).FirstOrDefault();
            // The constructor of level and message alone writes its level as an enum, so an Int32 is always the id.
            yield return new LogEvent(metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name), metadata.GetString(method.Name), named ?? positional);
        }
    }

    /// <summary>Attribute arguments need only be told apart by kind.</summary>
    private sealed class AttributeTypes : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSystemType() => "Type";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => "enum";

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => "enum";

        public string GetTypeFromSerializedName(string name) => "enum";

        public PrimitiveTypeCode GetUnderlyingEnumType(string type) => PrimitiveTypeCode.Int32;

        public bool IsSystemType(string type) => type is "Type";
    }
}

/// <summary>One type; <paramref name="Namespace"/> of the outermost one around it.</summary>
internal sealed record CompiledType(string Namespace, string Name, bool IsPublic, bool IsAbstract, bool IsGenerated);

/// <summary>One member of another assembly that is used.</summary>
internal sealed record CompiledUse(string Assembly, string Type, string Member);

/// <summary>One source-generated log method; <paramref name="Id"/> is null where none is given.</summary>
internal sealed record LogEvent(string Type, string Method, int? Id);
